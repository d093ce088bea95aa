#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstring>
#include <tuple>

#include "tests/inference/brute.hpp"
#include "tests/inference/small_text.hpp"
#include "tests/inference/small_world.hpp"

using namespace posterior;
using namespace posterior::inference;
using namespace posterior::inference::tests;
using cases::truth;

namespace {

// Two causes of one sign, one of them with a sign of its own.
std::string two_causes() {
  return state("cause-a", "cause", "[0.2, 0.1, 0.3]") + state("cause-b", "cause", "[0.1, 0.05, 0.2]") +
         state("shared", "impairment", "[0.1, 0.05, 0.2]") + state("own", "impairment", "[0.1, 0.05, 0.2]") +
         link("cause-a", "shared", "[0.7, 0.5, 0.8]") + link("cause-b", "shared", "[0.6, 0.5, 0.8]") +
         link("cause-a", "own", "[0.8, 0.7, 0.9]") + finding("sign-shared") + finding("sign-own") +
         observes("sign-shared", "shared", accurate) + observes("sign-own", "own", accurate);
}

bool same_bits(double a, double b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

} // namespace

TEST_CASE("posteriors of a small knowledge base agree with brute force over its network") {
  const auto k = knowledge(two_causes());
  const auto p =
      picture({{"sign-shared", side::none, truth::present, 1}, {"sign-own", side::none, truth::absent, 1}});
  const grounding ground(*k);
  const evidence seen(*k, p, ground, {});
  const auto judged = judge::brute(ground.net(), seen.likelihoods(parameters(0), -1));
  const auto r = think(*k, p);
  for (const char* c : {"cause-a", "cause-b"})
    CHECK(std::fabs(belief(r, c).posterior -
                    static_cast<double>(
                        judged.posterior[static_cast<std::size_t>(ground.find(c, side::none))])) < 1e-14);
}

TEST_CASE("explaining away: what one cause accounts for speaks less for its rival") {
  const auto k = knowledge(two_causes());
  const auto shared = think(*k, picture({{"sign-shared"}}));
  const auto both = think(*k, picture({{"sign-shared"}, {"sign-own"}}));
  CHECK(belief(shared, "cause-b").posterior > belief(shared, "cause-b").prior);
  CHECK(belief(both, "cause-a").posterior > belief(shared, "cause-a").posterior);
  CHECK(belief(both, "cause-b").posterior < belief(shared, "cause-b").posterior);
}

TEST_CASE("an absent finding never raises a cause that it is linked to") {
  const auto k = knowledge(two_causes());
  const auto r = think(*k, picture({{"sign-shared", side::none, truth::absent, 1}}));
  CHECK(belief(r, "cause-a").posterior < belief(r, "cause-a").prior);
  CHECK(belief(r, "cause-b").posterior < belief(r, "cause-b").prior);
}

TEST_CASE("an unknown answer changes no bit, and certainty one half says nothing") {
  const auto k = knowledge(two_causes());
  const auto without = think(*k, picture({{"sign-own"}}));
  const auto unknown = think(*k, picture({{"sign-own"}, {"sign-shared", side::none, truth::unknown, 1}}));
  REQUIRE_FALSE(without.tests.empty());
  REQUIRE(unknown.tests.size() == without.tests.size());
  CHECK(unknown.tests[0].finding->id == without.tests[0].finding->id);
  const auto half = think(*k, picture({{"sign-own"}, {"sign-shared", side::none, truth::present, 0.5}}));
  for (const char* c : {"cause-a", "cause-b"}) {
    CHECK(same_bits(belief(without, c).posterior, belief(unknown, c).posterior));
    CHECK(std::fabs(belief(without, c).posterior - belief(half, c).posterior) < 1e-15);
  }
}

TEST_CASE("certainty zero is the opposite answer") {
  const auto k = knowledge(two_causes());
  const auto absent = think(*k, picture({{"sign-own", side::none, truth::absent, 1}}));
  const auto zero = think(*k, picture({{"sign-own", side::none, truth::present, 0}}));
  CHECK(std::fabs(belief(absent, "cause-a").posterior - belief(zero, "cause-a").posterior) < 1e-15);
}

TEST_CASE("one side's finding speaks for that side, and for the other only through what both share") {
  const std::string sided = "lateral = true\npair = 0.5";
  const std::string text = state("cause-a", "cause", "[0.2, 0.1, 0.3]", sided) +
                           state("cause-b", "cause", "[0.2, 0.1, 0.3]", "lateral = true") +
                           finding("sign-a", "lateral = true") + finding("sign-b", "lateral = true") +
                           observes("sign-a", "cause-a", accurate) + observes("sign-b", "cause-b", accurate);
  const auto k = knowledge(text);
  const auto r = think(*k, picture({{"sign-a", side::left}, {"sign-b", side::left}}));
  CHECK(belief(r, "cause-a", side::left).posterior > 0.6);
  CHECK(belief(r, "cause-a", side::right).posterior > belief(r, "cause-a", side::right).prior + 0.05);
  CHECK(std::fabs(belief(r, "cause-b", side::right).posterior - belief(r, "cause-b", side::right).prior) <
        1e-15);
  CHECK(belief(r, "cause-a", side::left).either >= belief(r, "cause-a", side::left).posterior);
}

TEST_CASE("swapping left and right mirrors the answer") {
  const std::string text = state("cause-a", "cause", "[0.2, 0.1, 0.3]", "lateral = true\npair = 0.3") +
                           state("shared", "impairment", "[0.1, 0.05, 0.2]", "lateral = true") +
                           link("cause-a", "shared", "[0.7, 0.5, 0.8]") +
                           finding("sign-a", "lateral = true") + observes("sign-a", "shared", accurate);
  const auto k = knowledge(text);
  const auto left = think(*k, picture({{"sign-a", side::left}, {"sign-a", side::right, truth::absent, 1}}));
  const auto right = think(*k, picture({{"sign-a", side::right}, {"sign-a", side::left, truth::absent, 1}}));
  CHECK(std::fabs(belief(left, "cause-a", side::left).posterior -
                  belief(right, "cause-a", side::right).posterior) < 1e-15);
  CHECK(belief(left, "cause-a", side::left).posterior > belief(left, "cause-a", side::right).posterior);
}

TEST_CASE("a finding without a side raises either side, and neither more than the other") {
  const std::string text = state("cause-a", "cause", "[0.2, 0.1, 0.3]", "lateral = true") +
                           finding("sign-a", "lateral = true") + observes("sign-a", "cause-a", accurate);
  const auto k = knowledge(text);
  const auto r = think(*k, picture({{"sign-a"}}));
  CHECK(std::fabs(belief(r, "cause-a", side::left).posterior - belief(r, "cause-a", side::right).posterior) <
        1e-15);
  CHECK(belief(r, "cause-a", side::left).posterior > belief(r, "cause-a", side::left).prior);
  CHECK(belief(r, "cause-a", side::left).either > 0.7);
}

TEST_CASE("a second test of the same family speaks less than the first, and less than one of its own") {
  const auto with = [&](const std::string& family) {
    return state("cause-a", "cause", "[0.1, 0.05, 0.2]") +
           "[[family]]\nid = \"kin\"\nname = \"kin\"\nrho = 0.7\n" + finding("one", family) +
           finding("two", family) + observes("one", "cause-a", accurate) +
           observes("two", "cause-a", accurate);
  };
  const auto kin = knowledge(with("family = \"kin\"")), strangers = knowledge(with(""));
  const auto p1 = picture({{"one"}}), p2 = picture({{"one"}, {"two"}});
  const double first = belief(think(*kin, p1), "cause-a").posterior;
  const double both = belief(think(*kin, p2), "cause-a").posterior;
  const double apart = belief(think(*strangers, p2), "cause-a").posterior;
  CHECK(both > first);
  CHECK(both < apart);
}

TEST_CASE("opinion words together move a state at most tenfold, and the rest is marked as not counted") {
  std::string text = state("cause-a", "cause", "[0.1, 0.05, 0.2]");
  std::vector<answer_given> said;
  for (char c = 'a'; c < 'g'; ++c) {
    const std::string id = std::string("hint-") + c;
    text += finding(id) + observes(id, "cause-a", "opinion = \"supports\"");
    said.push_back({id});
  }
  const auto k = knowledge(text);
  const auto p = picture(said);
  const auto r = think(*k, p);
  const double odds = belief(r, "cause-a").posterior / (1 - belief(r, "cause-a").posterior);
  CHECK(odds <= 10 * 0.1 / 0.9 + 1e-12);
  CHECK(odds > 5 * 0.1 / 0.9);
  const grounding ground(*k);
  const evidence seen(*k, p, ground, {});
  CHECK(std::any_of(seen.speakers().begin(), seen.speakers().end(),
                    [](const speaker& s) { return s.not_counted; }));
}

TEST_CASE("one patient cannot prove a contested theory") {
  std::string text = state("cause-a", "cause", "[0.1, 0.05, 0.2]") +
                     "[[theory]]\ncredence = [0.6, 0.4, 0.8]\ncauses = [\"cause-a\"]\n" + basis;
  std::vector<answer_given> said;
  for (char c = 'a'; c < 'k'; ++c) {
    const std::string id = std::string("test-") + c;
    text += finding(id) + observes(id, "cause-a", accurate);
    said.push_back({id});
  }
  const auto k = knowledge(text);
  const auto r = think(*k, picture(said), 64);
  CHECK(belief(r, "cause-a").posterior < 0.6);
  CHECK(belief(r, "cause-a").posterior > 0.59);
  CHECK(std::fabs(belief(r, "cause-a").prior - 0.06) < 1e-15);
  CHECK(belief(r, "cause-a").low < 0.5);
  CHECK(belief(r, "cause-a").high > 0.7);
}

TEST_CASE("no contested cause exceeds its credence, however many theories there are") {
  std::string text;
  std::vector<answer_given> said;
  std::vector<kb::theory> theories;
  for (int i = 10; i < 50; ++i) {
    const std::string cause = "cause-" + std::to_string(i);
    text += state(cause, "cause", "[0.1, 0.05, 0.2]");
    for (const char* test : {"-a", "-b", "-c"}) {
      text += finding(cause + test) + observes(cause + test, cause, accurate);
      said.push_back({cause + test});
    }
    theories.push_back({{0.6, 0.4, 0.8, ""}, {cause}, {}, {}});
    theories.back().from.plugin = "org.example." + cause;
  }
  kb::snapshot s = *knowledge(text);
  s.all.theories = std::move(theories);
  const auto k = kb::index(std::move(s));
  const auto r = think(*k, picture(said));
  for (int i = 10; i < 50; ++i) {
    const node_belief& b = belief(r, "cause-" + std::to_string(i));
    CHECK(b.posterior < 0.6);
    CHECK(b.posterior > 0.55);
    CHECK(b.theory);
  }
}

TEST_CASE("a rare thing said outright is believed, although a fixed error rate would drown it") {
  const auto reading = [&](const std::string& more) {
    return knowledge(
        state("rare", "symptom", "[0.005, 0.001, 0.01]") + state("cause-a", "cause", "[0.05, 0.02, 0.1]") +
        link("cause-a", "rare", "[0.5, 0.4, 0.6]") + finding("said") + finding("seen") +
        observes("said", "rare", "read = \"told\"") + observes("seen", "rare", "read = \"seen\"") + more);
  };
  const auto k = reading("");
  const double told = belief(think(*k, picture({{"said"}})), "cause-a").posterior;
  CHECK(told > 0.8);
}

TEST_CASE("a symptom that only its own leak accounts for is named as unexplained") {
  const std::string text =
      state("cause-a", "cause", "[0.05, 0.02, 0.1]") + state("ache", "symptom", "[0.2, 0.1, 0.3]") +
      state("click", "home", "[0.2, 0.1, 0.3]") + link("cause-a", "ache", "[0.9, 0.8, 0.95]") +
      finding("aches") + finding("clicks") + finding("sign-a") +
      observes("aches", "ache", "read = \"told\"") + observes("clicks", "click", "read = \"told\"") +
      observes("sign-a", "cause-a", accurate);
  const auto k = knowledge(text);
  const auto alone = think(*k, picture({{"aches"}, {"clicks"}, {"sign-a", side::none, truth::absent, 1}}));
  REQUIRE(alone.unexplained.size() == 2);
  const auto accounted = think(*k, picture({{"aches"}, {"clicks"}, {"sign-a"}}));
  REQUIRE(accounted.unexplained.size() == 1);
  CHECK(accounted.unexplained[0].state->id == "click");
}

TEST_CASE(
    "none-of-these falls when a cause explains what was found, and rises to one when nothing was found") {
  const auto k = knowledge(two_causes());
  const auto found = think(*k, picture({{"sign-shared"}, {"sign-own"}}));
  const auto nothing = think(*k, picture({{"sign-shared", side::none, truth::absent, 1},
                                          {"sign-own", side::none, truth::absent, 1}}));
  CHECK(found.none_of_these < 0.3);
  CHECK(nothing.none_of_these > 0.9);
}

TEST_CASE("a recorded risk raises what it leads to, and an unrecorded one keeps the marginal prior") {
  const std::string causes = state("cause-a", "cause", "[0.1, 0.05, 0.2]") + finding("sign-a") +
                             observes("sign-a", "cause-a", accurate);
  const std::string risk = state("risk", "risk", "[0.3, 0.2, 0.4]") +
                           link("risk", "cause-a", "[0.5, 0.4, 0.6]") + finding("asked") +
                           observes("asked", "risk", "read = \"told\"");
  const auto k = knowledge(causes + risk);
  const auto blank = think(*k, picture({{"sign-a"}}));
  const auto present = think(*k, picture({{"sign-a"}, {"asked"}}));
  const auto absent = think(*k, picture({{"sign-a"}, {"asked", side::none, truth::absent, 1}}));
  CHECK(std::fabs(belief(blank, "cause-a").prior - (1 - 0.9 * (1 - 0.3 * 0.5))) < 1e-15);
  CHECK(belief(present, "cause-a").posterior > belief(blank, "cause-a").posterior);
  CHECK(belief(absent, "cause-a").posterior < belief(blank, "cause-a").posterior);
}

TEST_CASE("intervals hold the point, and unrelated knowledge changes no draw") {
  const auto k = knowledge(two_causes());
  const auto more = knowledge(two_causes() + state("apart", "impairment", "[0.3, 0.1, 0.5]") +
                              finding("elsewhere") + observes("elsewhere", "apart", accurate));
  const auto p = picture({{"sign-shared"}});
  const auto a = think(*k, p, 128), b = think(*more, p, 128);
  for (const char* c : {"cause-a", "cause-b"}) {
    CHECK(belief(a, c).low <= belief(a, c).posterior);
    CHECK(belief(a, c).posterior <= belief(a, c).high);
    CHECK(belief(a, c).high - belief(a, c).low > 0.05);
    CHECK(same_bits(belief(a, c).low, belief(b, c).low));
    CHECK(same_bits(belief(a, c).high, belief(b, c).high));
  }
}

TEST_CASE("the test that separates two causes is asked before one that does not") {
  const auto k =
      knowledge(two_causes() + finding("sign-idle") + state("idle", "impairment", "[0.5, 0.4, 0.6]") +
                link("cause-a", "idle", "[0.01, 0.005, 0.02]") + observes("sign-idle", "idle", accurate));
  const auto r = think(*k, picture({{"sign-shared"}}));
  REQUIRE_FALSE(r.tests.empty());
  CHECK(r.tests.front().finding->id == "sign-own");
  CHECK(r.tests.front().bits > 0.1);
  const auto& t = r.tests.front();
  const double total = t.positive * t.if_positive[0] + (1 - t.positive) * t.if_negative[0];
  CHECK(std::fabs(total - r.beliefs[0].posterior) < 1e-12);
}

namespace {

reasoning_options too_wide() {
  reasoning_options asked;
  asked.draws = 0;
  asked.exact_cells = -1;
  return asked;
}

} // namespace

TEST_CASE("a case too wide for tables lies between hard bounds that hold the exact answer") {
  const auto k = knowledge(two_causes());
  const auto p = picture({{"sign-shared"}, {"sign-own", side::none, truth::absent, 1}});
  const grounding ground(*k);
  const evidence seen(*k, p, ground, {});
  const auto exact = think(*k, p);
  const auto wide = reason(*k, p, ground, seen, too_wide());
  REQUIRE(exact.what == reasoning_outcome::answered);
  REQUIRE(wide.what == reasoning_outcome::bounded);
  CHECK(wide.gap > 0);
  CHECK(wide.gap < 1e-3);
  CHECK(wide.standard_error == 0);
  for (const char* c : {"cause-a", "cause-b"}) {
    CHECK(belief(wide, c).low <= belief(exact, c).posterior);
    CHECK(belief(exact, c).posterior <= belief(wide, c).high);
    CHECK(std::fabs(belief(wide, c).prior - belief(exact, c).prior) < 1e-12);
    CHECK(belief(wide, c).examined);
  }
  CHECK(std::fabs(wide.none_of_these - exact.none_of_these) < 1e-3);
}

TEST_CASE(
    "a case that cannot be bounded is sampled, says so, and lies within four standard errors of the exact "
    "answer") {
  const auto k = knowledge(two_causes());
  const auto p = picture({{"sign-shared"}, {"sign-own", side::none, truth::absent, 1}});
  const grounding ground(*k);
  const evidence seen(*k, p, ground, {});
  auto asked = too_wide();
  asked.wide.bounded.cut.cost = -1;
  asked.wide.sampled.operations = 0x1p22;
  const auto exact = think(*k, p);
  const auto rough = reason(*k, p, ground, seen, asked);
  const auto again = reason(*k, p, ground, seen, asked);
  REQUIRE(rough.what == reasoning_outcome::sampled);
  CHECK(rough.standard_error > 0);
  CHECK(rough.standard_error < 0.01);
  for (const char* c : {"cause-a", "cause-b"}) {
    CHECK(std::fabs(belief(rough, c).posterior - belief(exact, c).posterior) < 4 * rough.standard_error);
    CHECK(belief(rough, c).low < belief(rough, c).high);
    CHECK(same_bits(belief(rough, c).posterior, belief(again, c).posterior));
  }
  CHECK(std::fabs(rough.none_of_these - exact.none_of_these) < 0.02);
}
