#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/inference/conflict.hpp"
#include "engine/inference/query.hpp"
#include "tests/inference/brute.hpp"
#include "tests/inference/random_network.hpp"

using namespace posterior::inference;
using judge::dice;

namespace {

// Two contradictions: {b, c, y} where y needs b or c, and {a, x} where x needs a. Bystanders between them.
struct planted {
  network net;
  likelihood a{0, 1, 0}, b{1, 1, 0}, c{2, 1, 0}, x{3, 0, 1}, y{4, 0, 1}, bystander{5, 0, 1};
  planted() {
    net.leak = {0.3, 0.3, 0.3, 0, 0, 0.4};
    net.links = {{0, 3, 1.0}, {1, 4, 0.5}, {2, 4, 0.5}};
  }
};

} // namespace

TEST_CASE("the smallest conflicting set is named wherever a larger one stands in the list") {
  const planted p;
  CHECK(conflicting(p.net, std::vector<likelihood>{p.b, p.c, p.y, p.bystander, p.a, p.x}) ==
        std::vector<std::size_t>{4, 5});
  CHECK(conflicting(p.net, std::vector<likelihood>{p.a, p.bystander, p.x, p.b, p.c, p.y}) ==
        std::vector<std::size_t>{0, 2});
  CHECK(conflicting(p.net, std::vector<likelihood>{p.bystander, p.b, p.c, p.y}) ==
        std::vector<std::size_t>{1, 2, 3});
  CHECK(conflicting(p.net, std::vector<likelihood>{p.b, p.y, p.a}).empty());
}

TEST_CASE("where the tries do not reach, the set is irreducible and says that it may not be the smallest") {
  const planted p;
  const std::vector<likelihood> seen{p.a, p.x, p.bystander, p.b, p.c, p.y};
  const auto impossible = [&](std::span<const group_set> sets) {
    std::vector<bool> out;
    for (const group_set& s : sets) {
      std::vector<likelihood> some;
      for (std::size_t i = 0; i < s.size(); ++i)
        if (s[i])
          some.push_back(seen[i]);
      out.push_back(judge::brute(p.net, some).evidence == 0);
    }
    return out;
  };
  const auto hasty = smallest_conflict(seen.size(), impossible, 10);
  CHECK(hasty.items == std::vector<std::size_t>{3, 4, 5});
  CHECK_FALSE(hasty.smallest);
  const auto patient = smallest_conflict(seen.size(), impossible);
  CHECK(patient.items == std::vector<std::size_t>{0, 1});
  CHECK(patient.smallest);
}

TEST_CASE("on random contradictions no smaller set conflicts, and the named one does") {
  int contradictions = 0;
  for (std::uint64_t seed = 1; contradictions < 40; ++seed) {
    dice d(seed);
    const network net = judge::random_network(d, 9);
    const auto seen = judge::random_evidence(d, net);
    if (judge::brute(net, seen).evidence != 0)
      continue;
    ++contradictions;
    const auto named = conflicting(net, seen);
    REQUIRE_FALSE(named.empty());
    for (std::size_t mask = 0; mask < std::size_t{1} << seen.size(); ++mask) {
      std::vector<likelihood> some;
      for (std::size_t i = 0; i < seen.size(); ++i)
        if (mask >> i & 1)
          some.push_back(seen[i]);
      if (some.size() < named.size())
        REQUIRE(judge::brute(net, some).evidence > 0);
    }
    std::vector<likelihood> of_named;
    for (std::size_t i : named)
      of_named.push_back(seen[i]);
    CHECK(judge::brute(net, of_named).evidence == 0);
  }
}

TEST_CASE("findings that support each other are coherent, findings that speak against each other are not") {
  network net;
  net.leak = {0.2, 0.05, 0.05};
  net.links = {{0, 1, 0.9}, {0, 2, 0.9}};
  const std::vector<std::vector<std::size_t>> apart{{0}, {1}}, together{{0, 1}};
  const std::vector<likelihood> agree{{1, 0, 1}, {2, 0, 1}}, clash{{1, 0, 1}, {2, 1, 0}};
  const double both = static_cast<double>(judge::brute(net, agree).evidence);
  const double one = static_cast<double>(judge::brute(net, {agree[0]}).evidence);
  CHECK(std::fabs(coherence(net, agree, apart) - std::log10(both / (one * one))) < 1e-13);
  CHECK(coherence(net, agree, apart) > 0.3);
  CHECK(coherence(net, clash, apart) < -0.2);
  CHECK(std::fabs(coherence(net, clash, together)) < 1e-15);
}
