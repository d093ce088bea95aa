#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <cmath>

#include "tests/case/small_knowledge.hpp"

using namespace posterior;
using cases::truth;

namespace {

const std::shared_ptr<const kb::snapshot> k = small::knowledge();

cases::observation told(std::string finding, side where, truth state, std::optional<std::int64_t> day = {},
                        double certainty = 1) {
  cases::observation o;
  o.finding = std::move(finding);
  o.where = where;
  o.state = state;
  o.day = day;
  o.certainty = certainty;
  return o;
}

cases::observation value(std::string finding, side where, double v, std::optional<std::int64_t> day = {}) {
  cases::observation o = told(std::move(finding), where, truth::unknown, day);
  o.value = v;
  return o;
}

cases::observation level(std::string finding, int index) {
  cases::observation o = told(std::move(finding), side::none, truth::unknown);
  o.level = index;
  return o;
}

cases::patient_case with(std::vector<cases::observation> list) {
  cases::patient_case c;
  c.observations = std::move(list);
  return c;
}

cases::settled one(const cases::patient_case& c, std::string_view finding, side where) {
  const auto p = cases::settle(c, *k);
  const cases::settled* s = p.find(finding, where);
  REQUIRE(s);
  return *s;
}

truth holds(const kb::condition& c, std::vector<cases::observation> list) {
  return cases::holds(c, cases::settle(with(std::move(list)), *k), *k);
}

using where = kb::condition::where;

} // namespace

TEST_CASE("values of one finding, side and date are pooled to their mean, with a note") {
  auto c = with({value("pke-angle", side::left, 30, 5), value("pke-angle", side::left, 40, 5)});
  c.observations[0].error = 3;
  c.observations[1].error = 4;
  const auto p = cases::settle(c, *k);
  REQUIRE(p.findings.size() == 1);
  CHECK(p.findings[0].value == 35);
  CHECK(p.findings[0].error == 2.5);
  CHECK(p.findings[0].from == std::vector<std::size_t>{0, 1});
  CHECK(small::codes(p.notes).find("case.pooled") != std::string::npos);
}

TEST_CASE("equal states on one date are one, with the mean certainty") {
  const auto s = one(with({told("slump", side::left, truth::present, 5, 0.8),
                           told("slump", side::left, truth::present, 5, 0.6)}),
                     "slump", side::left);
  CHECK(s.state == truth::present);
  CHECK(std::abs(s.certainty - 0.7) < 1e-12);
}

TEST_CASE("certainty 0 is the opposite, plainly said, also beside other records of the date") {
  const auto p = cases::settle(
      with({told("slump", side::left, truth::present, 5, 0), told("slump", side::left, truth::absent, 5),
            told("red-fever", side::none, truth::absent, 5, 0)}),
      *k);
  const auto* slump = p.find("slump", side::left);
  CHECK(slump->state == truth::absent);
  CHECK(slump->certainty == 1);
  CHECK(p.find("red-fever", side::none)->state == truth::present);
  CHECK(small::codes(p.notes) == "case.pooled");
}

TEST_CASE("contradicting states on one date are unknown with a diagnostic, a safety finding is present") {
  const auto p = cases::settle(
      with({told("slump", side::left, truth::present), told("slump", side::left, truth::absent),
            told("red-fever", side::none, truth::absent), told("red-fever", side::none, truth::present)}),
      *k);
  CHECK(p.find("slump", side::left)->state == truth::unknown);
  CHECK(p.find("red-fever", side::none)->state == truth::present);
  CHECK(small::codes(p.notes) == "case.contradiction case.contradiction");
  CHECK(to_string(p.notes[1]) ==
        "\"slump\", left was recorded with contradicting values on one date, must be one "
        "value per finding, side and date\nhint: it counts as unknown; keep the value that "
        "holds, or give each its date");
}

