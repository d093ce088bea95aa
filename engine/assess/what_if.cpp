#include "engine/assess/what_if.hpp"

#include <algorithm>

namespace posterior::assess {
namespace {

// An observation without a side speaks about both; so it makes way for one with a side, and the other way
// round.
bool same_place(const cases::observation& a, const cases::observation& b) {
  return a.finding == b.finding && (a.where == b.where || a.where == side::none || b.where == side::none);
}

std::string described(const cases::picture& p, const std::string& finding, side where,
                      const kb::snapshot& knowledge) {
  const cases::settled* s = p.find(finding, where);
  if (s == nullptr && where != side::none)
    s = p.find(finding, side::none);
  const bool open = s == nullptr || (s->state == cases::truth::unknown && !s->value && !s->level);
  if (open)
    return "not recorded";
  return s->from_screening ? "absent by the screen" : cases::describe(*s, knowledge).text;
}

bool is_held(const std::vector<held_cause>& held, const std::vector<cases::observation>& changes) {
  return !held.empty() || changes.empty();
}

} // namespace

cases::patient_case with_changes(cases::patient_case c, const std::vector<cases::observation>& changes) {
  for (const cases::observation& change : changes)
    std::erase_if(c.observations, [&](const cases::observation& o) { return same_place(o, change); });
  c.observations.insert(c.observations.end(), changes.begin(), changes.end());
  return c;
}

what_if compare_with(const cases::patient_case& c, const diagnostics& problems,
                     const std::vector<cases::observation>& changes, const std::vector<held_cause>& held,
                     const kb::snapshot& knowledge, const detector_port& detectors, const options& asked) {
  what_if out;
  options wanted = asked;
  wanted.tests.none = is_held(held, changes);
  out.before = assess(c, problems, knowledge, detectors, wanted);
  const cases::patient_case then = with_changes(c, changes);
  wanted.held = held;
  out.after = assess(then, problems, knowledge, detectors, wanted);
  out.held = held;
  out.impossible = out.after.contradiction;
  const cases::picture was = cases::settle(c, knowledge), is = cases::settle(then, knowledge);
  for (const cases::observation& o : changes)
    out.findings.push_back({o.finding, o.where, described(was, o.finding, o.where, knowledge),
                            described(is, o.finding, o.where, knowledge)});
  return out;
}

} // namespace posterior::assess
