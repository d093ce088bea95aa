// A leaky noisy-OR network: binary nodes, each brought about by its leak, by its parents, or by a common
// cause shared with one other node. Plain values; any thread. Holds probabilities only, no names:
// grounding.hpp knows what each node stands for.
#pragma once

#include <cstdint>
#include <vector>

namespace posterior::inference {

using node_index = std::int32_t;

struct network {
  // P(present though no parent acts); for a node without parents its prior.
  std::vector<double> leak;

  // P(to present | only `from` present and no leak), Diez form.
  struct link {
    node_index from, to;
    double p;
  };
  std::vector<link> links;

  // A hidden common cause with this probability that brings about both ends for certain. This is how a
  // lateral state's leak is shared between its sides: with leak l and bilateral share s the shock is s*l and
  // each side keeps the own leak 1-(1-l)/(1-s*l), which gives the pair prior (p00, p10, p01, p11) without a
  // node of its own.
  struct shock {
    node_index a, b;
    double p;
  };
  std::vector<shock> shocks;

  // A node with its own table instead of leak and links (a condition that needs two things at once, or that a
  // third prevents): present[c] = P(present | exactly the parents whose bit is set in c are present). At most
  // most_table_parents parents; such a node has leak 0, no links into it and no shock.
  struct table {
    node_index node;
    std::vector<node_index> parents;
    std::vector<double> present; // 2^parents
  };
  std::vector<table> tables;

  node_index size() const { return static_cast<node_index>(leak.size()); }
};

inline constexpr std::size_t most_table_parents = 5;

// What was observed about one node: P(observation | absent), P(observation | present). Several on one node
// multiply.
struct likelihood {
  node_index node;
  double absent, present;
};

} // namespace posterior::inference
