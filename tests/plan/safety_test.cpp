#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/plan/small_plan.hpp"

using namespace posterior;
using cases::truth;
using Catch::Matchers::ContainsSubstring;

namespace {

small::world weak_buttock() {
  small::world w;
  w.beliefs = {small::belief("gluteal-amnesia", side::left, 0.6)};
  return w;
}

} // namespace

TEST_CASE("an emergency or urgent flag closes the plan and lists what would have been given") {
  const auto level = GENERATE(kb::urgency::emergency, kb::urgency::urgent);
  auto w = weak_buttock();
  const std::string given = small::items(w.make());
  CHECK(given == "squeeze heel-slide");
  w.raw.all.rules = {small::rule("rf-test", level, {{small::on("red-fever")}})};
  w.record("red-fever", truth::present);
  const auto p = w.make();
  CHECK(p.status == "closed");
  CHECK(p.phases.empty());
  CHECK(p.minutes_per_session == 0);
  CHECK(p.because.size() == 1);
  CHECK_THAT(p.because.at(0), ContainsSubstring("rf-test"));
  CHECK(small::left_out_by(p, "squeeze") == "red-flag");
  CHECK(small::left_out_by(p, "heel-slide") == "red-flag");
  CHECK_FALSE(small::left_out(p, "squeeze")->sources.empty());
  CHECK(small::left_out_by(p, "bridge") == "cap");
  REQUIRE(p.refer);
  CHECK(p.refer->level == level);
  CHECK(p.refer->rules == std::vector<std::string>{"rf-test"});
}

TEST_CASE("a prompt flag that closes loading leaves the phases before it open and says so") {
  auto w = weak_buttock();
  w.patient.who.age = 30; // so that the fever is not urgent
  w.record("red-fever", truth::present);
  const auto p = w.make();
  CHECK(p.status == "open");
  CHECK(small::items(p) == "squeeze");
  CHECK(small::left_out_by(p, "heel-slide") == "red-flag");
  CHECK_THAT(small::left_out_because(p, "heel-slide"), ContainsSubstring("rf-fever"));
  REQUIRE(p.because.size() == 1);
  CHECK_THAT(p.because[0], ContainsSubstring("no loading"));
  CHECK(p.refer->level == kb::urgency::prompt);
}

TEST_CASE("a prompt flag that closes the plan closes it") {
  auto w = weak_buttock();
  w.raw.all.rules = {
      small::rule("rf-test", kb::urgency::prompt, {{small::on("red-fever")}}, kb::closing::plan)};
  w.record("red-fever", truth::present);
  CHECK(w.make().status == "closed");
}

TEST_CASE("an incomplete screen makes the plan provisional and names what to ask") {
  auto w = weak_buttock();
  w.patient.screened.not_asked = {"red-bladder"};
  const auto p = w.make();
  CHECK(p.status == "provisional");
  CHECK(p.because == std::vector<std::string>{"not released: ask these first: red-bladder"});
  CHECK(small::items(p) == "squeeze heel-slide");
}

TEST_CASE("an observation that could not be read at all makes the plan provisional") {
  auto w = weak_buttock();
  w.patient.unusable_unknown = true;
  const auto p = w.make();
  CHECK(p.status == "provisional");
  REQUIRE(p.because.size() == 1);
  CHECK_THAT(p.because[0], ContainsSubstring("could not be read"));
}

TEST_CASE("a prompt flag does not hide an incomplete screen") {
  auto w = weak_buttock();
  w.record("red-fever", truth::present);
  w.patient.screened.not_asked = {"red-bladder"};
  CHECK(w.make().status == "provisional");
}

TEST_CASE("no static hamstring stretch is given while neural tension or forward tilt is open") {
  const auto cause = GENERATE(as<std::string>{}, "neural-tension", "anterior-pelvic-tilt");
  small::world w;
  w.record("pke-angle", truth::present, side::left);
  const side where = cause == "neural-tension" ? side::left : side::none;
  w.beliefs = {small::belief("hamstring-shortness", side::left, 0.9),
               small::belief(cause, where, 0.21, false)};
  const auto p = w.make();
  CHECK_FALSE(small::item(p, "static-hamstring-stretch"));
  CHECK(small::left_out_by(p, "static-hamstring-stretch") == "cause");
  CHECK_THAT(small::left_out_because(p, "static-hamstring-stretch"), ContainsSubstring(cause + ": 0.21"));
  w.beliefs[1].posterior = 0.2;
  CHECK(small::item(w.make(), "static-hamstring-stretch"));
}

TEST_CASE("an exercise that a probable cause forbids is listed even if nobody asked for it") {
  small::world w;
  w.beliefs = {small::belief("neural-tension", side::left, 0.6)};
  CHECK(small::left_out_by(w.make(), "static-hamstring-stretch") == "cause");
}

TEST_CASE("a recorded finding that forbids an exercise keeps it out, by the finding") {
  small::world w;
  w.beliefs = {small::belief("anterior-pelvic-tilt", side::none, 0.6)};
  w.record("wrist-pain", truth::present);
  const auto p = w.make();
  CHECK(small::left_out_by(p, "plank") == "finding");
  CHECK_THAT(small::left_out_because(p, "plank"), ContainsSubstring("wrist-pain: present"));
}

