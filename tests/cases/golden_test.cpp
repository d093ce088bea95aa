#include <catch2/catch_test_macros.hpp>

#include "engine/check/golden.hpp"

using namespace posterior;
using Sentences = std::vector<std::string>;

namespace {

assess::assessment sample() {
  assess::assessment a;
  assess::cause_entry e;
  e.cause = "neural-tension";
  e.where = side::left;
  e.posterior = 0.8;
  a.differential.push_back(e);
  a.programme.status = "open";
  plan::plan_phase phase;
  plan::plan_item item;
  item.exercise = "sciatic-slider-supine";
  phase.items.push_back(item);
  a.programme.phases.push_back(phase);
  a.programme.left_out.push_back({"static-hamstring-stretch", "", "", "cause", {}});
  a.none_of_these = 0.1;
  return a;
}

Sentences holding(const std::string& toml) {
  const auto wanted = check::read_expectation("schema = \"posterior.expected/1\"\n" + toml, "expected.toml");
  REQUIRE(wanted.value);
  return check::failures(*wanted.value, sample());
}

} // namespace

TEST_CASE("expectations that hold give no sentence") {
  CHECK(holding(R"(first = "neural-tension@left"
above = { "neural-tension" = 0.7 }
flags = []
plan = "open"
plan_has = ["sciatic-slider-supine"]
plan_lacks = ["static-hamstring-stretch"]
left_out_because = { "static-hamstring-stretch" = "cause" })")
            .empty());
}

TEST_CASE("each expectation that does not hold gives one sentence with what was found") {
  CHECK(holding("first = \"lumbar-radiculopathy@left\"") ==
        Sentences{"the differential is led by neural-tension@left (0.8), must be lumbar-radiculopathy@left"});
  CHECK(holding("above = { \"neural-tension@left\" = 0.9 }") ==
        Sentences{"the posterior of neural-tension@left is 0.8, must be at least 0.9"});
  CHECK(holding("below = { \"neural-tension@left\" = 0.2 }").size() == 1);
  CHECK(holding("above = { \"no-such-cause\" = 0.1 }") ==
        Sentences{"there is no cause no-such-cause in the answer"});
  CHECK(holding("flags = [\"rf-cauda-equina\"]") == Sentences{"the red flag rf-cauda-equina was not raised"});
  CHECK(holding("plan = \"closed\"") == Sentences{"the plan is open, must be closed"});
  CHECK(holding("plan_has = [\"nordic\"]") == Sentences{"the plan lacks nordic"});
  CHECK(holding("plan_lacks = [\"sciatic-slider-supine\"]").size() == 1);
  CHECK(holding("left_out_because = { \"static-hamstring-stretch\" = \"cap\" }") ==
        Sentences{"static-hamstring-stretch is not left out by cap but by cause"});
  CHECK(holding("asks_next_one_of = [\"slump\"]").size() == 1);
  CHECK(holding("unexplained = [\"sx-knee-click\"]").size() == 1);
  CHECK(holding("none_of_these_above = 0.5").size() == 1);
  CHECK(holding("tensions = [\"x6\"]").size() == 1);
  CHECK(holding("diagnostics = [\"case.unknown-finding\"]").size() == 1);
  CHECK(holding("derived = [\"slr-side-gap\"]").size() == 1);
}

TEST_CASE("a misspelt expectation is refused with the nearest field") {
  const auto wanted =
      check::read_expectation("schema = \"posterior.expected/1\"\nplan_hass = []\n", "expected.toml");
  CHECK_FALSE(wanted.value);
  REQUIRE(wanted.problems.size() == 1);
  CHECK(wanted.problems[0].hint == "did you mean \"plan_has\"?");
}
