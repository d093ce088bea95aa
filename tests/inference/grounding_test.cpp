// Priors chosen by the patient, and gated links.
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/inference/brute.hpp"
#include "tests/inference/small_text.hpp"
#include "tests/inference/small_world.hpp"

using namespace posterior;
using namespace posterior::inference;
using namespace posterior::inference::tests;
using cases::truth;

namespace {

circumstances aged(double age, cases::sex sex = cases::sex::female,
                   cases::setting in = cases::setting::physio_outpatient) {
  return {age, sex, in};
}

const std::string by_whom =
    state("strain", "cause", "[0.1, 0.05, 0.2]") + prior("strain", "[0.3, 0.2, 0.4]", "setting = \"sport\"") +
    prior("strain", "[0.02, 0.01, 0.04]", "age = [60, 120]") +
    prior("strain", "[0.05, 0.02, 0.1]", "age = [60, 120]\nsetting = \"sport\"") +
    prior("strain", "[0.4, 0.3, 0.5]", "setting = \"sport\"\nsex = \"male\"\nage = [18, 30]");

double before(const kb::snapshot& k, const circumstances& who) {
  const grounding g(k, who);
  return g.net().leak[static_cast<std::size_t>(g.find("strain", side::none))];
}

// P(node | parents' states as bits) of the table that gates the only gated link of a network.
double gate_open(const grounding& g, std::size_t table, std::size_t parents) {
  return g.net().tables[table].present[parents];
}

std::string gated_world(const std::string& gates, const std::string& lateral = "") {
  return state("risk", "cause", "[0.3, 0.2, 0.4]", lateral) +
         state("load", "impairment", "[0.4, 0.3, 0.5]", lateral) +
         state("guard", "impairment", "[0.2, 0.1, 0.3]", lateral) +
         state("pain", "symptom", "[0.05, 0.02, 0.1]", lateral) +
         link("risk", "pain", "[0.8, 0.7, 0.9]", gates) + finding("sx-pain", lateral) +
         finding("fi-load", lateral) + finding("fi-guard", lateral) + observes("sx-pain", "pain", accurate) +
         observes("fi-load", "load", accurate) + observes("fi-guard", "guard", accurate);
}

} // namespace

TEST_CASE("the narrowest prior that is about the patient counts") {
  const auto k = knowledge(by_whom);
  CHECK(before(*k, aged(40)) == 0.1);
  CHECK(before(*k, aged(40, cases::sex::female, cases::setting::sport)) == 0.3);
  CHECK(before(*k, aged(60.5)) == 0.02);
  CHECK(before(*k, aged(70, cases::sex::male, cases::setting::sport)) == 0.05);
  CHECK(before(*k, aged(30.9, cases::sex::male, cases::setting::sport)) == 0.4);
  CHECK(before(*k, aged(31, cases::sex::male, cases::setting::sport)) == 0.3);
}

TEST_CASE("what is not known of a patient chooses no prior") {
  const auto k = knowledge(by_whom);
  CHECK(before(*k, {}) == 0.1);
  CHECK(before(*k, {std::nullopt, cases::sex::male, cases::setting::sport}) == 0.3);
  CHECK(before(*k, aged(25, cases::sex::unknown, cases::setting::sport)) == 0.3);
  CHECK(before(*k, aged(25, cases::sex::other, cases::setting::sport)) == 0.3);
  CHECK(before(*k, aged(80, cases::sex::female, cases::setting::unknown)) == 0.02);
}

TEST_CASE("the prior that is printed is the patient's, and the posterior follows it") {
  const auto k = knowledge(by_whom + finding("sign") + observes("sign", "strain", accurate));
  auto p = picture({{"sign"}});
  p.who.age = 70;
  const auto old = think(*k, p);
  CHECK(std::abs(belief(old, "strain").prior - 0.02) < 1e-12);
  CHECK(std::abs(belief(old, "strain").posterior - 0.02 * 0.8 / (0.02 * 0.8 + 0.98 * 0.1)) < 1e-12);
  p.who.age = 40;
  CHECK(std::abs(belief(think(*k, p), "strain").prior - 0.1) < 1e-12);
}

TEST_CASE("a prior of its own is drawn by itself, and both sides of a lateral state have it") {
  const std::string lateral = "lateral = true\npair = 0.5";
  const auto k = knowledge(state("strain", "cause", "[0.1, 0.05, 0.2]", lateral) +
                           prior("strain", "[0.3, 0.2, 0.4]", "setting = \"sport\""));
  const grounding g(*k, {40, cases::sex::male, cases::setting::sport});
  const parameters drawn(16);
  const auto l = g.find("strain", side::left), r = g.find("strain", side::right);
  CHECK(g.nodes()[static_cast<std::size_t>(l)].before->mean == 0.3);
  CHECK(std::abs(g.shock(0, drawn, -1) - 0.15) < 1e-15);
  for (int i = 0; i < 16; ++i)
    CHECK(g.own_leak(l, drawn, i) == g.own_leak(r, drawn, i));
  CHECK(grounding(*k).nodes()[static_cast<std::size_t>(l)].leak !=
        g.nodes()[static_cast<std::size_t>(l)].leak);
}