TEST_CASE("a finding that was not asked does not forbid an exercise, but is to be asked first") {
  small::world w;
  w.beliefs = {small::belief("anterior-pelvic-tilt", side::none, 0.6)};
  const auto p = w.make();
  REQUIRE(small::item(p, "plank"));
  CHECK(small::item(p, "plank")->warnings == std::vector<std::string>{"ask first: wrist-pain"});
  w.record("wrist-pain", truth::absent);
  const auto asked = w.make();
  CHECK(small::item(asked, "plank")->warnings.empty());
}

TEST_CASE("a precaution with a finding and a cause needs both") {
  small::world w;
  w.beliefs = {small::belief("anterior-pelvic-tilt", side::none, 0.6)};
  auto rule = small::by_cause("pc-two", "anterior-pelvic-tilt", 0.5, {"plank"});
  rule.when = {{small::on("wrist-pain")}};
  w.raw.all.precautions = {rule};
  CHECK(small::item(w.make(), "plank"));
  w.record("wrist-pain", truth::present);
  CHECK(small::left_out_by(w.make(), "plank") == "cause");
  w.beliefs[0].posterior = 0.5;
  CHECK(small::item(w.make(), "plank"));
}

TEST_CASE("a precaution meets phases or all exercises, but not its exceptions") {
  small::world w;
  w.beliefs = {small::belief("gluteal-amnesia", side::left, 0.6)};
  auto rule = small::by_finding("pc-early", {{small::on("wrist-pain")}}, {});
  rule.phases = {kb::phase::activation};
  rule.except = {"one-leg-bridge"};
  w.raw.all.precautions = {rule};
  w.record("wrist-pain", truth::present);
  auto p = w.make();
  CHECK(small::items(p) == "one-leg-bridge heel-slide");
  CHECK(small::left_out_by(p, "squeeze") == "finding");
  rule.all = true;
  w.raw.all.precautions = {rule};
  CHECK(small::items(w.make()) == "one-leg-bridge");
}

TEST_CASE("a warning precaution is printed with the exercise and withholds nothing") {
  small::world w;
  w.beliefs = {small::belief("anterior-pelvic-tilt", side::none, 0.6)};
  auto rule = small::by_finding("pc-warn", {{small::on("wrist-pain")}}, {"plank"});
  rule.effect = kb::precaution_effect::warn;
  rule.why = "rest on the fists";
  w.raw.all.precautions = {rule};
  w.record("wrist-pain", truth::present);
  const auto p = w.make();
  REQUIRE(small::item(p, "plank"));
  CHECK(small::item(p, "plank")->warnings.at(0) == "rest on the fists");
}

TEST_CASE("a serious condition below one half is never printed with a number") {
  small::world w = weak_buttock();
  w.raw.all.precautions = {small::by_cause("pc-serious", "tumour", 0.05, {"squeeze"})};
  w.beliefs.push_back({"tumour", side::none, 0.12, false, true});
  const auto p = w.make();
  CHECK_THAT(small::left_out_because(p, "squeeze"), ContainsSubstring("tumour cannot be excluded"));
  CHECK_THAT(small::left_out_because(p, "squeeze"), !ContainsSubstring("0.12"));
}

TEST_CASE("irritability, once recorded, keeps out what is too much for it") {
  small::world w;
  w.beliefs = {small::belief("anterior-pelvic-tilt", side::none, 0.6)};
  const auto with_level = [&](int level) {
    small::world other = w;
    cases::observation o;
    o.finding = "irritability";
    o.level = level;
    other.patient.observations = {o};
    return other.make();
  };
  CHECK(small::item(with_level(1), "plank"));
  CHECK(small::left_out_by(with_level(2), "plank") == "finding");
}

TEST_CASE("one open question of each alternative is asked, and none about a block on every exercise") {
  small::world w;
  w.beliefs = {small::belief("anterior-pelvic-tilt", side::none, 0.6)};
  auto global = small::by_finding("pc-all", {{small::on("hx-sitting")}}, {});
  global.all = true;
  w.raw.all.precautions = {
      small::by_finding("pc-two", {{small::on("wrist-pain"), small::on("pelvis-forward")}}, {"plank"}),
      global};
  const auto p = w.make();
  REQUIRE(small::item(p, "plank"));
  CHECK(small::item(p, "plank")->warnings == std::vector<std::string>{"ask first: wrist-pain"});
}

TEST_CASE("closed loading begins with isometric work") {
  small::world w;
  w.beliefs = {small::belief("anterior-pelvic-tilt", side::none, 0.6)};
  w.record("red-fever", truth::present);
  const auto p = w.make();
  CHECK(small::left_out_by(p, "plank") == "red-flag");
  CHECK(small::item(p, "bridge"));
}

TEST_CASE("a serious condition is referred, never treated with exercises") {
  small::world w;
  w.raw.all.indications.push_back(small::indicated("plank", "tumour"));
  w.beliefs = {{"tumour", side::none, 0.9, false, true}};
  CHECK(w.make().phases.empty());
}

TEST_CASE("a suspended rule closes nothing and refers nobody, and the plan says that it would have fired") {
  auto w = weak_buttock();
  w.raw.all.rules = {small::rule("rf-test", kb::urgency::emergency, {{small::on("red-fever")}})};
  w.raw.all.suspensions = {{"rf-test", "2026-12-31", "A. Smith", "2026-11-02", "audit", {}}};
  w.record("red-fever", truth::present);
  const auto p = w.make();
  CHECK(p.status == "open");
  CHECK(small::items(p) == "squeeze heel-slide");
  CHECK_FALSE(p.refer);
  REQUIRE(p.because.size() == 1);
  CHECK_THAT(p.because[0], ContainsSubstring("would have fired; it is suspended until 2026-12-31"));
}
