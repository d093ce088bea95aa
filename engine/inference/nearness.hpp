// Which nodes of the network bear on the ones that count, and how nearly. Pure; any thread.
#pragma once

#include <vector>

#include "engine/inference/grounding.hpp"

namespace posterior::inference {

// By node: whether any path of links, shared leaks, tables and risks leads to a target of positive weight.
std::vector<bool> reachable(const grounding& ground, const std::vector<node_index>& targets,
                            const std::vector<double>& weights);

// By node: the largest worth of a target at it, or next to it times the probability of the link between.
std::vector<double> nearness(const grounding& ground, const std::vector<node_index>& targets,
                             const std::vector<double>& worth);

} // namespace posterior::inference