TEST_CASE("a gated link acts only with all that it needs and without what prevents it") {
  const auto k = knowledge(gated_world("only_with = [\"load\"]\nunless = [\"guard\"]"));
  const grounding g(*k);
  REQUIRE(g.net().tables.size() == 1);
  const auto& t = g.net().tables[0];
  REQUIRE(t.parents == std::vector<node_index>{g.find("risk", side::none), g.find("load", side::none),
                                               g.find("guard", side::none)});
  for (std::size_t c = 0; c < 8; ++c)
    CHECK(gate_open(g, 0, c) == (c == 3 ? 1.0 : 0.0));
  REQUIRE(g.net().links.size() == 1);
  CHECK(g.net().links[0].from == t.node);
  CHECK(g.net().links[0].to == g.find("pain", side::none));
  CHECK(g.net().links[0].p == 0.8);
}

TEST_CASE("posteriors with a gated link agree with brute force, and what opens the gate matters") {
  const auto k = knowledge(gated_world("only_with = [\"load\"]\nunless = [\"guard\"]"));
  const auto p = picture({{"sx-pain"}, {"fi-load"}, {"fi-guard", side::none, truth::absent, 1}});
  const grounding g(*k);
  const evidence seen(*k, p, g, {});
  const auto judged = judge::brute(g.net(), seen.likelihoods(parameters(0), -1));
  const auto open = think(*k, p, 16);
  CHECK(std::abs(belief(open, "risk").posterior -
                 static_cast<double>(
                     judged.posterior[static_cast<std::size_t>(g.find("risk", side::none))])) < 1e-14);
  CHECK(belief(open, "risk").low < belief(open, "risk").posterior);
  const auto shut =
      think(*k, picture({{"sx-pain"}, {"fi-load", side::none, truth::absent, 1}, {"fi-guard"}}));
  const auto no_gate = knowledge(gated_world(""));
  const auto plain = think(*no_gate, picture({{"sx-pain"}}));
  CHECK(belief(open, "risk").posterior > belief(shut, "risk").posterior + 0.1);
  CHECK(belief(shut, "risk").posterior < belief(plain, "risk").posterior);
}

TEST_CASE("a gate of a lateral link is looked for on the same side") {
  const auto k = knowledge(gated_world("only_with = [\"load\"]", "lateral = true"));
  const grounding g(*k);
  REQUIRE(g.net().tables.size() == 2);
  for (std::size_t side_of = 0; side_of < 2; ++side_of) {
    const side s = side_of == 0 ? side::left : side::right;
    CHECK(g.net().tables[side_of].parents == std::vector<node_index>{g.find("risk", s), g.find("load", s)});
  }
  const auto r = think(*k, picture({{"sx-pain", side::left},
                                    {"sx-pain", side::right},
                                    {"fi-load", side::left},
                                    {"fi-load", side::right, truth::absent, 1}}));
  CHECK(belief(r, "risk", side::left).posterior > belief(r, "risk", side::right).posterior + 0.1);
}

TEST_CASE("a gate between midline states may be open on either side") {
  const std::string text = state("risk", "cause", "[0.3, 0.2, 0.4]") +
                           state("load", "impairment", "[0.4, 0.3, 0.5]", "lateral = true") +
                           state("pain", "symptom", "[0.05, 0.02, 0.1]") +
                           link("risk", "pain", "[0.8, 0.7, 0.9]", "only_with = [\"load\"]");
  const auto k = knowledge(text);
  const grounding g(*k);
  REQUIRE(g.net().tables.size() == 1);
  CHECK(g.net().tables[0].parents[1] == g.either("load"));
}

TEST_CASE("when no modelled cause acts, a gated link of a cause does not act either") {
  const auto k = knowledge(gated_world("only_with = [\"load\"]"));
  const auto r = think(*k, picture({{"sx-pain"}, {"fi-load"}}));
  const auto nothing = think(*k, picture({{"sx-pain", side::none, truth::absent, 1}, {"fi-load"}}));
  CHECK(r.none_of_these > 0.05);
  CHECK(r.none_of_these < 1 - 0.5 * belief(r, "risk").posterior);
  CHECK(nothing.none_of_these > r.none_of_these);
}
