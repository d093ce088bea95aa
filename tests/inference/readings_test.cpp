// Measured values, levels, errors, repeats, and what a sex that is not known does to them.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/inference/readings.hpp"
#include "tests/inference/small_text.hpp"
#include "tests/inference/small_world.hpp"

using namespace posterior;
using namespace posterior::inference;
using namespace posterior::inference::tests;
using cases::truth;

namespace {

const std::string tight = state("tight", "cause", "[0.3, 0.2, 0.4]");

std::string angle(const std::string& more = "") {
  return finding("angle", "unit = \"deg\"\nrange = [0, 180]\n" + more);
}

std::string world_of(const std::string& reading, const std::string& more = "") {
  return tight + angle(more) + observes("angle", "tight", "read = \"told\"\n" + reading);
}

cases::picture measured(double value, cases::sex sex = cases::sex::female) {
  cases::picture p;
  p.who.age = 40;
  p.who.sex_is = sex;
  cases::settled s;
  s.finding = "angle";
  s.value = value;
  p.findings.push_back(s);
  return p;
}

// Logarithm of the odds factor that a picture amounts to.
double moved(const kb::snapshot& k, const cases::picture& p, int draws = 0) {
  const auto r = think(k, p, draws);
  const auto& b = belief(r, "tight");
  return std::log(b.posterior / (1 - b.posterior)) - std::log(b.prior / (1 - b.prior));
}

bool near(double a, double b) {
  return std::abs(a - b) < 1e-9;
}

cases::observation once(double value, std::optional<double> error = {}) {
  cases::observation o;
  o.finding = "angle";
  o.value = value;
  o.error = error;
  return o;
}

cases::picture settled_of(const kb::snapshot& k, const std::vector<cases::observation>& list) {
  cases::patient_case c;
  c.who.age = 40;
  c.who.sex_is = cases::sex::female;
  c.observations = list;
  return cases::settle(c, k);
}

} // namespace

TEST_CASE("a value speaks by the ratio of two normals of one spread") {
  const auto k = knowledge(world_of("normal = { absent = 20, present = 40, sd = 10, clip = 1000 }"));
  CHECK(near(moved(*k, measured(30)), 0));
  CHECK(near(moved(*k, measured(40)), 2));
  CHECK(near(moved(*k, measured(25)), -1));
}

TEST_CASE("a value's ratio stops at the clip, however extreme it is") {
  const auto k = knowledge(world_of("normal = { absent = 20, present = 40, sd = 10, clip = 5 }"));
  CHECK(near(moved(*k, measured(175)), std::log(5)));
  CHECK(near(moved(*k, measured(0)), -std::log(5)));
}

TEST_CASE("a log-normal reading speaks by the logarithm of the value") {
  const auto k = knowledge(world_of("log_normal = { absent = 10, present = 40, sd = 0.5, clip = 1000 }"));
  CHECK(near(moved(*k, measured(20)), 0));
  const double a = std::log(40.0 / 10), b = 0;
  CHECK(near(moved(*k, measured(40)), (a * a - b * b) / (2 * 0.25)));
  CHECK(moved(*k, measured(0)) < -6); // a value of 0 is a very small one
}

TEST_CASE("a table of ratios is linear in the logarithm between its points and level beyond them") {
  const auto k = knowledge(world_of("ratios = { points = [[20, 0.25], [30, 1], [50, 9]], clip = 100 }"));
  CHECK(near(moved(*k, measured(20)), std::log(0.25)));
  CHECK(near(moved(*k, measured(25)), std::log(0.5)));
  CHECK(near(moved(*k, measured(40)), std::log(3)));
  CHECK(near(moved(*k, measured(90)), std::log(9)));
  CHECK(near(moved(*k, measured(5)), std::log(0.25)));
}

