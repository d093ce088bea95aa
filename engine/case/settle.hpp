// Turns the recorded observations into what holds now, per finding and side, and evaluates conditions on it.
// Pure; any thread.
#pragma once

#include <vector>

#include "engine/case/case.hpp"
#include "kb/snapshot.hpp"

namespace posterior::cases {

// What holds now. Sorted by (finding, side). Borrows nothing.
struct picture {
  patient who;
  setting in = setting::unknown;
  std::vector<settled> findings;
  diagnostics notes; // contradictions, missing sides, values without a cut-off, repeats that were pooled

  // nullptr when not recorded (an `unknown` observation counts as not recorded for weights, but is listed).
  const settled* find(std::string_view finding, side where) const;
  // Every side recorded for a finding.
  std::vector<const settled*> of(std::string_view finding) const;
};

// Same finding, side and date: values pooled (mean), equal states one, contradicting states unknown with a
// diagnostic (safety findings: present), certainty 0 the opposite with certainty 1. Different dates: the
// newest counts; undated is older than dated. With `screening.done`, every core safety finding that is not
// recorded and not in `not_asked` is absent. Values get their state by the cut-off for the patient's sex and
// age: under 18 none; sex other or unknown: the cut-off that makes the finding less extreme.
picture settle(const patient_case& c, const kb::snapshot& knowledge);

// The state of a measured value by the finding's cut-off for such a patient, as settle() finds it.
truth state_of_value(const kb::finding& f, const patient& who, double value);

// Three-valued value of one condition. A lateral finding recorded without side counts as present; present at
// certainty above 0 is present for safety findings; absent below certainty 1 is unknown.
truth holds(const kb::condition& c, const picture& p, const kb::snapshot& knowledge);
truth holds(const kb::clauses& when, const picture& p, const kb::snapshot& knowledge);

// Observations (recorded ones) that made the clauses true, as (finding, side), in the order of the clauses.
std::vector<const settled*> because(const kb::clauses& when, const picture& p, const kb::snapshot& knowledge);

} // namespace posterior::cases
