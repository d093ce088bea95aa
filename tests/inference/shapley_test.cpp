#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>
#include <numeric>

#include "engine/inference/all_sets.hpp"
#include "engine/inference/query.hpp"
#include "engine/inference/shapley.hpp"
#include "tests/inference/brute.hpp"
#include "tests/inference/clinic_network.hpp"
#include "tests/inference/random_network.hpp"

using namespace posterior::inference;
using judge::dice;

namespace {

double log_odds(double p) {
  return std::log(p / (1 - p));
}

std::vector<std::vector<std::size_t>> one_each(std::size_t n) {
  std::vector<std::vector<std::size_t>> out;
  for (std::size_t i = 0; i < n; ++i)
    out.push_back({i});
  return out;
}

double total(const balance& b) {
  return std::accumulate(b.share.begin(), b.share.end(), b.nothing);
}

// Findings that leave no target certain, so that log-odds are finite.
std::vector<likelihood> soft_evidence(dice& d, const network& net) {
  std::vector<likelihood> seen;
  for (node_index v = 2; v < net.size(); ++v)
    if (d.below(2))
      seen.push_back({v, 0.05 + 0.95 * d.unit(), 0.05 + 0.95 * d.unit()});
  return seen;
}

// The definition, over all orders of the groups, with brute force for each set.
std::vector<double> by_definition(const network& net, const std::vector<likelihood>& seen,
                                  node_index target) {
  const std::size_t n = seen.size();
  std::vector<double> value;
  for (std::size_t mask = 0; mask < std::size_t{1} << n; ++mask) {
    std::vector<likelihood> some;
    for (std::size_t i = 0; i < n; ++i)
      if (mask >> i & 1)
        some.push_back(seen[i]);
    value.push_back(
        log_odds(static_cast<double>(judge::brute(net, some).posterior[static_cast<std::size_t>(target)])));
  }
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<double> share(n);
  double count = 0;
  do {
    std::size_t mask = 0;
    for (std::size_t g : order) {
      const std::size_t with = mask | std::size_t{1} << g;
      share[g] += value[with] - value[mask];
      mask = with;
    }
    ++count;
  } while (std::next_permutation(order.begin(), order.end()));
  for (double& s : share)
    s /= count;
  return share;
}

} // namespace

TEST_CASE("the balance sheet of 80 random networks is the average over all orders of the findings") {
  int compared = 0;
  double worst = 0;
  for (std::uint64_t seed = 1; compared < 80; ++seed) {
    dice d(seed);
    network net = judge::random_network(d, 8);
    for (double& l : net.leak)
      l = 0.05 + 0.9 * l;
    for (auto& l : net.links)
      l.p = 0.9 * l.p;
    const auto seen = soft_evidence(d, net);
    if (seen.size() < 2 || seen.size() > 5)
      continue;
    const std::vector<node_index> targets{0, 1};
    const auto sheets = balance_sheets(net, seen, one_each(seen.size()), targets);
    REQUIRE(sheets.size() == 2);
    for (std::size_t t = 0; t < 2; ++t) {
      const auto truth = by_definition(net, seen, targets[t]);
      CHECK(sheets[t].exact);
      for (std::size_t g = 0; g < seen.size(); ++g)
        worst = std::max(worst, std::fabs(sheets[t].share[g] - truth[g]));
    }
    ++compared;
  }
  INFO("largest difference " << worst);
  CHECK(worst < 1e-10);
}

TEST_CASE("the shares of a realistic case add up to the whole change to 1e-9, exact or estimated") {
  const judge::clinic_shape shape = judge::clinic_50x500;
  const network net = judge::clinic_network(shape, 1);
  bool estimated = false, exact = false;
  for (std::uint64_t k = 1; k <= 10; ++k) {
    const auto seen = judge::clinic_patient(net, shape.causes, k % 2 ? 8 : 12, k % 2 ? 4 : 8, k);
    const std::vector<node_index> targets{0, 7, 20};
    const auto sheets = balance_sheets(net, seen, one_each(seen.size()), targets);
    REQUIRE(sheets.size() == 3);
    for (const balance& b : sheets) {
      CHECK(std::fabs(total(b) - b.everything) < 1e-9);
      (b.exact ? exact : estimated) = true;
      if (b.exact)
        CHECK(std::all_of(b.error.begin(), b.error.end(), [](double e) { return e == 0; }));
    }
  }
  CHECK(exact);
  CHECK(estimated);
}

TEST_CASE(
    "findings that say the same get the same share, and one of another part of the network gets nought") {
  network net;
  net.leak = {0.2, 0.1, 0.1, 0.3, 0.1};
  net.links = {{0, 1, 0.8}, {0, 2, 0.8}, {3, 4, 0.7}};
  const std::vector<likelihood> seen{{1, 0, 1}, {2, 0, 1}, {4, 0, 1}};
  const std::vector<node_index> targets{0};
  const auto b = balance_sheets(net, seen, one_each(3), targets)[0];
  CHECK(std::fabs(b.share[0] - b.share[1]) < 1e-14);
  CHECK(b.share[0] > 0.5);
  CHECK(b.share[2] == 0);
}

