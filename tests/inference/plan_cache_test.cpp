#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <thread>

#include "engine/inference/machine.hpp"
#include "engine/inference/plan_cache.hpp"
#include "engine/inference/query.hpp"
#include "tests/inference/clinic_network.hpp"

using namespace posterior::inference;

namespace {

struct asked {
  std::vector<node_index> nodes, absent;
};

asked ask(const std::vector<likelihood>& seen) {
  asked out;
  for (const likelihood& l : seen) {
    out.nodes.push_back(l.node);
    if (l.present == 0)
      out.absent.push_back(l.node);
  }
  return out;
}

double evidence_of(const network& net, const program& p, const std::vector<likelihood>& seen) {
  machine<double> m;
  m.run(p, base_weights<double>(net, p, seen));
  return m.evidence().value;
}

} // namespace

TEST_CASE("a program that was kept gives the bits of one that is made anew") {
  const network net = judge::clinic_network(judge::clinic_50x500, 3);
  const layout map(net);
  plan_cache kept;
  for (int round = 0; round < 2; ++round)
    for (std::uint64_t patient = 0; patient < 10; ++patient) {
      const auto seen = judge::clinic_patient(net, 50, 12, 20, patient);
      const auto [nodes, absent] = ask(seen);
      const double anew = evidence_of(net, planner().compile(map, nodes, {}, absent), seen);
      const double again = evidence_of(net, *kept.compile(map, nodes, {}, absent), seen);
      CHECK(std::memcmp(&anew, &again, sizeof anew) == 0);
    }
  CHECK(kept.count().made == 10);
  CHECK(kept.count().found == 10);
}

TEST_CASE("a query that differs in one absent finding, or in how often it will run, is another program") {
  const network net = judge::clinic_network(judge::clinic_50x500, 3);
  const layout map(net);
  const auto seen = judge::clinic_patient(net, 50, 12, 20, 1);
  const auto [nodes, absent] = ask(seen);
  plan_cache kept;
  kept.compile(map, nodes, {}, absent);
  kept.compile(map, nodes, {}, std::span(absent).subspan(1));
  kept.compile(map, nodes, {}, absent, 100);
  CHECK(kept.count().made == 3);
}

TEST_CASE("the programs used last are kept, and one in use outlives its place") {
  const network net = judge::clinic_network(judge::clinic_5x60, 3);
  const layout map(net);
  plan_cache kept(2);
  const std::vector<node_index> a{5}, b{6}, c{7};
  const auto first = kept.compile(map, a, {});
  kept.compile(map, b, {});
  kept.compile(map, a, {});
  kept.compile(map, c, {}); // b goes
  CHECK(kept.count().kept == 2);
  CHECK(kept.compile(map, a, {}) == first);
  CHECK(kept.count().made == 3);
  kept.compile(map, b, {});
  CHECK(kept.count().made == 4);
  CHECK(!first->nodes.empty());
}

TEST_CASE("several threads may ask one cache") {
  const network net = judge::clinic_network(judge::clinic_50x500, 3);
  const layout map(net);
  plan_cache kept(4);
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (std::uint64_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::uint64_t k = 0; k < 40; ++k) {
        const auto nodes = ask(judge::clinic_patient(net, 50, 5, 5, (t + k) % 6)).nodes;
        right += kept.compile(map, nodes, {})->local_of.size() == net.leak.size();
      }
    });
  for (std::thread& t : threads)
    t.join();
  CHECK(right == 160);
  CHECK(kept.count().kept <= 4);
}
