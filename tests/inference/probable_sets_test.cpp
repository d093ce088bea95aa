#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/inference/probable_sets.hpp"
#include "tests/inference/brute.hpp"
#include "tests/inference/random_network.hpp"

using namespace posterior::inference;
using judge::dice;
using judge::wide;

namespace {

// P(joint state, evidence), the shocks summed over, for every joint state of all nodes.
std::vector<wide> every_joint_state(const network& net, const std::vector<likelihood>& seen) {
  const auto n = static_cast<std::size_t>(net.size());
  std::vector<wide> out(std::size_t{1} << n, 0);
  for (std::size_t world = 0; world < out.size() << net.shocks.size(); ++world) {
    wide p = 1;
    const auto on = [&](node_index v) { return (world >> v) & 1; };
    std::vector<wide> off(n);
    for (std::size_t v = 0; v < n; ++v)
      off[v] = wide(1) - wide(net.leak[v]);
    for (std::size_t s = 0; s < net.shocks.size(); ++s) {
      const bool struck = (world >> (n + s)) & 1;
      p *= struck ? wide(net.shocks[s].p) : wide(1) - wide(net.shocks[s].p);
      if (struck)
        off[static_cast<std::size_t>(net.shocks[s].a)] = off[static_cast<std::size_t>(net.shocks[s].b)] = 0;
    }
    for (const auto& l : net.links)
      if (on(l.from))
        off[static_cast<std::size_t>(l.to)] *= wide(1) - wide(l.p);
    for (const auto& t : net.tables) {
      std::size_t c = 0;
      for (std::size_t k = 0; k < t.parents.size(); ++k)
        c |= on(t.parents[k]) << k;
      off[static_cast<std::size_t>(t.node)] = wide(1) - wide(t.present[c]);
    }
    for (std::size_t v = 0; v < n; ++v)
      p *= on(static_cast<node_index>(v)) ? wide(1) - off[v] : off[v];
    for (const auto& e : seen)
      p *= on(e.node) ? wide(e.present) : wide(e.absent);
    out[world & (out.size() - 1)] += p;
  }
  return out;
}

// What the engine says about one joint state, by the judge: summed over nodes that do not matter.
wide judged(const std::vector<wide>& all, const probable_states& got, const joint_state& one) {
  wide sum = 0;
  for (std::size_t world = 0; world < all.size(); ++world) {
    bool same = true;
    for (std::size_t i = 0; i < got.nodes.size(); ++i)
      same = same && ((world >> got.nodes[i]) & 1) == one.present[i];
    if (same)
      sum += all[world];
  }
  return sum;
}

// The probabilities of all joint states of the nodes that matter, greatest first.
std::vector<wide> in_order(const std::vector<wide>& all, const probable_states& got) {
  std::vector<wide> of(std::size_t{1} << got.nodes.size(), 0);
  for (std::size_t world = 0; world < all.size(); ++world) {
    std::size_t mine = 0;
    for (std::size_t i = 0; i < got.nodes.size(); ++i)
      mine |= ((world >> got.nodes[i]) & 1) << i;
    of[mine] += all[world];
  }
  std::sort(of.begin(), of.end(), std::greater<>());
  return of;
}

// A node with a table of its own over some of the others, sometimes with a child.
void add_table(dice& d, network& net) {
  network::table t{net.size(), {}, {}};
  for (node_index v = 0; v < net.size() && t.parents.size() < 3; ++v)
    if (d.below(3) == 0)
      t.parents.push_back(v);
  for (std::size_t c = 0; c < std::size_t{1} << t.parents.size(); ++c)
    t.present.push_back(judge::probability(d));
  net.leak.push_back(0);
  net.tables.push_back(t);
  if (d.below(2)) {
    net.leak.push_back(0.2 * d.unit());
    net.links.push_back({t.node, net.size() - 1, d.unit()});
  }
}

} // namespace

