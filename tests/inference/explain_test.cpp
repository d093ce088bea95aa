#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "tests/inference/brute.hpp"
#include "tests/inference/small_statements.hpp"
#include "tests/inference/small_world.hpp"

using namespace posterior;
using namespace posterior::inference;
using namespace posterior::inference::tests;
using cases::truth;

namespace {

reasoning explained(const kb::snapshot& k, const cases::picture& p, int leaders = 3,
                    std::vector<std::string> also = {}) {
  const grounding ground(k);
  const evidence seen(k, p, ground, {});
  reasoning_options asked;
  asked.draws = 0;
  asked.explain.leaders = leaders;
  asked.explain.also = std::move(also);
  asked.explain.sets = true;
  return reason(k, p, ground, seen, asked);
}

std::size_t number_of(const reasoning& r, std::string_view id, side where = side::none) {
  for (std::size_t k = 0; k < r.beliefs.size(); ++k)
    if (r.beliefs[k].state->id == id && r.beliefs[k].where == where)
      return k;
  throw std::runtime_error("no belief");
}

const cause_balance& sheet_of(const reasoning& r, std::string_view id, side where = side::none) {
  for (const auto& b : r.deep.balances)
    if (b.belief == number_of(r, id, where))
      return b;
  throw std::runtime_error("no balance sheet");
}

const rival* rival_of(const reasoning& r, std::string_view id, std::string_view other) {
  for (const auto& x : r.deep.rivals)
    if (x.belief == number_of(r, id) && x.other == number_of(r, other))
      return &x;
  return nullptr;
}

double db(double p) {
  return 10 * std::log10(p / (1 - p));
}

double total(const cause_balance& b) {
  double sum = b.from + b.theories;
  for (const auto& i : b.items)
    sum += i.db;
  return sum;
}

double share(const reasoning& r, const cause_balance& b, std::string_view group) {
  for (const auto& i : b.items)
    if (r.groups[i.group] == group)
      return i.db;
  return 0;
}

double posterior_of(const kb::snapshot& k, const std::vector<answer_given>& said, std::string_view cause) {
  return belief(think(k, picture(said)), cause).posterior;
}

} // namespace

TEST_CASE("the balance sheet of a case gives each finding its part over every order, and adds up") {
  const auto k = knowledge(two_causes());
  const std::vector<answer_given> said{{"sign-shared"}, {"sign-own", side::none, truth::absent, 1}};
  const auto r = explained(*k, picture(said));
  REQUIRE(r.deep.balances.size() == 2);
  for (const char* c : {"cause-a", "cause-b"}) {
    const auto& b = sheet_of(r, c);
    CHECK(b.exact);
    CHECK(b.theories == 0);
    CHECK(std::fabs(total(b) - b.to) < 1e-9);
    CHECK(std::fabs(b.to - db(belief(r, c).posterior)) < 1e-9);
    const double none = db(belief(r, c).prior), all = b.to;
    const double first = db(posterior_of(*k, {said[0]}, c)), second = db(posterior_of(*k, {said[1]}, c));
    CHECK(std::fabs(share(r, b, "sign-shared") - ((first - none) + (all - second)) / 2) < 1e-9);
    CHECK(std::fabs(share(r, b, "sign-own") - ((second - none) + (all - first)) / 2) < 1e-9);
  }
}

TEST_CASE("a finding that a cause does not hear of is no line of its balance sheet") {
  const auto k = knowledge(two_causes() + state("cause-c", "cause", "[0.2, 0.1, 0.3]") + finding("sign-c") +
                           observes("sign-c", "cause-c", accurate));
  const auto r = explained(*k, picture({{"sign-shared"}, {"sign-c"}}));
  CHECK(sheet_of(r, "cause-c").items.size() == 1);
  CHECK(std::none_of(sheet_of(r, "cause-a").items.begin(), sheet_of(r, "cause-a").items.end(),
                     [&](const auto& i) { return r.groups[i.group] == "sign-c"; }));
}

