// What stands behind the leading causes: the balance sheet of the findings, what certainty about a rival
// would do, the ways through the network to what was recorded, and the most probable sets of causes. Asked
// for when somebody wants to know why; the letter does without. Pure; any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kb/snapshot.hpp"
#include "kb/values/side.hpp"

namespace posterior::inference {

struct explanation_wish {
  int leaders = 0; // that many causes by rank
  // Causes beside the leaders, by id; every side of them.
  std::vector<std::string> also;
  bool rivals_only = false; // of the leaders and the others: no balance sheets, no ways
  bool sets = false;        // the most probable sets of causes
  // That all balance sheets together may touch: where 64 orders of the findings would touch more, 32 or 16
  // are tried, and beyond that no sheet is drawn up.
  double cells = 0x1p28;
};

struct balance_item {
  std::size_t group; // into reasoning::groups
  double db, standard_error;
};

// From the prior to the posterior as printed: from + items + theories = to, in 10 log10 of odds.
struct cause_balance {
  std::size_t belief;
  double from = 0, to = 0;
  std::vector<balance_item> items; // groups that bear on it, strongest first
  double theories = 0;             // that contested theories may not hold
  bool exact = true;               // else estimated from drawn orders
};

// P(cause | evidence, other present) and P(cause | evidence, other absent).
struct rival {
  std::size_t belief, other; // into reasoning::beliefs
  double if_present, if_absent;
};

// One link of a way. `acted`: P(it brought `to` about | evidence), all theories holding.
struct way_step {
  const kb::link* link = nullptr; // none: "on one side or the other"
  const kb::state *from = nullptr, *to = nullptr;
  side from_side = side::none, to_side = side::none;
  double acted = 0;
  double by_itself = 0; // how often such patients have `to` without any modelled cause
};

// From the cause down to something recorded as present; or (upward) from something that brings it about.
struct way {
  std::size_t belief;
  bool upward = false;
  std::vector<way_step> steps; // in the direction of the links
  double strength = 0;         // about P(the whole chain acted | evidence)
};

// Exactly these of the considered causes are present, none of the others considered; the rest is summed over.
struct cause_set {
  std::vector<std::size_t> present; // into reasoning::beliefs
  double probability = 0;
};

struct explanation {
  std::vector<cause_balance> balances;
  std::vector<rival> rivals;           // by cause, then by how much hangs on the rival
  std::vector<way> ways;               // by cause, upward ones first, then by strength
  std::vector<std::size_t> considered; // for the sets: causes above 5 %, by rank
  std::vector<cause_set> sets;         // most probable first
};

} // namespace posterior::inference
