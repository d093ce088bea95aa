// The detector of hip-stabiliser weakness: torque by body mass, and one leg against the other.
#include <catch2/catch_test_macros.hpp>

#include "tests/plugins/notes.hpp"

namespace {

using namespace posterior::tests;
constexpr side left = side::left, right = side::right;
constexpr auto per_mass = "hip-abduction-torque-per-mass";
constexpr auto deficit = "hip-abduction-side-deficit";

note kilograms(double mass) {
  return number("body-mass", side::none, mass);
}
note torque(side on, double newton_metres) {
  return number("hip-abduction-torque", on, newton_metres);
}

} // namespace

TEST_CASE("Abduction torque is divided by body mass, each leg by itself") {
  const auto given = ask({kilograms(80), torque(left, 60), torque(right, 100)});
  REQUIRE(given.find(per_mass, left));
  CHECK(given.find(per_mass, left)->value == 0.75);
  CHECK(given.find(per_mass, right)->value == 1.25);
}

TEST_CASE(
    "Without a body mass, or with an impossible one, there is no torque by mass, yet the legs are compared") {
  for (const notes& patient : {notes{torque(left, 60), torque(right, 100)},
                               notes{kilograms(0), torque(left, 60), torque(right, 100)}}) {
    const auto given = ask(patient);
    CHECK_FALSE(given.find(per_mass, left));
    CHECK(given.find(deficit, left));
  }
}

TEST_CASE(
    "From sixty years on torque is not set against the norm of young people, only against the other leg") {
  const notes patient{kilograms(80), torque(left, 60), torque(right, 100)};
  CHECK(ask(with(patient, age(59))).find(per_mass, left));
  CHECK_FALSE(ask(with(patient, age(60))).find(per_mass, left));
  CHECK(ask(with(patient, age(60))).find(deficit, left));
}

TEST_CASE("A leg is weaker than the other only beyond the error of the measure") {
  CHECK(says(ask({torque(left, 84), torque(right, 100)}), deficit, left, state::present,
             "abduction-weaker-side"));
  CHECK(says(ask({torque(left, 85), torque(right, 100)}), deficit, left, state::absent,
             "abduction-sides-alike"));
}

TEST_CASE("Nothing is said for the stronger leg of an unequal pair, since it may be weak as well") {
  CHECK_FALSE(ask({torque(left, 60), torque(right, 100)}).find(deficit, right));
}

TEST_CASE("Equal legs are told of both, and two that yield nothing at all are not compared") {
  const auto given = ask({torque(left, 100), torque(right, 100)});
  CHECK(given.find(deficit, left)->what == state::absent);
  CHECK(given.find(deficit, right)->what == state::absent);
  CHECK(ask({torque(left, 0), torque(right, 0)}).findings.empty());
  CHECK(ask({torque(left, 0), torque(right, 90)}).find(deficit, left)->what == state::present);
}

TEST_CASE("Legs measured on different days are not compared, the newest common day is") {
  CHECK(ask({on_day(20000, torque(left, 60)), on_day(20001, torque(right, 100))}).findings.empty());
  const auto given = ask({on_day(20000, torque(left, 60)), on_day(20000, torque(right, 100)),
                          on_day(20050, torque(left, 98)), on_day(20050, torque(right, 100))});
  CHECK(given.find(deficit, left)->what == state::absent);
}

TEST_CASE("The clinician's own abduction deficit wins on its side, one recorded as unknown does not") {
  const notes patient{kilograms(80), torque(left, 60), torque(right, 100)};
  const auto given = ask(with(patient, number("gmed-hhd", left, 20)));
  CHECK_FALSE(given.find(per_mass, left));
  CHECK_FALSE(given.find(deficit, left));
  CHECK(given.find(per_mass, right));
  CHECK(ask(with(patient, {"gmed-hhd", left, state::unknown})).find(per_mass, left));
}

TEST_CASE("Torque without side says nothing of either leg") {
  CHECK(ask({kilograms(80), torque(side::none, 60)}).findings.empty());
  CHECK(ask({}).findings.empty());
}

TEST_CASE(
    "No case, however odd, makes the abductor detector fail, favour a side or heed the order of records") {
  std::set<std::string> heard;
  const std::string document = POSTERIOR_SOURCE_DIR "/plugins/hip-stabilizer-weakness/knowledge/derived.toml";
  CHECK(trouble({{"age", false, {12, 34, 59, 60}},
                 {"body-mass", false, {10, 65, 80, 350}},
                 {"hip-abduction-torque", true, {0, 60, 84, 85, 100, 400}},
                 {"gmed-hhd", true, {20}}},
                document, heard) == "");
  CHECK(heard == values_of(document, "key"));
}
