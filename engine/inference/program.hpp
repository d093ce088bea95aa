// The schedule of one query: which nodes matter, in which order they are opened, linked and closed. It
// depends on the shape of the network and on which nodes carry evidence, not on any probability, so one
// program serves every lane: parameter draws, left-out findings, what-ifs. Values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/inference/network.hpp"

namespace posterior::inference {

enum class op_kind : std::uint8_t { isolate, fold, absorb, open, link, shock, close };

struct op {
  op_kind kind;
  std::uint8_t a = 0,
               b = 0;    // bit positions: the opened or closed node; source and target; both ends of a shock
  bool last = false;     // closes a component: the table is one number again
  node_index node = -1;  // local node acted on
  node_index other = -1; // fold: the child; absorb: the parent; link: the target; shock: the other end
  node_index edge = -1;  // local link or shock
};

struct program {
  std::vector<node_index> nodes;    // local -> network
  std::vector<node_index> local_of; // network -> local, -1 if it does not matter
  std::vector<node_index> links;    // local link -> network link
  std::vector<node_index> shocks;   // local shock -> network shock
  std::vector<bool> folded_into;    // local node has a parent folded into its leak: its opening table is kept
  std::vector<op> ops;
  int width = 0;     // most open nodes at once
  double cost = 0;   // sum over ops of table cells touched
  double stored = 0; // cells kept for the backward pass
};

// A program that yields the posterior of every `target` and of every ancestor of evidence and targets.
// Returns nothing if the network has a directed loop. Deterministic in the order of nodes and links.
std::optional<program> compile(const network& net, std::span<const node_index> evidence,
                               std::span<const node_index> targets);

} // namespace posterior::inference
