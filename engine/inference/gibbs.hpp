// The last rung: posteriors as means over four Markov chains with fixed seeds, and how wrong they may be. For
// networks that are too wide for tables and whose hard bounds stay far apart. Pure; any thread; the same bits
// for the same question.
//
// The standard error is the largest of three: from sixteen pieces of each chain, from four, and from the four
// chains as wholes, so that slow mixing and chains that disagree show in it. It has a floor: a kind of world
// that so many samples never visited may still hold some probability.
#pragma once

#include <span>
#include <vector>

#include "engine/inference/network.hpp"

namespace posterior::inference {

struct gibbs_limits {
  double operations = 0x1p27; // links looked at
};

struct sampled_answer {
  bool answered = false; // false: no world with the evidence was met, or the network has a loop
  std::vector<double> posterior, standard_error; // of each target, in their order
  double none_acts = 1, none_error = 0.5;        // P(no watched link fires | evidence)
  double operations = 0;
  double sweeps = 0;
};

// Targets must not be nodes that `seen` knows for certain. `watched` are links of the network by number.
sampled_answer answer_sampled(const network& net, std::span<const likelihood> seen,
                              std::span<const node_index> targets, std::span<const node_index> watched,
                              const gibbs_limits& limits);

} // namespace posterior::inference
