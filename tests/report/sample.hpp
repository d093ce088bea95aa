// A hand-built assessment with one of everything, and the small knowledge that it names, for the renderers'
// tests. Nothing here is clinical knowledge.
#pragma once

#include <memory>

#include "engine/assess/assessment.hpp"
#include "kb/snapshot.hpp"

namespace posterior::tests {

std::shared_ptr<const kb::snapshot> sample_knowledge();
// Screen complete, plan open.
assess::assessment sample_assessment();
// The same with an emergency flag: plan closed.
assess::assessment flagged_assessment();
// The same with unanswered safety questions: plan provisional.
assess::assessment incomplete_assessment();

} // namespace posterior::tests
