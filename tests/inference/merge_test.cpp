#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/inference/merge.hpp"
#include "engine/inference/query.hpp"
#include "tests/inference/brute.hpp"
#include "tests/inference/random_network.hpp"

using namespace posterior::inference;

namespace {

// A noisy-OR of `parents` written as a chain of small ones, as some networks from outside are.
network chained(judge::dice& d, int parents) {
  network net;
  for (int c = 0; c < parents; ++c)
    net.leak.push_back(d.unit() * 0.5);
  node_index before = -1;
  for (int c = 0; c < parents; ++c) {
    net.leak.push_back(d.unit() * 0.1);
    const node_index here = net.size() - 1;
    net.links.push_back({c, here, d.unit()});
    if (before >= 0)
      net.links.push_back({before, here, 1});
    before = here;
  }
  return net;
}

} // namespace

TEST_CASE("merging nodes that only pass on changes no posterior of those that stay") {
  double worst = 0;
  int merged = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    judge::dice d(seed);
    network net = judge::random_network(d, 10);
    for (auto& l : net.links)
      if (d.below(2) == 0)
        l.p = 1;
    std::erase_if(net.links, [&](const network::link& l) { return l.from > 3 && d.below(2) == 0; });
    const auto seen = judge::random_evidence(d, net);
    const merged_network m = merge_certain(net, seen);
    const auto truth = judge::brute(net, seen), again = judge::brute(m.net, seen);
    if (truth.evidence == 0)
      continue;
    const auto error = [](judge::wide a, judge::wide b) {
      const double e = static_cast<double>((a - b) / (a > 0 ? a : judge::wide(1)));
      return std::fabs(e);
    };
    worst = std::max(worst, error(truth.evidence, again.evidence));
    for (std::size_t v = 0; v < net.leak.size(); ++v) {
      merged += m.into[v] >= 0;
      if (m.into[v] < 0)
        worst = std::max(worst, error(truth.posterior[v], again.posterior[v]));
    }
  }
  CHECK(worst <= 1e-13);
  CHECK(merged > 40);
}

TEST_CASE("a chain of small noisy-ORs needs the table of one") {
  judge::dice d(5);
  network net = chained(d, 40);
  for (int c = 0; c < 40; ++c) { // the causes show elsewhere too, so that none can be peeled
    net.leak.push_back(0.05);
    net.links.push_back({c, net.size() - 1, 0.6});
    net.links.push_back({(c + 7) % 40, net.size() - 1, 0.5});
  }
  std::vector<likelihood> seen{{79, 0, 1}, {80, 0, 1}};
  const merged_network m = merge_certain(net, seen);
  CHECK(m.into[40] == 79);
  CHECK(m.sources[78].size() == 78); // 39 links and as many leaks
  CHECK(m.begins_with[78] == 77);
  CHECK(compile(m.net, std::vector<node_index>{79, 80}, {})->width <= 3);
}

TEST_CASE("a node that was observed, has two children, or a link that may fail, stays") {
  network net;
  net.leak = {0.1, 0.1, 0.1, 0.1, 0.1};
  net.links = {{0, 1, 1}, {1, 2, 1}, {1, 3, 1}, {2, 4, 1}, {3, 4, 0.9}};
  const std::vector<likelihood> seen{{2, 0.5, 0.7}};
  const merged_network m = merge_certain(net, seen);
  CHECK(m.into == std::vector<node_index>{1, -1, -1, -1, -1});
}
