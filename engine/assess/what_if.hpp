// A case with something about it changed, beside the case as it is. Pure but for the detectors; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/assess/assess.hpp"

namespace posterior::assess {

// What was recorded about a finding, and what would be.
struct changed_finding {
  std::string finding;
  side where = side::none;
  std::string before, after; // as sentences; "not recorded" where nothing was
};

struct what_if {
  assessment before, after;
  std::vector<changed_finding> findings;
  std::vector<held_cause> held;
  bool impossible = false; // what is held cannot be, with what was recorded
};

// The case with each of `changes` in place of whatever was recorded about the same finding and side. A state
// "unknown" takes the record back, also where the screen would make a safety finding absent.
cases::patient_case with_changes(cases::patient_case c, const std::vector<cases::observation>& changes);

// Assesses twice. With causes held no next tests are looked for.
what_if compare_with(const cases::patient_case& c, const diagnostics& problems,
                     const std::vector<cases::observation>& changes, const std::vector<held_cause>& held,
                     const kb::snapshot& knowledge, const detector_port& detectors, const options& asked);

} // namespace posterior::assess
