#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/inference/sensitivity.hpp"
#include "tests/inference/random_world.hpp"

using namespace posterior;
using namespace posterior::inference;
using namespace posterior::inference::tests;

namespace {

const node_belief& leader(const reasoning& r) {
  const node_belief* best = nullptr;
  for (const node_belief& b : r.beliefs)
    if (b.state->kind == kb::state_kind::cause && (!best || b.posterior > best->posterior))
      best = &b;
  return *best;
}

reasoning with(const kb::snapshot& k, const cases::picture& p, const fixed_number* fixed, bool sensitivity) {
  const grounding ground(k);
  const evidence seen(k, p, ground, {});
  reasoning_options asked;
  asked.draws = 0;
  asked.tests.wanted = false;
  asked.fixed = fixed;
  asked.sensitivity = sensitivity;
  return reason(k, p, ground, seen, asked);
}

bool same_cause(const node_belief& a, const node_belief& b) {
  return a.state == b.state && a.where == b.where;
}

} // namespace

TEST_CASE(
    "at a turning point leader and rival are equal, and a whole re-run on either side has another first") {
  judge::dice d(2024);
  int solved = 0, searched = 0, tied = 0;
  for (int round = 0; round < 60; ++round) {
    world_maker make(d);
    const auto k = knowledge(make.make(4) + family_a);
    const auto p = picture(make.answers(0.5));
    const auto r = with(*k, p, nullptr, true);
    if (r.what != reasoning_outcome::answered || r.sensitivity.empty())
      continue;
    const node_belief& first = leader(r);
    for (const parameter_effect& e : r.sensitivity) {
      if (!e.turns)
        continue;
      const double value = e.turns->value, mean = e.parameter.now.mean;
      INFO("round " << round << ", " << to_string(e.parameter.kind) << " " << e.parameter.statement
                    << " from " << mean << " to " << value);
      const fixed_number at(e.parameter.name, value);
      const auto there = with(*k, p, &at, false);
      const node_belief& rival = there.beliefs[e.turns->rival];
      const auto mine = std::find_if(there.beliefs.begin(), there.beliefs.end(),
                                     [&](const node_belief& b) { return same_cause(b, first); });
      CHECK(std::fabs(mine->posterior - rival.posterior) < 1e-6);
      const double beyond = value + (value - mean) * 0.01, short_of = value - (value - mean) * 0.01;
      if (e.parameter.bounded() && (beyond >= 1 || beyond <= 0))
        continue;
      const fixed_number further(e.parameter.name, beyond), nearer(e.parameter.name, short_of);
      CHECK_FALSE(same_cause(leader(with(*k, p, &further, false)), first));
      CHECK(same_cause(leader(with(*k, p, &nearer, false)), first));
      ++(e.turns->searched ? searched : solved);
      tied += e.parameter.tied;
    }
  }
  CHECK(solved > 30);
  CHECK(searched > 5);
  CHECK(tied > 5);
}

TEST_CASE("where no turning point is told, no value of the parameter changes the first rank") {
  judge::dice d(77);
  int scanned = 0;
  for (int round = 0; round < 12; ++round) {
    world_maker make(d);
    const auto k = knowledge(make.make(3) + family_a);
    const auto p = picture(make.answers(0.5));
    const auto r = with(*k, p, nullptr, true);
    if (r.what != reasoning_outcome::answered)
      continue;
    const node_belief& first = leader(r);
    for (const parameter_effect& e : r.sensitivity) {
      if (e.turns || e.parameter.tied || !e.parameter.bounded())
        continue;
      for (double x = 0.02; x < 1; x += 0.06) {
        const fixed_number at(e.parameter.name, x);
        const auto there = with(*k, p, &at, false);
        const auto mine = std::find_if(there.beliefs.begin(), there.beliefs.end(),
                                       [&](const node_belief& b) { return same_cause(b, first); });
        CHECK(leader(there).posterior <= mine->posterior + 1e-9);
      }
      ++scanned;
    }
  }
  CHECK(scanned > 40);
}

TEST_CASE("what a parameter does to the leader at the ends of its interval is what a re-run gives") {
  judge::dice d(5);
  world_maker make(d);
  const auto k = knowledge(make.make(4) + family_a);
  const auto p = picture(make.answers(0.5));
  const auto r = with(*k, p, nullptr, true);
  REQUIRE_FALSE(r.sensitivity.empty());
  const node_belief& first = leader(r);
  for (const parameter_effect& e : r.sensitivity) {
    const fixed_number low(e.parameter.name, e.parameter.now.low);
    const auto there = with(*k, p, &low, false);
    const auto mine = std::find_if(there.beliefs.begin(), there.beliefs.end(),
                                   [&](const node_belief& b) { return same_cause(b, first); });
    CHECK(std::fabs(mine->posterior - e.leader_low) < 1e-12);
  }
}

TEST_CASE("the credence of a theory is a parameter, and its turning point holds in a whole re-run") {
  const std::string basis = "judgement = \"made up for a test\"\n";
  const auto cause = [&](const std::string& id, const std::string& leak) {
    return "[[state]]\nid = \"" + id + "\"\nname = \"" + id +
           "\"\nkind = \"cause\"\npresent_when = \"x\"\nleak = " + leak + "\n" + basis;
  };
  const std::string world =
      "[[theory]]\ncredence = [0.75, 0.5, 0.9]\ncauses = [\"cause-a\"]\n" + basis +
      cause("cause-a", "[0.4, 0.3, 0.5]") + cause("cause-b", "[0.3, 0.2, 0.4]") +
      "[[state]]\nid = \"sx\"\nname = \"s\"\nkind = \"symptom\"\npresent_when = \"x\"\nleak = [0.05, 0.04, "
      "0.06]\n" +
      basis + "[[link]]\nfrom = \"cause-a\"\nto = \"sx\"\np = [0.7, 0.6, 0.8]\nbecause = \"x\"\n" + basis +
      "[[link]]\nfrom = \"cause-b\"\nto = \"sx\"\np = [0.7, 0.6, 0.8]\nbecause = \"x\"\n" + basis +
      "[[finding]]\nid = \"told\"\nname = \"told\"\nkind = \"symptom\"\nquestion = \"x\"\n" + basis +
      "[[observes]]\nfinding = \"told\"\nstate = \"sx\"\nread = \"told\"\n" + basis;
  const auto k = knowledge(world);
  const auto p = picture({{"told"}});
  const auto r = with(*k, p, nullptr, true);
  const auto credence =
      std::find_if(r.sensitivity.begin(), r.sensitivity.end(),
                   [](const parameter_effect& e) { return e.parameter.kind == parameter_kind::credence; });
  REQUIRE(credence != r.sensitivity.end());
  REQUIRE(credence->turns);
  const fixed_number at(credence->parameter.name, credence->turns->value);
  const auto there = with(*k, p, &at, false);
  CHECK(std::fabs(belief(there, "cause-a").posterior - belief(there, "cause-b").posterior) < 1e-6);
}
