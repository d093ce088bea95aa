#include <catch2/catch_test_macros.hpp>

#include "tests/plan/small_plan.hpp"

using namespace posterior;

namespace {

// Shortness leads, nerve and tilt are unlikely: only the tension keeps the stretch out.
small::world short_muscle() {
  small::world w;
  w.beliefs = {small::belief("hamstring-shortness", side::left, 0.7)};
  return w;
}

} // namespace

TEST_CASE("an open tension withholds what any of its takes would withhold, and the plan depends on it") {
  const auto p = short_muscle().make();
  CHECK(small::left_out_by(p, "static-hamstring-stretch") == "tension");
  CHECK(p.depends_on == std::vector<std::string>{"x4-stretch"});
  CHECK(small::item(p, "heel-slide"));
}

TEST_CASE("a recorded deciding finding settles the tension") {
  auto w = short_muscle();
  w.record("pke-angle", cases::truth::present, side::left);
  const auto p = w.make();
  CHECK(small::item(p, "static-hamstring-stretch"));
  CHECK(p.depends_on.empty());
}

TEST_CASE("a deciding finding that was recorded as unknown leaves the tension open") {
  auto w = short_muscle();
  w.record("pke-angle", cases::truth::unknown, side::left);
  CHECK(w.make().depends_on == std::vector<std::string>{"x4-stretch"});
}

TEST_CASE("a deciding finding at even odds leaves the tension open") {
  auto w = short_muscle();
  w.record("pke-angle", cases::truth::present, side::left).patient.observations.back().certainty = 0.5;
  CHECK(w.make().depends_on == std::vector<std::string>{"x4-stretch"});
}

TEST_CASE("the clinician's choice settles the tension and withholds only what it says") {
  auto w = short_muscle();
  w.patient.choices = {{"x4-stretch", "stretch", "clinician", {}}};
  CHECK(small::item(w.make(), "static-hamstring-stretch"));
  w.patient.choices = {{"x4-stretch", "no-stretch", "clinician", {}}};
  const auto p = w.make();
  CHECK(small::left_out_by(p, "static-hamstring-stretch") == "tension");
  CHECK(small::left_out_because(p, "static-hamstring-stretch") == "the clinician decided: do not");
  CHECK(p.depends_on.empty());
}

TEST_CASE("a tension whose takes lead to the same plan withholds nothing") {
  auto w = short_muscle();
  w.raw.all.tensions[0].same_plan = true;
  const auto p = w.make();
  CHECK(small::item(p, "static-hamstring-stretch"));
  CHECK(p.depends_on.empty());
}

TEST_CASE("a tension matters only when one of the causes it is about has been examined") {
  const auto k = kb::index(small::raw_plan_knowledge());
  const cases::picture nothing;
  const auto about = [&](bool examined) {
    return plan::tensions(*k, nothing, {small::belief("hamstring-shortness", side::left, 0.3, examined)}, {});
  };
  CHECK(about(false).empty());
  const auto lines = about(true);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].decides == std::vector<std::string>{"pke-angle"});
  CHECK(lines[0].decided_by.empty());
}

TEST_CASE("a tension says what decided it") {
  const auto k = kb::index(small::raw_plan_knowledge());
  small::world w = short_muscle();
  w.record("pke-angle", cases::truth::absent, side::right);
  const auto seen = cases::settle(w.patient, *k);
  CHECK(plan::tensions(*k, seen, w.beliefs, {}).at(0).decided_by == "pke-angle");
  const auto chosen = plan::tensions(*k, seen, w.beliefs, {{"x4-stretch", "no-stretch", "", {}}}).at(0);
  CHECK(chosen.taken == "no-stretch");
  CHECK(chosen.decided_by == "clinician");
}

TEST_CASE("a plan does not depend on an open tension that touches none of its exercises") {
  small::world w;
  w.beliefs = {small::belief("gluteal-amnesia", side::left, 0.6),
               small::belief("hamstring-shortness", side::left, 0.1)};
  CHECK(w.make().depends_on.empty());
}
