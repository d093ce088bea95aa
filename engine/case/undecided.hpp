// What an answer makes a red flag depend on: questions that stand between what was recorded and a rule that
// it has already half met. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/case/settle.hpp"
#include "kb/snapshot.hpp"

namespace posterior::cases {

// Whether it can be answered by asking: safety findings, history, symptoms and what is known of the patient.
// Signs, tests and measures are examinations; one that was not done is no answer withheld.
bool is_question(const kb::condition& c, const kb::snapshot& knowledge);

// Ids of findings and attributes ("age") without which a rule above `watch` cannot be decided, although a
// recorded finding has met one of its alternatives in part and nothing but questions is open there. Sorted.
std::vector<std::string> undecided(const picture& p, const kb::snapshot& knowledge);

} // namespace posterior::cases
