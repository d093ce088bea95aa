// The schedule of one query: which nodes matter, and in which order tables are opened, linked, joined and
// summed. It depends on the shape of the network and on which nodes carry evidence, not on any probability,
// so one program serves every lane: parameter draws, left-out findings, what-ifs. Values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/inference/network.hpp"

namespace posterior::inference {

// Tables have at most this many bits; a program that would need more has infinite cost and no operations.
inline constexpr int most_bits = 26;

enum class op_kind : std::uint8_t {
  // On single nodes, before any table:
  deny,    // a leaf known to be absent: its parent's link did not fire
  isolate, // node alone: one factor
  fold,    // a root with one link becomes part of its child's leak
  absorb,  // a leaf with one link becomes part of its parent's likelihood
  // On the current table:
  begin,    // the table of no node: 1
  load,     // a message becomes the table
  open,     // new bit: the node by its leak
  open_off, // new bit: nothing has brought the node about yet
  open_any, // new bit: the node as given, absent or present
  link,
  shock,
  weigh, // times what a leaf, or a node with a table of its own, says about its parents: program::factors
  join,  // times a message: nodes given in both agree, nodes brought about in both are present if either says
         // so
  unite, // an effect that is complete and the same node as given become one bit
  close, // weigh by the node's likelihood and sum its bit out
  store, // the table becomes a message
  finish // the table is one number: a component is done
};

struct op {
  op_kind kind;
  std::uint8_t a = 0, b = 0; // bit positions: opened or closed node; source and target; both ends of a shock
  node_index node = -1;      // local node acted on
  node_index other = -1;     // fold: the child; absorb: the parent; link: the target; shock: the other end
  node_index edge = -1;      // local link or shock; load, join, store: the message; weigh: the factor
  std::int32_t join = -1;    // join, weigh: into program::joins
};

// How the bits of a message or factor fall on the table's.
struct join_map {
  std::uint8_t to[most_bits] = {}; // position in the joined table of each bit of the message
  std::uint8_t bits = 0;           // of the message
  std::uint32_t agree = 0;         // bits that must be equal in both
  std::uint32_t met = 0;           // bits of the message that are effects in both: joined cells are sums
  int before = 0, after = 0;       // bits of the table before and after
};

// P(what was seen of a node | its parents), as a table over the parents (and the node itself, if it has a
// table of its own).
struct factor {
  node_index node;                    // local
  node_index table = -1;              // local table; -1: a noisy-OR leaf
  std::uint32_t first = 0, links = 0; // into program::factor_links
  bool folded = false;                // a root is part of the leaf's leak, so the leak's derivative is read
};

struct message_slot {
  std::size_t offset = 0; // into the machine's store, in cells
  int bits = 0;
};

struct program {
  std::vector<node_index> nodes;    // local -> network, parents before children
  std::vector<node_index> local_of; // network -> local, -1 if it does not matter
  std::vector<node_index> links;    // local link -> network link
  std::vector<node_index> shocks;   // local shock -> network shock
  std::vector<node_index> tables;   // local table -> network table
  std::vector<node_index> denied;   // local nodes known to be absent that only weigh on their parents
  std::vector<node_index> unstruck; // local shocks that cannot have happened, because an end is denied
  struct lone_shock {
    node_index node, shock; // local
  };
  std::vector<lone_shock>
      lone_shocks; // the other end does not matter, so the shock is part of this end's leak
  std::vector<op> ops;
  std::vector<join_map> joins;
  std::vector<factor> factors;
  std::vector<node_index> factor_links; // local
  std::vector<message_slot> messages;
  std::size_t message_cells = 0;
  int width = 0;       // bits of the largest table
  int factor_bits = 0; // of the largest factor
  int joined_bits = 0; // of the largest message that is joined
  double cost = 0;     // sum over ops of cells touched
  double kept = 0;     // cells that the backward pass reads again
  double stored = 0;   // cells that a run holds in all: kept, messages and their derivatives, tables in work
};

// A program that yields the posterior of every `target` and of every ancestor of evidence and targets. Nodes
// of `absent` are evidence nodes known for certain to be absent; those of them that nothing relevant hangs
// below become factors on their parents (program::denied) and cost no table. Returns nothing if the network
// has a directed loop. Deterministic in the order of nodes and links. A network that is too wide for any
// table gives a program whose `cost` is infinite; it must not be run. `runs` is how often the
// program will be run: the more, the more orders are tried. For many queries on one network use planner.hpp.
std::optional<program> compile(const network& net, std::span<const node_index> evidence,
                               std::span<const node_index> targets, std::span<const node_index> absent = {},
                               double runs = 1);

} // namespace posterior::inference
