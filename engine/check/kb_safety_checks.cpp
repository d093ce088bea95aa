// M30 to M36: red-flag rules and precautions, tried by the code that cases go through.
#include <algorithm>

#include "engine/check/kb_check.hpp"
#include "engine/check/kb_parts.hpp"
#include "engine/check/knowledge_parts.hpp"
#include "engine/check/rule_trial.hpp"
#include "kb/reader.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::check {
namespace {

std::string in_words(const std::vector<kb::condition>& clause) {
  std::string out;
  for (const kb::condition& c : clause)
    out += (out.empty() ? "" : " and ") + kb::to_string(c);
  return out;
}

void tell_dead(std::string_view kind, const std::string& id, const kb::origin& from, const kb::clauses& when,
               const std::vector<bool>& alive, kb_remarks& out) {
  for (std::size_t i = 0; i < when.size(); ++i)
    if (!alive[i])
      out.add(id, from,
              fault("an alternative of " + naming(kind, id),
                    "one that no answer can make true (" + in_words(when[i]) + ")", "one that can hold"),
              "look for a contradiction, a value outside the finding's range, a level that it does not have");
  if (const std::string why = condition_fault(when); why.starts_with("true of everybody"))
    out.add(id, from, fault(naming(kind, id), why, "true for some people and false for others"));
}

void check_rules_alive(const kb_subject& s, kb_remarks& out) {
  for (const kb::rule& r : s.knowledge.all.rules) {
    if (r.when.empty())
      out.add(r.id, r.from, fault(naming("rule", r.id), "without an alternative", "one that can hold"));
    tell_dead("rule", r.id, r.from, r.when, alive(r.when, s.knowledge), out);
  }
}

// Whether the other says at least as much: as urgent, and closing as much.
bool covers(const kb::rule& other, const kb::rule& r) {
  return other.level <= r.level && other.closes <= r.closes;
}

void check_rules_add(const kb_subject& s, kb_remarks& out) {
  for (const kb::rule& r : s.knowledge.all.rules)
    for (const std::string& id : try_rule(r, s.knowledge).always_with)
      if (const kb::rule* other = s.knowledge.find_rule(id); other != nullptr && covers(*other, r))
        out.add(r.id, r.from,
                fault(naming("rule", r.id),
                      "raised only together with \"" + id + "\", which is as urgent and closes as much",
                      "one that adds something"),
                "it changes what is written, not what is done: keep it for its action, or take it out");
}

void check_not_hidden(const kb_subject& s, kb_remarks& out) {
  for (const kb::rule& r : s.knowledge.all.rules) {
    if (r.level == kb::urgency::watch)
      continue;
    if (const std::string how = try_rule(r, s.knowledge).hidden; !how.empty())
      out.add(r.id, r.from,
              fault(naming("red flag", r.id), "hidden behind \"clear\" by these answers: " + how,
                    "raised, or the screen incomplete"),
              "make the question that was left open a safety finding (`safety = true`)");
  }
}

void check_examined(const kb_subject& s, kb_remarks& out) {
  for (const kb::rule& r : s.knowledge.all.rules) {
    if (r.level == kb::urgency::watch)
      continue;
    const rule_trial t = try_rule(r, s.knowledge);
    if (t.hidden.empty() && !t.unexamined.empty())
      out.add(r.id, r.from,
              fault(naming("red flag", r.id), "open behind \"clear\" by these answers: " + t.unexamined,
                    "seen by an examination, which no watch line asks for"),
              "a test that was not done is no answer withheld; a `watch` rule could ask for it");
  }
}

// --- precautions --------------------------------------------------------------------

void check_precautions_alive(const kb_subject& s, kb_remarks& out) {
  for (const kb::precaution& p : s.knowledge.all.precautions)
    tell_dead("precaution", p.id, p.from, p.when, alive(p.when, s.knowledge), out);
}

void check_sequences_alive(const kb_subject& s, kb_remarks& out) {
  for (const kb::sequence& q : s.knowledge.all.sequences) {
    tell_dead("rule of sequence", q.id, q.from, q.when, alive(q.when, s.knowledge), out);
    if (!q.cause.empty() && s.knowledge.indications_for(q.cause).empty())
      out.add(q.id, q.from,
              fault("`cause` of " + naming("rule of sequence", q.id),
                    "\"" + q.cause + "\", which no exercise is for", "one that a plan can treat"),
              "the rule can never bear on a plan");
  }
}

// What the posterior of a cause cannot exceed: the credence of the theory that it stands under, its own leak
// where nothing can move it, else 1.
double ceiling_of(const kb::snapshot& k, const std::string& cause) {
  double out = 1;
  for (const kb::theory& t : k.all.theories)
    if (lists(t.causes, cause))
      out = std::min(out, t.credence.mean);
  const kb::state* state = k.find_state(cause);
  return state != nullptr && !reachable(k, cause) ? std::min(out, state->leak.mean) : out;
}

void check_thresholds(const kb_subject& s, kb_remarks& out) {
  for (const kb::precaution& p : s.knowledge.all.precautions) {
    if (p.cause.empty())
      continue;
    const double most = ceiling_of(s.knowledge, p.cause);
    if (p.above >= most)
      out.add(p.id, p.from,
              fault("`above` of " + naming("precaution", p.id), format_number(p.above),
                    "below " + format_number(most) + ", which \"" + p.cause + "\" cannot exceed"),
              "a contested cause never gets more probable than its theory's credence");
  }
}

bool concerns_something(const kb::snapshot& k, const kb::precaution& p) {
  if (p.all || !p.phases.empty() || !p.exercises.empty())
    return true;
  return std::any_of(k.all.exercises.begin(), k.all.exercises.end(),
                     [&](const kb::exercise& e) { return lists(e.avoid, p.id); });
}

void check_precautions_used(const kb_subject& s, kb_remarks& out) {
  for (const kb::precaution& p : s.knowledge.all.precautions)
    if (!concerns_something(s.knowledge, p))
      out.add(
          p.id, p.from,
          fault(naming("precaution", p.id), "about no exercise", "named in `avoid`, or about a phase or all"),
          "add `exercises`, `phases` or `all`, or name it in `avoid` of an exercise");
}

} // namespace

std::vector<kb_spec> kb_safety_checks() {
  return {
      {"M30", "rules-can-be-raised", "Each alternative of a red-flag rule can hold.", severity::error,
       check_rules_alive},
      {"M31", "rules-add-something", "No rule is raised only where another says as much.", severity::warning,
       check_rules_add},
      {"M32", "flags-not-hidden",
       "No combination of questions left open hides a red flag behind a clear screen.", severity::error,
       check_not_hidden},
      {"M33", "flags-by-examination", "Each red flag that rests on an examination which nothing asks for.",
       severity::note, check_examined},
      {"M34", "precautions-can-apply", "Each alternative of a precaution can hold.", severity::error,
       check_precautions_alive},
      {"M35", "thresholds-in-reach", "No precaution waits for a cause to be likelier than it can become.",
       severity::error, check_thresholds},
      {"M36", "precautions-of-use", "Each precaution is about some exercise.", severity::warning,
       check_precautions_used},
      {"M37", "sequences-can-apply", "Each rule of sequence can bear on a plan.", severity::error,
       check_sequences_alive},
  };
}

} // namespace posterior::check
