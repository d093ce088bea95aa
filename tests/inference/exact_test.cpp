#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>

#include "engine/inference/query.hpp"
#include "engine/inference/tables.hpp"
#include "tests/inference/brute.hpp"
#include "tests/inference/random_network.hpp"

using namespace posterior::inference;
using judge::dice;

namespace {

std::vector<node_index> everyone(const network& net) {
  std::vector<node_index> all;
  for (node_index v = 0; v < net.size(); ++v)
    all.push_back(v);
  return all;
}

double relative_error(judge::wide truth, double got) {
  if (!(got >= 0)) // not a number is as wrong as can be, and no maximum notices it
    return 1;
  if (truth == 0)
    return got;
  const judge::wide e = (judge::wide(got) - truth) / truth;
  return static_cast<double>(e < 0 ? -e : e);
}

bool same_bits(double a, double b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

} // namespace

TEST_CASE("every posterior and P(evidence) of 1,200 random networks agrees with brute force to 1e-13") {
  double worst = 0;
  int contradictions = 0, shocked = 0;
  for (std::uint64_t seed = 1; seed <= 1200; ++seed) {
    dice d(seed);
    const network net = judge::random_network(d, 11);
    const auto seen = judge::random_evidence(d, net);
    const auto truth = judge::brute(net, seen);
    const auto got = solve(net, seen, everyone(net));
    shocked += !net.shocks.empty();
    if (truth.evidence == 0) {
      CHECK(got.what == outcome::contradiction);
      ++contradictions;
      continue;
    }
    REQUIRE(got.what == outcome::answered);
    worst = std::max(
        worst, relative_error(truth.evidence, std::ldexp(got.evidence, static_cast<int>(got.exponent))));
    for (node_index v = 0; v < net.size(); ++v)
      worst = std::max(worst, relative_error(truth.posterior[static_cast<std::size_t>(v)],
                                             got.posterior[static_cast<std::size_t>(v)]));
  }
  INFO("worst relative error " << worst);
  CHECK(worst <= 1e-13);
  CHECK(contradictions > 10);
  CHECK(shocked > 300);
}

TEST_CASE("lanes give the same bits as one") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    dice d(seed);
    const network net = judge::random_network(d, 14);
    const auto seen = judge::random_evidence(d, net);
    const auto p = compile(net, {}, everyone(net));
    REQUIRE(p);
    machine<double> one;
    machine<lanes> many;
    one.run(*p, base_weights<double>(net, *p, seen));
    many.run(*p, base_weights<lanes>(net, *p, seen));
    if (!(one.evidence().value > 0))
      continue;
    for (node_index v = 0; v < net.size(); ++v)
      for (int l = 0; l < lane_count<lanes>; ++l)
        REQUIRE(same_bits(one.posterior(v), many.posterior(v)[l]));
  }
}

TEST_CASE("an unobserved node below everything changes no posterior") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    dice d(seed);
    network net = judge::random_network(d, 10);
    const auto seen = judge::random_evidence(d, net);
    const auto wanted = everyone(net);
    const auto before = solve(net, seen, wanted);
    net.leak.push_back(0.3);
    net.links.push_back({0, net.size() - 1, 0.7});
    const auto after = solve(net, seen, wanted);
    REQUIRE(before.what == after.what);
    if (before.what == outcome::answered)
      for (node_index v : wanted)
        REQUIRE(same_bits(before.posterior[static_cast<std::size_t>(v)],
                          after.posterior[static_cast<std::size_t>(v)]));
  }
}

TEST_CASE("a shock gives both sides the pair prior that leak and bilateral share ask for") {
  const double leak = 0.2, share = 0.8, shock = share * leak, own = 1 - (1 - leak) / (1 - shock);
  network net;
  net.leak = {own, own};
  net.shocks = {{0, 1, shock}};
  const std::vector<node_index> both{0, 1};
  CHECK(std::fabs(solve(net, {}, both).posterior[0] - leak) < 1e-15);
  const std::vector<likelihood> left{{0, 0, 1}};
  const double right = solve(net, left, both).posterior[1];
  CHECK(std::fabs(right - (shock + (1 - shock) * own * own) / leak) < 1e-15);
}

TEST_CASE("a long chain of rare events keeps its posteriors although P(evidence) is far below 1e-308") {
  network net;
  std::vector<likelihood> seen;
  net.leak.push_back(1e-3);
  for (node_index v = 1; v < 400; ++v) {
    net.leak.push_back(1e-3);
    net.links.push_back({v - 1, v, 1e-3});
    seen.push_back({v, 0, 1});
  }
  const auto got = solve(net, seen, everyone(net));
  REQUIRE(got.what == outcome::answered);
  CHECK(got.exponent < -2000);
  CHECK(got.posterior[0] > 1e-3);
  CHECK(got.posterior[0] < 1);
}

TEST_CASE("impossible evidence is named by a smallest conflicting set and never answered with NaN") {
  network net;
  net.leak = {0.3, 0.0, 0.4};
  net.links = {{0, 1, 1.0}};
  const std::vector<likelihood> seen{{2, 0, 1}, {0, 1, 0}, {1, 0, 1}};
  const auto got = solve(net, seen, everyone(net));
  CHECK(got.what == outcome::contradiction);
  CHECK(conflicting(net, seen) == std::vector<std::size_t>{1, 2});
}