TEST_CASE("with more than twelve findings the shares are estimated, say so, and still add up") {
  std::string text =
      state("cause-a", "cause", "[0.1, 0.05, 0.2]") + state("cause-b", "cause", "[0.1, 0.05, 0.2]");
  std::vector<answer_given> said;
  for (char c = 'a'; c < 'a' + 14; ++c) {
    const std::string s = std::string("state-") + c, f = std::string("sign-") + c;
    text += state(s, "impairment", "[0.1, 0.05, 0.2]") + link("cause-a", s, "[0.4, 0.3, 0.5]") +
            link("cause-b", s, "[0.3, 0.2, 0.4]") + finding(f) + observes(f, s, accurate);
    said.push_back({f, side::none, c % 3 ? truth::present : truth::absent, 1});
  }
  const auto k = knowledge(text);
  const auto r = explained(*k, picture(said));
  const auto& b = sheet_of(r, "cause-a");
  CHECK_FALSE(b.exact);
  CHECK(b.items.size() == 14);
  CHECK(std::fabs(total(b) - b.to) < 1e-9);
  CHECK(std::any_of(b.items.begin(), b.items.end(), [](const auto& i) { return i.standard_error > 0; }));
  CHECK(std::all_of(b.items.begin(), b.items.end(), [](const auto& i) { return i.standard_error < 1; }));
}

TEST_CASE("a contested cause's sheet has a line for the theory, so that it ends at the printed posterior") {
  const auto k = knowledge(two_causes() + theory("cause-a", "[0.6, 0.4, 0.8]"));
  const auto r = explained(*k, picture({{"sign-shared"}, {"sign-own"}}));
  const auto& b = sheet_of(r, "cause-a");
  CHECK(std::fabs(b.from - db(belief(r, "cause-a").prior)) < 1e-9);
  CHECK(std::fabs(b.to - db(belief(r, "cause-a").posterior)) < 1e-9);
  CHECK(std::fabs(total(b) - b.to) < 1e-9);
  CHECK(b.theories < -1);
}

TEST_CASE("a rival's presence and absence give the conditional posteriors of brute force") {
  const auto k = knowledge(two_causes());
  const auto p = picture({{"sign-shared"}});
  const auto r = explained(*k, p);
  const grounding ground(*k);
  const evidence seen(*k, p, ground, {});
  const auto a = ground.find("cause-a", side::none), b = ground.find("cause-b", side::none);
  const rival* x = rival_of(r, "cause-a", "cause-b");
  REQUIRE(x);
  for (bool present : {true, false}) {
    auto with = seen.likelihoods(parameters(0), -1);
    with.push_back({b, present ? 0.0 : 1.0, present ? 1.0 : 0.0});
    const double truth =
        static_cast<double>(judge::brute(ground.net(), with).posterior[static_cast<std::size_t>(a)]);
    CHECK(std::fabs((present ? x->if_present : x->if_absent) - truth) < 1e-13);
  }
  CHECK(x->if_present < belief(r, "cause-a").posterior);
  CHECK(x->if_absent > belief(r, "cause-a").posterior);
}

TEST_CASE("conditioning on a rival agrees with the printed posteriors, contested theories included") {
  const auto k = knowledge(two_causes() + theory("cause-a", "[0.6, 0.4, 0.8]"));
  const auto r = explained(*k, picture({{"sign-shared"}}));
  for (const auto& [c, other] : {std::pair("cause-a", "cause-b"), std::pair("cause-b", "cause-a")}) {
    const rival* x = rival_of(r, c, other);
    REQUIRE(x);
    const double p = belief(r, other).posterior;
    CHECK(std::fabs(p * x->if_present + (1 - p) * x->if_absent - belief(r, c).posterior) < 1e-12);
  }
}

