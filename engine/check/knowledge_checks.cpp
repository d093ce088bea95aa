// K: what the bundle says. Most of it was found by the readers; the rest is what can be read and still be
// wrong.
#include <algorithm>
#include <cmath>
#include <set>

#include "engine/check/check.hpp"
#include "engine/check/knowledge_parts.hpp"
#include "engine/check/reader_groups.hpp"
#include "engine/check/subject.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::check {
namespace {

template <char const* Id>
void by_readers(const subject& s, verdict& out) {
  take_readers(s, Id, out);
}
constexpr char k01[] = "K01", k02[] = "K02";

// "x" of the sentence `... names the state "x", which no bundle defines`.
std::string missing_id(const std::string& text) {
  const auto at = text.find(" names the ");
  const auto begin = at == std::string::npos ? at : text.find('"', at);
  const auto end = begin == std::string::npos ? begin : text.find('"', begin + 1);
  return end == std::string::npos ? std::string() : text.substr(begin + 1, end - begin - 1);
}

// An unknown id of the bundle's own, or nearly a known one, is a mistake; another may come with another
// bundle.
void check_references(const subject& s, verdict& out) {
  for (diagnostic d : s.says.problems) {
    if (check_of(d) != "K03")
      continue;
    const std::string& prefix = s.says.about.prefix;
    const bool ours = !prefix.empty() && missing_id(d.text).starts_with(prefix + ":");
    if (d.level == severity::warning && (ours || d.hint.starts_with("did you mean")))
      d.level = severity::error;
    out.take(d);
  }
}

// A statement by the words of somebody's judgement alone is allowed; that nothing rests on a source is worth
// knowing.
void check_basis(const subject& s, verdict& out) {
  take_readers(s, "K04", out);
  const kb::statements& all = s.says.says;
  std::size_t judged = 0, sourced = 0;
  const auto count = [&](const auto& list) {
    for (const auto& one : list)
      ++(one.rests_on.claims.empty() && one.rests_on.sources.empty() ? judged : sourced);
  };
  count(all.states);
  count(all.findings);
  count(all.readings);
  count(all.links);
  count(all.exercises);
  count(all.indications);
  count(all.precautions);
  count(all.sequences);
  out.remark(std::to_string(sourced) + " statements with sources, " + std::to_string(judged) +
             " by judgement alone");
}

std::string figures(const kb::accuracy& a) {
  return "sensitivity " + format_number(a.sensitivity.mean) + " with specificity " +
         format_number(a.specificity.mean);
}

void check_numbers(const subject& s, verdict& out) {
  take_readers(s, "K06", out);
  for (const kb::observes& o : s.says.says.readings)
    for (const auto& [setting, a] : o.accuracies) {
      const std::string what = "the accuracy of \"" + o.finding + "\" for \"" + o.state + "\"" +
                               (setting.empty() ? "" : " (" + setting + ")");
      const double sum = a.sensitivity.mean + a.specificity.mean;
      if (std::abs(sum - 1) < 0.02)
        out.warn(o.from.where, fault(what, figures(a), "above 1 together, or clearly below it"),
                 "as it stands the answer tells nothing about the state");
    }
}

void check_priors(const subject& s, verdict& out) {
  take_readers(s, "K07", out);
  for (const kb::state& one : s.says.says.states) {
    const std::string what = "the leak of the state \"" + one.id + "\"";
    if (one.leak.mean <= 0 || one.leak.mean >= 1)
      out.fault(one.from.where, fault(what, format_number(one.leak.mean), "above 0 and below 1"),
                "a leak of 0 or 1 cannot be moved by any finding; seldom is not never");
  }
}

void check_units(const subject& s, verdict& out) {
  take_readers(s, "K08", out);
  for (const kb::finding& f : s.says.says.findings)
    for (const kb::cutoff& c : f.cutoffs) {
      const double limit = c.above ? *c.above : c.below.value_or(0);
      if (f.bounds && (limit == f.bounds->min || limit == f.bounds->max))
        out.fault(f.from.where,
                  fault("the cut-off of the finding \"" + f.id + "\"",
                        format_number(limit) + ", an end of its range", "inside it"),
                  "at the end of the range every value, or none, counts as present");
    }
}

void check_conditions(const subject& s, verdict& out) {
  take_readers(s, "K09", out);
  const auto each = [&](const auto& list, std::string_view kind) {
    for (const auto& one : list)
      if (const std::string why = condition_fault(one.when); !why.empty())
        out.fault(one.from.where, fault("\"when\" of the " + std::string(kind) + " \"" + one.id + "\"", why,
                                        "true for some people and false for others"));
  };
  each(s.says.says.precautions, "precaution");
  each(s.says.says.sequences, "sequence");
  each(s.says.says.rules, "rule");
}

bool read_by(const kb::snapshot& k, const std::string& finding, const std::set<std::string>& states) {
  for (const kb::observes* o : k.readings_of(finding))
    if (states.contains(o->state))
      return true;
  return false;
}

// A derived finding and what it was computed from are one observation. Both speaking for the same state count
// it twice, unless the raw one falls silent (`replaces`) or they share a family.
void check_independence(const subject& s, verdict& out) {
  take_readers(s, "K10", out);
  if (!s.in_force)
    return;
  for (const kb::finding& d : s.says.says.findings) {
    std::set<std::string> about;
    for (const kb::observes* o : s.knowledge->readings_of(d.id))
      about.insert(o->state);
    for (const std::string& raw : d.consumes) {
      const kb::finding* f = s.knowledge->find_finding(raw);
      const bool silent = std::find(d.replaces.begin(), d.replaces.end(), raw) != d.replaces.end();
      if (f == nullptr || silent || (!f->family.empty() && f->family == d.family) ||
          !read_by(*s.knowledge, raw, about))
        continue;
      out.warn(d.from.where,
               fault("the derived finding \"" + d.id + "\"",
                     "speaking for the same state as \"" + raw + "\", which it is computed from",
                     "counted once"),
               "add \"" + raw + "\" to its `replaces`, or give the two one `family`");
    }
  }
}

void check_reach(const subject& s, verdict& out) {
  take_readers(s, "K11", out);
  if (!s.in_force)
    return;
  const std::set<std::string> used = findings_in_use(*s.knowledge);
  for (const kb::finding& f : s.says.says.findings)
    if (!used.contains(f.id) && f.kind != kb::finding_kind::attribute)
      out.warn(f.from.where, fault("the finding \"" + f.id + "\"", "used by nothing", "of some use"),
               "add an [[observes]] that says what it means, a precaution that reads it, or leave it out");
  for (const kb::state& one : s.says.says.states)
    if (one.kind == kb::state_kind::cause && !reachable(*s.knowledge, one.id))
      out.fault(
          one.from.where,
          fault("the cause \"" + one.id + "\"", "out of reach of every finding", "moved by at least one"),
          "add an [[observes]] about it, or a [[link]] to a state that is observed");
}

void check_exercises(const subject& s, verdict& out) {
  take_readers(s, "K12", out);
  for (const kb::exercise& e : s.says.says.exercises)
    for (const std::string& why : dose_faults(e.how_much))
      out.fault(e.from.where, fault("the dose of \"" + e.id + "\"", why, "one that a person can do"),
                "was a field or a unit confused? hold_s and rest_s are seconds, minutes are minutes");
  for (const std::string& ladder : ladder_loops(s.says.says.exercises))
    out.fault(s.at(), fault("the ladder of exercises", ladder, "without a way back to where it began"),
              "`harder` must lead away from `easier`");
}

void check_safety(const subject& s, verdict& out) {
  take_readers(s, "K13", out);
  if (!s.in_force)
    return;
  for (const kb::finding& d : s.says.says.findings)
    for (const std::string& raw : d.replaces)
      if (const kb::finding* f = s.knowledge->find_finding(raw); f != nullptr && f->safety)
        out.fault(d.from.where,
                  fault("\"replaces\" of the finding \"" + d.id + "\"", "\"" + raw + "\"",
                        "no finding of the safety screen"),
                  "what the safety screen found is never silenced");
}

} // namespace

