// A network whose nodes have names, and what was observed about them: what `debug infer` is asked. Plain
// values; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/inference/network.hpp"

namespace posterior::inference {

// A leaf with the grades 0 (absent) to m. Every present parent, and the leak, brings it to some grade; the
// highest counts (noisy-MAX). Distributions are over 0..m and sum to one.
struct graded_leaf {
  node_index node; // in the network it has leak 0 and no links
  std::vector<double> leak;
  struct link {
    node_index from;
    std::vector<double> p; // if only `from` is present and the leak brings nothing
  };
  std::vector<link> links;

  std::size_t grades() const { return leak.size(); }
};

// P(what was seen | each state): absent and present, or each grade of a graded leaf.
struct observation {
  node_index node;
  std::vector<double> likelihood;
};

struct network_question {
  std::vector<std::string> ids; // by node
  network net;
  std::vector<graded_leaf> graded;
  std::vector<observation> seen; // several about one node multiply
};

// A likelihood that says more than one grade for certain, or nothing, becomes a table over the leaf's
// parents.
inline constexpr std::size_t most_uncertain_parents = most_table_parents;

} // namespace posterior::inference
