// Inside of compile(): an elimination order as operations on tables. Not for other folders.
#pragma once

#include <vector>

#include "engine/inference/ordering.hpp"
#include "engine/inference/program.hpp"

namespace posterior::inference {

// Appends the operations for one component.
void emit(const graph& g, const std::vector<step>& order, program& p);

} // namespace posterior::inference
