// The detector of gluteal amnesia: glute against hamstring, and how the bridge went.
#include <catch2/catch_test_macros.hpp>

#include "tests/plugins/notes.hpp"

namespace {

using namespace posterior::tests;
constexpr side left = side::left, right = side::right;
constexpr auto ratio = "glute-hamstring-ratio";
constexpr auto pattern = "glute-handover-pattern";

notes torques(side on, double hip, double knee) {
  return {number("hip-extension-torque", on, hip), number("knee-flexion-torque", on, knee)};
}
note cramp(side on) {
  return yes("single-leg-bridge-cramp", on);
}
note no_cramp(side on) {
  return no("single-leg-bridge-cramp", on);
}
note hold(side on, double seconds) {
  return number("single-leg-bridge-hold", on, seconds);
}

} // namespace

TEST_CASE("The ratio is hip extension divided by knee flexion of the same leg and day") {
  CHECK(ask(torques(left, 120, 80)).find(ratio, left)->value == 1.5);
  notes apart = torques(left, 120, 80);
  apart[0].day = 20000;
  CHECK(ask(apart).findings.empty());
}

TEST_CASE("Two torques of one day meet half way") {
  CHECK(
      ask(with(torques(left, 120, 80), number("hip-extension-torque", left, 160))).find(ratio, left)->value ==
      1.75);
}

TEST_CASE("A low ratio together with a poor bridge is the handover pattern, neither is by itself") {
  const notes weak = torques(left, 79, 80), strong = torques(left, 80, 80);
  CHECK(says(ask(with(weak, cramp(left))), pattern, left, state::present, "handover-weak-and-poor"));
  CHECK(ask(with(weak, yes("sign-hamstring-dominant-extension", left))).find(pattern, left));
  CHECK(ask(with(weak, hold(left, 24))).find(pattern, left));
  CHECK_FALSE(ask(with(weak, hold(left, 25))).find(pattern, left));
  CHECK_FALSE(ask(weak).find(pattern, left));
  CHECK_FALSE(ask(with(strong, cramp(left))).find(pattern, left));
  CHECK_FALSE(ask({cramp(left), hold(left, 5)}).find(pattern, left));
}

TEST_CASE("A ratio clearly lower than on the other side is low too") {
  notes patient = with(torques(left, 100, 80), cramp(left));
  for (note one : torques(right, 140, 80))
    patient.push_back(one);
  CHECK(ask(patient).find(pattern, left)->what == state::present);
  patient[0].value = 101; // 1.2625 of 1.75: 27.9 % less
  CHECK_FALSE(ask(patient).find(pattern, left));
}

TEST_CASE("A ratio that is not low and a bridge that went well twice speak against the handover") {
  const notes strong = torques(left, 130, 80);
  CHECK(says(ask(with(with(strong, no_cramp(left)), hold(left, 60))), pattern, left, state::absent,
             "handover-strong-and-good"));
  CHECK_FALSE(ask(with(strong, no_cramp(left))).find(pattern, left));
  CHECK_FALSE(ask(with(with(strong, no_cramp(left)), hold(left, 20))).find(pattern, left));
}

TEST_CASE("A bridge whose cramp is both told and denied on one day counts as not looked at") {
  const notes weak = torques(left, 70, 80);
  CHECK_FALSE(ask(with(with(weak, cramp(left)), no_cramp(left))).find(pattern, left));
}

TEST_CASE("The handover pattern is no surer than the bridge that it rests on") {
  CHECK(ask(with(torques(left, 70, 80), yes("single-leg-bridge-cramp", left, 0.8)))
            .find(pattern, left)
            ->certainty == 0.8);
}

TEST_CASE("For a child the ratio is shown but the pattern of adults is not") {
  const auto given = ask(with(with(torques(left, 70, 80), cramp(left)), age(14)));
  CHECK(given.find(ratio, left));
  CHECK_FALSE(given.find(pattern, left));
}

TEST_CASE("A knee flexion too small to divide by, half a pair or a torque without side gives no ratio") {
  CHECK(ask(torques(left, 100, 0)).findings.empty());
  CHECK(ask(torques(left, 100, 9)).findings.empty());
  CHECK(ask({number("hip-extension-torque", left, 100)}).findings.empty());
  CHECK(ask(torques(side::none, 100, 80)).findings.empty());
  CHECK(ask({}).findings.empty());
  CHECK(ask(torques(left, 600, 10)).find(ratio, left)->value == 60);
}

TEST_CASE("No case, however odd, makes the glute detector fail, favour a side or heed the order of records") {
  std::set<std::string> heard;
  const std::string document = POSTERIOR_SOURCE_DIR "/plugins/gluteal-amnesia/knowledge/derived.toml";
  CHECK(trouble({{"age", false, {12, 34, 70}},
                 {"hip-extension-torque", true, {0, 79, 80, 100, 140, 600}},
                 {"knee-flexion-torque", true, {0, 10, 80, 100, 400}},
                 {"single-leg-bridge-cramp", true, {}},
                 {"sign-hamstring-dominant-extension", true, {}},
                 {"single-leg-bridge-hold", true, {0, 24, 25, 60, 300}}},
                document, heard) == "");
  CHECK(heard == values_of(document, "key"));
}
