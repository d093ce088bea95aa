#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>
#include <numeric>

#include "engine/inference/ladder.hpp"
#include "tests/inference/brute.hpp"
#include "tests/inference/questions.hpp"

using namespace posterior::inference;
using judge::dice;
using judge::question;

namespace {

ladder_limits only_bounded(double operations) {
  ladder_limits l;
  l.exact_operations = -1;
  l.bounded.operations = operations;
  l.widest_gap = 2;
  l.sampled.operations = 0x1p16;
  return l;
}

ladder_limits only_sampled(double operations) {
  ladder_limits l;
  l.exact_operations = -1;
  l.bounded.cut.cost = -1; // nothing can be cut so far, so that no bound helps the samples
  l.sampled.operations = operations;
  return l;
}

ladder_answer ask(const question& q, const ladder_limits& limits = {},
                  const std::vector<node_index>& watched = {}) {
  return answer_by_ladder({q.net, q.seen, q.targets, watched}, limits);
}

question with_all_targets(question q) {
  q.targets.resize(q.net.leak.size());
  std::iota(q.targets.begin(), q.targets.end(), 0);
  return q;
}

double relative_error(judge::wide truth, double got) {
  if (truth == 0)
    return std::fabs(got);
  const judge::wide e = (judge::wide(got) - truth) / truth;
  return static_cast<double>(e < 0 ? -e : e);
}

// P(no watched link fires | evidence): the watched links taken out, and their failing as evidence on causes.
judge::wide none_acts(const question& q, const std::vector<node_index>& watched, judge::wide evidence) {
  network silent = q.net;
  auto seen = q.seen;
  for (node_index k : watched) {
    silent.links[static_cast<std::size_t>(k)].p = 0;
    const auto& l = q.net.links[static_cast<std::size_t>(k)];
    seen.push_back({l.from, 1, 1 - l.p});
  }
  return judge::brute(silent, seen).evidence / evidence;
}

bool same_bits(const ladder_answer& a, const ladder_answer& b) {
  bool same = a.by == b.by && a.beliefs.size() == b.beliefs.size() && a.evidence_low == b.evidence_low;
  for (std::size_t k = 0; same && k < a.beliefs.size(); ++k) {
    const auto &x = a.beliefs[k], &y = b.beliefs[k];
    const double one[] = {x.posterior, x.low, x.high, x.standard_error};
    const double two[] = {y.posterior, y.low, y.high, y.standard_error};
    same = std::memcmp(one, two, sizeof one) == 0;
  }
  return same;
}

} // namespace

TEST_CASE("on 100 dense cases every bounded answer contains the exact one, and every sampled one lies within "
          "four of its standard errors") {
  int open = 0, useful = 0;
  double farthest = 0, widest_error = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const question q = judge::large_dense(seed, 12 + static_cast<int>(seed % 13));
    ladder_limits plenty;
    plenty.exact_operations = 0x1p28;
    const auto exact = ask(q, plenty);
    INFO("seed " << seed);
    REQUIRE(exact.by == rung::exact);
    auto small = only_bounded(std::ldexp(1.0, 16 + static_cast<int>(seed % 5)));
    small.bounded.cut.width = 6;
    const auto bounded = ask(q, small);
    REQUIRE(bounded.by == rung::bounded);
    CHECK(bounded.gap > 0);
    open += bounded.gap > 1e-4;
    useful += bounded.gap > 1e-4 && bounded.gap < 0.1;
    const auto sampled = ask(q, only_sampled(0x1p23));
    REQUIRE(sampled.by == rung::sampled);
    CHECK(sampled.standard_error > 0);
    widest_error = std::max(widest_error, sampled.standard_error);
    for (std::size_t k = 0; k < q.targets.size(); ++k) {
      const double p = exact.beliefs[k].posterior;
      REQUIRE(bounded.beliefs[k].low <= p);
      REQUIRE(p <= bounded.beliefs[k].high);
      REQUIRE(bounded.beliefs[k].low <= bounded.beliefs[k].posterior);
      REQUIRE(bounded.beliefs[k].posterior <= bounded.beliefs[k].high);
      farthest =
          std::max(farthest, std::fabs(sampled.beliefs[k].posterior - p) / sampled.beliefs[k].standard_error);
    }
  }
  INFO("farthest sample " << farthest << " standard errors, largest standard error " << widest_error);
  CHECK(farthest < 4);
  CHECK(farthest > 1); // a standard error that is always far too large says nothing
  CHECK(widest_error < 0.05);
  CHECK(open > 50);
  CHECK(useful > 10);
}

