#include "engine/plan/sequence_lines.hpp"

#include <algorithm>

#include "engine/plan/dose.hpp"
#include "engine/plan/judgement.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::plan {
namespace {

struct view {
  const std::vector<candidate>& all;
  const std::vector<std::size_t>& session;
  const sequencing& rules;
  const std::vector<left_out_line>& left_out;
};

struct verdict {
  std::string text;
  std::string unmet; // why not; empty if it is met
};

void join(std::string& out, const std::string& more, std::string_view between = ", ") {
  out += (out.empty() ? "" : std::string(between)) + more;
}

std::string days_words(double days) {
  return format_number(days) + (days == 1 ? " day a week" : " days a week");
}

const left_out_line* left_out_of(const view& v, const candidate& c) {
  const auto at = std::find_if(v.left_out.begin(), v.left_out.end(),
                               [&](const left_out_line& l) { return l.exercise == c.what->id; });
  return at == v.left_out.end() ? nullptr : &*at;
}

// --- order ------------------------------------------------------------------------

// "A, B, then C": the items of each group, first groups first.
std::optional<verdict> judged_order(const kb::sequence& rule, const view& v) {
  std::string text;
  int groups = 0, last = -1;
  bool kept = true;
  for (int g = 0; g < static_cast<int>(rule.order.size()); ++g) {
    std::string members;
    for (const std::size_t i : v.session)
      if (group_of(rule.order, placed_as(v.all[i])) == g)
        join(members, v.all[i].what->name);
    if (members.empty())
      continue;
    join(text, members, ", then ");
    ++groups;
  }
  for (const std::size_t i : v.session) {
    const int g = group_of(rule.order, placed_as(v.all[i]));
    kept = kept && (g < 0 || g >= last);
    last = std::max(last, g);
  }
  if (groups < 2)
    return std::nullopt;
  return verdict{text, kept ? "" : "another rule wants the opposite for these exercises"};
}

// --- at most one ------------------------------------------------------------------

std::optional<verdict> judged_exclusion(const kb::sequence& rule, const view& v) {
  const auto is_listed = [&](const candidate& c) {
    const auto& list = rule.at_most_one->exercises;
    return std::find(list.begin(), list.end(), c.what->id) != list.end();
  };
  std::string given, instead_of;
  for (const std::size_t i : v.session)
    if (is_listed(v.all[i]))
      join(given, v.all[i].what->name);
  for (const candidate& c : v.all)
    if (const left_out_line* l = is_listed(c) ? left_out_of(v, c) : nullptr; l && l->by == "cap")
      join(instead_of, c.what->name);
  if (given.empty() || instead_of.empty())
    return std::nullopt;
  const int weeks = rule.at_most_one->first_weeks;
  return verdict{given + "; not in the same session" +
                     (weeks > 0 ? " in the first " + std::to_string(weeks) + " weeks" : "") + ": " +
                     instead_of,
                 ""};
}

// --- coverage ---------------------------------------------------------------------

// What is given of the group, and the best candidate of what is not.
struct share {
  std::string given;
  double days = 0;
  const candidate* missing = nullptr;
};

share share_of(const kb::exercise_group& group, const view& v) {
  share out;
  for (const std::size_t i : v.session)
    if (holds(group, placed_as(v.all[i]))) {
      const double days = days_a_week(dose_of(v.all[i], v.rules));
      join(out.given, v.all[i].what->name + " (" + days_words(days) + ")");
      out.days += days;
    }
  for (const candidate& c : v.all)
    if (holds(group, placed_as(c)) && left_out_of(v, c) && (!out.missing || c.utility > out.missing->utility))
      out.missing = &c;
  return out;
}

std::string why_missing(const kb::coverage& c, const share& s, const view& v) {
  if (!c.once_begun && !sequencing::asks_now(c))
    return "it is due after the next assessment";
  if (s.missing)
    return s.missing->what->name + " was left out: " + left_out_of(v, *s.missing)->because;
  return s.given.empty() ? "nothing of it is indicated for what was found"
                         : "it is given on " + days_words(s.days) + " only";
}

std::optional<verdict> judged_coverage(const kb::sequence& rule, const view& v) {
  const kb::coverage& c = *rule.covers;
  verdict out{how_often(c), ""};
  std::string given;
  bool bears = !c.once_begun && !rule.cause.empty();
  for (const kb::exercise_group& group : c.each) {
    const share s = share_of(group, v);
    if (!s.given.empty())
      join(given, s.given);
    bears = bears || !s.given.empty() || (!c.once_begun && s.missing);
    if (s.days * c.weeks >= c.times)
      continue;
    if (const std::string why = why_missing(c, s, v); out.unmet.find(why) == std::string::npos)
      join(out.unmet, why, "; ");
  }
  if (!bears)
    return std::nullopt;
  out.text += given.empty() ? "" : ": " + given;
  return out;
}

// --- hours between ----------------------------------------------------------------

std::optional<verdict> judged_spacing(const kb::sequence& rule, const view& v) {
  std::string given;
  for (const std::size_t i : v.session)
    if (is_about(*rule.apart, placed_as(v.all[i])))
      join(given, v.all[i].what->name);
  if (given.empty())
    return std::nullopt;
  return verdict{hours_words(*rule.apart) + " between two sessions" +
                     (rule.apart->event.empty() ? "" : " and before " + rule.apart->event) + ": " + given,
                 ""};
}

std::optional<verdict> judged(const kb::sequence& rule, const view& v) {
  if (rule.at_most_one)
    return judged_exclusion(rule, v);
  if (rule.covers)
    return judged_coverage(rule, v);
  return rule.apart ? judged_spacing(rule, v) : judged_order(rule, v);
}

} // namespace

std::vector<sequence_line> sequence_lines(const input& in, const std::vector<candidate>& all,
                                          const std::vector<std::size_t>& session, const sequencing& rules,
                                          const std::vector<left_out_line>& left_out) {
  std::vector<sequence_line> out;
  for (const kb::sequence* rule : rules.rules())
    if (const auto found = judged(*rule, {all, session, rules, left_out}))
      out.push_back(
          {rule->id,
           rule->name + ": " + found->text + (found->unmet.empty() ? "" : "; not met: " + found->unmet),
           found->unmet.empty(), cases::cite(rule->rests_on, in.knowledge)});
  return out;
}

} // namespace posterior::plan
