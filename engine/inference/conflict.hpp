// How well the findings go together, and which of them cannot be true at once. Pure; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "engine/inference/network.hpp"
#include "engine/inference/query.hpp"
#include "engine/inference/shapley.hpp"

namespace posterior::inference {

// log10 P(e) - sum log10 P(e_i): positive where the findings support each other, negative where one makes the
// others improbable. It does not tell an unmodelled disease (that is `none_of_these`): shown beside the
// evidence, never used. -infinity if the findings cannot all be true, nought for one finding.
double coherence(const network& net, std::span<const likelihood> seen,
                 const std::vector<std::vector<std::size_t>>& groups);

// For each set of kept items whether they are impossible together.
using impossible_function = std::function<std::vector<bool>(std::span<const group_set>)>;

struct conflict_set {
  std::vector<std::size_t> items; // ascending; empty if all of them are possible together
  bool smallest = false;          // no smaller set conflicts; else only: none of these can be left out
};

// Sets of one, two, three... items are tried while that takes at most `tries` of them; a set found so is a
// smallest one (the first of its size in the order of items). Where the tries do not reach that far, the set
// is irreducible: what is left when, in order, every item is left out that may be.
conflict_set smallest_conflict(std::size_t items, const impossible_function& impossible,
                               std::size_t tries = 20000);

} // namespace posterior::inference
