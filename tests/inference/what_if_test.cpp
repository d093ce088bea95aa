#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/inference/query.hpp"
#include "engine/inference/what_if.hpp"
#include "tests/inference/brute.hpp"
#include "tests/inference/random_network.hpp"
#include "tests/inference/random_world.hpp"

using namespace posterior;
using namespace posterior::inference;
using namespace posterior::inference::tests;

namespace {

// The network in which `h` was made so: nothing but its new leak brings the node about. The other end of a
// shock keeps it as part of its leak.
network cut(network net, const held_state& h) {
  std::erase_if(net.links, [&](const network::link& l) { return l.to == h.node; });
  for (const network::shock& s : net.shocks)
    if (s.a == h.node || s.b == h.node) {
      double& other = net.leak[static_cast<std::size_t>(s.a == h.node ? s.b : s.a)];
      other = 1 - (1 - other) * (1 - s.p);
    }
  std::erase_if(net.shocks, [&](const network::shock& s) { return s.a == h.node || s.b == h.node; });
  net.leak[static_cast<std::size_t>(h.node)] = h.present ? 1 : 0;
  return net;
}

std::vector<node_index> everything(const network& net) {
  std::vector<node_index> out;
  for (node_index v = 0; v < net.size(); ++v)
    out.push_back(v);
  return out;
}

} // namespace

TEST_CASE(
    "a state held by changing weights gives what brute force gives over the conditioned or the cut network") {
  judge::dice d(42);
  int given = 0, done = 0, impossible = 0;
  for (int round = 0; round < 600; ++round) {
    const network net = judge::random_network(d, 8);
    const auto seen = judge::random_evidence(d, net);
    std::vector<node_index> nodes, absent;
    for (const likelihood& l : seen)
      (l.present == 0 ? absent : nodes).push_back(l.node);
    for (const likelihood& l : seen)
      if (l.present == 0)
        nodes.push_back(l.node);
    const auto targets = everything(net);
    const auto p = compile(net, nodes, targets, absent);
    REQUIRE(p);
    std::vector<held_state> held;
    for (int k = 1 + d.below(2); k > 0; --k) {
      const held_state h{d.below(net.size()), d.below(2) == 0, d.below(2) ? holding::given : holding::done};
      if (held.empty() || held[0].node != h.node)
        held.push_back(h);
    }
    auto w = base_weights<lanes>(net, *p, seen);
    network judged = net;
    auto judged_seen = seen;
    for (const held_state& h : held) {
      hold(net, *p, h, w, 0);
      if (h.how == holding::done)
        judged = cut(judged, h);
      else
        judged_seen.push_back({h.node, h.present ? 0.0 : 1.0, h.present ? 1.0 : 0.0});
    }
    machine<lanes> m;
    m.run(*p, w);
    const auto truth = judge::brute(judged, judged_seen);
    INFO("round " << round);
    CHECK((m.evidence().value[0] > 0) == (truth.evidence > 0));
    if (!(truth.evidence > 0)) {
      ++impossible;
      continue;
    }
    const double evidence = std::ldexp(m.evidence().value[0], static_cast<int>(m.evidence().exponent[0]));
    CHECK(std::fabs(evidence / static_cast<double>(truth.evidence) - 1) < 1e-12);
    for (node_index v : targets)
      CHECK(std::fabs(m.posterior(p->local_of[static_cast<std::size_t>(v)])[0] -
                      static_cast<double>(truth.posterior[static_cast<std::size_t>(v)])) < 1e-12);
    for (const held_state& h : held)
      ++(h.how == holding::done ? done : given);
  }
  CHECK(given > 150);
  CHECK(done > 150);
  CHECK(impossible > 5);
}

TEST_CASE("seeing a cause absent speaks against what brings it about; making it absent does not") {
  network net;
  net.leak = {0.3, 0.1, 0.05};
  net.links = {{0, 1, 0.8}, {1, 2, 0.7}};
  const std::vector<likelihood> seen{{2, 0.2, 0.9}};
  const std::vector<node_index> targets{0, 1, 2}, nodes{2};
  const auto p = compile(net, nodes, targets);
  auto w = base_weights<lanes>(net, *p, seen);
  hold(net, *p, {1, false, holding::given}, w, 1);
  hold(net, *p, {1, false, holding::done}, w, 2);
  machine<lanes> m;
  m.run(*p, w);
  const auto first = m.posterior(p->local_of[0]);
  CHECK(first[1] < 0.3);
  CHECK(std::fabs(first[2] - 0.3) < 1e-12);
  CHECK(first[0] > 0.3);
}

TEST_CASE("a held cause is held in the whole reasoning, and its theory holds with it") {
  judge::dice d(19);
  int compared = 0;
  for (int round = 0; round < 40; ++round) {
    world_maker make(d);
    const auto k = knowledge(make.make(4) + family_a);
    const auto p = picture(make.answers(0.4));
    const grounding ground(*k);
    const evidence seen(*k, p, ground, {});
    for (const holding how : {holding::given, holding::done})
      for (const bool present : {true, false}) {
        reasoning_options asked;
        asked.draws = 0;
        asked.tests.wanted = false;
        asked.held = {{ground.causes()[0], present, how}};
        const auto r = reason(*k, p, ground, seen, asked);
        if (r.what != reasoning_outcome::answered)
          continue;
        const node_meaning& m = ground.nodes()[static_cast<std::size_t>(ground.causes()[0])];
        CHECK(belief(r, m.state->id, m.where).posterior == (present ? 1.0 : 0.0));
        ++compared;
      }
  }
  CHECK(compared > 100);
}
