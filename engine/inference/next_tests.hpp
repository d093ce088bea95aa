// Which unrecorded finding would say most about the causes, per minute. Inside of reason(); pure; one thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/inference/lane_runner.hpp"
#include "engine/inference/outcomes.hpp"
#include "engine/inference/reasoner.hpp"

namespace posterior::inference {

struct test_question {
  const kb::snapshot& knowledge;
  const cases::picture& picture;
  const grounding& ground;
  const evidence& seen;
  const program& schedule; // of the evidence; must hold every target
  const std::vector<theory_nodes>& theories;
  const std::vector<node_index>& targets;
  const std::vector<node_belief>& beliefs; // of the targets, in their order
  const run_result& now;                   // of the targets, all theories holding
  machine<lanes>& tables;
  const test_wishes& wishes;
};

// Every permitted, unrecorded finding, by expected information about the causes per minute: the sum over
// causes and other conditions of u_i I(C_i; outcome | evidence) in bits, one step ahead. What it costs is
// limited by test_wishes::cells: where one run is dear, only the findings nearest to open causes are
// considered.
std::vector<candidate_test> next_tests(const test_question& q);

// The slow, obvious way for one finding: a schedule that holds its states, and one run for each outcome.
// Nothing if that is too wide. Judges the fast way, and stands in for it where a finding's states hang too
// far from everything that matters.
std::optional<candidate_test> by_conditioning(const test_question& q, const question& x);

namespace judgement {

// Weight u_i of a bit about one condition. Missing a serious disease costs more than mistaking one cause of
// tightness for another, so what tells of one counts double. Both numbers are judgements.
inline constexpr double information_weight = 1;
inline constexpr double serious_weight = 2;

// Minutes count as at least this many: getting from one question to the next takes its time, too.
inline constexpr double least_minutes = 0.25;

} // namespace judgement

double minutes_of(const kb::finding& f);

// Order of tests: rates compare by their value rounded to 1e-9; then by id and side.
bool comes_before(const candidate_test& a, const candidate_test& b);

} // namespace posterior::inference
