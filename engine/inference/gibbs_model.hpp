// A network as a Markov chain over its hidden nodes sees it: who is free to move, which evidence follows from
// whom, and which probabilities of 0 and 1 are softened so that no world is out of reach. Inside of
// gibbs.cpp. Values; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/inference/network.hpp"

namespace posterior::inference {

enum class role : std::uint8_t {
  outside, // does not matter for evidence or targets
  absent,  // known for certain
  present,
  free,   // hidden, with evidence below: moved by the chain
  summed, // nothing that matters below: summed over, given its parents
  barren  // a target, or above one, without evidence below: drawn after the others
};

struct gibbs_model {
  struct arc {
    node_index node; // the other end
    double q, not_q;
  };

  // Nodes of the network, then one root for every shock.
  std::vector<role> roles;
  std::vector<double> leak, not_leak; // known parents included
  std::vector<double> absent,
      present;                        // likelihoods; leaves known to be absent are included in their parents'
  std::vector<std::vector<arc>> from; // parents that are not known
  std::vector<std::vector<arc>> to;   // effects of free nodes that answer for evidence
  std::vector<node_index> table_of;   // into the network's tables, -1
  std::vector<bool> softened;         // in the chain its probability lies in [softness, 1 - softness]
  std::vector<node_index> order;      // all that matter, parents before children
  std::vector<node_index> movers;     // free nodes that can be either
  std::vector<std::vector<node_index>> blocks; // moved together now and then, when all are alike
  double softness = 0;                         // 0: nothing is softened, and every sample counts alike
  double operations = 0;                       // of one sweep, about
  double operations_below = 0;                 // of one look at what has no evidence below it

  bool looped = false;
  std::size_t size() const { return roles.size(); }
};

gibbs_model make_gibbs_model(const network& net, std::span<const likelihood> seen,
                             std::span<const node_index> targets);

} // namespace posterior::inference