TEST_CASE("findings that nobody asked about are answered aside with the relative error of exact answers") {
  double worst = 0;
  int narrowed = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const auto c = judge::dense(seed, 3, {6, 5, 4, 1});
    const question q = with_all_targets({c.net, c.seen, {}});
    const auto truth = judge::brute(q.net, q.seen);
    ladder_limits limits;
    limits.sampled.operations = 0x1p16;
    limits.exact_operations = 150; // enough for the evidence alone
    const auto a = ask(q, limits);
    if (a.by != rung::exact)
      continue;
    narrowed += a.width < ask(q).width;
    for (std::size_t v = 0; v < q.targets.size(); ++v)
      worst = std::max(worst, relative_error(truth.posterior[v], a.beliefs[v].posterior));
  }
  INFO("worst " << worst);
  CHECK(worst < 1e-13);
  CHECK(narrowed > 15);
}

TEST_CASE("no modelled cause acting has the probability of brute force on every rung") {
  int checked = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const question q = judge::random_question(seed, 7);
    const auto truth = judge::brute(q.net, q.seen);
    if (truth.evidence == 0 || q.targets.empty())
      continue;
    const question all = with_all_targets(q); // so that every link matters
    std::vector<node_index> watched;
    for (std::size_t k = 0; k < q.net.links.size(); k += 2)
      watched.push_back(static_cast<node_index>(k));
    if (watched.empty())
      continue;
    INFO("seed " << seed);
    const auto p = static_cast<double>(none_acts(all, watched, truth.evidence));
    const auto exact = ask(all, {}, watched);
    REQUIRE(exact.by == rung::exact);
    CHECK(std::fabs(exact.none_acts.posterior - p) < 1e-12);
    auto few = only_bounded(400);
    few.bounded.cut.width = 4;
    const auto bounded = ask(all, few, watched);
    CHECK(bounded.none_acts.low <= p);
    CHECK(p <= bounded.none_acts.high);
    const auto sampled = ask(all, only_sampled(0x1p20), watched);
    if (sampled.what != ladder_outcome::answered)
      continue;
    ++checked;
    CHECK(std::fabs(sampled.none_acts.posterior - p) < 4 * sampled.none_acts.standard_error);
  }
  CHECK(checked > 80);
}

TEST_CASE("impossible evidence is named on every rung, and never answered") {
  network net; // finding 2 has no leak, and its only causes are ruled out by findings 3 and 4
  net.leak = {0.2, 0.3, 0.0, 0.1, 0.1};
  net.links = {{0, 2, 0.5}, {1, 2, 0.5}, {0, 3, 1.0}, {1, 4, 1.0}};
  const question q{net, {{2, 0, 1}, {3, 1, 0}, {4, 1, 0}}, {0, 1}};
  CHECK(ask(q).what == ladder_outcome::contradiction);
  CHECK(ask(q, only_bounded(1e6)).what == ladder_outcome::contradiction);
  CHECK(ask(q, only_sampled(1e6)).what == ladder_outcome::undecided);
}

