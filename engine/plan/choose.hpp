// Chooses among the exercises that may be given. Internal to engine/plan; any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/plan/candidates.hpp"
#include "engine/plan/limits.hpp"
#include "engine/plan/sequencing.hpp"

namespace posterior::plan {

struct chosen {
  std::vector<std::size_t> items;                      // indices into the candidates
  std::map<std::size_t, reason> capped;                // why each other eligible one was left out
  std::vector<std::size_t> uncovered;                  // targets that no item serves
  std::map<std::size_t, const kb::sequence*> asked_by; // items that a rule of sequence put in
};

// `eligible` are indices into `all`.
chosen choose(const input& in, const aim& goal, const std::vector<candidate>& all,
              std::vector<std::size_t> eligible, const sequencing& rules);

placed placed_as(const candidate& c);

// The dose of an item: of the doses that its indications ask for, the one with the least work a week.
kb::dose dose_of(const candidate& c);
// With the hours between that rules of sequence want.
kb::dose dose_of(const candidate& c, const sequencing& rules);

// Side to train: none for both, or not sided.
side side_of(const candidate& c, const aim& goal, const std::optional<side>& only);

double minutes_of(const candidate& c, const aim& goal, const std::optional<side>& only);

} // namespace posterior::plan
