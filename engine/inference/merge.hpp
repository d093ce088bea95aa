// Intermediate nodes that only pass on: a node that nothing was observed about and whose one link always
// fires is part of its child, for whoever brings the node about brings the child about. Chains of such nodes
// (a noisy-OR written as many small ones) would need a table over all of their links; merged they need one
// bit. Pure; any thread.
#pragma once

#include <span>
#include <vector>

#include "engine/inference/network.hpp"

namespace posterior::inference {

struct merged_network {
  network net; // the same node numbers; merged nodes have no links and no leak left
  // By node: the node it became part of, -1 if it stands for itself.
  std::vector<node_index> into;
  // By merged node: what brings it about, first what came with nodes merged into it.
  struct source {
    node_index from; // -1: a leak
    double p;
  };
  std::vector<std::vector<source>> sources;
  // By merged node: the node whose sources its own begin with, and how many those are; -1: none.
  std::vector<node_index> begins_with;
};

// Same P(evidence) and same posteriors of every node that stands for itself. Nodes of `seen` do. Parallel
// links become one.
merged_network merge_certain(const network& net, std::span<const likelihood> seen);

} // namespace posterior::inference
