#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "tests/case/small_knowledge.hpp"

using namespace posterior;

namespace {

const std::shared_ptr<const kb::snapshot> k = small::knowledge();

cases::patient_case sample() {
  return *small::read(
              "[context]\ncomplaint = \"tight\"\n[[observation]]\nfinding = \"slump\"\nside = \"both\"\n"
              "state = \"present\"\n[[observation]]\nfinding = \"pke-angle\"\nside = \"left\"\nvalue = 32\n"
              "unit = \"deg\"\n",
              *k)
              .value;
}

} // namespace

TEST_CASE("the digest ignores the complaint, the order of observations and where they stood") {
  auto c = sample();
  const std::string before = cases::digest(c);
  CHECK(before.size() == 64);
  c.complaint = "something else";
  std::reverse(c.observations.begin(), c.observations.end());
  for (auto& o : c.observations)
    o.at = {"other.json", 9, 9, "/x"};
  CHECK(cases::digest(c) == before);
}

TEST_CASE("the digest of a case is the same from TOML and from JSON") {
  const auto json = cases::read(R"({"schema": "posterior.case/1", "observation": [
    {"finding": "pke-angle", "side": "left", "unit": "deg", "value": 32.0},
    {"finding": "slump-test", "side": "left", "state": "present"},
    {"finding": "slump", "side": "right", "state": "present"}]})",
                                "-", *k);
  REQUIRE(json.value);
  CHECK(cases::digest(*json.value) == cases::digest(sample()));
}

TEST_CASE("the digest changes with everything that may change an answer") {
  const std::string before = cases::digest(sample());
  const auto differs = [&](auto change) {
    auto c = sample();
    change(c);
    return cases::digest(c) != before;
  };
  CHECK(differs([](auto& c) { c.who.age = 40; }));
  CHECK(differs([](auto& c) { c.who.sex_is = cases::sex::male; }));
  CHECK(differs([](auto& c) { c.who.pregnant = false; }));
  CHECK(differs([](auto& c) { c.in = cases::setting::sport; }));
  CHECK(differs([](auto& c) { c.screened.done = true; }));
  CHECK(differs([](auto& c) { c.screened.not_asked = {"red-fever"}; }));
  CHECK(differs([](auto& c) { c.choices = {{"x4-stretch", "stretch", "", {}}}; }));
  CHECK(differs([](auto& c) { c.observations[0].state = cases::truth::absent; }));
  CHECK(differs([](auto& c) { c.observations[0].certainty = 0.9; }));
  CHECK(differs([](auto& c) { c.observations[0].day = 3; }));
  CHECK(differs([](auto& c) { c.observations[2].value = 33; }));
  CHECK(differs([](auto& c) { c.observations.pop_back(); }));
  CHECK(differs([](auto& c) { c.unusable_near = {"red-fever"}; }));
  CHECK(differs([](auto& c) { c.unusable_unknown = true; }));
}
