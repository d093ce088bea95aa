// What lies between a case and its assessment, for those who look inside: the picture with what detectors
// derived, the network, the evidence, and figures that an assessment does not print. Pure but for the
// detectors that it asks; one thread. Borrows the knowledge. Holds patient data: never log any of it.
#pragma once

#include <string>
#include <vector>

#include "engine/assess/assess.hpp"
#include "engine/inference/case_question.hpp"

namespace posterior::assess {

class inside {
public:
  inside(const cases::patient_case& c, const kb::snapshot& knowledge, const detector_port& detectors);
  inside(const inside&) = delete; // the evidence points into it
  inside& operator=(const inside&) = delete;

  const kb::snapshot& knowledge() const { return knowledge_; }
  const cases::picture& picture() const { return picture_; }
  const std::vector<std::pair<std::string, side>>& suspended() const { return suspended_; }
  const inference::grounding& ground() const { return ground_; }
  const inference::evidence& seen() const { return seen_; }

private:
  const kb::snapshot& knowledge_;
  detected found_;
  cases::picture picture_;
  std::vector<std::pair<std::string, side>> suspended_;
  inference::grounding ground_;
  inference::evidence seen_;
};

// What one observation says about one state.
struct voice {
  cases::observation_ref seen;
  std::string node, group, reading; // reading: "told", "opinion supports", "sensitivity and specificity"
  double absent = 1, present = 1;   // P(observation | state absent), P(observation | state present)
  bool counted = true;              // false: an opinion beyond what opinions may say together
};

// What one group of findings says about one state, pooled.
struct pooled_voice {
  std::string node, group;
  double absent = 1, present = 1;
};

struct evidence_view {
  std::vector<voice> voices; // by node, then group
  std::vector<pooled_voice> pooled;
  std::vector<cases::observation_ref> counted_in; // suspended: a derived finding counts them in
  std::vector<cases::observation_ref> silent;     // recorded, and no statement reads them
  // Under the mean parameters, all contested theories holding. Nothing of it is known if `known` is false:
  // too wide for tables, or (impossible) the findings cannot all be true.
  bool known = false, impossible = false;
  double log10_evidence = 0;
  // log10 P(e) - sum over groups of log10 P(e_i): above 0 the findings support each other, far below 0 one
  // makes the others improbable. What a group says of a risk speaks through what the risk does.
  double conflict = 0;
  // P(no modelled cause is present | evidence). It counts silent causes nobody examined, so it falls with
  // every cause that is added: not `none_of_these`.
  double none_present = 1;
};

evidence_view evidence_of(const inside& in);

} // namespace posterior::assess
