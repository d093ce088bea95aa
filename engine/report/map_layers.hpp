// A directed graph set out in layers: which layer each node is in, in what order they stand there, and
// through which layers each edge passes. Numbers only. Pure and deterministic; any thread.
#pragma once

#include <cstddef>
#include <vector>

namespace posterior::report {

struct graph_edge {
  std::size_t from = 0, to = 0;
  bool weak = false; // decides no direction that another edge decides otherwise
};

struct graph_node {
  std::size_t floor = 0; // not in a layer before this one
  bool last = false;     // in the last layer, unless an edge leads on from it
};

struct layered_graph {
  struct spot {
    std::size_t layer = 0, order = 0;
  };
  std::vector<spot> spots; // the nodes, then one for each layer that an edge passes
  std::size_t layer_count = 0;
  std::vector<std::vector<std::size_t>> layers; // spots in order
  std::vector<std::vector<std::size_t>> chains; // of each edge: its spots from the lower layer to the higher
  std::vector<bool> reversed;                   // of each edge: it leads from the higher layer to the lower
};

// Layers by the longest way over edges that are not weak (an edge that would close a loop counts the other
// way round); orders with few crossings, by medians and exchanges of neighbours.
layered_graph layers_of(const std::vector<graph_node>& nodes, const std::vector<graph_edge>& edges);

// How many pairs of edges cross between neighbouring layers.
std::size_t crossings(const layered_graph& g);

} // namespace posterior::report
