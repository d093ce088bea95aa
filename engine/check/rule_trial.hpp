// Tries a red-flag rule against every combination of answers to what it asks, by the screen that cases go
// through: nothing is decided here. What else the knowledge asks is left out of the trial, which is the most
// silent answer that it can have. Pure; any thread; borrows the knowledge for the call.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "kb/snapshot.hpp"

namespace posterior::check {

// What combinations of answers do to one rule.
struct rule_trial {
  // For each alternative of `when`: whether any combination makes it hold.
  std::vector<bool> alive;
  // Other rules that were raised in every combination that raised this one. Empty where none did.
  std::set<std::string> always_with;
  // A combination in which the screen said "clear" although one more answer to what was left open would have
  // raised the rule, in words; empty if there is none. `hidden` counts questions, `unexamined` also what has
  // to be examined, unless a watch line of the answer asks for it.
  std::string hidden, unexamined;
};

rule_trial try_rule(const kb::rule& r, const kb::snapshot& knowledge);

// Whether any combination of answers makes the clauses hold, for each of the alternatives.
std::vector<bool> alive(const kb::clauses& when, const kb::snapshot& knowledge);

} // namespace posterior::check
