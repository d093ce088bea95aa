#include <catch2/catch_test_macros.hpp>

#include <cmath>

#include "engine/plan/dose.hpp"
#include "tests/plan/small_plan.hpp"

using namespace posterior;

namespace {

kb::dose dose() {
  kb::dose d;
  d.sets = kb::range{3, 4};
  d.reps = kb::range{10, 15};
  d.hold_s = kb::range{5, 8};
  d.per_week = kb::range{3, 5};
  return d;
}

bool near(double a, double b) {
  return std::abs(a - b) < 1e-9;
}

} // namespace

TEST_CASE("week one takes the minimum of every field") {
  CHECK(plan::week_one(dose()) == "3 x 10, hold 5 s, 3 days a week");
  kb::dose d;
  d.minutes = kb::range{10, 20};
  d.per_day = kb::range{2, 3};
  d.per_week = kb::range{1, 2};
  CHECK(plan::week_one(d) == "10 min, 2 times a day, 1 day a week");
  d = {};
  d.sets = kb::range{1, 1};
  CHECK(plan::week_one(d) == "1 set");
}

TEST_CASE("the minutes of a session follow from sets, repetitions, holds, tempo and rests") {
  // 3 x 10 x (5 + 2) s, two rests of 30 s, 30 s to get ready
  CHECK(near(plan::session_minutes(dose(), false), (210 + 60 + 30) / 60.0));
  CHECK(near(plan::session_minutes(dose(), true), (2 * (210 + 60) + 30) / 60.0));
  kb::dose d = dose();
  d.hold_s.reset();
  CHECK(near(plan::session_minutes(d, false), (120 + 60 + 30) / 60.0));
  d.tempo = "2-1-3";
  CHECK(near(plan::session_minutes(d, false), (180 + 60 + 30) / 60.0));
  d.tempo = "slow down";
  d.rest_s = kb::range{60, 90};
  CHECK(near(plan::session_minutes(d, false), (120 + 120 + 30) / 60.0));
  d.minutes = kb::range{8, 12};
  CHECK(plan::session_minutes(d, false) == 8);
}

TEST_CASE("an override replaces the fields it states and no other") {
  kb::dose over;
  over.sets = kb::range{1, 2};
  over.load = "a light band";
  const kb::dose d = plan::overridden(dose(), over);
  CHECK(d.sets->min == 1);
  CHECK(d.reps->min == 10);
  CHECK(d.load == "a light band");
}

TEST_CASE("of two indications with different doses the gentler one is given") {
  small::world w;
  w.beliefs = {small::belief("gluteal-amnesia", side::left, 0.6),
               small::belief("hip-weakness", side::left, 0.6)};
  w.raw.all.exercises = {small::exercise("bridge", kb::phase::activation)};
  auto hard = small::indicated("bridge", "gluteal-amnesia"),
       gentle = small::indicated("bridge", "hip-weakness");
  hard.how_much = kb::dose{};
  hard.how_much->sets = kb::range{5, 6};
  gentle.how_much = kb::dose{};
  gentle.how_much->sets = kb::range{1, 2};
  w.raw.all.indications = {hard, gentle};
  const auto p = w.make();
  const auto* bridge = small::item(p, "bridge");
  REQUIRE(bridge);
  CHECK(bridge->dose.how_much.sets->max == 2);
  CHECK(bridge->dose.week_one == "1 x 10, 3 days a week");
}
