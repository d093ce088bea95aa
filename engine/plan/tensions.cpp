#include <algorithm>

#include "engine/plan/plan.hpp"

namespace posterior::plan {
namespace {

bool examined(const std::vector<std::string>& states, const std::vector<belief>& beliefs) {
  return std::any_of(beliefs.begin(), beliefs.end(), [&](const belief& b) {
    return b.examined && std::find(states.begin(), states.end(), b.state) != states.end();
  });
}

bool recorded(const std::string& finding, const cases::picture& seen) {
  const auto list = seen.of(finding);
  return std::any_of(list.begin(), list.end(), [](const cases::settled* s) {
    // At even odds a record says nothing, so it decides nothing.
    return (s->state != cases::truth::unknown && s->certainty > 0.5) || s->value || s->level;
  });
}

// The clinician's choice comes before what a finding would decide.
void decide(const kb::tension& t, const cases::picture& seen, const std::vector<cases::choice>& choices,
            tension_line& line) {
  for (const cases::choice& c : choices)
    if (c.tension == t.id) {
      line.taken = c.take;
      line.decided_by = "clinician";
      return;
    }
  const auto found = std::find_if(t.decides.begin(), t.decides.end(),
                                  [&](const std::string& id) { return recorded(id, seen); });
  if (found != t.decides.end())
    line.decided_by = *found;
}

} // namespace

std::vector<tension_line> tensions(const kb::snapshot& knowledge, const cases::picture& seen,
                                   const std::vector<belief>& beliefs,
                                   const std::vector<cases::choice>& choices) {
  std::vector<tension_line> out;
  for (const kb::tension& t : knowledge.all.tensions) {
    if (!examined(t.about, beliefs))
      continue;
    tension_line line;
    line.id = t.id;
    line.text = t.text;
    line.same_plan = t.same_plan;
    line.decides = t.decides;
    decide(t, seen, choices, line);
    out.push_back(std::move(line));
  }
  std::sort(out.begin(), out.end(), [](const tension_line& a, const tension_line& b) { return a.id < b.id; });
  return out;
}

} // namespace posterior::plan
