#include "engine/report/what_if.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "engine/report/assessment.hpp"
#include "engine/report/clinic.hpp"
#include "engine/report/json_parts.hpp"
#include "engine/report/letter_parts.hpp"
#include "engine/report/words.hpp"
#include "kb/values/odds.hpp"

namespace posterior::report {
namespace {

// A judgement: what moves less is not worth a line of text.
constexpr double shown_db = 0.3;

struct moved_cause {
  const assess::cause_entry* before;
  const assess::cause_entry* after;
  double db; // 10 log10 of the odds factor, at most 90 either way
};

// Every cause that may be shown in both, by its rank after the change.
std::vector<moved_cause> moved_causes(const assess::what_if& w) {
  std::vector<moved_cause> out;
  for (const assess::cause_entry& after : w.after.differential)
    for (const assess::cause_entry& before : w.before.differential)
      if (before.cause == after.cause && before.where == after.where && !before.hidden && !after.hidden)
        out.push_back({&before, &after, decibels(before.posterior, after.posterior, 1e-9)});
  return out;
}

std::vector<const cases::red_flag*> only_in(const assess::assessment& one, const assess::assessment& other) {
  std::vector<const cases::red_flag*> out;
  for (const cases::red_flag& f : one.red_flags)
    if (std::none_of(other.red_flags.begin(), other.red_flags.end(),
                     [&](const auto& g) { return g.id == f.id; }))
      out.push_back(&f);
  return out;
}

struct placed {
  std::string exercise, name;
  side where;
  bool operator<(const placed& o) const { return std::tie(exercise, where) < std::tie(o.exercise, o.where); }
};

std::vector<placed> exercises_only_in(const plan::programme& one, const plan::programme& other) {
  const auto all = [](const plan::programme& p) {
    std::set<placed> out;
    for (const plan::plan_phase& phase : p.phases)
      for (const plan::plan_item& item : phase.items)
        out.insert({item.exercise, item.name, item.where});
    return out;
  };
  const std::set<placed> a = all(one), b = all(other);
  std::vector<placed> out;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

// What the difference between knowing and making is, where it matters.
std::string explanation(const assess::what_if& w) {
  const bool given = std::any_of(w.held.begin(), w.held.end(), [](const auto& h) { return !h.done; });
  const bool done = std::any_of(w.held.begin(), w.held.end(), [](const auto& h) { return h.done; });
  if (given && done)
    return "What is given is taken as seen, so what brings it about becomes more or less likely with it; "
           "what is "
           "done is taken as set from outside, so nothing is learned from it about what brings it about.";
  if (given)
    return "Given: taken as seen to be so, which is evidence. What brings it about, and its rivals as "
           "explanations, become more or less likely. If a treatment made it so, ask with --do.";
  if (done)
    return "Done: taken as set from outside, by a treatment for example. Only what it brings about changes; "
           "nothing is learned about what usually brings it about. What was recorded stays as recorded. If "
           "it was seen to be so, ask with "
           "--given.";
  return "";
}

// --- JSON ------------------------------------------------------------------------

template <typename Value>
void before_after(json_writer& w, std::string_view name, const Value& before, const Value& after) {
  w.key(name).begin_object().member("before", before).member("after", after).end_object();
}

void held(json_writer& w, std::string_view name, const assess::what_if& x, bool done) {
  w.key(name).begin_array();
  for (const assess::held_cause& h : x.held)
    if (h.done == done)
      w.begin_object()
          .member("cause", h.cause)
          .member("side", to_string(h.where))
          .member("state", h.present ? "present" : "absent")
          .end_object();
  w.end_array();
}

void changes(json_writer& w, const assess::what_if& x) {
  w.key("findings").begin_array();
  for (const assess::changed_finding& f : x.findings)
    w.begin_object()
        .member("finding", f.finding)
        .member("side", to_string(f.where))
        .member("before", f.before)
        .member("after", f.after)
        .end_object();
  w.end_array();
}

void flags(json_writer& w, std::string_view name, const std::vector<const cases::red_flag*>& list) {
  w.key(name).begin_array();
  for (const cases::red_flag* f : list) {
    w.begin_object().member("id", f->id).member("urgency", to_string(f->level)).member("action", f->action);
    observations(w, "because", f->because);
    w.end_object();
  }
  w.end_array();
}

void causes(json_writer& w, const assess::what_if& x) {
  w.key("causes").begin_array();
  for (const moved_cause& c : moved_causes(x))
    w.begin_object()
        .member("cause", c.after->cause)
        .member("name", c.after->name)
        .member("side", to_string(c.after->where))
        .member("before", c.before->posterior)
        .member("after", c.after->posterior)
        .member("change_db", c.db)
        .end_object();
  w.end_array();
}

void exercises(json_writer& w, std::string_view name, const std::vector<placed>& list) {
  w.key(name).begin_array();
  for (const placed& e : list)
    w.begin_object().member("exercise", e.exercise).member("side", to_string(e.where)).end_object();
  w.end_array();
}

// --- text ------------------------------------------------------------------------

std::string held_words(const assess::held_cause& h, const kb::snapshot& k) {
  return with_side(state_name(h.cause, k), h.where) + (h.done ? " made " : " is ") +
         (h.present ? "present" : "absent");
}

// What is suspended, and the flags that close the plan with and without the changes.
void add_what_stays_open(sheet& page, const assess::what_if& w, const kb::snapshot& k) {
  assess::assessment both = w.after;
  for (const cases::red_flag* f : only_in(w.after, w.before))
    std::erase_if(both.red_flags, [&](const cases::red_flag& other) { return other.id == f->id; });
  if (both.red_flags.empty())
    add_standing(page, {both, k});
  else
    add_open_flags(page, {both, k});
}

void add_flag_changes(sheet& page, const assess::what_if& w, const kb::snapshot& k) {
  const auto raised = only_in(w.after, w.before), cleared = only_in(w.before, w.after);
  if (!raised.empty()) {
    assess::assessment only = w.after;
    std::erase_if(only.red_flags, [&](const cases::red_flag& f) {
      return std::none_of(raised.begin(), raised.end(), [&](const auto* r) { return r->id == f.id; });
    });
    page.heading("THIS WOULD RAISE A RED FLAG");
    add_flags(page, {only, k});
  }
  for (const cases::red_flag* f : cleared)
    page.item("*", "No longer raised: " + f->name, 1);
}

void add_changes(sheet& page, const assess::what_if& w, const kb::snapshot& k) {
  page.heading("WHAT IF");
  for (const assess::changed_finding& f : w.findings)
    page.item("*", with_side(finding_name(f.finding, k), f.where) + ": " + f.before + " -> " + f.after, 1);
  for (const assess::held_cause& h : w.held)
    page.item("*", held_words(h, k), 1);
  if (const std::string why = explanation(w); !why.empty())
    page.text(why, 1, tone::faint);
}

void add_causes(sheet& page, const assess::what_if& w) {
  page.heading("THE CAUSES");
  std::vector<std::vector<std::string>> rows{{"cause", "now", "then", "change"}};
  for (const moved_cause& c : moved_causes(w)) {
    if (c.db > -shown_db && c.db < shown_db)
      continue;
    const std::string change = (c.db > 0 ? "+" : "") + short_number(c.db) + " dB";
    rows.push_back({with_side(c.after->name, c.after->where), probability(c.before->posterior),
                    probability(c.after->posterior), change});
  }
  if (rows.size() > 1)
    page.table(std::move(rows), 1);
  else
    page.text("No cause moves by more than " + short_number(shown_db) + " dB.", 1);
  page.text("None of these: " + probability(w.before.none_of_these) + " now, " +
                probability(w.after.none_of_these) + " then.",
            1);
}

std::string names_of(const std::vector<placed>& list) {
  std::vector<std::string> out;
  for (const placed& e : list)
    out.push_back(with_side(e.name, e.where));
  return listing(out);
}

void add_plan_changes(sheet& page, const assess::what_if& w) {
  const plan::programme &was = w.before.programme, &is = w.after.programme;
  const auto added = exercises_only_in(is, was), removed = exercises_only_in(was, is);
  page.heading("SAFETY AND PLAN");
  if (w.before.safe.status != w.after.safe.status)
    page.text("Safety: " + w.before.safe.status + " now, " + w.after.safe.status + " then.", 1);
  if (was.status != is.status)
    page.text("The plan: " + was.status + " now, " + is.status + " then.", 1);
  if (!added.empty())
    page.item("in:", names_of(added), 1);
  if (!removed.empty())
    page.item("out:", names_of(removed), 1);
  if (w.before.safe.status == w.after.safe.status && was.status == is.status && added.empty() &&
      removed.empty())
    page.text("Nothing would change.", 1);
}

} // namespace

std::string what_if_json(const assess::what_if& x, const kb::snapshot&) {
  json_writer w;
  w.begin_object().member("schema", "posterior.what-if/1");
  standing_members(w, x.after);
  w.key("knowledge").begin_object().member("revision", x.before.revision).member("digest", x.before.digest);
  w.end_object().key("engine").begin_object().member("version", x.before.engine_version).end_object();
  flags(w, "raised", only_in(x.after, x.before));
  flags(w, "cleared", only_in(x.before, x.after));
  changes(w, x);
  held(w, "given", x, false);
  held(w, "done", x, true);
  w.member("impossible", x.impossible);
  causes(w, x);
  before_after(w, "none_of_these", x.before.none_of_these, x.after.none_of_these);
  before_after(w, "safety", x.before.safe.status, x.after.safe.status);
  w.key("plan").begin_object();
  before_after(w, "status", x.before.programme.status, x.after.programme.status);
  exercises(w, "added", exercises_only_in(x.after.programme, x.before.programme));
  exercises(w, "removed", exercises_only_in(x.before.programme, x.after.programme));
  w.end_object().member("explanation", explanation(x));
  w.member("case_digest", x.before.case_digest).end_object();
  return w.take();
}

sheet what_if_sheet(const assess::what_if& w, const kb::snapshot& knowledge) {
  sheet page;
  add_what_stays_open(page, w, knowledge);
  add_flag_changes(page, w, knowledge);
  add_changes(page, w, knowledge);
  if (w.impossible) {
    page.text("With what was recorded, this cannot be.", 1, tone::caution);
    return page;
  }
  add_causes(page, w);
  add_plan_changes(page, w);
  return page;
}

} // namespace posterior::report
