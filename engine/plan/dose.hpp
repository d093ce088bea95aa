// Doses: overrides, the gentler of two, the minutes they take, and the words of week one. Pure; any thread.
#pragma once

#include <string>

#include "kb/model.hpp"

namespace posterior::plan {

// `base` with every field that `over` states.
kb::dose overridden(const kb::dose& base, const kb::dose& over);

// One session at the minimum dose: sets x (repetitions x (hold + 2 s, or the tempo's sum, or 4 s)) with the
// rests between sets (30 s where none is given), twice if `both_sides`, and 30 s to get ready; or the minutes
// that the dose itself states.
double session_minutes(const kb::dose& d, bool both_sides);

// The same per week: times a day and days a week (1 where not stated).
double weekly_minutes(const kb::dose& d);

// Days a week at the minimum, 1 where not stated.
double days_a_week(const kb::dose& d);

// "3 x 10, hold 5 s, 2 times a day, 3 days a week": the minimum of every field.
std::string week_one(const kb::dose& d);

} // namespace posterior::plan
