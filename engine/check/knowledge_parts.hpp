// Parts of the checks of knowledge. Pure; any thread. Private to engine/check.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/check/check.hpp"
#include "kb/snapshot.hpp"

namespace posterior::check {

// Why the clauses hold for everybody or for nobody; empty if they do not.
std::string condition_fault(const kb::clauses& when);

// Findings that anything reads: a reading, a rule, a precaution, a rule of sequence, a detector, a tension, a
// retest.
std::set<std::string> findings_in_use(const kb::snapshot& k);

// Whether a finding can move the state: it is observed, or brings about (or comes from) one that is.
bool reachable(const kb::snapshot& k, const std::string& state);

// What of a dose nobody could do, in words.
std::vector<std::string> dose_faults(const kb::dose& d);

// "a -> b -> a" for each way back along `harder`.
std::vector<std::string> ladder_loops(const std::vector<kb::exercise>& all);

// K14 to K16.
std::vector<spec> text_checks();

} // namespace posterior::check
