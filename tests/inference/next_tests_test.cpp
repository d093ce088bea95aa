#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/inference/next_tests.hpp"
#include "engine/inference/query.hpp"
#include "kb/values/odds.hpp"
#include "tests/inference/brute.hpp"
#include "tests/inference/random_world.hpp"

using namespace posterior;
using namespace posterior::inference;
using namespace posterior::inference::tests;
using cases::truth;

namespace {

cases::picture with(cases::picture p, const cases::settled& answer) {
  p.findings.push_back(answer);
  std::sort(p.findings.begin(), p.findings.end(), [](const auto& a, const auto& b) {
    return std::tie(a.finding, a.where) < std::tie(b.finding, b.where);
  });
  return p;
}

// What reason() hands to next_tests, for a world without theories.
struct bench {
  const kb::snapshot& knowledge;
  const cases::picture& picture;
  grounding ground{knowledge};
  evidence seen{knowledge, picture, ground, {}};
  reasoning base;
  std::vector<node_index> targets;
  std::optional<program> schedule;
  machine<lanes> tables;
  std::vector<theory_nodes> theories;
  parameters means{0};
  run_result now;
  test_wishes wishes;

  bench(const kb::snapshot& k, const cases::picture& p)
      : knowledge(k)
      , picture(p) {
    wishes.cells = 0x1p30;
    reasoning_options asked;
    asked.draws = 0;
    asked.tests.wanted = false;
    base = reason(k, p, ground, seen, asked);
    for (const node_belief& b : base.beliefs)
      targets.push_back(ground.find(b.state->id, b.where));
    schedule = compile(ground.net(), seen.nodes(), targets, seen.certainly_absent());
    lane_runner<lanes> runner(ground, seen, *schedule, means, theories, tables);
    now = runner.run(std::vector<variation>(1), targets)[0];
  }
  test_question question() {
    return {knowledge, picture,      ground, seen,   *schedule, theories,
            targets,   base.beliefs, now,    tables, wishes};
  }
};

double worst_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double worst = 0;
  for (std::size_t k = 0; k < a.size(); ++k)
    worst = std::max(worst, std::fabs(a[k] - b[k]));
  return worst;
}

} // namespace

TEST_CASE("one lane for each state gives every finding, level and value about it what conditioning gives") {
  judge::dice d(20261121);
  int compared = 0, measured = 0, outside = 0, two_states = 0;
  for (int round = 0; round < 150; ++round) {
    world_maker make(d);
    const auto k = knowledge(make.make(4) + family_a);
    const auto p = picture(make.answers(0.35));
    bench b(*k, p);
    if (b.base.what != reasoning_outcome::answered)
      continue;
    const auto q = b.question();
    const auto fast = next_tests(q);
    for (const question& x : open_questions(*k, p, b.seen)) {
      const auto t = std::find_if(fast.begin(), fast.end(), [&](const candidate_test& c) {
        return c.finding == x.finding && c.where == x.where;
      });
      const auto slow = by_conditioning(q, x);
      REQUIRE(slow);
      if (t == fast.end()) { // left out: it bears on no cause
        CHECK(slow->bits < 1e-12);
        continue;
      }
      INFO("round " << round << ", " << x.finding->id << ", bits " << t->bits << " and " << slow->bits);
      CHECK(t->bits >= 0);
      CHECK(std::fabs(t->bits - slow->bits) < 1e-10);
      REQUIRE(t->results.size() == slow->results.size());
      for (std::size_t o = 0; o < t->results.size(); ++o) {
        CHECK(std::fabs(t->results[o].probability - slow->results[o].probability) < 1e-12);
        if (slow->results[o].probability > 1e-4)
          CHECK(worst_difference(t->results[o].posterior, slow->results[o].posterior) < 1e-12);
      }
      ++compared;
      measured += x.outcomes.size() > 2;
      two_states += x.nodes.size() > 1;
      outside += b.schedule->local_of[static_cast<std::size_t>(x.nodes[0])] < 0;
    }
  }
  CHECK(compared > 500);
  CHECK(measured > 50);
  CHECK(two_states > 20);
  CHECK(outside > 100);
}