TEST_CASE("a value and a state that contradict it on one date leave the state unknown and keep the value") {
  auto c = with({value("pke-angle", side::left, 50), told("pke-angle", side::left, truth::absent)});
  c.who.sex_is = cases::sex::female;
  const auto s = one(c, "pke-angle", side::left);
  CHECK(s.value == 50);
  CHECK(s.state == truth::unknown);
}

TEST_CASE("different levels on one date contradict each other") {
  const auto p = cases::settle(with({level("irritability", 0), level("irritability", 2)}), *k);
  CHECK_FALSE(p.findings[0].level);
  CHECK(small::codes(p.notes) == "case.contradiction");
}

TEST_CASE("of different dates the newest counts, undated is older than dated, and the repeat is noted") {
  const auto c =
      with({told("slump", side::left, truth::present), told("slump", side::left, truth::absent, 10),
            told("slump", side::left, truth::present, 9)});
  const auto p = cases::settle(c, *k);
  CHECK(p.findings.at(0).state == truth::absent);
  CHECK(p.findings.at(0).from == std::vector<std::size_t>{1});
  CHECK(small::codes(p.notes) == "case.older");
}

TEST_CASE("a newer unknown displaces an ordinary answer but not one about safety") {
  const auto c = with(
      {told("slump", side::left, truth::present, 9), told("slump", side::left, truth::unknown, 10),
       told("red-fever", side::none, truth::present, 9), told("red-fever", side::none, truth::unknown, 10)});
  CHECK(one(c, "slump", side::left).state == truth::unknown);
  CHECK(one(c, "red-fever", side::none).state == truth::present);
}

TEST_CASE("the order of observations changes nothing in what holds") {
  std::vector<cases::observation> list{value("pke-angle", side::left, 0.1),
                                       value("pke-angle", side::left, 40.7),
                                       value("pke-angle", side::left, 1e-14),
                                       value("pke-angle", side::left, 0.2),
                                       value("pke-angle", side::left, 35.3),
                                       told("slump", side::right, truth::present),
                                       told("slump", side::right, truth::present, {}, 0.3)};
  const auto describe_all = [&] {
    std::string out;
    for (const auto& s : cases::settle(with(list), *k).findings)
      out += cases::describe(s, *k).text + "; ";
    return out;
  };
  const std::string first = describe_all();
  for (int i = 0; i < 20; ++i) {
    std::rotate(list.begin(), list.begin() + 1 + i % 3, list.end());
    CHECK(describe_all() == first);
  }
}

TEST_CASE("a screen that was done answers what was not recorded and was asked, on both sides") {
  auto c = with({told("red-leg-swelling", side::left, truth::present),
                 told("red-bladder", side::none, truth::unknown)});
  c.screened.done = true;
  c.screened.not_asked = {"red-fever"};
  const auto p = cases::settle(c, *k);
  CHECK(p.find("red-saddle-numbness", side::none)->state == truth::absent);
  CHECK(p.find("red-saddle-numbness", side::none)->from_screening);
  CHECK(p.find("red-leg-swelling", side::left)->state == truth::present);
  CHECK(p.find("red-leg-swelling", side::right)->state == truth::absent);
  CHECK(p.find("red-bladder", side::none)->state == truth::unknown);
  CHECK_FALSE(p.find("red-fever", side::none));
}

TEST_CASE("a screen does not make absent what an unusable observation probably meant") {
  auto c = with({});
  c.screened.done = true;
  c.unusable_near = {"red-fever"};
  CHECK_FALSE(cases::settle(c, *k).find("red-fever", side::none));
}

TEST_CASE("without a screen nothing is absent that was not recorded") {
  CHECK(cases::settle(with({}), *k).findings.empty());
}

