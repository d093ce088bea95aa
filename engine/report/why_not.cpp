#include "engine/report/why_not.hpp"

#include <algorithm>
#include <vector>

#include "engine/assess/judgement.hpp"
#include "engine/report/assessment.hpp"
#include "engine/report/clinic.hpp"
#include "engine/report/json_parts.hpp"
#include "engine/report/letter_parts.hpp"
#include "engine/report/words.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/odds.hpp"

namespace posterior::report {
namespace {

// One reason, and what it comes from.
struct reason_line {
  std::string by;
  std::string text;
};

struct answer {
  std::string kind; // cause | exercise | finding
  std::string name;
  std::string standing; // see the schema
  std::vector<reason_line> reasons;
};

struct subject {
  std::string id;
  std::optional<side> where;
};

subject subject_of(std::string_view asked) {
  const std::size_t at = asked.find('@');
  if (at == std::string_view::npos)
    return {std::string(asked), {}};
  const std::string_view named = asked.substr(at + 1);
  return {std::string(asked.substr(0, at)), named == "left"    ? side::left
                                            : named == "right" ? side::right
                                                               : side::none};
}

// --- causes ----------------------------------------------------------------------

void weak_start(const assess::cause_entry& c, std::vector<reason_line>& out) {
  out.push_back({"prior", "Before any finding it stood at " + probability(c.prior) +
                              (c.contested ? ", the doubt about its theory included." : ".")});
}

void what_speaks_against(const assess::cause_entry& c, std::vector<reason_line>& out) {
  std::size_t told = 0;
  for (const assess::reason& r : c.against)
    if (told++ < 3)
      out.push_back({"finding", r.text + ": " + weight(r.weight_db) + "."});
  if (c.against.empty() && c.in_favour.empty())
    out.push_back({"finding", "Nothing that was recorded speaks clearly for or against it."});
}

void what_is_open(const assess::cause_entry& c, std::vector<reason_line>& out) {
  for (const assess::reason& r : c.unknown)
    if (r.weight_db > 0)
      out.push_back({"not-asked", r.text + " was not recorded; if present it would move it by +" +
                                      short_number(r.weight_db) + " dB."});
}

// What the leader explains away.
void what_the_leader_takes(const assess::cause_entry& c, const assess::cause_entry& first,
                           const assess::assessment* without, std::vector<reason_line>& out) {
  if (without == nullptr || without->contradiction)
    return;
  for (const assess::cause_entry& then : without->differential)
    if (then.cause == c.cause && then.where == c.where && !then.hidden && then.posterior > c.posterior + 0.01)
      out.push_back(
          {"rival", with_side(first.name, first.where) +
                        " accounts for findings that it could explain as well: if that were known to be "
                        "absent, it would stand at " +
                        probability(then.posterior) + "."});
}

answer about_cause(const assess::assessment& a, const assess::assessment* without, const kb::state& s,
                   const subject& asked) {
  answer out{"cause", s.name, "not-ranked", {}};
  const bool ranked_kind = s.kind == kb::state_kind::cause;
  if (!ranked_kind && s.kind != kb::state_kind::other) {
    out.reasons.push_back({"kind", "It is a state of kind " + std::string(to_string(s.kind)) +
                                       ", not a cause: causes alone are ranked."});
    return out;
  }
  for (std::size_t k = 0; k < a.differential.size(); ++k) {
    const assess::cause_entry& c = a.differential[k];
    if (c.cause != asked.id || (asked.where && *asked.where != c.where) || c.hidden)
      continue;
    if (out.standing == "not-ranked")
      out.standing = k == 0 ? "first" : "ranked";
    const assess::cause_entry& first = a.differential.front();
    out.reasons.push_back({"rank", with_side(c.name, c.where) + " stands at " + probability(c.posterior) +
                                       ", place " + std::to_string(k + 1) + " of " +
                                       std::to_string(a.differential.size()) +
                                       (k == 0 ? "."
                                               : "; first is " + with_side(first.name, first.where) + " at " +
                                                     probability(first.posterior) + ".")});
    if (!c.examined)
      out.reasons.push_back({"not-examined", "Nothing recorded moved it by a decibel: it was not examined."});
    if (k > 0) {
      weak_start(c, out.reasons);
      what_speaks_against(c, out.reasons);
      what_the_leader_takes(c, first, without, out.reasons);
    }
    what_is_open(c, out.reasons);
  }
  if (out.reasons.empty() && s.serious)
    out.reasons.push_back({"serious",
                           "A serious condition: its red-flag rule decides about it, and below .5 no "
                           "number is told, so that none is taken as reassurance."});
  else if (out.reasons.empty())
    out.reasons.push_back({"not-ranked",
                           "It is not ranked in this assessment, on that side or at all: it belongs "
                           "to the conditions that are named only when they stand out."});
  return out;
}

// --- exercises -------------------------------------------------------------------

bool is_in_plan(const plan::programme& p, std::string_view exercise) {
  for (const plan::plan_phase& phase : p.phases)
    for (const plan::plan_item& item : phase.items)
      if (item.exercise == exercise)
        return true;
  return false;
}

// Why nobody asked for it: every cause that it is indicated for, and where that stands.
void why_not_indicated(const assess::assessment& a, const kb::snapshot& k, std::string_view exercise,
                       std::vector<reason_line>& out) {
  const auto indications = k.indications_of(exercise);
  if (indications.empty())
    out.push_back({"indication", "The knowledge base gives it to no cause."});
  for (const kb::indication* i : indications) {
    bool ranked = false;
    for (const assess::cause_entry& c : a.differential) {
      if (c.cause != i->cause || c.hidden)
        continue;
      ranked = true;
      const std::string name = with_side(c.name, c.where);
      if (!c.examined)
        out.push_back({"cause", "It is for " + name + ", which was not examined."});
      else if (c.posterior < assess::judgement::treat_above)
        out.push_back({"cause", "It is for " + name + ", which stands at " + probability(c.posterior) +
                                    ", below " + probability(assess::judgement::treat_above) +
                                    " from where on causes are treated."});
    }
    if (!ranked)
      out.push_back(
          {"cause", "It is for " + state_name(i->cause, k) + ", which is not among what is treated here."});
  }
}

answer about_exercise(const assess::assessment& a, const kb::snapshot& k, const kb::exercise& e) {
  answer out{"exercise", e.name, "not-indicated", {}};
  if (is_in_plan(a.programme, e.id))
    out = {"exercise", e.name, "in-plan", {{"plan", "It is in the plan; `posterior why` says why."}}};
  for (const plan::left_out_line& l : a.programme.left_out)
    if (l.exercise == e.id) {
      if (out.standing == "not-indicated")
        out.standing = "left-out";
      out.reasons.push_back({l.by, l.because + (l.sources.empty() ? "" : " [" + citations(l.sources) + "]")});
    }
  if (out.standing == "not-indicated")
    why_not_indicated(a, k, e.id, out.reasons);
  return out;
}

// --- tests -----------------------------------------------------------------------

void passed_over(const assess::assessment& a, const subject& asked, answer& out) {
  for (const assess::passed_over& t : a.other_tests) {
    if (t.finding != asked.id || (asked.where && *asked.where != t.where))
      continue;
    const std::string on = t.where == side::none ? "" : " (" + std::string(to_string(t.where)) + ")";
    char bits[32];
    std::snprintf(bits, sizeof bits, "%.3f", t.bits);
    if (t.bits < assess::judgement::least_bits)
      out.reasons.push_back({"no-information", "It would tell next to nothing about the causes" + on + ": " +
                                                   bits + " bits expected."});
    else
      out.reasons.push_back({"time", "Others tell more for their time" + on + ": it would tell " + bits +
                                         " bits in " + short_number(t.minutes) + " min."});
  }
}

answer about_finding(const assess::assessment& a, const kb::snapshot& k, const kb::finding& f,
                     const subject& asked) {
  answer out{"finding", f.name, "not-asked", {}};
  const auto here = [&](side where) { return !asked.where || *asked.where == where; };
  for (const cases::observation_ref& o : a.recorded)
    if (o.finding == f.id && here(o.where)) {
      out.standing = "recorded";
      out.reasons.push_back({"recorded", "It was recorded: " + o.text + "."});
    }
  for (std::size_t n = 0; n < a.next_tests.size(); ++n) {
    const assess::next_test& t = a.next_tests[n];
    if (t.finding != f.id || !here(t.where))
      continue;
    out.standing = "asked";
    out.reasons.push_back({"asked", with_side(t.name, t.where) + " is number " + std::to_string(n + 1) +
                                        " of the tests to do next."});
    if (!t.changes_plan)
      out.reasons.push_back({"plan", "No answer to it would change the plan."});
  }
  if (f.safety)
    out.reasons.push_back({"safety",
                           "It is a safety question: the screen asks it, before any test and whatever it "
                           "would tell about the causes."});
  if (f.derived)
    out.reasons.push_back({"derived", "It is derived from other findings and cannot be asked."});
  if (f.kind == kb::finding_kind::attribute)
    out.reasons.push_back({"attribute", "It belongs to the patient's own data, not to the examination."});
  passed_over(a, asked, out);
  if (!out.reasons.empty())
    return out;
  if (k.readings_of(f.id).empty())
    out.reasons.push_back(
        {"no-information", "The knowledge base does not say what it would tell about any state."});
  else if (a.how.rung != "exact")
    out.reasons.push_back(
        {"method", "This case was not answered exactly, and then no next tests are looked for."});
  else
    out.reasons.push_back({"no-information",
                           "What it would tell is certain already, or it has no weight for this "
                           "patient, or it was not among the tests that were looked at."});
  return out;
}

std::optional<answer> find_answer(const assess::assessment& a, const assess::assessment* without,
                                  const kb::snapshot& k, std::string_view id) {
  const subject asked = subject_of(id);
  if (const kb::state* s = k.find_state(asked.id))
    return about_cause(a, without, *s, asked);
  if (const kb::exercise* e = k.find_exercise(asked.id))
    return about_exercise(a, k, *e);
  if (const kb::finding* f = k.find_finding(asked.id))
    return about_finding(a, k, *f, {f->id, asked.where});
  return {};
}

} // namespace

std::optional<std::string> why_not_json(const assess::assessment& a, const assess::assessment* without_leader,
                                        const kb::snapshot& knowledge, std::string_view id) {
  const auto found = find_answer(a, without_leader, knowledge, id);
  if (!found)
    return {};
  json_writer w;
  w.begin_object().member("schema", "posterior.why-not/1").member("id", id).member("kind", found->kind);
  standing_members(w, a);
  w.key("knowledge").begin_object().member("revision", a.revision).member("digest", a.digest).end_object();
  w.key("engine").begin_object().member("version", a.engine_version).end_object();
  w.member("name", found->name).member("standing", found->standing).key("reasons").begin_array();
  for (const reason_line& r : found->reasons)
    w.begin_object().member("by", r.by).member("text", r.text).end_object();
  w.end_array().member("case_digest", a.case_digest).end_object();
  return w.take();
}

std::optional<sheet> why_not_sheet(const assess::assessment& a, const assess::assessment* without_leader,
                                   const kb::snapshot& knowledge, std::string_view id) {
  const auto found = find_answer(a, without_leader, knowledge, id);
  if (!found)
    return {};
  sheet page;
  add_standing(page, {a, knowledge});
  add_flags(page, {a, knowledge});
  page.title("Why not: " + found->name);
  for (const reason_line& r : found->reasons)
    page.item("*", r.text, 1);
  page.gap().text("Knowledge base revision " + std::to_string(a.revision) + ", digest " + a.digest +
                      "; engine " + a.engine_version,
                  0, tone::faint);
  return page;
}

} // namespace posterior::report
