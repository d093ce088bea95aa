// The detector of neural tension: what pairs of straight leg raises say, and what they leave unsaid.
#include <catch2/catch_test_macros.hpp>

#include "tests/plugins/notes.hpp"

namespace {

using namespace posterior::tests;
constexpr side left = side::left, right = side::right;
constexpr auto pair_finding = "slr-differentiation-pair";
constexpr auto excess = "slr-loss-excess";
constexpr auto gap = "slr-side-gap";

// A left leg that rises to 62 degrees, and to `sensitised` with the foot up.
notes foot_up(double sensitised, note symptom) {
  return {number("slr-passive", left, 62), number("slr-sensitised-ankle", left, sensitised),
          std::move(symptom)};
}
note symptom_yes() {
  return yes("slr-symptom-sensitised-ankle", left);
}
note symptom_no() {
  return no("slr-symptom-sensitised-ankle", left);
}

} // namespace

TEST_CASE(
    "A familiar symptom that comes seven degrees earlier with the foot up is structural differentiation") {
  CHECK(says(ask(foot_up(55, symptom_yes())), pair_finding, left, state::present, "slr-pair-earlier"));
  CHECK_FALSE(ask(foot_up(55.1, symptom_yes())).find(pair_finding, left));
}

TEST_CASE(
    "A symptom that only the tensioned nerve brings on needs no lost range, but no longer hamstring either") {
  const note plain = no("slr-symptom", left);
  CHECK(says(ask(with(foot_up(62, symptom_yes()), plain)), pair_finding, left, state::present,
             "slr-pair-only-sensitised"));
  CHECK(ask(with(foot_up(69, symptom_yes()), plain)).find(pair_finding, left));
  CHECK_FALSE(ask(with(foot_up(70, symptom_yes()), plain)).find(pair_finding, left));
  CHECK_FALSE(ask(with(foot_up(62, symptom_yes()), yes("slr-symptom", left))).find(pair_finding, left));
}

TEST_CASE("A raise that changes as in health without the symptom speaks against the nerve") {
  CHECK(says(ask(foot_up(62 - 18.5, symptom_no())), pair_finding, left, state::absent, "slr-pair-unchanged"));
  CHECK_FALSE(ask(foot_up(62 - 19, symptom_no())).find(pair_finding, left));
}

TEST_CASE("For a child only the error of the measure is allowed for") {
  CHECK_FALSE(ask(with(foot_up(50, symptom_no()), age(12))).find(pair_finding, left));
  CHECK(ask(with(foot_up(56, symptom_no()), age(12))).find(pair_finding, left));
  CHECK(ask(with(foot_up(50, symptom_no()), age(18))).find(pair_finding, left));
}

TEST_CASE("Lost range without the symptom is never structural differentiation") {
  for (double sensitised : {60.0, 40.0, 20.0, 0.0})
    for (const note& plain : {no("slr-symptom", left), yes("slr-symptom", left)}) {
      const auto given = ask(with(foot_up(sensitised, symptom_no()), plain));
      const auto* found = given.find(pair_finding, left);
      CHECK((!found || found->what == state::absent));
    }
  CHECK_FALSE(ask({number("slr-passive", left, 62), number("slr-sensitised-ankle", left, 20)})
                  .find(pair_finding, left));
}

TEST_CASE("Foot and neck that answer differently are left to speak for themselves") {
  const notes both = with(foot_up(50, symptom_yes()), number("slr-sensitised-neck", left, 50));
  CHECK(ask(with(both, yes("slr-symptom-sensitised-neck", left))).find(pair_finding, left));
  CHECK_FALSE(ask(with(both, no("slr-symptom-sensitised-neck", left))).find(pair_finding, left));
  CHECK_FALSE(ask(with(foot_up(50, symptom_yes()), no("slr-symptom-sensitised-neck", left)))
                  .find(pair_finding, left));
}

TEST_CASE("The neck alone is enough") {
  CHECK(says(ask({number("slr-passive", right, 62), number("slr-sensitised-neck", right, 50),
                  yes("slr-symptom-sensitised-neck", right)}),
             pair_finding, right, state::present, "slr-pair-earlier"));
}

TEST_CASE("A raise of another day is no partner") {
  const notes apart{on_day(20000, number("slr-passive", left, 62)),
                    on_day(20001, number("slr-sensitised-ankle", left, 50)), on_day(20001, symptom_yes())};
  CHECK(ask(apart).findings.empty());
  CHECK(ask(with(apart, on_day(20001, number("slr-passive", left, 62)))).find(pair_finding, left));
}

TEST_CASE("An old pair does not outlive a newer answer") {
  notes old = foot_up(50, symptom_yes());
  for (note& one : old)
    one.day = 20000;
  CHECK(ask(old).find(pair_finding, left));
  CHECK_FALSE(ask(with(old, on_day(20100, symptom_no()))).find(pair_finding, left));
}

TEST_CASE("A newer answer to the other sensitiser makes the pair of the first an old one") {
  notes old = foot_up(50, symptom_yes());
  for (note& one : old)
    one.day = 20000;
  CHECK_FALSE(
      ask(with(old, on_day(20100, no("slr-symptom-sensitised-neck", left)))).find(pair_finding, left));
  CHECK(ask(with(old, on_day(19900, no("slr-symptom-sensitised-neck", left)))).find(pair_finding, left));
}

