// The second rung: posteriors between hard bounds, for a network that is too wide for one table. Some nodes
// are cut (cutset.hpp); the tree of what they may be is explored where most mass is still uncertain, and
// every branch that is not decided to its end counts with an upper and a lower bound of its own. Pure; any
// thread; the same bits for the same question, whatever the machine.
//
// The bounds hold against rounding too: they are widened by a bound on the error of the runs behind them.
#pragma once

#include <span>
#include <vector>

#include "engine/inference/cutset.hpp"
#include "engine/inference/network.hpp"

namespace posterior::inference {

struct bounded_limits {
  double operations = 0x1p28;         // table cells touched, lanes not counted
  double gap = 1e-3;                  // enough: the widest interval
  cut_limits cut;                     // of one run
  double bytes = 256.0 * 1024 * 1024; // tables and everything kept of the tree
};

// not_cut: no cut makes the network narrow enough (a loop, or tables over too many nodes; also more than 64
// cut nodes). contradiction: the evidence is impossible, which is proved. undecided: no world with the
// evidence was found within the limits, so that nothing is known but an upper bound of P(evidence).
enum class bounded_outcome : std::uint8_t { bounded, contradiction, undecided, not_cut };

struct bounded_answer {
  bounded_outcome what = bounded_outcome::bounded;
  std::vector<double> low, high;              // of each target, in their order
  std::vector<double> middle;                 // the best guess between them
  double gap = 1;                             // the widest high - low
  double evidence_low = 0, evidence_high = 0; // P(evidence) = value * 2^exponent
  double exponent = 0;
  double operations = 0;
  int width = 0, cut = 0;
  std::size_t branches = 0; // of the tree, in the answer
};

// By which power of two to multiply each of `count` likelihood pairs so that P(evidence), now about
// 2^exponent, comes near 1; 0 where it is not far from it.
int evidence_share(double exponent, std::size_t count);

// Targets must not be nodes that `seen` knows for certain.
bounded_answer answer_bounded(const network& net, std::span<const likelihood> seen,
                              std::span<const node_index> targets, const bounded_limits& limits);

} // namespace posterior::inference
