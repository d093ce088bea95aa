// The causal map: states and the links between them, or a part of it, for whoever draws it. It borrows from
// the snapshot. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "kb/snapshot.hpp"

namespace posterior::kb {

// Which part; at most one of the three. All empty: everything.
struct map_choice {
  std::string cause;  // what leads to this state, and what it leads to
  std::string plugin; // the links that this bundle says
  std::string around; // what stands within `depth` links of this state, either way
  std::size_t depth = 1;
};

struct map_state {
  const state* what = nullptr;
  bool doubted = false; // a theory claims it: the mechanism itself is contested
};

struct map_link {
  const link* what = nullptr;
  std::size_t from = 0, to = 0; // places in causal_map::states
  bool disputed = false;        // contested, or a tension was found on it
};

struct causal_map {
  std::vector<map_state> states;   // that a link joins, by id
  std::vector<map_link> links;     // in the order of their ids
  std::vector<const state*> apart; // chosen, but without a link, by id
};

causal_map map_of(const snapshot& s, const map_choice& choice);

// The map of these links alone; `apart` is empty.
causal_map map_of(const snapshot& s, const std::vector<const link*>& links);

// The links of `m` that lead to its state number `centre`, or lead on from it, nearest first.
std::vector<const link*> ways_through(const causal_map& m, std::size_t centre);

} // namespace posterior::kb
