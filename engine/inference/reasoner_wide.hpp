// The part of reason() for cases that are too wide for one table: the same network under the means, all
// theories holding, answered by the ladder; each contested cause scaled by its credence. No weights of
// evidence, no draws and no next tests: each of them would be a wide question of its own. Pure; any thread.
// Inside of reasoner.cpp.
#pragma once

#include <span>
#include <vector>

#include "engine/inference/ladder.hpp"
#include "engine/inference/lane_runner.hpp"
#include "engine/inference/reasoner.hpp"

namespace posterior::inference {

struct wide_case {
  const grounding& ground;
  const evidence& seen;
  const program& plan; // of the case; too wide to be run
  const std::vector<theory_nodes>& theories;
  std::span<const node_index> targets;
  std::span<const held_state> held;
  double examined_db; // "examined": some node that was spoken about moves it by this, alone
};

// Fills outcome, beliefs (in the order of the targets), none of these, gap, standard error, and what
// conflicts.
void reason_wide(const wide_case& c, const ladder_limits& limits, reasoning& out);

} // namespace posterior::inference