TEST_CASE("the five most probable joint states of 600 random networks are those of brute force") {
  double worst = 0;
  int contradictions = 0, shocked = 0, fewer = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    dice d(seed);
    network net = judge::random_network(d, 8);
    if (seed % 3 == 0)
      add_table(d, net);
    const auto seen = judge::random_evidence(d, net);
    const auto all = every_joint_state(net, seen);
    wide evidence = 0;
    for (wide p : all)
      evidence += p;
    const auto got = most_probable(net, seen, 5);
    if (evidence == 0) {
      CHECK(got.what == outcome::contradiction);
      ++contradictions;
      continue;
    }
    REQUIRE(got.what == outcome::answered);
    shocked += !net.shocks.empty();
    fewer += got.best.size() < 5;
    const auto truth = in_order(all, got);
    const auto possible =
        static_cast<std::size_t>(std::count_if(truth.begin(), truth.end(), [](wide p) { return p > 0; }));
    REQUIRE(got.best.size() == std::min<std::size_t>(5, possible));
    for (std::size_t k = 0; k < got.best.size(); ++k) {
      const wide asked = judged(all, got, got.best[k]) / evidence, best = truth[k] / evidence;
      const double off_state = std::fabs(static_cast<double>((asked - best) / best));
      const double off_number = std::fabs(static_cast<double>((wide(got.best[k].posterior) - asked) / asked));
      worst = std::max({worst, off_state, off_number});
    }
  }
  INFO("worst relative error " << worst);
  CHECK(worst <= 1e-12);
  CHECK(contradictions > 5);
  CHECK(shocked > 150);
  CHECK(fewer > 5);
}

TEST_CASE("the most probable joint state is not the state that each node is in most probably") {
  // Three roots, each present with .4, and an effect that any of them brings about for certain: each root is
  // absent more probably than not, yet "none" is impossible.
  network net;
  net.leak = {0.2, 0.2, 0.2, 0.0};
  net.links = {{0, 3, 1.0}, {1, 3, 1.0}, {2, 3, 1.0}};
  const std::vector<likelihood> seen{{3, 0, 1}};
  const auto got = most_probable(net, seen, 8);
  REQUIRE(got.what == outcome::answered);
  REQUIRE(got.best.size() == 7);
  int roots = 0;
  for (std::size_t i = 0; i < got.nodes.size(); ++i)
    roots += got.nodes[i] != 3 && got.best[0].present[i];
  CHECK(roots == 1);
  CHECK(std::fabs(got.best[0].posterior - 0.2 * 0.8 * 0.8 / (1 - 0.8 * 0.8 * 0.8)) < 1e-15);
  double total = 0;
  for (const auto& b : got.best)
    total += b.posterior;
  CHECK(std::fabs(total - 1) < 1e-14);
}

TEST_CASE("a long chain of improbable findings keeps the probability of its best joint state") {
  network net;
  std::vector<likelihood> seen;
  net.leak.push_back(1e-3);
  for (node_index v = 1; v < 300; ++v) {
    net.leak.push_back(1e-3);
    net.links.push_back({v - 1, v, 1e-3});
    seen.push_back({v, 0, 1});
  }
  const auto got = most_probable(net, seen, 2);
  REQUIRE(got.what == outcome::answered);
  REQUIRE(got.best.size() == 2);
  CHECK(std::fabs(got.best[0].posterior + got.best[1].posterior - 1) < 1e-12);
}

TEST_CASE("an effect of more causes than a table holds is refused, not guessed") {
  network net;
  for (int c = 0; c < 24; ++c)
    net.leak.push_back(0.1);
  net.leak.push_back(0.05);
  for (node_index c = 0; c < 24; ++c)
    net.links.push_back({c, 24, 0.5});
  const std::vector<likelihood> seen{{24, 0, 1}};
  CHECK(most_probable(net, seen).what == outcome::too_wide);
}