TEST_CASE("a value is present beyond the cut-off of the patient's sex") {
  const auto state = [](cases::sex s, double v, std::optional<double> age = 30) {
    auto c = with({value("pke-angle", side::left, v)});
    c.who.sex_is = s;
    c.who.age = age;
    return one(c, "pke-angle", side::left).state;
  };
  CHECK(state(cases::sex::female, 32) == truth::present);
  CHECK(state(cases::sex::male, 32) == truth::absent);
  CHECK(state(cases::sex::female, 30) == truth::absent);
  SECTION("sex other or unknown takes the cut-off that makes the finding less extreme") {
    CHECK(state(cases::sex::other, 32) == truth::absent);
    CHECK(state(cases::sex::unknown, 32) == truth::absent);
    CHECK(state(cases::sex::unknown, 36) == truth::present);
  }
  SECTION("adult cut-offs are not applied under eighteen") {
    CHECK(state(cases::sex::female, 60, 17) == truth::unknown);
    CHECK(state(cases::sex::female, 60, 18) == truth::present);
    CHECK(state(cases::sex::female, 60, std::nullopt) == truth::present);
  }
}

TEST_CASE("a child's value is named as carrying no weight") {
  auto c = with({value("pke-angle", side::left, 60)});
  c.who.age = 12;
  CHECK(small::codes(cases::settle(c, *k).notes) == "case.no-cutoff");
}

TEST_CASE("a value without any cut-off is named") {
  CHECK(small::codes(cases::settle(with({value("trunk-weight", side::none, 30)}), *k).notes) ==
        "case.no-cutoff");
}

TEST_CASE("a lateral finding without a side is noted with a question for the side") {
  const auto p = cases::settle(with({told("slump", side::none, truth::present)}), *k);
  REQUIRE(small::codes(p.notes) == "case.side-missing");
  CHECK(p.notes[0].level == severity::warning);
  CHECK(cases::settle(with({told("hx-sitting", side::none, truth::present)}), *k).notes.empty());
}

TEST_CASE("conditions are three-valued: what was not recorded is unknown") {
  CHECK(holds(small::on("slump"), {}) == truth::unknown);
  CHECK(holds(small::on("slump", true), {}) == truth::unknown);
  CHECK(holds(small::on("hx-sitting"), {told("hx-sitting", side::none, truth::present)}) == truth::present);
  CHECK(holds(small::on("hx-sitting", true), {told("hx-sitting", side::none, truth::present)}) ==
        truth::absent);
  CHECK(holds(small::on("hx-sitting", true), {told("hx-sitting", side::none, truth::absent)}) ==
        truth::present);
  CHECK(holds(small::on("hx-sitting"), {told("hx-sitting", side::none, truth::unknown)}) == truth::unknown);
}

TEST_CASE("a lateral finding is absent only when neither side is left open") {
  const auto left_absent = told("slump", side::left, truth::absent);
  const auto right_absent = told("slump", side::right, truth::absent);
  CHECK(holds(small::on("slump"), {left_absent}) == truth::unknown);
  CHECK(holds(small::on("slump"), {left_absent, right_absent}) == truth::absent);
  CHECK(holds(small::on("slump"), {told("slump", side::none, truth::absent)}) == truth::absent);
  CHECK(holds(small::on("slump"), {left_absent, told("slump", side::right, truth::present)}) ==
        truth::present);
}

TEST_CASE("conditions on one side read that side, and on both need both") {
  const std::vector<cases::observation> left{told("slump", side::left, truth::present)};
  CHECK(holds(small::on("slump", false, where::left), left) == truth::present);
  CHECK(holds(small::on("slump", false, where::right), left) == truth::unknown);
  CHECK(holds(small::on("slump", false, where::both), left) == truth::unknown);
  auto both = left;
  both.push_back(told("slump", side::right, truth::present));
  CHECK(holds(small::on("slump", false, where::both), both) == truth::present);
  both[1].state = truth::absent;
  CHECK(holds(small::on("slump", false, where::both), both) == truth::absent);
}

TEST_CASE("a lateral finding recorded without a side counts as present for a rule about a side") {
  CHECK(holds(small::on("slump", false, where::left), {told("slump", side::none, truth::present)}) ==
        truth::present);
}