TEST_CASE("a directed loop is refused, not answered") {
  network net;
  net.leak = {0.1, 0.1};
  net.links = {{0, 1, 0.5}, {1, 0, 0.5}};
  CHECK(solve(net, {}, everyone(net)).what == outcome::loop);
}

TEST_CASE("a network that is too wide says so instead of running out of memory") {
  network net;
  dice d(7);
  std::vector<likelihood> seen;
  for (int c = 0; c < 60; ++c)
    net.leak.push_back(0.1);
  for (int f = 0; f < 60; ++f) {
    net.leak.push_back(0.05);
    seen.push_back({net.size() - 1, 0, 1});
    for (int k = 0; k < 12; ++k)
      net.links.push_back(
          {static_cast<node_index>(k * 5 + d.below(5)), net.size() - 1, 0.2 + 0.5 * d.unit()});
  }
  CHECK(solve(net, seen, everyone(net)).what == outcome::too_wide);
}

TEST_CASE(
    "a leaf known to be absent that is a factor on its parents gives the same posteriors as brute force") {
  double worst = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    dice d(seed);
    const network net = judge::random_network(d, 10);
    const auto seen = judge::random_evidence(d, net);
    const auto truth = judge::brute(net, seen);
    const auto got = solve(net, seen, {});
    if (truth.evidence == 0)
      continue;
    REQUIRE(got.what == outcome::answered);
    worst = std::max(
        worst, relative_error(truth.evidence, std::ldexp(got.evidence, static_cast<int>(got.exponent))));
    for (std::size_t v = 0; v < net.leak.size(); ++v)
      if (got.posterior[v] >= 0)
        worst = std::max(worst, relative_error(truth.posterior[v], got.posterior[v]));
  }
  CHECK(worst <= 1e-13);
}

TEST_CASE("the loops of this processor give the bits of the plain ones") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    dice d(seed);
    const network net = judge::random_network(d, 14);
    const auto seen = judge::random_evidence(d, net);
    const auto p = compile(net, {}, everyone(net));
    REQUIRE(p);
    machine<lanes> own, plain(plain_loops<lanes>());
    own.run(*p, base_weights<lanes>(net, *p, seen));
    plain.run(*p, base_weights<lanes>(net, *p, seen));
    if (!(own.evidence().value[0] > 0))
      continue;
    for (node_index v = 0; v < net.size(); ++v)
      REQUIRE(same_bits(own.posterior(v)[0], plain.posterior(v)[0]));
  }
}

TEST_CASE("two links between the same nodes count as two") {
  double worst = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    dice d(seed);
    network net = judge::random_network(d, 9);
    const auto links = net.links;
    for (const auto& l : links)
      if (d.below(3) == 0)
        net.links.push_back({l.from, l.to, d.unit()});
    const auto seen = judge::random_evidence(d, net);
    const auto truth = judge::brute(net, seen);
    const auto got = solve(net, seen, {});
    if (truth.evidence == 0)
      continue;
    REQUIRE(got.what == outcome::answered);
    for (std::size_t v = 0; v < net.leak.size(); ++v)
      if (got.posterior[v] != -1)
        worst = std::max(worst, relative_error(truth.posterior[v], got.posterior[v]));
  }
  CHECK(worst <= 1e-13);
}

TEST_CASE("posteriors keep their digits however improbable the evidence is") {
  // Few causes of many findings that contradict each other: one table is weighed by hundreds of factors, and
  // P(evidence) lies far below what a double can hold. The judge sums over the causes in 128-bit floats.
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    dice d(seed);
    network net;
    constexpr int causes = 8;
    for (int c = 0; c < causes; ++c)
      net.leak.push_back(0.01 + 0.1 * d.unit());
    std::vector<likelihood> seen;
    for (int f = 0; f < 300; ++f) {
      net.leak.push_back(1e-6 + 1e-5 * d.unit());
      const node_index v = net.size() - 1;
      for (int k = 0; k < 2; ++k)
        net.links.push_back({static_cast<node_index>((f + 3 * k) % causes), v, 1e-4 * d.unit()});
      seen.push_back({v, d.below(3) == 0 ? 1e-9 : 0, 1});
    }
    std::vector<judge::wide> mass(std::size_t{1} << causes);
    judge::wide total = 0;
    for (std::size_t world = 0; world < mass.size(); ++world) {
      judge::wide p = 1;
      for (int c = 0; c < causes; ++c)
        p *= world >> c & 1 ? judge::wide(net.leak[static_cast<std::size_t>(c)])
                            : judge::wide(1) - judge::wide(net.leak[static_cast<std::size_t>(c)]);
      for (const likelihood& l : seen) {
        judge::wide off = judge::wide(1) - judge::wide(net.leak[static_cast<std::size_t>(l.node)]);
        for (const auto& link : net.links)
          if (link.to == l.node && (world >> link.from & 1) != 0)
            off *= judge::wide(1) - judge::wide(link.p);
        p *= off * judge::wide(l.absent) + (judge::wide(1) - off) * judge::wide(l.present);
      }
      mass[world] = p;
      total += p;
    }
    const auto got = solve(net, seen, {});
    REQUIRE(got.what == outcome::answered);
    CHECK(got.exponent < -1000);
    for (int c = 0; c < causes; ++c) {
      judge::wide on = 0;
      for (std::size_t world = 0; world < mass.size(); ++world)
        if (world >> c & 1)
          on += mass[world];
      CHECK(relative_error(on / total, got.posterior[static_cast<std::size_t>(c)]) <= 1e-13);
    }
  }
}
