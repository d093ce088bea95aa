// A case as the engine has it, as a question that stands for itself: named nodes, numbers, and what each
// group of findings says. Asked with debug infer it gives what the engine believes under the mean parameters,
// with all contested theories holding. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/inference/evidence.hpp"
#include "engine/inference/grounding.hpp"
#include "engine/inference/question.hpp"

namespace posterior::inference {

struct case_question {
  network_question asked;         // one observation for each part of the evidence
  std::vector<node_index> node;   // by node of the question: of the grounding
  std::vector<std::size_t> group; // by observation: into evidence::groups()
};

// "neural-tension@left", "low-back-pain", "slump-positive@either", "x@left#gate-12".
std::string node_name(const grounding& ground, node_index v);

// The part of the network that bears on the evidence or on `targets`. What is known of risks has raised the
// leaks; a common cause whose other end does not matter is part of its end's leak.
case_question question_of(const grounding& ground, const evidence& seen, std::span<const node_index> targets);

} // namespace posterior::inference