TEST_CASE(
    "what a test would show is what recording the answer gives, families and measured values included") {
  judge::dice d(7);
  int compared = 0;
  for (int round = 0; round < 60; ++round) {
    world_maker make(d);
    const auto k = knowledge(make.make(4) + family_a);
    const auto p = picture(make.answers(0.35));
    const auto now = think(*k, p);
    const grounding ground(*k);
    const evidence seen(*k, p, ground, {});
    for (const candidate_test& t : now.tests)
      for (const test_result& r : t.results) {
        // Beside a state that was taken at the patient's word, another finding about it makes it doubtful
        // again: next tests leave that reading out.
        if (r.probability < 1e-4 ||
            seen.one_more(r.answer, parameters(0), -1).size() != k->readings_of(t.finding->id).size())
          continue;
        const auto then = think(*k, with(p, r.answer));
        REQUIRE(then.what == reasoning_outcome::answered);
        std::vector<double> recorded;
        for (const node_belief& b : then.beliefs)
          recorded.push_back(b.posterior);
        INFO("round " << round << ", " << t.finding->id << "@" << to_string(t.where));
        CHECK(worst_difference(r.posterior, recorded) < 1e-11);
        ++compared;
      }
  }
  CHECK(compared > 300);
}

TEST_CASE("the chance that a test turns out present, and its information, agree with brute force") {
  judge::dice d(11);
  int compared = 0;
  for (int round = 0; compared < 40 && round < 800; ++round) {
    world_maker make(d);
    const auto k = knowledge(make.make(2) + family_a);
    const auto p = picture(make.answers(0.3));
    const grounding ground(*k);
    const evidence seen(*k, p, ground, {});
    if (ground.net().size() + static_cast<node_index>(ground.net().shocks.size()) > 17 ||
        !ground.risks().empty())
      continue;
    const auto r = think(*k, p);
    const auto likelihoods = seen.likelihoods(parameters(0), -1);
    const auto before = judge::brute(ground.net(), likelihoods);
    for (const candidate_test& t : r.tests) {
      const auto readings = k->readings_of(t.finding->id);
      if (readings.size() > 1 || t.results.size() > 2 || !readings[0]->opinion.empty())
        continue;
      double positive = 0, bits = 0;
      std::vector<judge::answer> each;
      for (const test_result& o : t.results) {
        auto more = likelihoods;
        for (const auto& a : seen.one_more(o.answer, parameters(0), -1)) {
          if (a.says.present != a.counts.present)
            goto pooled; // of a family that was asked: no plain probability
          more.push_back({a.node, a.says.absent, a.says.present});
        }
        each.push_back(judge::brute(ground.net(), more));
        if (o.positive)
          positive = static_cast<double>(each.back().evidence / before.evidence);
      }
      for (const node_belief& b : r.beliefs) {
        if (b.state->kind != kb::state_kind::cause && b.state->kind != kb::state_kind::other)
          continue;
        const auto v = static_cast<std::size_t>(ground.find(b.state->id, b.where));
        bits += entropy_bits(static_cast<double>(before.posterior[v]));
        for (const judge::answer& o : each)
          bits -= static_cast<double>(o.evidence / before.evidence) *
                  entropy_bits(static_cast<double>(o.posterior[v]));
      }
      CHECK(std::fabs(t.positive - positive) < 1e-12);
      CHECK(std::fabs(t.bits - bits) < 1e-8);
      ++compared;
    pooled:;
    }
  }
  CHECK(compared >= 40);
}

