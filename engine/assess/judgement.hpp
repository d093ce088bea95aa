// When to go on testing. All of these are judgements about what is worth a patient's and a reader's time;
// none is a published figure. They stand here once.
#pragma once

#include <cstddef>

#include "engine/plan/judgement.hpp"

namespace posterior::assess::judgement {

// Information per minute below which testing stops: twenty minutes for one bit is more than a session has.
inline constexpr double least_rate = 0.05;
// Below this many bits a test is noise and is not shown.
inline constexpr double least_bits = 0.005;

inline constexpr std::size_t tests_shown = 6;
inline constexpr std::size_t tests_shown_in_full = 12;
// Of those not shown, this many are tried on the plan before it is said that none would change it.
inline constexpr std::size_t tests_tried_beyond = 8;

// Two steps are looked ahead from this many tests, each time among this many.
inline constexpr std::size_t tests_followed = 5;
inline constexpr std::size_t tests_after = 24;

// From this posterior on a cause is planned for, as the planner has it.
inline constexpr double treat_above = plan::judgement::treat_above;

// Causes whose probability after each outcome is told.
inline constexpr std::size_t leaders_told = 3;

} // namespace posterior::assess::judgement
