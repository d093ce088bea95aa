// The detector of reciprocal inhibition: what changed right after a hip flexor release.
#include <catch2/catch_test_macros.hpp>

#include "tests/plugins/notes.hpp"

namespace {

using namespace posterior::tests;
constexpr side left = side::left, right = side::right;
constexpr auto response = "hip-flexor-release-response";

notes range(side on, double before, double after) {
  return {number("ake", on, before), number("ake-after-hip-flexor-release", on, after)};
}
notes torque(side on, double before, double after) {
  return {number("knee-flexion-torque", on, before),
          number("knee-flexion-torque-after-hip-flexor-release", on, after)};
}
notes together(notes a, const notes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

} // namespace

TEST_CASE("Knee extension must gain more than eight degrees after the release to count") {
  CHECK(says(ask(range(left, 38, 29)), response, left, state::present, "release-range-gained"));
  CHECK(says(ask(range(left, 38, 30)), response, left, state::absent, "release-no-gain"));
}

TEST_CASE("After a sudden onset knee extension must gain more than fifteen degrees") {
  const note sudden = yes("hx-sudden-onset-sprint", left);
  CHECK(ask(with(range(left, 50, 36), sudden)).find(response, left)->what == state::absent);
  CHECK(ask(with(range(left, 52, 36), sudden)).find(response, left)->what == state::present);
  CHECK(ask(with(range(left, 50, 36), yes("hx-sudden-onset-sprint", right))).find(response, left)->what ==
        state::present);
}

TEST_CASE("Knee flexion torque must gain more than its error after the release to count") {
  CHECK(says(ask(torque(left, 100, 118)), response, left, state::present, "release-strength-gained"));
  CHECK(says(ask(torque(left, 100, 117)), response, left, state::absent, "release-no-gain"));
}

TEST_CASE(
    "Range and strength that both gain are told as both, one that gains beside one unchanged as that one") {
  CHECK(says(ask(together(range(left, 40, 28), torque(left, 100, 130))), response, left, state::present,
             "release-both-gained"));
  CHECK(says(ask(together(range(left, 40, 28), torque(left, 100, 100))), response, left, state::present,
             "release-range-gained"));
}

TEST_CASE("A gain beside a loss is neither a response nor the lack of one") {
  CHECK(ask(together(range(left, 40, 28), torque(left, 100, 70))).findings.empty());
}

TEST_CASE("A leg that is worse after the release did not gain") {
  CHECK(says(ask(range(left, 28, 40)), response, left, state::absent, "release-no-gain"));
}

TEST_CASE("Only values of one day make a before and after") {
  notes apart = range(left, 40, 28);
  apart[0].day = 20000;
  apart[1].day = 20001;
  CHECK(ask(apart).findings.empty());
  apart[1].day = 20000;
  CHECK(ask(apart).find(response, left));
}

TEST_CASE("The newest complete pair counts") {
  notes visits = range(left, 40, 28);
  for (note& one : visits)
    one.day = 20000;
  for (note one : range(left, 30, 29))
    visits.push_back(on_day(20030, one));
  visits.push_back(on_day(20060, number("ake", left, 30)));
  CHECK(ask(visits).find(response, left)->what == state::absent);
}

TEST_CASE("The clinician's own re-test of the release wins over the subtracted one") {
  CHECK(ask(with(range(left, 40, 28), no("retest-hip-flexor-stretch-helps", left))).findings.empty());
  CHECK(ask(with(range(left, 40, 28), no("retest-hip-flexor-stretch-helps", right))).find(response, left));
}

TEST_CASE("A torque too small to take a per cent of, or half a pair, says nothing") {
  CHECK(ask(torque(left, 5, 9)).findings.empty());
  CHECK(ask(torque(left, 0, 50)).findings.empty());
  CHECK(ask({number("ake", left, 40)}).findings.empty());
  CHECK(ask({number("ake-after-hip-flexor-release", left, 20)}).findings.empty());
  CHECK(ask(range(side::none, 40, 20)).findings.empty());
  CHECK(ask({}).findings.empty());
}

TEST_CASE(
    "No case, however odd, makes the release detector fail, favour a side or heed the order of records") {
  std::set<std::string> heard;
  const std::string document = POSTERIOR_SOURCE_DIR "/plugins/reciprocal-inhibition/knowledge/derived.toml";
  CHECK(trouble({{"ake", true, {20, 30, 38, 45}},
                 {"ake-after-hip-flexor-release", true, {20, 30, 38}},
                 {"knee-flexion-torque", true, {5, 10, 80, 100}},
                 {"knee-flexion-torque-after-hip-flexor-release", true, {0, 60, 100, 118}},
                 {"hx-sudden-onset-sprint", true, {}},
                 {"retest-hip-flexor-stretch-helps", true, {}}},
                document, heard) == "");
  CHECK(heard == values_of(document, "key"));
}