TEST_CASE("an uncertain value says less, whatever the reading") {
  for (const char* reading : {"normal = { absent = 20, present = 40, sd = 10 }",
                              "log_normal = { absent = 20, present = 40, sd = 0.4 }",
                              "ratios = { points = [[20, 0.1], [30, 1], [40, 10]] }"}) {
    const auto k = knowledge(world_of(reading));
    const double sure = moved(*k, settled_of(*k, {once(38)})),
                 rough = moved(*k, settled_of(*k, {once(38, 8)}));
    INFO(reading);
    CHECK(rough > 0);
    CHECK(rough < sure);
  }
}

TEST_CASE(
    "the finding's standard error counts where the observation states none, and gives way where it does") {
  const auto k =
      knowledge(world_of("normal = { absent = 20, present = 40, sd = 6, clip = 1000 }", "sem = 8"));
  CHECK(near(moved(*k, settled_of(*k, {once(40)})), 400.0 / (2 * (36 + 64))));
  CHECK(near(moved(*k, settled_of(*k, {once(40, 2)})), 400.0 / (2 * (36 + 4))));
}

TEST_CASE("values of one date are pooled to their mean, with the error of a mean") {
  const auto k =
      knowledge(world_of("normal = { absent = 20, present = 40, sd = 6, clip = 1000 }", "sem = 8"));
  const auto p = settled_of(*k, {once(38), once(42), once(40), once(40)});
  REQUIRE(p.findings.size() == 1);
  CHECK(p.findings[0].value == 40);
  CHECK(p.findings[0].error == 4);
  CHECK(near(moved(*k, p), 400.0 / (2 * (36 + 16))));
  // Four times the same thing is not four findings.
  CHECK(moved(*k, p) < 1.5 * moved(*k, settled_of(*k, {once(40, 0)})));
}

TEST_CASE("under eighteen no value speaks") {
  const auto k =
      knowledge(world_of("normal = { absent = 20, present = 40, sd = 10 }", "cutoff = { above = 30 }"));
  auto p = measured(60);
  CHECK(moved(*k, p) > 1);
  p.who.age = 17;
  CHECK(near(moved(*k, p), 0));
}

TEST_CASE("a value with a published cut-off speaks by sensitivity and specificity, which are drawn") {
  const auto k = knowledge(tight + angle("cutoff = { above = 30 }") + observes("angle", "tight", accurate));
  cases::patient_case c;
  c.who.age = 40;
  c.observations = {once(35)};
  const auto above = cases::settle(c, *k);
  CHECK(near(moved(*k, above), std::log(0.8 / 0.1)));
  c.observations = {once(25)};
  CHECK(near(moved(*k, cases::settle(c, *k)), std::log(0.2 / 0.9)));
  // Only the accuracy is uncertain here: without its draws the interval would be as narrow as the prior's.
  const std::string sure =
      "[[state]]\nid = \"tight\"\nname = \"t\"\nkind = \"cause\"\npresent_when = \"it is "
      "there\"\nleak = [0.3, 0.3, 0.3]\n" +
      basis;
  const auto s = knowledge(sure + angle("cutoff = { above = 30 }") + observes("angle", "tight", accurate));
  const auto r = think(*s, above, 256);
  CHECK(belief(r, "tight").high - belief(r, "tight").low > 0.1);
}

TEST_CASE("of a sex that is not known the row that says least counts, and the interval covers both") {
  const std::string sure =
      "[[state]]\nid = \"tight\"\nname = \"t\"\nkind = \"cause\"\npresent_when = \"it is "
      "there\"\nleak = [0.3, 0.3, 0.3]\n" +
      basis;
  const auto k =
      knowledge(sure + angle() +
                observes("angle", "tight",
                         "read = \"told\"\nnormal = { absent = 20, present = 40, sd = 10, male = { absent = "
                         "26, present = 46 } }"));
  const double female = moved(*k, measured(40)), male = moved(*k, measured(40, cases::sex::male));
  REQUIRE(female > male);
  for (const auto sex : {cases::sex::unknown, cases::sex::other}) {
    CHECK(near(moved(*k, measured(40, sex)), male));
    const auto r = think(*k, measured(40, sex), 256);
    CHECK(belief(r, "tight").low <=
          belief(think(*k, measured(40, cases::sex::male)), "tight").posterior + 1e-9);
    CHECK(belief(r, "tight").high >= belief(think(*k, measured(40)), "tight").posterior - 1e-9);
  }
  // Opposite directions say nothing.
  CHECK(near(moved(*k, measured(31.5, cases::sex::unknown)), 0));
  CHECK(near(belief(think(*k, measured(40), 256), "tight").low,
             belief(think(*k, measured(40)), "tight").posterior));
}

