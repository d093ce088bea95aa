#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/inference/whole_answer.hpp"
#include "tests/oracle/brute_question.hpp"
#include "tests/oracle/random_question.hpp"

using namespace posterior::inference;
using judge::dice;

namespace {

constexpr double most_error = 1e-13;

double relative_error(judge::wide truth, double got) {
  if (truth == 0)
    return std::fabs(got);
  const judge::wide e = (judge::wide(got) - truth) / truth;
  return static_cast<double>(e < 0 ? -e : e);
}

// The worst relative error of all posteriors, of all grades and of P(evidence).
double worst_error(const judge::whole_truth& truth, const whole_answer& got) {
  double worst = relative_error(truth.evidence,
                                std::ldexp(got.evidence().value, static_cast<int>(got.evidence().exponent)));
  for (std::size_t v = 0; v < truth.posterior.size(); ++v)
    worst = std::max(worst, relative_error(truth.posterior[v], got.posterior()[v]));
  for (std::size_t g = 0; g < truth.grades.size(); ++g)
    for (std::size_t v = 0; v < truth.grades[g].size(); ++v)
      worst = std::max(worst, relative_error(truth.grades[g][v], got.grades()[g][v]));
  return worst;
}

} // namespace

TEST_CASE("posteriors of all nodes and grades of 2,000 random networks agree with brute force to 1e-13") {
  double worst = 0;
  int contradictions = 0, tables = 0, shocks = 0, certain_grades = 0, uncertain_grades = 0, unseen = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    dice d(seed);
    const network_question q = judge::random_question(d, 9);
    const auto truth = judge::brute(q);
    whole_answer got(q);
    INFO("seed " << seed);
    REQUIRE(got.plan() == outcome::answered);
    const outcome ran = got.run();
    REQUIRE((ran == outcome::contradiction) == (truth.evidence == 0));
    if (ran == outcome::contradiction) {
      ++contradictions;
      continue;
    }
    got.spread();
    const double error = worst_error(truth, got);
    CHECK(error <= most_error);
    worst = std::max(worst, error);
    tables += !q.net.tables.empty();
    shocks += !q.net.shocks.empty();
    unseen += q.seen.empty();
    for (const observation& o : q.seen)
      if (std::any_of(q.graded.begin(), q.graded.end(), [&](const auto& g) { return g.node == o.node; }))
        ++(needs_table(o.likelihood) ? uncertain_grades : certain_grades);
  }
  WARN("worst relative error " << worst);
  CHECK(contradictions > 50);
  CHECK(tables > 300);
  CHECK(shocks > 300);
  CHECK(certain_grades > 300);
  CHECK(uncertain_grades > 150);
  CHECK(unseen > 20);
}
