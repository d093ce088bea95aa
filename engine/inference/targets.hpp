// Inside of reason(): what the answer speaks about, and the contested theories. Not for other folders.
#pragma once

#include <vector>

#include "engine/inference/lane_runner.hpp"

namespace posterior::inference {

// Every cause and condition, and every state that plans speak about; by id, then side.
std::vector<node_index> target_nodes(const kb::snapshot& knowledge, const grounding& g);

// Theories with a cause in the network, by plugin.
std::vector<theory_nodes> theories_of(const kb::snapshot& knowledge, const grounding& g);

} // namespace posterior::inference