TEST_CASE("leaving one out undercounts findings that say the same, the balance sheet does not") {
  // Two findings about one intermediate state: without either, the other still tells it all.
  network net;
  net.leak = {0.2, 0.02, 0.001, 0.001};
  net.links = {{0, 1, 0.9}, {1, 2, 0.999}, {1, 3, 0.999}};
  const std::vector<likelihood> seen{{2, 0, 1}, {3, 0, 1}};
  const std::vector<node_index> targets{0};
  const auto b = balance_sheets(net, seen, one_each(2), targets)[0];
  const double all = log_odds(static_cast<double>(judge::brute(net, seen).posterior[0]));
  const double without_one = log_odds(static_cast<double>(judge::brute(net, {seen[0]}).posterior[0]));
  CHECK(all - without_one < 0.1 * (b.everything - b.nothing));
  CHECK(b.share[1] > 0.4 * (b.everything - b.nothing));
}

TEST_CASE(
    "an absent finding left out or kept gives what brute force gives, with pairs of sides and with none") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    dice d(seed);
    network net = judge::random_network(d, 8);
    for (double& l : net.leak)
      l = 0.05 + 0.9 * l;
    for (auto& l : net.links)
      l.p = 0.9 * l.p;
    std::vector<likelihood> seen;
    for (node_index v = 1; v < net.size(); ++v)
      if (d.below(2))
        seen.push_back({v, 1, 0});
    const std::vector<node_index> targets{0};
    const auto b = balance_sheets(net, seen, one_each(seen.size()), targets)[0];
    const auto before = judge::brute(net, {}), after = judge::brute(net, seen);
    CHECK(std::fabs(b.nothing - log_odds(static_cast<double>(before.posterior[0]))) < 1e-10);
    CHECK(std::fabs(b.everything - log_odds(static_cast<double>(after.posterior[0]))) < 1e-10);
  }
}

TEST_CASE("the posteriors of all sets at once are those of each set by itself") {
  const judge::clinic_shape shape = judge::clinic_50x500;
  const network net = judge::clinic_network(shape, 2);
  const auto everyone = judge::clinic_patient(net, shape.causes, 5, 3, 4);
  const std::vector<std::vector<std::size_t>> groups{
      {0, 3}, {1}, {2, 4}, {5, 6}, {7}}; // some of two findings
  const std::vector<node_index> targets{2, 9};
  const auto got = posteriors_of_all_sets(net, everyone, groups, targets, 0x1p22);
  REQUIRE(got);
  double worst = 0;
  for (std::size_t set = 0; set < 32; ++set) {
    std::vector<likelihood> some;
    for (std::size_t g = 0; g < groups.size(); ++g)
      for (std::size_t i : groups[g])
        if (set >> g & 1)
          some.push_back(everyone[i]);
    const auto truth = solve(net, some, targets);
    for (std::size_t t = 0; t < 2; ++t) {
      const double p = truth.posterior[static_cast<std::size_t>(targets[t])];
      worst = std::max(worst, std::fabs((*got)[set * 2 + t] - p) / p);
    }
  }
  CHECK(worst < 1e-13);
  CHECK_FALSE(posteriors_of_all_sets(net, everyone, groups, targets, 16));
}

TEST_CASE("estimated shares lie within four of their standard errors in 95 of 100, and repeat to the bit") {
  const judge::clinic_shape shape = judge::clinic_50x500;
  const network net = judge::clinic_network(shape, 3);
  std::size_t beyond = 0, all = 0;
  double worst = 0;
  for (std::uint64_t k = 1; k <= 6; ++k) {
    const auto seen = judge::clinic_patient(net, shape.causes, 7, 3, k);
    const std::vector<node_index> targets{static_cast<node_index>(k)};
    const auto value = [&](std::span<const group_set> sets) {
      std::vector<double> out;
      for (const group_set& s : sets) {
        std::vector<std::vector<std::size_t>> kept(1);
        for (std::size_t g = 0; g < s.size(); ++g)
          if (s[g])
            kept[0].push_back(g);
        out.push_back(balance_sheets(net, seen, kept, targets)[0].everything);
      }
      return out;
    };
    const auto truth = balance_sheets(seen.size(), 1, value),
               rough = balance_sheets(seen.size(), 1, value, orders_tried),
               again = balance_sheets(seen.size(), 1, value, orders_tried);
    REQUIRE(truth[0].exact);
    REQUIRE_FALSE(rough[0].exact);
    for (std::size_t g = 0; g < seen.size(); ++g) {
      ++all;
      const double off = std::fabs(rough[0].share[g] - truth[0].share[g]);
      beyond += off > 4 * rough[0].error[g] + 1e-12;
      worst = std::max(worst, off);
      CHECK(std::memcmp(&rough[0].share[g], &again[0].share[g], sizeof(double)) == 0);
    }
  }
  INFO("worst " << worst);
  CHECK(20 * beyond <= all);
  CHECK(worst < 0.1);
  CHECK(all >= 60);
}
