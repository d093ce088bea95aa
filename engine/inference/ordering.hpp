// Inside of compile(): the relevant part of a network as a graph, and a good order in which to eliminate its
// nodes. Not for other folders.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "engine/inference/network.hpp"

namespace posterior::inference {

struct edge {
  node_index from, to;
};

// The relevant part with local numbering; pending counts shrink as peeling proceeds.
struct graph {
  std::vector<edge> links, shocks;
  std::vector<std::vector<node_index>> in, out, pair; // by node: link or shock numbers
  std::vector<bool> done;                             // links already peeled
  std::vector<int> pending_in, pending_out;

  explicit graph(std::size_t n)
      : in(n)
      , out(n)
      , pair(n)
      , pending_in(n)
      , pending_out(n) {}
  node_index size() const { return static_cast<node_index>(in.size()); }
  bool is_brought_about(node_index v) const {
    return pending_in[static_cast<std::size_t>(v)] > 0 || !pair[static_cast<std::size_t>(v)].empty();
  }
};

// Cells of a table over this many bits.
inline double cells(int bits) {
  return std::ldexp(1.0, std::min(bits, 200));
}

// A step of elimination: first a node is completed (everything that brings it about has been put together),
// later it is summed out. Roots need no completing.
struct step {
  node_index node;
  bool sum; // false: complete
};

// The steps for one component. `attempt` 0 is plain least fill; others weigh the scores by noise seeded with
// it.
std::vector<step> elimination_order(const graph& g, const std::vector<node_index>& members, int attempt);

} // namespace posterior::inference