TEST_CASE("the most probable sets of causes have the probabilities of brute force") {
  const auto k = knowledge(two_causes());
  const auto p = picture({{"sign-shared"}, {"sign-own"}});
  const auto r = explained(*k, p);
  REQUIRE(r.deep.considered.size() == 2);
  REQUIRE(r.deep.sets.size() == 3);
  const grounding ground(*k);
  const evidence seen(*k, p, ground, {});
  const auto base = seen.likelihoods(parameters(0), -1);
  const auto all = judge::brute(ground.net(), base).evidence;
  std::vector<double> truth;
  for (int set = 0; set < 4; ++set) {
    auto with = base;
    with.push_back({ground.find("cause-a", side::none), set & 1 ? 0.0 : 1.0, set & 1 ? 1.0 : 0.0});
    with.push_back({ground.find("cause-b", side::none), set & 2 ? 0.0 : 1.0, set & 2 ? 1.0 : 0.0});
    truth.push_back(static_cast<double>(judge::brute(ground.net(), with).evidence / all));
  }
  for (const auto& s : r.deep.sets) {
    int set = 0;
    for (std::size_t b : s.present)
      set |= r.beliefs[b].state->id == "cause-a" ? 1 : 2;
    CHECK(std::fabs(s.probability - truth[static_cast<std::size_t>(set)]) < 1e-13);
  }
  std::sort(truth.begin(), truth.end(), std::greater<>());
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(std::fabs(r.deep.sets[i].probability - truth[i]) < 1e-13);
}

TEST_CASE("sets of a contested cause are mixed as its posterior is") {
  const auto k = knowledge(state("cause-a", "cause", "[0.3, 0.1, 0.4]") + finding("sign-a") +
                           observes("sign-a", "cause-a", accurate) + theory("cause-a", "[0.6, 0.4, 0.8]"));
  const auto r = explained(*k, picture({{"sign-a"}}));
  REQUIRE(r.deep.sets.size() == 2);
  for (const auto& s : r.deep.sets)
    CHECK(std::fabs(s.probability -
                    (s.present.empty() ? 1 - r.beliefs[0].posterior : r.beliefs[0].posterior)) < 1e-13);
}

TEST_CASE("causes of five in a hundred and less, or not examined, are no part of the sets") {
  const auto k = knowledge(two_causes());
  const auto r = explained(*k, picture({{"sign-own"}}));
  for (std::size_t b = 0; b < r.beliefs.size(); ++b) {
    const bool in =
        std::find(r.deep.considered.begin(), r.deep.considered.end(), b) != r.deep.considered.end();
    CHECK(in == (r.beliefs[b].examined && r.beliefs[b].posterior > 0.05));
  }
  CHECK(r.deep.considered.size() == 1);
}

TEST_CASE("the way from a cause to what was recorded passes the state between, with what acted") {
  const auto k = knowledge(
      state("cause-a", "cause", "[0.3, 0.1, 0.4]") + state("between", "impairment", "[0.05, 0.02, 0.1]") +
      state("ache", "symptom", "[0.1, 0.05, 0.2]") + link("cause-a", "between", "[0.8, 0.7, 0.9]") +
      link("between", "ache", "[0.7, 0.6, 0.8]") + finding("aches") +
      observes("aches", "ache", "read = \"told\""));
  const auto r = explained(*k, picture({{"aches"}}));
  REQUIRE(r.deep.ways.size() == 1);
  const way& w = r.deep.ways[0];
  REQUIRE(w.steps.size() == 2);
  CHECK(w.steps[0].from->id == "cause-a");
  CHECK(w.steps[1].to->id == "ache");
  // P(the second link acted | ache) = P(between) .7 / P(ache), by hand.
  const double between = 1 - (1 - 0.05) * (1 - 0.3 * 0.8);
  const double ache = 1 - (1 - 0.1) * (1 - between * 0.7);
  CHECK(std::fabs(w.steps[1].acted - between * 0.7 / ache) < 1e-12);
  CHECK(w.strength <= w.steps[0].acted);
  CHECK(w.strength > 0.3);
}

