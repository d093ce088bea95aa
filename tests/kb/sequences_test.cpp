// Rules of sequence: read, kept, put to sleep, and refused where no session could follow them.
#include <algorithm>

#include <catch2/catch_test_macros.hpp>

#include "kb/canonical.hpp"
#include "kb/codec.hpp"
#include "kb/reader.hpp"
#include "kb/show.hpp"
#include "tests/kb/world.hpp"

namespace posterior::kb {
namespace {

std::string said(const std::string& id, const std::string& form) {
  return "[[sequence]]\nid = \"" + id + "\"\nname = \"Name of " + id +
         "\"\nwhy = \"W.\"\njudgement = \"J.\"\n" + form + "\n";
}

// "x < y, z": before each comma one group, a phase if it is called as one.
std::string order(const std::vector<std::string>& groups) {
  std::string out;
  for (const std::string& g : groups) {
    const bool is_phase = g == "mobility" || g == "concentric" || g == "neural" || g == "isometric";
    out += (out.empty() ? "" : ", ") + std::string(is_phase ? "{ phases = [\"" : "{ exercises = [\"") + g +
           "\"] }";
  }
  return "order = [" + out + "]";
}

merge_result with(const std::vector<std::pair<std::string, std::string>>& packs) {
  return merge(bundles_with(packs));
}

bool refused(const merge_result& m, std::string_view id) {
  return std::any_of(m.bundles.begin(), m.bundles.end(),
                     [&](const bundle& b) { return b.about.id == id && has_errors(b.problems); });
}

const std::string every_form =
    said("a:seq-order", "cause = \"hip-flexor-short\"\nwhen = [[\"sx-back-pain\"], [\"age >= 50\"]]\n"
                        "order = [{ exercises = [\"hip-flexor-stretch\"] }, { phases = [\"concentric\"] }]") +
    said("a:seq-one",
         "at_most_one = { exercises = [\"hip-flexor-stretch\", \"band-bridge\"], first_weeks = 4 }") +
    said("a:seq-week",
         "covers = { each = [{ exercises = [\"band-bridge\"] }, { phases = [\"neural\"] }], times = "
         "2, weeks = 2, from_week = 4, once_begun = true }") +
    said("a:seq-apart", "apart = { exercises = [\"band-bridge\"], phases = [\"eccentric\"], hours = 48, "
                        "first_hours = 72, first_weeks = 2, event = \"a match\" }");

} // namespace

TEST_CASE("every form of a rule of sequence is read as it was written") {
  const auto m = with({{"a", every_form}});
  INFO(all_problems(m.bundles));
  const auto s = index(snapshot(m.content));
  const sequence* order = s->find_sequence("a:seq-order");
  REQUIRE(order);
  CHECK(order->cause == "hip-flexor-short");
  CHECK(order->when.size() == 2);
  CHECK(order->order == std::vector<exercise_group>{{{"hip-flexor-stretch"}, {}}, {{}, {phase::concentric}}});
  CHECK(s->find_sequence("a:seq-one")->at_most_one == exclusion{{"hip-flexor-stretch", "band-bridge"}, 4});
  CHECK(s->find_sequence("a:seq-week")->covers ==
        coverage{{{{"band-bridge"}, {}}, {{}, {phase::neural}}}, 2, 2, 4, true});
  CHECK(s->find_sequence("a:seq-apart")->apart ==
        spacing{{"band-bridge"}, {phase::eccentric}, 48, 72, 2, "a match"});
}

TEST_CASE("every form reads back from its canonical text and from the compact form as it was") {
  const auto m = with({{"a", every_form}});
  const auto kept = index(snapshot(m.content));
  for (const sequence& q : kept->all.sequences) {
    statements back;
    scale words;
    REQUIRE(read_canonical(canonical_text(q), q.from, back, words));
    CHECK(canonical_text(back.sequences.at(0)) == canonical_text(q));
  }
  CHECK(canonical_text(*kept->find_sequence("a:seq-one")) ==
        "{\"statement\":\"sequence\",\"id\":\"a:seq-one\",\"name\":\"Name of a:seq-one\",\"why\":\"W.\","
        "\"at_most_one\":{\"exercises\":[\"hip-flexor-stretch\",\"band-bridge\"],\"first_weeks\":4},"
        "\"basis\":{\"judgement\":\"J.\",\"grade\":\"opinion\",\"seen\":\"judgement\"}}");
}

TEST_CASE("a rule of sequence is shown with its groups, and an exercise with the rules that name it") {
  const auto s = index(snapshot(with({{"a", every_form}}).content));
  const auto card = show(*s, "a:seq-order");
  REQUIRE(card);
  const auto field = [&](std::string_view label) {
    for (const auto& [name, value] : card->fields)
      if (name == label)
        return value;
    return std::string();
  };
  CHECK(field("order (1)") == "hip-flexor-stretch");
  CHECK(field("order (2)") == "all of phase concentric");
  const auto used = show(*s, "band-bridge")->relations;
  CHECK(std::count_if(used.begin(), used.end(), [](const relation& r) { return r.kind == "sequence"; }) == 4);
}

TEST_CASE(
    "of two clinics' orders that contradict each other neither counts, and the core's stands against any") {
  const auto m = with({{"a", said("a:seq-x", order({"neural", "isometric"}))},
                       {"b", said("b:seq-y", order({"isometric", "neural"}))},
                       {"c", said("c:seq-z", order({"band-bridge", "mobility"}))},
                       {"d", said("d:seq-w", order({"mobility", "isometric"}))}});
  CHECK(refused(m, "com.a.pack"));
  CHECK(refused(m, "com.b.pack"));
  CHECK(refused(m, "com.c.pack"));
  CHECK_FALSE(refused(m, "com.d.pack"));
  CHECK_FALSE(refused(m, "org.posterior.core"));
  CHECK(all_problems(m.bundles).find(
            "part of the loop isometric before neural before isometric (a:seq-x, b:seq-y)") !=
        std::string::npos);
}

TEST_CASE("an order is contradicted over other rules, and through the phase of an exercise") {
  // band-bridge is concentric, the stretch is of mobility.
  const auto over = with({{"a", said("a:seq-1", order({"neural", "isometric"})) +
                                    said("a:seq-2", order({"isometric", "band-bridge"})) +
                                    said("a:seq-3", order({"concentric", "neural"}))}});
  CHECK(refused(over, "com.a.pack"));
  const auto fine = with({{"a", said("a:seq-1", order({"neural", "isometric"})) +
                                    said("a:seq-2", order({"isometric", "band-bridge"})) +
                                    said("a:seq-3", order({"neural", "concentric"}))}});
  CHECK_FALSE(refused(fine, "com.a.pack"));
}

TEST_CASE("an exercise that a rule names stands where it is named and not where its phase stands") {
  const auto m = with({{"a", said("a:seq-1", "order = [{ exercises = [\"band-bridge\"] }, { phases = "
                                             "[\"neural\"] }, { phases = [\"concentric\"] }]")}});
  CHECK_FALSE(refused(m, "com.a.pack"));
}

TEST_CASE("an exercise of a clinic whose phase makes the core's rules disagree takes nobody with it") {
  auto bundles = bundles_with(
      {{"a", "[[exercise]]\nid = \"a:late\"\nname = \"L\"\npurpose = \"P.\"\nphase = "
             "\"eccentric\"\nirritability = \"low\"\ndose = { sets = 3 }\njudgement = \"J.\"\n"}});
  const auto core =
      std::find_if(bundles.begin(), bundles.end(), [](const bundle& b) { return b.about.id == core_id; });
  REQUIRE(core != bundles.end());
  sequence named = core->says.sequences.at(0);
  named.id = "seq-named";
  named.order = {{{"a:late"}, {}}, {{"hip-flexor-stretch"}, {}}};
  core->says.sequences.push_back(named);
  const auto m = merge(std::move(bundles));
  CHECK(m.usable);
  CHECK_FALSE(refused(m, "com.a.pack"));
  CHECK(m.content.loops.empty());
}

TEST_CASE("the core's own contradictory orders leave no knowledge, and are named") {
  auto bundles = base_bundles();
  sequence turned = bundles[0].says.sequences.at(0);
  turned.id = "seq-turned";
  std::reverse(turned.order.begin(), turned.order.end());
  bundles[0].says.sequences.push_back(turned);
  const auto m = merge(std::move(bundles));
  CHECK_FALSE(m.usable);
  REQUIRE(m.content.loops.size() == 1);
  CHECK(m.content.loops[0].find("(seq-length-first, seq-turned)") != std::string::npos);
}

TEST_CASE(
    "a rule of an unknown cause or finding sleeps, and one of unknown exercises goes on with the others") {
  const std::string two = "at_most_one = { exercises = [\"band-bridge\", \"hip-flexor-stretch\"";
  const auto m =
      with({{"a", said("a:seq-cause", "cause = \"a:nowhere\"\n" + two + "] }") +
                      said("a:seq-when", "when = [[\"a:unseen\"]]\n" + two + "] }") +
                      said("a:seq-fewer", two + ", \"a:gone\"] }") +
                      said("a:seq-none", "at_most_one = { exercises = [\"band-bridge\", \"a:gone\"] }") +
                      said("a:seq-order", order({"band-bridge", "a:gone"}))}});
  const auto s = index(snapshot(m.content));
  CHECK_FALSE(s->find_sequence("a:seq-cause"));
  CHECK_FALSE(s->find_sequence("a:seq-when"));
  CHECK_FALSE(s->find_sequence("a:seq-none"));
  CHECK_FALSE(s->find_sequence("a:seq-order"));
  REQUIRE(s->find_sequence("a:seq-fewer"));
  CHECK(s->find_sequence("a:seq-fewer")->at_most_one->exercises.size() == 2);
}

TEST_CASE("orders that fit are found to fit quickly, however many exercises they name") {
  std::vector<bundle> bundles = base_bundles();
  sequence& q = bundles[0].says.sequences.at(0);
  q.order.assign(2, {});
  for (int i = 0; i < 20000; ++i)
    q.order[static_cast<std::size_t>(i % 2)].exercises.push_back("e" + std::to_string(i));
  const auto m = merge(std::move(bundles));
  CHECK(m.content.loops.empty());
}

} // namespace posterior::kb