TEST_CASE("a test on a state that is certain already is worth nothing and is not asked") {
  const std::string basis = "judgement = \"made up for a test\"\n";
  const std::string world =
      "[[state]]\nid = \"cause-a\"\nname = \"a\"\nkind = \"cause\"\npresent_when = \"x\"\nleak = [0.2, 0.1, "
      "0.3]\n" +
      basis +
      "[[state]]\nid = \"sx\"\nname = \"s\"\nkind = \"symptom\"\npresent_when = \"x\"\nleak = [0.1, 0.1, "
      "0.1]\n" +
      basis + "[[link]]\nfrom = \"cause-a\"\nto = \"sx\"\np = [0.7, 0.6, 0.8]\nbecause = \"x\"\n" + basis +
      "[[finding]]\nid = \"told\"\nname = \"told\"\nkind = \"symptom\"\nquestion = \"x\"\n" + basis +
      "[[finding]]\nid = \"shown\"\nname = \"shown\"\nkind = \"sign\"\nquestion = \"x\"\n" + basis +
      "[[observes]]\nfinding = \"told\"\nstate = \"sx\"\nread = \"told\"\n" + basis +
      "[[observes]]\nfinding = \"shown\"\nstate = \"sx\"\nread = \"seen\"\n" + basis;
  const auto k = knowledge(world);
  const auto open = think(*k, picture({}));
  REQUIRE(open.tests.size() == 2);
  CHECK(open.tests[0].bits > 0.01);
  CHECK(think(*k, picture({{"told"}})).tests.empty());
}

TEST_CASE("a measured value counts as more than two outcomes, and its chances add up to one") {
  judge::dice d(3);
  int measured = 0;
  for (int round = 0; round < 20; ++round) {
    world_maker make(d);
    const auto k = knowledge(make.make(3) + family_a);
    for (const candidate_test& t : think(*k, picture({})).tests) {
      double total = 0, positive = 0;
      for (const test_result& r : t.results) {
        total += r.probability;
        positive += r.positive ? r.probability : 0;
      }
      CHECK(std::fabs(total - 1) < 1e-12);
      CHECK(std::fabs(positive - t.positive) < 1e-12);
      if (!t.finding->unit.empty()) {
        CHECK(t.results.size() >= 3);
        CHECK(t.results.size() <= 7);
        ++measured;
      }
    }
  }
  CHECK(measured > 5);
}

TEST_CASE("with a focus only what tells of that cause counts, and no test tells more than its entropy") {
  judge::dice d(5);
  for (int round = 0; round < 30; ++round) {
    world_maker make(d);
    const auto k = knowledge(make.make(3) + family_a);
    const auto p = picture(make.answers(0.3));
    const grounding ground(*k);
    const evidence seen(*k, p, ground, {});
    reasoning_options asked;
    asked.draws = 0;
    asked.tests.focus = "cause-0";
    const auto focused = reason(*k, p, ground, seen, asked);
    double most = 0;
    for (const node_belief& b : focused.beliefs)
      if (b.state->id == "cause-0")
        most += entropy_bits(b.posterior);
    const auto all = think(*k, p);
    for (const candidate_test& t : focused.tests) {
      CHECK(t.bits <= most + 1e-9);
      const auto same = std::find_if(all.tests.begin(), all.tests.end(), [&](const candidate_test& x) {
        return x.finding == t.finding && x.where == t.where;
      });
      REQUIRE(same != all.tests.end());
      CHECK(t.bits <= same->bits + 1e-9);
      CHECK(t.positive == same->positive);
    }
  }
}

TEST_CASE("the spread of a test's information over parameter draws is positive and the same every time") {
  judge::dice d(13);
  world_maker make(d);
  const auto k = knowledge(make.make(4) + family_a);
  const auto p = picture(make.answers(0.3));
  const grounding ground(*k);
  const evidence seen(*k, p, ground, {});
  reasoning_options asked;
  asked.draws = 0;
  asked.tests.draws = 32;
  const auto once = reason(*k, p, ground, seen, asked), again = reason(*k, p, ground, seen, asked);
  REQUIRE_FALSE(once.tests.empty());
  CHECK(once.tests[0].bits_spread > 0);
  CHECK(once.tests[0].bits_spread < once.tests[0].bits * 3 + 0.1);
  for (std::size_t i = 0; i < once.tests.size(); ++i)
    CHECK(once.tests[i].bits_spread == again.tests[i].bits_spread);
}

TEST_CASE("the normal distribution function agrees with the library's to 1e-9") {
  for (double x = -9; x <= 9; x += 0.01)
    CHECK(std::fabs(normal_below(x) - 0.5 * std::erfc(-x / std::sqrt(2.0))) < 1e-9);
}
