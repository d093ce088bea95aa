// A network from which the links out of some nodes (the cut nodes) are taken, so that what remains fits small
// tables, and the numbers under which one run over it bounds the part of the truth in which some cut nodes
// are decided and the others are not. Values; any thread.
//
// A decided cut node acts on each effect through the effect's leak, which is exact. An undecided one stays in
// the network without the links that were cut, as if it acted in whichever way is best (or worst) for each
// number of each effect separately; that can only raise (or lower) the probability of the evidence, in every
// world and so in every sum over worlds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/inference/machine.hpp"
#include "engine/inference/network.hpp"
#include "engine/inference/program.hpp"

namespace posterior::inference {

inline constexpr std::size_t most_cut_nodes = 64;

// Bit k: cut node k is decided, and present.
struct decisions {
  std::uint64_t decided = 0, present = 0;
};

enum class bound_side : std::uint8_t { upper, lower };

// How the evidence on an effect answers when the effect becomes more probable. `unclear` also where the
// effect is itself asked about or acts on others.
enum class trend : std::uint8_t { rises, falls, unclear };

struct cut_link {
  int source; // into cut_network::cut; -1: a node known to be present, the link always acts
  node_index to;
  double p;
  trend how;
};

struct cut_network {
  network net;                 // without the cut links
  std::vector<node_index> cut; // at most most_cut_nodes
  std::vector<cut_link> links; // by effect
  program plan;                // of `net`
};

struct cut_limits {
  int width = 10;       // bits of a table
  double cost = 0x1p19; // cells one run touches
};

// Cuts as few nodes as a greedy choice needs to get within the limits; nodes that a table depends on are
// never cut. Nothing if the network has a loop or cannot be cut so far. Certain answers about nodes among
// `targets` must have been taken out of `targets` by the caller.
std::optional<cut_network> cut_to(const network& net, std::span<const likelihood> seen,
                                  std::span<const node_index> targets, const cut_limits& limits);

// Makes lane `lane` of `w`, which holds the network's own numbers, a bound on the worlds that agree with `d`;
// exact, on either side, where every cut node is decided.
void bound_lane(const cut_network& c, weights<lanes>& w, int lane, const decisions& d, bound_side side);

} // namespace posterior::inference