TEST_CASE("certainty: safety is present above nothing, absence needs all of it") {
  const auto at = [](const char* finding, truth state, double certainty) {
    return holds(small::on(finding), {told(finding, side::none, state, {}, certainty)});
  };
  CHECK(at("red-fever", truth::present, 0.01) == truth::present);
  CHECK(at("red-fever", truth::absent, 0.99) == truth::unknown);
  CHECK(at("red-fever", truth::absent, 1) == truth::absent);
  CHECK(at("red-fever", truth::present, 0) == truth::absent);
  CHECK(at("hx-sitting", truth::present, 0.4) == truth::unknown);
  CHECK(at("hx-sitting", truth::present, 0.6) == truth::present);
  CHECK(at("hx-sitting", truth::absent, 0.9) == truth::unknown);
}

TEST_CASE("comparisons read values and levels, and a mere state decides none of them") {
  const auto big = small::measured("pke-angle", kb::comparison::at_least, 30);
  CHECK(holds(big, {value("pke-angle", side::left, 30)}) == truth::present);
  CHECK(holds(big, {value("pke-angle", side::left, 29), value("pke-angle", side::right, 10)}) ==
        truth::absent);
  CHECK(holds(big, {value("pke-angle", side::left, 29)}) == truth::unknown);
  CHECK(holds(big, {told("pke-angle", side::left, truth::present)}) == truth::unknown);
  const auto high = small::measured("irritability", kb::comparison::greater, 1);
  CHECK(holds(high, {level("irritability", 2)}) == truth::present);
  CHECK(holds(high, {level("irritability", 1)}) == truth::absent);
}

TEST_CASE("patient attributes are unknown when they are not recorded") {
  using kb::attribute;
  using kb::comparison;
  const auto holds_for = [](const kb::condition& c, auto set) {
    cases::patient_case p;
    set(p.who);
    return cases::holds(c, cases::settle(p, *k), *k);
  };
  const auto nothing = [](cases::patient&) {};
  const auto old = small::attribute(attribute::age, comparison::at_least, 50);
  CHECK(holds_for(old, nothing) == truth::unknown);
  CHECK(holds_for(old, [](auto& w) { w.age = 50; }) == truth::present);
  CHECK(holds_for(old, [](auto& w) { w.age = 49; }) == truth::absent);
  const auto female = small::attribute(attribute::sex, comparison::equal, 0, "female");
  CHECK(holds_for(female, nothing) == truth::unknown);
  CHECK(holds_for(female, [](auto& w) { w.sex_is = cases::sex::other; }) == truth::unknown);
  CHECK(holds_for(female, [](auto& w) { w.sex_is = cases::sex::female; }) == truth::present);
  CHECK(holds_for(female, [](auto& w) { w.sex_is = cases::sex::male; }) == truth::absent);
  const auto pregnant = small::attribute(attribute::pregnant, comparison::none, 0);
  CHECK(holds_for(pregnant, nothing) == truth::unknown);
  CHECK(holds_for(pregnant, [](auto& w) { w.pregnant = true; }) == truth::present);
  CHECK(holds_for(pregnant, [](auto& w) { w.sex_is = cases::sex::male; }) == truth::absent);
}

TEST_CASE("clauses are alternatives of conjunctions, and say which observations made them true") {
  const kb::clauses when{{small::on("slump"), small::on("hx-sitting", true)}, {small::on("red-fever")}};
  const auto p = cases::settle(
      with({told("slump", side::left, truth::present), told("hx-sitting", side::none, truth::absent)}), *k);
  CHECK(cases::holds(when, p, *k) == truth::present);
  const auto because = cases::because(when, p, *k);
  REQUIRE(because.size() == 2);
  CHECK(because[0]->finding == "slump");
  CHECK(because[1]->finding == "hx-sitting");
  CHECK(cases::holds(kb::clauses{}, p, *k) == truth::absent);
  CHECK(cases::because({{small::on("red-fever")}}, p, *k).empty());
}
