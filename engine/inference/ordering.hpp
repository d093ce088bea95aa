// Inside of compile(): the relevant part of a network as a graph, and a good order in which to open its
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
};

// Cells of a table over this many bits.
inline double cells(int bits) {
  return std::ldexp(1.0, std::min(bits, 200));
}

// The members of one component (topological order) in the order in which to open them. `position` is scratch,
// one entry a node.
std::vector<node_index> opening_order(const graph& g, const std::vector<node_index>& members,
                                      std::vector<node_index>& position);

} // namespace posterior::inference
