// Draws of parameters, and what they make of posteriors.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>
#include <numeric>

#include "engine/inference/intervals.hpp"
#include "engine/inference/query.hpp"
#include "tests/inference/random_network.hpp"

using namespace posterior;
using namespace posterior::inference;

namespace {

constexpr int draws = 256;

doubts all_worth(const network& net, double worth) {
  doubts out;
  stream next = 7;
  const auto name = [&](std::vector<doubt>& list, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      list.push_back({next++ * 0x9E3779B97F4A7C15u, worth});
  };
  name(out.leaks, net.leak.size());
  name(out.links, net.links.size());
  name(out.shocks, net.shocks.size());
  return out;
}

// Two roots that each bring the third about for certain.
network two_to_one() {
  network net;
  net.leak = {0.4, 0.4, 0};
  net.links = {{0, 2, 1}, {1, 2, 1}};
  return net;
}

double width(const std::vector<end_points>& e, std::size_t k) {
  return e[k].high - e[k].low;
}

bool same_bits(const end_points& a, const end_points& b) {
  return std::memcmp(&a.low, &b.low, sizeof a.low) == 0 && std::memcmp(&a.high, &b.high, sizeof a.high) == 0;
}

// Values of one number of a network over the draws.
std::vector<float> drawn(const doubt& d, double mean, std::size_t count) {
  std::vector<float> slices(count, static_cast<float>(mean)), out(count);
  if (mean > 0 && mean < 1)
    beta_slicer(count).cut({mean, d.worth}, slices);
  deal(d.name, slices, out);
  return out;
}

// E[P(node, evidence)] / E[P(evidence)] over draws of every number, and its standard error.
struct weighted {
  double mean, error;
};

weighted by_likelihood(const network& net, const doubts& how_sure, const std::vector<likelihood>& seen,
                       node_index target, std::size_t count) {
  std::vector<std::vector<float>> leaks, links, shocks;
  for (std::size_t k = 0; k < net.leak.size(); ++k)
    leaks.push_back(drawn(how_sure.leaks[k], net.leak[k], count));
  for (std::size_t k = 0; k < net.links.size(); ++k)
    links.push_back(drawn(how_sure.links[k], net.links[k].p, count));
  for (std::size_t k = 0; k < net.shocks.size(); ++k)
    shocks.push_back(drawn(how_sure.shocks[k], net.shocks[k].p, count));
  double evidence = 0, both = 0;
  std::vector<std::pair<double, double>> each;
  network one = net;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < leaks.size(); ++k)
      one.leak[k] = static_cast<double>(leaks[k][i]);
    for (std::size_t k = 0; k < links.size(); ++k)
      one.links[k].p = static_cast<double>(links[k][i]);
    for (std::size_t k = 0; k < shocks.size(); ++k)
      one.shocks[k].p = static_cast<double>(shocks[k][i]);
    const std::vector<node_index> wanted{target};
    const answer a = solve(one, seen, wanted);
    if (a.what != outcome::answered)
      continue;
    const double weight = std::ldexp(a.evidence, static_cast<int>(a.exponent));
    each.emplace_back(weight, a.posterior[static_cast<std::size_t>(target)]);
    evidence += weight;
    both += weight * each.back().second;
  }
  const double mean = both / evidence;
  double spread = 0;
  for (const auto& [w, p] : each)
    spread += w * w * (p - mean) * (p - mean);
  return {mean, std::sqrt(spread) / evidence};
}

} // namespace

TEST_CASE("the mean over the draws is the stated mean, of words, ranges and counts") {
  const parameters p(draws);
  kb::estimate list[] = {{0.03, 0.01, 0.06, "almost-never"},
                         {0.65, 0.50, 0.78, "often"},
                         {0.97, 0.94, 0.99, "by-definition"},
                         {0.0005, 0.0001, 0.0015, ""},
                         {0.95, 0.65, 0.99, ""},
                         kb::from_counts(0, 12),
                         kb::from_counts(17, 20)};
  for (std::size_t k = 0; k < std::size(list); ++k) {
    double sum = 0;
    for (int i = 0; i < draws; ++i)
      sum += p.probability(k, list[k], i);
    INFO(list[k].mean);
    CHECK(std::abs(sum / draws - list[k].mean) < 1e-6);
    CHECK(p.probability(k, list[k], -1) == list[k].mean);
  }
}

