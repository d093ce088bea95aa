// What the plan aims at and which exercises would serve it, before anything is withheld. Internal to
// engine/plan; pointers go into the snapshot; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/plan/plan.hpp"

namespace posterior::plan {

struct target {
  std::string state;
  side where = side::none;
  double posterior = 0;
};

// "cause@left"; midline states have no @.
std::string label(const target& t);

struct aim {
  std::vector<target> targets;    // by posterior, then label
  std::vector<target> other_side; // likely enough, but not on the side that was asked for
  bool shared_core = false;       // the leading cause is not likely enough to plan for it alone
  double leader = 0;              // posterior of the leading examined cause
  std::string leader_state;
};

aim aim_of(const input& in);

struct contribution {
  const kb::indication* by = nullptr;
  std::size_t target = 0; // index into aim::targets
  double worth = 0;
};

struct candidate {
  const kb::exercise* what = nullptr;
  std::vector<contribution> serves; // by target
  kb::phase stage = kb::phase::activation;
  double utility = 0;

  const contribution* for_target(std::size_t t) const;
};

// Every exercise indicated for one of the targets, by id.
std::vector<candidate> candidates_of(const input& in, const aim& goal);

// Exercises indicated for targets of the other side only, by id.
std::vector<const kb::exercise*> other_side_only(const input& in, const aim& goal);

// `value` to nine digits after the point, so that ranks do not hang on the last bit.
double rounded(double value);

} // namespace posterior::plan