TEST_CASE("of a sex that is not known the cut-off that makes less of a value counts, and the interval covers "
          "both") {
  const auto k =
      knowledge(tight + angle("cutoff = [{ above = 30, sex = \"female\" }, { above = 36, sex = \"male\" }]") +
                observes("angle", "tight", accurate));
  cases::patient_case c;
  c.who.age = 40;
  c.observations = {once(33)};
  const auto r = think(*k, cases::settle(c, *k), 256);
  CHECK(belief(r, "tight").posterior < belief(r, "tight").prior);
  c.who.sex_is = cases::sex::female;
  const auto woman = think(*k, cases::settle(c, *k), 256);
  CHECK(belief(r, "tight").high > belief(woman, "tight").posterior);
  c.who.sex_is = cases::sex::male;
  const auto man = think(*k, cases::settle(c, *k), 256);
  CHECK(belief(man, "tight").high < belief(woman, "tight").posterior);
}

TEST_CASE("a level speaks by its own row, and an answer without a level by all above the lowest") {
  const auto k =
      knowledge(tight + finding("grade", "levels = [\"none\", \"mild\", \"marked\"]") +
                observes("grade", "tight", "levels = [[0.7, 0.2], [0.2, 0.3], [0.1, 0.5]]\nworth = 40"));
  const auto at_level = [&](std::optional<int> level, truth answer) {
    cases::picture p;
    cases::settled s;
    s.finding = "grade";
    s.level = level;
    s.state = answer;
    p.findings.push_back(s);
    return p;
  };
  CHECK(near(moved(*k, at_level(0, truth::absent)), std::log(0.2 / 0.7)));
  CHECK(near(moved(*k, at_level(1, truth::present)), std::log(0.3 / 0.2)));
  CHECK(near(moved(*k, at_level(2, truth::present)), std::log(0.5 / 0.1)));
  CHECK(near(moved(*k, at_level({}, truth::present)), std::log(0.8 / 0.3)));
  CHECK(near(moved(*k, at_level({}, truth::absent)), std::log(0.2 / 0.7)));
  const auto marked = think(*k, at_level(2, truth::present), 256);
  CHECK(belief(marked, "tight").low < belief(marked, "tight").posterior - 0.05);
}

TEST_CASE("age and sex speak as findings where they have a reading, and nothing where they have none") {
  const std::string attributes =
      "[[finding]]\nid = \"age\"\nname = \"Age\"\nkind = \"attribute\"\nquestion = \"q\"\n"
      "unit = \"a\"\nrange = [0, 120]\ncutoff = { above = 59.99 }\n" +
      basis +
      "[[finding]]\nid = \"sex\"\nname = \"Sex\"\nkind = \"attribute\"\nquestion = "
      "\"q\"\nlevels = [\"female\", \"male\", \"other\", \"unknown\"]\n" +
      basis;
  cases::picture p;
  p.who.age = 70;
  p.who.sex_is = cases::sex::male;
  CHECK(near(moved(*knowledge(tight + attributes), p), 0));
  const auto by_age = knowledge(tight + attributes + observes("age", "tight", accurate));
  CHECK(near(moved(*by_age, p), std::log(0.8 / 0.1)));
  const auto by_sex =
      knowledge(tight + attributes +
                observes("sex", "tight", "levels = [[0.5, 0.3], [0.4, 0.6], [0.05, 0.05], [0.05, 0.05]]"));
  CHECK(near(moved(*by_sex, p), std::log(0.6 / 0.4)));
  p.who.sex_is = cases::sex::unknown;
  CHECK(near(moved(*by_sex, p), 0));
  p.who.age.reset();
  CHECK(near(moved(*by_age, p), 0));
}
