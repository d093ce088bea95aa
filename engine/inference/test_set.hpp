// Beyond the single next test: what would be asked after it, and which tests to do in a given time. Pure; any
// thread.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine/inference/reasoner.hpp"

namespace posterior::inference {

// The next tests for a picture with some answers more, in the order of next_tests.
using appraisal = std::function<std::vector<candidate_test>(const cases::picture&)>;

// What would be asked after one outcome of a test. `finding` is null if nothing is left to ask.
struct follow_up {
  const kb::finding* finding = nullptr;
  side where = side::none;
  double bits = 0;
};

struct look_ahead {
  follow_up if_positive, if_negative;
  double bits = 0; // of the test and the best test after each of its outcomes, expected
};

// Two steps ahead from each of the first tests. Of a measured value the likeliest bin on either side stands
// for that side.
std::vector<look_ahead> look_two_steps(const std::vector<candidate_test>& tests, std::size_t first,
                                       const cases::picture& now, const appraisal& appraise);

struct chosen_test {
  const kb::finding* finding = nullptr;
  side where = side::none;
  double bits = 0; // expected beside the tests chosen before it
  double minutes = 0;
};

struct test_set {
  std::vector<chosen_test> tests; // in the order in which they were chosen
  double bits = 0, minutes = 0;
};

// Tests for at most `minutes`: one after the other the one with most expected information per minute beside
// those chosen before, weighed over their outcomes. Greedy, so not always the best set; of the combinations
// of outcomes the `most_branches` likeliest are followed. Stops where the rate falls below `least_rate`.
test_set choose_for(double minutes, double least_rate, const std::vector<candidate_test>& tests,
                    const cases::picture& now, const appraisal& appraise);

inline constexpr std::size_t most_branches = 8;

// `p` with one more answer.
cases::picture with_answer(const cases::picture& p, const cases::settled& answer);

// The likeliest result on one side of a test; null if it has none there.
const test_result* likeliest(const candidate_test& t, bool positive);

} // namespace posterior::inference