TEST_CASE("The clinician's own structural differentiation wins over the worked-out one") {
  const notes pairs = foot_up(50, symptom_yes());
  CHECK_FALSE(ask(with(pairs, no("slr-structural-differentiation", left))).find(pair_finding, left));
  CHECK_FALSE(ask(with(pairs, yes("slr-structural-differentiation", left))).find(pair_finding, left));
  CHECK(ask(with(pairs, yes("slr-structural-differentiation", right))).find(pair_finding, left));
}

TEST_CASE("Differentiation is no surer than the answers that it rests on, and a denied yes is a no") {
  CHECK(
      ask(foot_up(50, yes("slr-symptom-sensitised-ankle", left, 0.8))).find(pair_finding, left)->certainty ==
      0.8);
  CHECK_FALSE(ask(foot_up(50, yes("slr-symptom-sensitised-ankle", left, 0.5))).find(pair_finding, left));
  CHECK(ask(foot_up(60, yes("slr-symptom-sensitised-ankle", left, 0.25))).find(pair_finding, left)->what ==
        state::absent);
  CHECK(ask(with(foot_up(62, symptom_yes()), no("slr-symptom", left, 0.75)))
            .find(pair_finding, left)
            ->certainty == 0.75);
}

TEST_CASE("A loss that the other leg does not share is more than health explains from sixteen degrees on") {
  const notes other{number("slr-passive", right, 70), number("slr-sensitised-ankle", right, 66)};
  const auto lost = [&](double degrees) {
    notes all = other;
    all.push_back(number("slr-passive", left, 62));
    all.push_back(number("slr-sensitised-ankle", left, 62 - degrees));
    return ask(all);
  };
  CHECK(says(lost(21), excess, left, state::present, "slr-loss-one-sided"));
  CHECK_FALSE(lost(20).find(excess, left));
  CHECK_FALSE(lost(11.5).find(excess, left));
  CHECK(says(lost(11), excess, left, state::absent, "slr-loss-alike"));
  CHECK(says(lost(21), excess, right, state::absent, "slr-loss-alike"));
}

TEST_CASE("A loss of either sensitiser is enough, whatever the other one says") {
  const notes alike{number("slr-passive", left, 70), number("slr-passive", right, 70)};
  for (const auto& [taken, spared] : {std::pair{"slr-sensitised-neck", "slr-sensitised-ankle"},
                                      std::pair{"slr-sensitised-ankle", "slr-sensitised-neck"}}) {
    notes patient = alike;
    patient.push_back(number(taken, left, 45));
    patient.push_back(number(taken, right, 68));
    patient.push_back(number(spared, left, 66));
    patient.push_back(number(spared, right, 66));
    CHECK(says(ask(patient), excess, left, state::present, "slr-loss-one-sided"));
  }
}

TEST_CASE("One leg alone has lost too much only beyond nearly all healthy legs") {
  CHECK(says(ask({number("slr-passive", left, 80), number("slr-sensitised-ankle", left, 50)}), excess, left,
             state::present, "slr-loss-beyond-health"));
  CHECK(ask({number("slr-passive", left, 80), number("slr-sensitised-ankle", left, 51)}).findings.empty());
}

TEST_CASE("The healthy limits of a loss are not applied to a child") {
  CHECK(ask({age(12), number("slr-passive", left, 80), number("slr-sensitised-ankle", left, 40)})
            .findings.empty());
}

TEST_CASE("The gap between two plain raises is told of both legs") {
  const auto given = ask({number("slr-passive", left, 55), number("slr-passive", right, 75)});
  REQUIRE(given.find(gap, left));
  CHECK(given.find(gap, left)->value == 20);
  CHECK(given.find(gap, right)->value == -20);
}

TEST_CASE("A recorded side difference wins over the subtracted one") {
  CHECK(ask({number("slr-passive", left, 55), number("slr-passive", right, 75),
             number("slr-side-difference", left, 18)})
            .findings.empty());
}

TEST_CASE("Raises without side, out of range or missing say nothing of the nerve") {
  CHECK(ask({}).findings.empty());
  CHECK(ask({number("slr-passive", side::none, 62), number("slr-sensitised-ankle", side::none, 40),
             yes("slr-symptom-sensitised-ankle", side::none)})
            .findings.empty());
  CHECK(ask({number("slr-passive", left, 300), number("slr-sensitised-ankle", left, 50), symptom_yes()})
            .findings.empty());
  CHECK(ask({number("slr-passive", left, 62), symptom_yes()}).findings.empty());
}

TEST_CASE("No case, however odd, makes neural tension's detector fail, favour a side or heed the order of "
          "records") {
  const std::vector<double> angles{0, 40, 50, 55, 60, 62, 80};
  std::set<std::string> heard;
  const std::string document = POSTERIOR_SOURCE_DIR "/plugins/neural-tension/knowledge/derived.toml";
  CHECK(trouble({{"age", false, {12, 34, 70}},
                 {"slr-passive", true, angles},
                 {"slr-symptom", true, {}},
                 {"slr-sensitised-ankle", true, angles},
                 {"slr-sensitised-neck", true, angles},
                 {"slr-symptom-sensitised-ankle", true, {}},
                 {"slr-symptom-sensitised-neck", true, {}},
                 {"slr-structural-differentiation", true, {}},
                 {"slr-side-difference", true, {15}}},
                document, heard) == "");
  CHECK(heard == values_of(document, "key"));
}
