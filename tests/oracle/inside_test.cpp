// What the debug commands say about a case, against the engine and against brute force.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/assess/inside.hpp"
#include "engine/case/reader.hpp"
#include "engine/inference/whole_answer.hpp"
#include "engine/report/inside.hpp"
#include "tests/inference/brute.hpp"
#include "tests/inference/small_text.hpp"
#include "tests/inference/small_world.hpp"

using namespace posterior;
using namespace posterior::inference;
using namespace posterior::inference::tests;

namespace {

// Two causes, one of them on each side with a common part, a risk, and findings of both kinds.
std::string world() {
  return state("risk", "risk", "[0.3, 0.2, 0.4]") +
         state("cause-a", "cause", "[0.2, 0.1, 0.3]", "lateral = true\npair = 0.3") +
         state("cause-b", "cause", "[0.1, 0.05, 0.2]") + state("lone", "cause", "[0.4, 0.3, 0.5]") +
         state("shared", "impairment", "[0.1, 0.05, 0.2]", "lateral = true") +
         state("own", "impairment", "[0.1, 0.05, 0.2]") + link("risk", "cause-b", "[0.5, 0.4, 0.6]") +
         link("cause-a", "shared", "[0.7, 0.5, 0.8]") + link("cause-b", "shared", "[0.6, 0.5, 0.8]") +
         link("cause-b", "own", "[0.8, 0.7, 0.9]") + finding("sign-shared", "lateral = true") +
         finding("sign-own") + finding("told-risk") + finding("unread") +
         observes("sign-shared", "shared", accurate) + observes("sign-own", "own", accurate) +
         observes("told-risk", "risk", accurate);
}

// Without an answer about the risk, which would speak through what the risk does.
constexpr const char* no_risk_told =
    "schema = \"posterior.case/1\"\n[[observation]]\nfinding = \"sign-shared\"\nside = \"left\"\n"
    "state = \"present\"\n[[observation]]\nfinding = \"sign-own\"\nstate = \"absent\"\n";

constexpr const char* a_case =
    "schema = \"posterior.case/1\"\n[[observation]]\nfinding = \"sign-shared\"\nside = \"left\"\n"
    "state = \"present\"\n[[observation]]\nfinding = \"sign-own\"\nstate = \"absent\"\n"
    "[[observation]]\nfinding = \"told-risk\"\nstate = \"present\"\n"
    "[[observation]]\nfinding = \"unread\"\nstate = \"present\"\n";

cases::patient_case read(const kb::snapshot& k, const std::string& text = a_case) {
  const cases::reading r = cases::read(text, "case", k);
  if (!r.value)
    throw std::runtime_error(to_string(r.problems.front()));
  return *r.value;
}

double posterior_in(const network_question& q, const std::string& id) {
  whole_answer a(q);
  REQUIRE(a.plan() == outcome::answered);
  REQUIRE(a.run() == outcome::answered);
  a.spread();
  const auto at = std::find(q.ids.begin(), q.ids.end(), id);
  REQUIRE(at != q.ids.end());
  return a.posterior()[static_cast<std::size_t>(at - q.ids.begin())];
}

std::vector<likelihood> rows(const network_question& q) {
  std::vector<likelihood> out;
  for (const observation& o : q.seen)
    out.push_back({o.node, o.likelihood[0], o.likelihood[1]});
  return out;
}

double log10_of_sum(const network_question& q, const std::vector<likelihood>& seen) {
  return std::log10(static_cast<double>(judge::brute(q.net, seen).evidence));
}

} // namespace

TEST_CASE("a case as a question of its own gives what the engine believes") {
  const auto k = knowledge(world());
  const assess::inside in(read(*k), *k, {});
  const auto q = question_of(in.ground(), in.seen(), in.ground().causes());
  reasoning_options asked;
  asked.draws = 0;
  const reasoning r = reason(*k, in.picture(), in.ground(), in.seen(), asked);
  for (const auto& [id, where] : {std::pair("cause-a", side::left), std::pair("cause-a", side::right),
                                  std::pair("cause-b", side::none), std::pair("lone", side::none)}) {
    const std::string name = where == side::none ? id : id + ("@" + std::string(to_string(where)));
    INFO(name);
    CHECK(std::fabs(posterior_in(q.asked, name) - belief(r, id, where).posterior) < 1e-14);
  }
}

