// The most probable joint states of a network given evidence: which nodes are present and which absent, all
// at once. Exact, by elimination with the greater of two halves where the posterior takes their sum. Pure;
// any thread.
//
// What is maximised: the state of every node that matters (the nodes with evidence and all that bears on
// them), together. A shock is no node, it belongs to the pair prior of its two ends, so it is summed over.
// Several joint states are given because the best one alone is usually improbable itself: read beside the
// posteriors of single nodes, never instead of them.
#pragma once

#include <span>
#include <vector>

#include "engine/inference/network.hpp"
#include "engine/inference/query.hpp"

namespace posterior::inference {

struct joint_state {
  std::vector<bool> present; // by probable_states::nodes
  double posterior = 0;      // P(exactly this joint state | evidence)
};

struct probable_states {
  outcome what = outcome::answered;
  std::vector<node_index> nodes; // parents before children
  std::vector<joint_state> best; // most probable first; equal ones by their states, absent before present
  double cost = 0;               // cells of all tables
};

// The `most` most probable joint states; fewer if fewer are possible. Evidence that is impossible is a
// contradiction. Beyond `cells` table cells (or where P(evidence) itself is too wide) the answer is too_wide:
// unlike a posterior, a joint state needs all causes of a common effect in one table.
probable_states most_probable(const network& net, std::span<const likelihood> seen, int most = 3,
                              double cells = 0x1p22);

} // namespace posterior::inference
