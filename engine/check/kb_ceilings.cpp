#include "engine/check/kb_ceilings.hpp"

#include <algorithm>

#include "engine/check/kb_parts.hpp"

namespace posterior::check {
namespace {

using enum exercise_group;
using enum dose_measure;

double most(const std::optional<kb::range>& r, double otherwise) {
  return r ? r->max : otherwise;
}

bool on_a_roller(const kb::exercise& e) {
  return std::any_of(e.needs.begin(), e.needs.end(),
                     [](const auto& any_of) { return lists(any_of, "roller"); });
}

bool held(const kb::exercise& e) {
  return e.how_much.hold_s && e.how_much.hold_s->min >= 10;
}

bool of_the_trunk(const kb::exercise& e) {
  static constexpr std::string_view muscles[] = {"trunk",     "abdomin",    "oblique",
                                                 "quadratus", "multifidus", "erector spinae"};
  return !e.targets.empty() && std::any_of(std::begin(muscles), std::end(muscles), [&](std::string_view m) {
    return e.targets.front().find(m) != std::string::npos;
  });
}

bool nerve(const kb::exercise& e) {
  return e.cap == "sciatic-neurodynamics";
}

double seconds_a_session_of(const kb::dose& d) {
  if (d.minutes)
    return most(d.sets, 1) * d.minutes->max * 60;
  return d.hold_s ? most(d.sets, 1) * most(d.reps, 1) * d.hold_s->max : 0;
}

} // namespace

// Figures without a source are judgements and say so. What no dose of one exercise can break (seconds of
// stretching before loading, items of a session) is the planner's business and not here.
std::vector<ceiling> ceilings() {
  return {
      {held_stretch, seconds_a_session, 240, "s", "ingram24",
       "no more range beyond about 4 minutes a session (second-hand)"},
      {held_stretch, minutes_a_week, 10, "min", "ingram24",
       "no more range beyond about 10 minutes a week (second-hand)"},
      {hip_flexor_stretch, seconds_a_session, 120, "s", "konrad2021",
       "longer holds before buttock work did harm (the upper figures from memory)"},
      {rolling, sets, 3, "", "behm20", "3 x 120 s at most"},
      {rolling, hold, 120, "s", "behm20", "3 x 120 s at most"},
      {nordic, sets, 3, "", "nhe-tab", "its last step is 3 sets of 12, 10 and 8"},
      {nordic, repetitions, 12, "", "nhe-tab", "its last step is 3 sets of 12, 10 and 8"},
      {nordic, a_week, 3, "days", "nhe-tab", "three days a week at its last step"},
      {nerve_slider, sets, 3, "", "ghent", "3 x 20 a day"},
      {nerve_slider, repetitions, 20, "", "ghent", "3 x 20 a day"},
      {held_nerve_stretch, seconds_a_session, 150, "s", "cleland06", "5 x 30 s"},
      {held_nerve_stretch, weeks, 3, "weeks", "cleland06", "for three weeks"},
      {nerve_oscillation, seconds_a_session, 180, "s", "slrdose", "3 x 1 min; more added nothing"},
      {trunk_hold, hold, 10, "s", "mcgill-lay", "repeated holds of 10 s, not one of minutes"},
      {heavy_hinge, a_week, 2, "days", "acsm09", "two days a week; that there are 48 hours between is ours"},
      {everything, sets, 10, "", "", "nobody does more at home; ours"},
      {everything, hold, 180, "s", "", "no exercise that was read holds longer; ours"},
      {everything, a_day, 10, "times", "",
       "more than once in the waking hour and a half is not kept up; ours"},
      {everything, a_week, 7, "days", "", "a week has seven days"},
      {everything, weeks, 26, "weeks", "", "after half a year the cause is looked at again; ours"},
      {everything, work_a_session, 45, "min", "", "a home session as a whole is shorter; ours"},
  };
}

bool belongs(const kb::exercise& e, exercise_group g) {
  switch (g) {
  case held_stretch:
    return e.stage == kb::phase::mobility && held(e) && !on_a_roller(e);
  case hip_flexor_stretch:
    return e.cap == "hip-flexor-mobility" && belongs(e, held_stretch);
  case rolling:
    return on_a_roller(e);
  case nordic:
    return e.id.find("nordic") != std::string::npos;
  case nerve_slider:
    return nerve(e) && e.how_much.reps && !held(e);
  case held_nerve_stretch:
    return nerve(e) && held(e);
  case nerve_oscillation:
    return nerve(e) && e.how_much.minutes.has_value();
  case trunk_hold:
    return e.stage == kb::phase::isometric && e.how_much.hold_s && of_the_trunk(e);
  case heavy_hinge:
    return e.cap == "heavy-hinge";
  case everything:
    break;
  }
  return true;
}

double amount(const kb::dose& d, dose_measure what) {
  switch (what) {
  case seconds_a_session:
    return seconds_a_session_of(d);
  case minutes_a_week:
    return seconds_a_session_of(d) * most(d.per_day, 1) * most(d.per_week, 1) / 60;
  case hold:
    return most(d.hold_s, 0);
  case dose_measure::sets:
    return most(d.sets, 0);
  case repetitions:
    return most(d.reps, 0);
  case a_day:
    return most(d.per_day, 0);
  case a_week:
    return most(d.per_week, 0);
  case dose_measure::weeks:
    return most(d.weeks, 0);
  case work_a_session:
    return (seconds_a_session_of(d) + (most(d.sets, 1) - 1) * most(d.rest_s, 0)) / 60;
  }
  return 0;
}

std::string_view to_string(exercise_group g) {
  static constexpr std::string_view words[] = {
      "a held stretch",       "a hip-flexor stretch", "rolling",      "a Nordic exercise", "a nerve slider",
      "a held nerve stretch", "a nerve oscillation",  "a trunk hold", "a heavy hinge",     "any exercise"};
  return words[static_cast<std::size_t>(g)];
}

std::string_view to_string(dose_measure m) {
  static constexpr std::string_view words[] = {"seconds a session and side",
                                               "minutes a week and side",
                                               "seconds of a hold",
                                               "sets",
                                               "repetitions of a set",
                                               "times a day",
                                               "days a week",
                                               "weeks",
                                               "minutes of a session"};
  return words[static_cast<std::size_t>(m)];
}

} // namespace posterior::check
