#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>

#include "engine/inference/bounded.hpp"
#include "engine/inference/query.hpp"
#include "tests/inference/brute.hpp"
#include "tests/inference/questions.hpp"

using namespace posterior::inference;
using judge::question;
using judge::random_question;
using judge::small_dense;

namespace {

bounded_answer ask(const question& q, int width, double operations, double gap = 0) {
  bounded_limits limits;
  limits.cut.width = width;
  limits.operations = operations;
  limits.gap = gap;
  return answer_bounded(q.net, q.seen, q.targets, limits);
}

// In units of the answer's own exponent.
double scaled_to(const bounded_answer& a, judge::wide x) {
  return static_cast<double>(x * judge::wide(std::ldexp(1.0, static_cast<int>(-a.exponent))));
}

bool contains(const bounded_answer& a, const question& q, const judge::answer& truth) {
  const double e = scaled_to(a, truth.evidence);
  bool good = a.evidence_low <= e && e <= a.evidence_high;
  for (std::size_t k = 0; k < q.targets.size(); ++k) {
    const judge::wide p = truth.posterior[static_cast<std::size_t>(q.targets[k])];
    good = good && judge::wide(a.low[k]) <= p && p <= judge::wide(a.high[k]);
  }
  return good;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

} // namespace

TEST_CASE("hard bounds contain the truth of 1,000 random networks wherever the search stops") {
  int bounded = 0, open = 0, cut = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    const question q = random_question(seed, 12);
    const auto a = ask(q, 3, 100.0 * static_cast<double>(1 + seed % 29));
    if (a.what == bounded_outcome::not_cut || a.cut == 0)
      continue;
    INFO("seed " << seed);
    const auto truth = judge::brute(q.net, q.seen);
    if (a.what == bounded_outcome::contradiction || truth.evidence == 0) {
      CHECK(truth.evidence == 0);
      CHECK(a.what != bounded_outcome::bounded);
      continue;
    }
    ++bounded;
    cut += a.cut > 1;
    open += a.gap > 1e-6;
    REQUIRE(contains(a, q, truth));
  }
  CHECK(bounded > 100);
  CHECK(cut > 50);
  CHECK(open > 50);
}

TEST_CASE(
    "hard bounds contain the truth of 100 small dense networks, and say something before they are exact") {
  int open = 0, narrow = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const question q = small_dense(seed);
    const auto truth = judge::brute(q.net, q.seen);
    const auto a = ask(q, 3, 200.0 * static_cast<double>(1 + seed % 13));
    REQUIRE(a.what == bounded_outcome::bounded);
    INFO("seed " << seed);
    REQUIRE(contains(a, q, truth));
    open += a.gap > 1e-6;
    narrow += a.gap > 1e-6 && a.gap < 0.3;
  }
  CHECK(open > 30);
  CHECK(narrow > 3);
}

TEST_CASE("nodes that a table depends on are never cut, and the bounds hold around it") {
  int bounded = 0, cut = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    const question q = judge::question_with_table(seed, 9);
    const auto a = ask(q, 4, 100.0 * static_cast<double>(1 + seed % 29));
    if (a.what != bounded_outcome::bounded)
      continue;
    INFO("seed " << seed);
    const auto truth = judge::brute(q.net, q.seen);
    REQUIRE(truth.evidence > 0);
    ++bounded;
    cut += a.cut > 0;
    REQUIRE(contains(a, q, truth));
  }
  CHECK(bounded > 200);
  CHECK(cut > 20);
}

TEST_CASE("explored to its end, the search gives the exact answer or proves the contradiction") {
  int contradictions = 0, cut = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    const question q = random_question(seed, 11);
    const auto a = ask(q, 3, 1e9);
    if (a.what == bounded_outcome::not_cut || a.cut == 0)
      continue;
    INFO("seed " << seed);
    const auto truth = judge::brute(q.net, q.seen);
    cut += a.cut > 1;
    if (truth.evidence == 0) {
      ++contradictions;
      CHECK(a.what == bounded_outcome::contradiction);
      continue;
    }
    REQUIRE(a.what == bounded_outcome::bounded);
    CHECK(contains(a, q, truth));
    CHECK(a.gap < 1e-9);
  }
  CHECK(contradictions > 2);
  CHECK(cut > 30);
}

TEST_CASE("more operations never widen what is known, and the same question gives the same bits") {
  const question q = judge::large_dense(7, 20);
  double before = 1;
  for (double operations : {0x1p18, 0x1p20, 0x1p22}) {
    const auto a = ask(q, 7, operations), again = ask(q, 7, operations);
    CHECK(a.operations <= operations + 0x1p18);
    CHECK(a.gap <= before);
    CHECK(same_bits(a.low, again.low));
    CHECK(same_bits(a.high, again.high));
    before = a.gap;
  }
  CHECK(before < 0.2);
}
