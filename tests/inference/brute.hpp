// The slow, obvious judge: sums over every combination of all nodes and of the hidden common causes, in
// 128-bit floats.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/inference/network.hpp"

namespace posterior::inference::judge {

using wide = __float128;

struct answer {
  wide evidence = 0;
  std::vector<wide> posterior;
};

inline answer brute(const network& net, const std::vector<likelihood>& seen) {
  const auto n = static_cast<std::size_t>(net.size());
  const std::size_t bits = n + net.shocks.size();
  answer a;
  a.posterior.assign(n, 0);
  for (std::uint64_t world = 0; world < (std::uint64_t{1} << bits); ++world) {
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
      std::size_t parents = 0;
      for (std::size_t k = 0; k < t.parents.size(); ++k)
        parents |= static_cast<std::size_t>(on(t.parents[k])) << k;
      off[static_cast<std::size_t>(t.node)] = wide(1) - wide(t.present[parents]);
    }
    for (std::size_t v = 0; v < n; ++v)
      p *= on(static_cast<node_index>(v)) ? wide(1) - off[v] : off[v];
    for (const auto& e : seen)
      p *= on(e.node) ? wide(e.present) : wide(e.absent);
    a.evidence += p;
    for (std::size_t v = 0; v < n; ++v)
      if (on(static_cast<node_index>(v)))
        a.posterior[v] += p;
  }
  for (auto& x : a.posterior)
    x = a.evidence > 0 ? x / a.evidence : wide(0);
  return a;
}

} // namespace posterior::inference::judge
