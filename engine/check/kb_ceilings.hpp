// The most that a dose may ask, by kind of exercise, with what each figure rests on: one table. Values; any
// thread. Private to engine/check.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kb/model.hpp"

namespace posterior::check {

// Which exercises a ceiling is about, told by what they say of themselves.
enum class exercise_group {
  held_stretch,       // mobility, held for ten seconds or more, not on a roller
  hip_flexor_stretch, // one of those that the group `hip-flexor-mobility` caps
  rolling,            // needs a roller
  nordic,             // "nordic" in its id
  nerve_slider,       // capped by `sciatic-neurodynamics`, counted in repetitions
  held_nerve_stretch, // the same group, held
  nerve_oscillation,  // the same group, counted in minutes
  trunk_hold,         // isometric, held, of the trunk's muscles
  heavy_hinge,        // capped by `heavy-hinge`
  everything,
};

// What of a dose at its upper end is compared.
enum class dose_measure {
  seconds_a_session, // a side: sets x repetitions x hold, or sets x minutes
  minutes_a_week,    // the same over all sessions of a week
  hold,              // seconds
  sets,
  repetitions, // of a set
  a_day,       // sessions
  a_week,      // days
  weeks,
  work_a_session, // minutes: sets x (repetitions x hold + rest)
};

struct ceiling {
  exercise_group group;
  dose_measure what;
  double most;
  std::string_view unit;
  std::string_view source; // id of the core, or empty: a judgement
  std::string_view basis;  // what the source says, or why it was judged so
};

std::vector<ceiling> ceilings();

bool belongs(const kb::exercise& e, exercise_group g);

// 0 where the dose does not say.
double amount(const kb::dose& d, dose_measure what);

std::string_view to_string(exercise_group g); // "a held stretch"
std::string_view to_string(dose_measure m);   // "seconds a session"

} // namespace posterior::check
