// Inside of balance_sheets(): the evidence of every set of findings at once. Whether a group was asked is one
// more bit of the tables that hear of it, never summed out, so what two sets have in common is worked out
// once. Not for other folders.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/inference/network.hpp"

namespace posterior::inference {

// P(target present | the findings of the groups whose bit is set) for every set of groups:
// out[set * targets + target]. `groups[g]` are numbers into `seen`; findings in no group are taken as not
// asked. Nothing if the tables would have more than `most_cells` cells, or where pairs of sides or nodes with
// tables of their own bear on the answer.
std::optional<std::vector<double>> posteriors_of_all_sets(const network& net,
                                                          std::span<const likelihood> seen,
                                                          const std::vector<std::vector<std::size_t>>& groups,
                                                          std::span<const node_index> targets,
                                                          double most_cells);

} // namespace posterior::inference