TEST_CASE("each slice of a distribution is drawn once, in an order of the parameter's own") {
  const kb::estimate often{0.65, 0.50, 0.78, "often"};
  const parameters p(draws), again(draws);
  const stream a = stream_of("link.a.b", "p"), b = stream_of("link.a.c", "p");
  std::vector<double> x, y;
  for (int i = 0; i < draws; ++i) {
    x.push_back(p.probability(a, often, i));
    y.push_back(p.probability(b, often, i));
    CHECK(x.back() == again.probability(a, often, i));
  }
  CHECK(x != y);
  double product = 0, square = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    product += (x[i] - 0.65) * (y[i] - 0.65);
    square += (x[i] - 0.65) * (x[i] - 0.65);
  }
  CHECK(std::abs(product / square) < 0.25);
  std::sort(x.begin(), x.end());
  std::sort(y.begin(), y.end());
  CHECK(x == y);
  CHECK(std::adjacent_find(x.begin(), x.end()) == x.end());
}

TEST_CASE("a number without doubt is its mean in every draw") {
  const parameters p(8);
  for (int i = -1; i < 8; ++i) {
    CHECK(p.probability(1, {0.3, 0.3, 0.3, ""}, i) == 0.3);
    CHECK(p.probability(2, {0, 0, 0, ""}, i) == 0);
    CHECK(p.probability(3, {1, 0.9, 1, ""}, i) == 1);
  }
}

TEST_CASE("weighted by the likelihood, the mean over the parameters is the posterior at the means") {
  judge::dice d(2026);
  int looked_at = 0;
  for (int round = 0; round < 25; ++round) {
    const network net = judge::random_network(d, 8);
    const auto seen = judge::random_evidence(d, net);
    const answer plain = solve(net, seen, {});
    if (plain.what != outcome::answered || seen.empty())
      continue;
    const auto target = static_cast<node_index>(d.below(net.size()));
    const std::vector<node_index> wanted{target};
    const double at_means = solve(net, seen, wanted).posterior[static_cast<std::size_t>(target)];
    const weighted w = by_likelihood(net, all_worth(net, 20), seen, target, 4096);
    INFO("round " << round);
    CHECK(std::abs(w.mean - at_means) <= 4 * w.error + 1e-6);
    CHECK(w.error < 0.1);
    ++looked_at;
  }
  CHECK(looked_at >= 12);
}

TEST_CASE("without evidence a root has the ends of its own distribution") {
  network net;
  net.leak = {0.2, 0.7};
  const layout map(net);
  interval_maker make(map, all_worth(net, 25), draws);
  const std::vector<node_index> both{0, 1};
  const auto ends = make.run({}, both);
  REQUIRE(ends.size() == 2);
  for (std::size_t k = 0; k < 2; ++k) {
    const beta_range r = range_of({net.leak[k], 25});
    CHECK(std::abs(ends[k].low - r.low) < 0.002);
    CHECK(std::abs(ends[k].high - r.high) < 0.002);
  }
}

TEST_CASE("numbers of one name are drawn as one") {
  const network net = two_to_one();
  const layout map(net);
  const std::vector<node_index> effect{2};
  doubts tied = all_worth(net, 10);
  interval_maker apart(map, tied, 4096);
  tied.leaks[1] = tied.leaks[0];
  interval_maker together(map, tied, 4096);
  CHECK(width(together.run({}, effect), 0) > width(apart.run({}, effect), 0) + 0.05);
}

TEST_CASE("what is certain has no width, and evidence that is impossible has no ends") {
  const network net = two_to_one();
  const layout map(net);
  const std::vector<node_index> effect{2};
  interval_maker sure(map, all_worth(net, 0), draws);
  const auto ends = sure.run({}, effect);
  REQUIRE(ends.size() == 1);
  CHECK(std::abs(ends[0].low - 0.64) < 1e-12);
  CHECK(std::abs(ends[0].high - 0.64) < 1e-12);
  const std::vector<likelihood> impossible{{0, 0, 1}, {2, 1, 0}};
  CHECK(interval_maker(map, all_worth(net, 10), draws).run(impossible, effect).empty());
}

TEST_CASE("ends do not depend on earlier queries or on what is not linked, bit for bit") {
  judge::dice d(99);
  for (int round = 0; round < 20; ++round) {
    network net = judge::random_network(d, 9);
    const auto seen = judge::random_evidence(d, net);
    const std::vector<node_index> wanted{0, net.size() - 1};
    const doubts how_sure = all_worth(net, 12);
    const layout map(net);
    interval_maker fresh(map, how_sure, draws), used(map, how_sure, draws);
    used.run({}, wanted);
    network larger = net;
    larger.leak.push_back(0.3);
    doubts also = how_sure;
    also.leaks.push_back({12345, 9});
    const layout larger_map(larger);
    interval_maker beside(larger_map, also, draws);
    const auto a = fresh.run(seen, wanted), b = used.run(seen, wanted), c = beside.run(seen, wanted);
    REQUIRE(a.size() == b.size());
    REQUIRE(a.size() == c.size());
    for (std::size_t k = 0; k < a.size(); ++k) {
      CHECK(same_bits(a[k], b[k]));
      CHECK(same_bits(a[k], c[k]));
    }
  }
}