std::vector<spec> knowledge_checks() {
  std::vector<spec> out{
      {"K01", "knowledge-readable", "Every statement can be read, with no unknown kind or field.",
       needs::files, by_readers<k01>},
      {"K02", "ids-own-and-unique", "New ids carry the bundle's prefix and exist once.", needs::files,
       by_readers<k02>},
      {"K03", "references-resolve", "Every id that is named is defined, here or in an installed bundle.",
       needs::manifest, check_references},
      {"K04", "everything-has-a-basis", "Every statement rests on a claim, a source or a stated judgement.",
       needs::manifest, check_basis},
      {"K06", "numbers-plausible", "Probabilities, ratios and distributions are in range and in order.",
       needs::manifest, check_numbers},
      {"K07", "priors-plausible", "Every prior can be moved, and one of them is the narrowest for everybody.",
       needs::manifest, check_priors},
      {"K08", "units-and-ranges", "Units are UCUM, ranges are ordered, cut-offs lie inside them.",
       needs::manifest, check_units},
      {"K09", "conditions-can-turn-out-either-way", "Every condition can be read, and can hold or not hold.",
       needs::manifest, check_conditions},
      {"K10", "nothing-counted-twice", "One observation speaks for a state once.", needs::manifest,
       check_independence},
      {"K11", "everything-connected", "Every cause can be reached from a finding, and links form no loop.",
       needs::manifest, check_reach},
      {"K12", "exercises-doable",
       "Doses are within what a person can do, ladders have two ends, and orders can be followed.",
       needs::manifest, check_exercises},
      {"K13", "safety-left-to-the-core", "No red flag is defined, silenced or changed.", needs::manifest,
       check_safety},
  };
  const std::vector<spec> more = text_checks();
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

} // namespace posterior::check
