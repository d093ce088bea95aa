// The last resort for a case too wide for tables: weighted forward samples with a fixed seed, and how wrong
// they may be. Pure; any thread. Honest rather than good: on evidence that is improbable under the knowledge
// few samples count, and the standard error says so.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/inference/machine.hpp"
#include "engine/inference/network.hpp"
#include "engine/inference/program.hpp"

namespace posterior::inference {

struct sampled {
  std::vector<double> posterior;      // by local node
  std::vector<double> standard_error; // of each; 0.5 where next to nothing counted
  double none_acts = 1;               // share of the weight in which no link of `watched` fired
  double effective = 0;               // how many equal samples the weights amount to
};

// `w` holds the numbers of one run in its first lane; `watched` marks local links. 2^17 samples.
sampled sample(const network& net, const program& p, const weights<two_lanes>& w,
               const std::vector<bool>& watched);

} // namespace posterior::inference