TEST_CASE(
    "upwards the way begins at the recorded risk, and a sided cause is reached from its own side only") {
  const std::string sided = "lateral = true";
  const auto k = knowledge(
      state("risk", "risk", "[0.3, 0.2, 0.4]") + state("cause-a", "cause", "[0.1, 0.05, 0.2]", sided) +
      state("ache", "symptom", "[0.1, 0.05, 0.2]", sided) + link("risk", "cause-a", "[0.5, 0.4, 0.6]") +
      link("cause-a", "ache", "[0.7, 0.6, 0.8]") + finding("asked") + finding("aches", sided) +
      observes("asked", "risk", "read = \"told\"") + observes("aches", "ache", "read = \"told\""));
  const auto r = explained(*k, picture({{"asked"}, {"aches", side::left}}), 0, {"cause-a"});
  const std::size_t left = number_of(r, "cause-a", side::left), right = number_of(r, "cause-a", side::right);
  int up = 0, down = 0;
  for (const way& w : r.deep.ways) {
    if (w.upward) {
      CHECK(w.steps.back().to_side == (w.belief == left ? side::left : side::right));
      CHECK(w.steps.front().from->id == "risk");
      ++up;
    } else {
      CHECK(w.belief == left);
      CHECK(w.steps.back().to_side == side::left);
      ++down;
    }
  }
  CHECK(up == 2);
  CHECK(down == 1);
  CHECK(right > left);
}

TEST_CASE("a symptom without a side ends the way at one side or the other") {
  const std::string sided = "lateral = true";
  const auto k = knowledge(state("cause-a", "cause", "[0.2, 0.1, 0.3]", sided) +
                           state("ache", "symptom", "[0.1, 0.05, 0.2]", sided) +
                           link("cause-a", "ache", "[0.7, 0.6, 0.8]") + finding("aches", sided) +
                           observes("aches", "ache", "read = \"told\""));
  const auto r = explained(*k, picture({{"aches"}}), 0, {"cause-a"});
  REQUIRE(r.deep.ways.size() == 2);
  for (const way& w : r.deep.ways) {
    REQUIRE(w.steps.size() == 2);
    CHECK(w.steps[1].link == nullptr);
    CHECK(w.steps[1].to->id == "ache");
  }
}

TEST_CASE("what cannot all be true is named by the smallest set of findings") {
  const auto k = knowledge(
      state("cause-a", "cause", "[0.3, 0.1, 0.4]") + state("cause-b", "cause", "[0.3, 0.1, 0.4]") +
      state("cause-c", "cause", "[0.3, 0.1, 0.4]") + state("x", "symptom", "[0, 0, 0]") +
      state("y", "symptom", "[0, 0, 0]") + link("cause-a", "x", "[0.5, 0.4, 0.6]") +
      link("cause-b", "y", "[0.5, 0.4, 0.6]") + link("cause-c", "y", "[0.5, 0.4, 0.6]") + finding("has-a") +
      finding("has-b") + finding("has-c") + finding("shows-x") + finding("shows-y") +
      observes("has-a", "cause-a", "read = \"told\"") + observes("has-b", "cause-b", "read = \"told\"") +
      observes("has-c", "cause-c", "read = \"told\"") + observes("shows-x", "x", "read = \"told\"") +
      observes("shows-y", "y", "read = \"told\""));
  const auto r = think(*k, picture({{"has-a", side::none, truth::absent, 1},
                                    {"has-b", side::none, truth::absent, 1},
                                    {"has-c", side::none, truth::absent, 1},
                                    {"shows-x"},
                                    {"shows-y"}}));
  CHECK(r.what == reasoning_outcome::contradiction);
  CHECK(r.conflicting == std::vector<std::string>{"has-a", "shows-x"});
}

TEST_CASE("the coherence of a case is that of its network") {
  const auto k = knowledge(two_causes());
  const auto agree = think(*k, picture({{"sign-shared"}, {"sign-own"}}));
  const auto clash = think(*k, picture({{"sign-shared"}, {"sign-own", side::none, truth::absent, 1}}));
  CHECK(agree.coherence > 0);
  CHECK(clash.coherence < 0);
}

TEST_CASE("findings that say the same leave a cause examined, although each alone may be left out") {
  std::string text = state("cause-a", "cause", "[0.2, 0.1, 0.3]") +
                     state("sign-state", "impairment", "[0.3, 0.2, 0.4]") +
                     link("cause-a", "sign-state", "[0.6, 0.5, 0.7]");
  std::vector<answer_given> said;
  for (char c = 'a'; c < 'a' + 5; ++c) {
    const std::string f = std::string("sign-") + c;
    text += finding(f) +
            observes(f, "sign-state",
                     "accuracy = { sensitivity = [0.95, 0.9, 0.98], specificity = [0.95, 0.9, 0.98] }");
    said.push_back({f});
  }
  const auto k = knowledge(text);
  const auto r = think(*k, picture(said));
  for (const auto& w : r.weights)
    CHECK(std::fabs(w.db) < 1);
  CHECK(belief(r, "cause-a").examined);
}

