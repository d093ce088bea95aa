// What must not change when the question is put another way.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>

#include "engine/inference/query.hpp"
#include "tests/inference/brute.hpp"
#include "tests/inference/clinic_network.hpp"
#include "tests/inference/small_statements.hpp"
#include "tests/inference/small_world.hpp"

using namespace posterior::inference;
using namespace posterior::inference::tests;
using judge::dice;

namespace {

template <typename T>
void shuffle(std::vector<T>& list, dice& d) {
  for (std::size_t i = list.size(); i > 1; --i)
    std::swap(list[i - 1], list[static_cast<std::size_t>(d.below(static_cast<int>(i)))]);
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

} // namespace

TEST_CASE("the order of links and of observations changes no bit") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    dice d(seed);
    network net = judge::clinic_network(judge::clinic_50x500, seed);
    auto seen = judge::clinic_patient(net, 50, 12, 20, seed);
    const auto before = solve(net, seen, {});
    shuffle(net.links, d);
    shuffle(seen, d);
    const auto after = solve(net, seen, {});
    REQUIRE(before.what == outcome::answered);
    REQUIRE(same_bits(before.posterior, after.posterior));
    REQUIRE(same_bits({before.evidence, before.exponent}, {after.evidence, after.exponent}));
  }
}

TEST_CASE("an absent finding of one cause never raises that cause") {
  int lowered = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    auto shape = judge::clinic_50x500;
    shape.chained = 0;
    network net = judge::clinic_network(shape, seed);
    const auto seen = judge::clinic_patient(net, 50, 8, 4, seed);
    for (node_index cause = 0; cause < 50; cause += 7) {
      network more = net;
      more.leak.push_back(0.03);
      more.links.push_back({cause, more.size() - 1, 0.5});
      auto absent = seen;
      absent.push_back({more.size() - 1, 1, 0});
      const std::vector<node_index> wanted{cause};
      const auto before = solve(more, seen, wanted), after = solve(more, absent, wanted);
      const auto c = static_cast<std::size_t>(cause);
      CHECK(after.posterior[c] <= before.posterior[c]);
      lowered += after.posterior[c] < before.posterior[c];
    }
  }
  CHECK(lowered > 200);
}

// That no absent finding could ever raise a cause linked to it would be too much to ask.
TEST_CASE("the absence of a finding of two causes may raise the one that it hardly speaks against") {
  network net;
  net.leak = {0.2, 0.2, 0.01, 0.01};
  net.links = {{0, 2, 0.7}, {1, 2, 0.7}, {0, 3, 0.05}, {1, 3, 0.95}};
  const std::vector<likelihood> shown{{2, 0, 1}}, without{{2, 0, 1}, {3, 1, 0}};
  const auto truth = judge::brute(net, without);
  const auto before = solve(net, shown, {}), after = solve(net, without, {});
  CHECK(after.posterior[0] > before.posterior[0] + 0.2);
  CHECK(std::abs(after.posterior[0] - static_cast<double>(truth.posterior[0])) < 1e-14);
}

TEST_CASE("knowledge that nothing links to changes no bit of what was there") {
  const auto plain = knowledge(two_causes());
  const auto more = knowledge(two_causes() + state("stranger", "cause", "[0.2, 0.1, 0.3]") +
                              state("its-sign", "impairment", "[0.1, 0.05, 0.2]") +
                              link("stranger", "its-sign", "[0.6, 0.5, 0.8]"));
  const auto p = picture({{"sign-shared"}, {"sign-own"}});
  const auto a = think(*plain, p, 64), b = think(*more, p, 64);
  for (const char* cause : {"cause-a", "cause-b"}) {
    const node_belief &x = belief(a, cause), &y = belief(b, cause);
    CHECK(same_bits({x.posterior, x.low, x.high}, {y.posterior, y.low, y.high}));
  }
}
