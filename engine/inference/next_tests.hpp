// Inside of reason(): which unrecorded finding would say most about the causes. Not for other folders.
#pragma once

#include <vector>

#include "engine/inference/lane_runner.hpp"
#include "engine/inference/reasoner.hpp"

namespace posterior::inference {

struct test_question {
  const kb::snapshot& knowledge;
  const cases::picture& picture;
  const grounding& ground;
  const evidence& seen;
  const parameters& numbers;
  const std::vector<theory_nodes>& theories;
  const std::vector<node_index>& targets;
  const std::vector<node_belief>& beliefs; // of the targets, in their order
  const run_result& now;                   // all theories holding
  machine<two_lanes>& tables;
  double cost_limit; // cells that one candidate may cost
};

// Findings about at most `limit` states, by expected information about the causes per minute: sum over causes
// of I(cause; outcome | evidence) in bits, one step ahead.
std::vector<candidate_test> next_tests(const test_question& q, int limit);

} // namespace posterior::inference