TEST_CASE(
    "evidence as improbable as 1e-300 and far less is answered with all digits, exactly and between bounds") {
  const int causes = 8, findings = 130;
  dice d(5);
  question q;
  for (int c = 0; c < causes; ++c) {
    q.net.leak.push_back(0.02);
    q.targets.push_back(c);
  }
  for (int f = 0; f < findings; ++f) {
    q.net.leak.push_back(1e-4);
    q.seen.push_back({causes + f, 0, 1});
    for (int k = 0; k < 4; ++k)
      q.net.links.push_back({(f * 7 + k * 3) % causes, causes + f, 1e-4 * d.unit()});
  }
  long double evidence = 0, posterior[8] = {};
  for (int world = 0; world < 1 << causes; ++world) {
    long double p = 1, off[130];
    for (int c = 0; c < causes; ++c)
      p *= world >> c & 1 ? 0.02L : 0.98L;
    std::fill_n(off, findings, 1 - 1e-4L);
    for (const auto& l : q.net.links)
      off[l.to - causes] *= world >> l.from & 1 ? 1 - static_cast<long double>(l.p) : 1;
    for (long double x : off)
      p *= 1 - x;
    evidence += p;
    for (int c = 0; c < causes; ++c)
      posterior[c] += world >> c & 1 ? p : 0;
  }
  auto narrow = only_bounded(0x1p24);
  narrow.bounded.cut.width = 4;
  const auto exact = ask(q), bounded = ask(q, narrow);
  REQUIRE(exact.by == rung::exact);
  REQUIRE(bounded.by == rung::bounded);
  const auto log10_truth = static_cast<double>(std::log10(evidence));
  CHECK(log10_truth < -400);
  CHECK(std::fabs(log10_of(exact.evidence_low, exact.exponent) - log10_truth) < 1e-9);
  CHECK(std::fabs(log10_of(bounded.evidence_high, bounded.exponent) - log10_truth) < 0.01);
  CHECK(bounded.gap < 1e-3);
  for (std::size_t c = 0; c < 8; ++c) {
    const auto p = static_cast<double>(posterior[c] / evidence);
    CHECK(std::fabs(exact.beliefs[c].posterior - p) < 1e-12);
    CHECK(bounded.beliefs[c].low <= p);
    CHECK(p <= bounded.beliefs[c].high);
  }
}

TEST_CASE("the same question gets the same bits on every rung") {
  const question q = judge::large_dense(11, 18);
  for (const ladder_limits& limits : {ladder_limits{}, only_bounded(0x1p20), only_sampled(0x1p20)})
    CHECK(same_bits(ask(q, limits), ask(q, limits)));
}

TEST_CASE("a gap that stays too wide gives way to samples that respect the hard bounds") {
  const question q = judge::large_dense(5, 20);
  auto limits = only_bounded(0x1p17);
  limits.widest_gap = -1;
  limits.sampled.operations = 0x1p22;
  const auto a = ask(q, limits);
  const auto exact = ask(q);
  REQUIRE(exact.by == rung::exact);
  CHECK(a.by == rung::sampled);
  CHECK(a.standard_error > 0);
  CHECK(a.evidence_high > 0);
  for (std::size_t k = 0; k < q.targets.size(); ++k) {
    CHECK(a.beliefs[k].low <= a.beliefs[k].posterior);
    CHECK(a.beliefs[k].posterior <= a.beliefs[k].high);
    CHECK(std::fabs(a.beliefs[k].posterior - exact.beliefs[k].posterior) < 4 * a.beliefs[k].standard_error);
  }
}

TEST_CASE("all nodes of a dense network are answered exactly where its evidence allows it") {
  const question q = with_all_targets(judge::large_dense(3, 14));
  const auto a = ask(q);
  CHECK(a.what == ladder_outcome::answered);
  CHECK(a.by == rung::exact);
  CHECK(a.beliefs.size() == 550);
}

TEST_CASE("neither tables nor the tree of a bounded answer take more memory than the limit") {
  const question q = judge::large_dense(30, 30);
  bounded_limits limits;
  limits.gap = 0;
  limits.operations = 0x1p26;
  limits.cut.width = 8;
  const auto free = answer_bounded(q.net, q.seen, q.targets, limits);
  limits.bytes = 400'000;
  const auto held = answer_bounded(q.net, q.seen, q.targets, limits);
  const double of_branch = 2.0 * sizeof(double) * static_cast<double>(q.targets.size() + 1);
  CHECK(static_cast<double>(free.branches) * of_branch > 400'000);
  CHECK(static_cast<double>(held.branches) * of_branch < 400'000);
  CHECK(held.what == bounded_outcome::bounded);
  CHECK(held.low[0] <= free.high[0]);
  CHECK(free.low[0] <= held.high[0]);
}