TEST_CASE("a symptom without a side that nothing accounts for is unexplained, and one that a cause accounts "
          "for is not") {
  const std::string sided = "lateral = true\npair = 0.2";
  const auto k = knowledge(
      state("cause-a", "cause", "[0.05, 0.02, 0.1]", sided) +
      state("ache", "symptom", "[0.2, 0.1, 0.3]", sided) + link("cause-a", "ache", "[0.9, 0.8, 0.95]") +
      finding("aches", "lateral = true") + finding("sign-a", "lateral = true") +
      observes("aches", "ache", "read = \"told\"") +
      observes("sign-a", "cause-a",
               "accuracy = { sensitivity = [0.95, 0.9, 0.98], specificity = [0.99, 0.98, 0.995] }"));
  const auto lone = think(*k, picture({{"aches"},
                                       {"sign-a", side::left, truth::absent, 1},
                                       {"sign-a", side::right, truth::absent, 1}}));
  REQUIRE(lone.unexplained.size() == 1);
  CHECK(lone.unexplained[0].where == side::none);
  CHECK(lone.unexplained[0].leak_share > 0.9);
  const auto accounted = think(*k, picture({{"aches"}, {"sign-a", side::left}}));
  CHECK(accounted.unexplained.empty());
}

TEST_CASE("none-of-these is the probability that no link out of a cause acts, also where a cause is present "
          "and silent") {
  const auto k = knowledge(two_causes());
  const auto p = picture({{"sign-shared"}, {"sign-own", side::none, truth::absent, 1}});
  const auto r = think(*k, p);
  // By brute force over a network in which each link out of a cause is a node of its own: it acts or not.
  const grounding ground(*k);
  const evidence seen(*k, p, ground, {});
  network split = ground.net();
  std::vector<likelihood> with = seen.likelihoods(parameters(0), -1);
  const auto before = judge::brute(split, with).evidence;
  const std::size_t links = split.links.size();
  for (std::size_t l = 0; l < links; ++l) {
    const node_index acts = split.size();
    split.leak.push_back(0);
    split.links.push_back({split.links[l].from, acts, split.links[l].p});
    split.links[l].from = acts;
    split.links[l].p = 1;
    with.push_back({acts, 1, 0});
  }
  CHECK(std::fabs(r.none_of_these - static_cast<double>(judge::brute(split, with).evidence / before)) <
        1e-13);
  const auto none_present = [&] {
    auto absent = seen.likelihoods(parameters(0), -1);
    for (const char* c : {"cause-a", "cause-b"})
      absent.push_back({ground.find(c, side::none), 1, 0});
    return static_cast<double>(judge::brute(ground.net(), absent).evidence / before);
  };
  CHECK(r.none_of_these > none_present());
}

TEST_CASE("either side is the probability of one or both, by brute force") {
  const std::string sided = "lateral = true\npair = 0.3";
  const auto k = knowledge(state("cause-a", "cause", "[0.2, 0.1, 0.3]", sided) +
                           finding("sign-a", "lateral = true") + observes("sign-a", "cause-a", accurate));
  const auto p = picture({{"sign-a", side::left}});
  const auto r = think(*k, p);
  const grounding ground(*k);
  const evidence seen(*k, p, ground, {});
  const auto both = judge::brute(ground.net(), seen.likelihoods(parameters(0), -1));
  const double truth_either =
      static_cast<double>(both.posterior[static_cast<std::size_t>(ground.either("cause-a"))]);
  CHECK(std::fabs(belief(r, "cause-a", side::left).either - truth_either) < 1e-12);
  CHECK(belief(r, "cause-a", side::left).either == belief(r, "cause-a", side::right).either);
}