TEST_CASE("the figures beside the evidence agree with brute force") {
  const auto k = knowledge(world());
  const assess::inside in(read(*k, no_risk_told), *k, {});
  const assess::evidence_view e = assess::evidence_of(in);
  REQUIRE(e.known);
  const auto q = question_of(in.ground(), in.seen(), in.ground().causes());
  const auto seen = rows(q.asked);
  const double all = log10_of_sum(q.asked, seen);
  CHECK(std::fabs(e.log10_evidence - all) < 1e-12);
  double alone = 0;
  for (const likelihood& l : seen)
    alone += log10_of_sum(q.asked, {l});
  CHECK(std::fabs(e.conflict - (all - alone)) < 1e-12);
  auto none = seen;
  for (std::size_t v = 0; v < q.node.size(); ++v)
    if (const auto& causes = in.ground().causes();
        std::find(causes.begin(), causes.end(), q.node[v]) != causes.end())
      none.push_back({static_cast<node_index>(v), 1, 0});
  CHECK(none.size() == seen.size() + 4);
  CHECK(std::fabs(e.none_present - std::pow(10, log10_of_sum(q.asked, none) - all)) < 1e-12);
  CHECK(e.none_present < 0.6); // the cause that nobody examined is counted, too
}

TEST_CASE("what no statement reads is named, and so is every voice with its likelihoods") {
  const auto k = knowledge(world());
  const assess::inside in(read(*k), *k, {});
  const assess::evidence_view e = assess::evidence_of(in);
  REQUIRE(e.silent.size() == 1);
  CHECK(e.silent[0].finding == "unread");
  REQUIRE(e.voices.size() == 3);
  CHECK(e.voices[0].node == "own");
  CHECK(std::fabs(e.voices[0].absent - 0.9) < 1e-12);
  CHECK(std::fabs(e.voices[0].present - 0.2) < 1e-12);
  CHECK(e.voices[2].node == "shared@left");
  CHECK(e.voices[2].counted);
}

TEST_CASE("opinions beyond the limit are shown as not counted") {
  std::string text = state("cause-a", "cause", "[0.2, 0.1, 0.3]"), seen = "schema = \"posterior.case/1\"\n";
  for (const char* id : {"o-one", "o-two", "o-three", "o-four"}) {
    text += finding(id) + observes(id, "cause-a", "opinion = \"supports\"");
    seen += std::string("[[observation]]\nfinding = \"") + id + "\"\nstate = \"present\"\n";
  }
  const auto k = knowledge(text);
  const assess::inside in(read(*k, seen), *k, {});
  const assess::evidence_view e = assess::evidence_of(in);
  CHECK(std::count_if(e.voices.begin(), e.voices.end(), [](const auto& v) { return !v.counted; }) >= 1);
  CHECK(e.pooled.size() == static_cast<std::size_t>(std::count_if(e.voices.begin(), e.voices.end(),
                                                                  [](const auto& v) { return v.counted; })));
}

TEST_CASE("only what bears on the case is in its network, and its graph names every node and link") {
  const auto k = knowledge(world());
  const assess::inside in(read(*k), *k, {});
  const auto q = question_of(in.ground(), in.seen(), {});
  CHECK(std::find(q.asked.ids.begin(), q.asked.ids.end(), "lone") == q.asked.ids.end());
  CHECK(std::find(q.asked.ids.begin(), q.asked.ids.end(), "shared@right") == q.asked.ids.end());
  const std::string dot = report::network_dot(in, q);
  for (const std::string& id : q.asked.ids)
    CHECK(dot.find("\"" + id + "\" [label=") != std::string::npos);
  CHECK(dot.find("\"cause-a@left\" -> \"shared@left\" [label=\"0.70\"]") != std::string::npos);
  CHECK(dot.find("\"shared@left\" [label=\"shared, left\", peripheries=2]") != std::string::npos);
}
