#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>

#include "engine/inference/gibbs.hpp"
#include "engine/inference/query.hpp"
#include "tests/inference/brute.hpp"
#include "tests/inference/questions.hpp"

using namespace posterior::inference;
using judge::question;

namespace {

sampled_answer ask(const question& q, double operations) {
  return answer_sampled(q.net, q.seen, q.targets, {}, {operations});
}

// The largest distance from the truth, in standard errors of the answer.
double worst_distance(const sampled_answer& a, const question& q, const judge::answer& truth) {
  double worst = 0;
  for (std::size_t k = 0; k < q.targets.size(); ++k) {
    const auto p = static_cast<double>(truth.posterior[static_cast<std::size_t>(q.targets[k])]);
    worst = std::max(worst, std::fabs(a.posterior[k] - p) / a.standard_error[k]);
  }
  return worst;
}

} // namespace

TEST_CASE("samples lie within four standard errors on random networks with zeros, ones and common causes") {
  int answered = 0, sharp = 0, impossible = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const question q = judge::random_question(seed, 10);
    const auto truth = judge::brute(q.net, q.seen);
    const auto a = ask(q, 0x1p20);
    INFO("seed " << seed);
    if (truth.evidence == 0) {
      CHECK_FALSE(a.answered);
      ++impossible;
      continue;
    }
    if (!a.answered)
      continue;
    ++answered;
    CHECK(worst_distance(a, q, truth) < 4);
    for (double error : a.standard_error)
      sharp += error < 0.02;
  }
  CHECK(answered > 200);
  CHECK(sharp > 800);
  CHECK(impossible > 10);
}

TEST_CASE("samples lie within four standard errors where a node has a table of its own") {
  int answered = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    const question q = judge::question_with_table(seed, 8);
    const auto truth = judge::brute(q.net, q.seen);
    const auto a = ask(q, 0x1p20);
    INFO("seed " << seed);
    CHECK((truth.evidence > 0 || !a.answered));
    if (!a.answered)
      continue;
    ++answered;
    CHECK(worst_distance(a, q, truth) < 4);
  }
  CHECK(answered > 100);
}

TEST_CASE("chains that follow each other for certain are crossed: two links of probability 1 and no leak") {
  question q;
  q.net.leak = {0.3, 0, 0, 0.05, 0.1};
  q.net.links = {{0, 1, 1.0}, {1, 2, 1.0}, {2, 3, 0.6}, {2, 4, 0.5}};
  q.seen = {{3, 0, 1}, {4, 1, 0.4}};
  q.targets = {0, 1, 2};
  const auto truth = judge::brute(q.net, q.seen);
  const auto a = ask(q, 0x1p22);
  REQUIRE(a.answered);
  CHECK(worst_distance(a, q, truth) < 4);
  CHECK(a.standard_error[0] < 0.02);
}
