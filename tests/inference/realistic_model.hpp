// Seeded models of the size and shape that a knowledge base has: causes in clusters (one a plugin) with some
// links between neighbours, findings that are mostly linked to causes of one cluster; and cases in which a
// few neighbouring causes are present.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/inference/network.hpp"
#include "tests/inference/random_network.hpp"

namespace posterior::inference::judge {

struct model_shape {
  int causes = 50, findings = 500;
  double mean_parents = 3;
  int most_parents = 8, cluster = 7;
  double stay = 0.85;  // share of links that stay in their cluster
  double linked = 0.5; // share of causes with a cause for a parent
};

// Causes first, then findings.
inline network realistic_model(std::uint64_t seed, const model_shape& shape) {
  dice d(seed);
  network net;
  for (int c = 0; c < shape.causes; ++c) {
    net.leak.push_back(0.02 + 0.18 * d.unit());
    if (c > 0 && d.unit() < shape.linked) {
      const int first = std::max(0, c - 4);
      net.links.push_back({first + d.below(c - first), c, 0.15 + 0.5 * d.unit()});
    }
  }
  const int clusters = std::max(1, shape.causes / shape.cluster);
  for (int f = 0; f < shape.findings; ++f) {
    net.leak.push_back(0.005 + 0.075 * d.unit());
    int parents = 1;
    for (double p = d.unit(), limit = std::exp(1 - shape.mean_parents); p > limit; p *= d.unit())
      ++parents;
    parents = std::min({parents, shape.most_parents, shape.causes});
    const int home = d.below(clusters);
    std::vector<node_index> from;
    for (int tries = 0; static_cast<int>(from.size()) < parents && tries < 200; ++tries) {
      const int low = home * shape.causes / clusters, high = (home + 1) * shape.causes / clusters;
      const node_index c = d.unit() < shape.stay ? low + d.below(high - low) : d.below(shape.causes);
      if (std::find(from.begin(), from.end(), c) == from.end())
        from.push_back(c);
    }
    std::sort(from.begin(), from.end());
    for (node_index c : from)
      net.links.push_back({c, shape.causes + f, 0.1 + 0.85 * d.unit()});
  }
  return net;
}

// `present` and `absent` findings of a patient in whom one to four neighbouring causes are present: what
// these explain first, then what lies near.
inline std::vector<likelihood> realistic_case(std::uint64_t seed, const network& net, int causes, int present,
                                              int absent) {
  dice d(seed);
  std::vector<bool> on(net.leak.size());
  const int base = d.below(causes);
  for (int k = 1 + d.below(4); k > 0; --k)
    on[static_cast<std::size_t>((base + d.below(std::min(causes, 8))) % causes)] = true;
  std::vector<double> off(net.leak.size());
  std::vector<bool> explained(net.leak.size()), near(net.leak.size());
  for (std::size_t f = static_cast<std::size_t>(causes); f < off.size(); ++f)
    off[f] = 1 - net.leak[f];
  for (const auto& l : net.links) {
    const auto to = static_cast<std::size_t>(l.to);
    near[to] = near[to] || (l.from - base + causes) % causes < 12;
    if (l.to >= causes && on[static_cast<std::size_t>(l.from)]) {
      off[to] *= 1 - l.p;
      explained[to] = true;
    }
  }
  std::vector<std::pair<double, node_index>> yes, no;
  for (node_index f = causes; f < net.size(); ++f) {
    const auto at = static_cast<std::size_t>(f);
    const bool is_on = d.unit() > off[at];
    const double key = d.unit() + (near[at] ? 0 : 2) + (explained[at] ? 0 : 1);
    (is_on ? yes : no).emplace_back(key, f);
  }
  std::sort(yes.begin(), yes.end());
  std::sort(no.begin(), no.end());
  std::vector<likelihood> seen;
  std::size_t taken = 0;
  for (; taken < yes.size() && taken < static_cast<std::size_t>(present); ++taken)
    seen.push_back({yes[taken].second, 0, 1});
  std::size_t at = 0;
  for (; at < no.size() && at < static_cast<std::size_t>(absent); ++at)
    seen.push_back({no[at].second, 1, 0});
  for (; taken < static_cast<std::size_t>(present) && at < no.size(); ++taken, ++at)
    seen.push_back({no[at].second, 0, 1}); // an awkward patient
  return seen;
}

} // namespace posterior::inference::judge
