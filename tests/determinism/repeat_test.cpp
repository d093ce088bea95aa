#include <catch2/catch_test_macros.hpp>

#include "tests/staged/program.hpp"

using namespace posterior;

namespace {

// Different in what they make the engine do: detectors, both sides, a flag, unanswered questions, no cause.
const std::vector<std::string> cases{"tightness-paradox", "two-causes-at-once",
                                     "red-flag-in-an-ordinary-case", "missing-data", "no-cause-explains"};

// Two runs import the knowledge into a home of their own, the others find it there.
void hold_twenty_times(const std::string& name, std::vector<std::string> words) {
  words.push_back(staged::case_file(name).string());
  std::string first;
  for (int home = 0; home < 2; ++home) {
    const staged::folder fresh;
    for (int i = 0; i < 10; ++i) {
      const auto done = staged::assess(words, {fresh / "home", {}, {}, {}});
      INFO(name << ", home " << home << ", run " << i << '\n' << done.error);
      REQUIRE(done.exit_code == 0);
      REQUIRE(done.out.size() > 1000);
      if (first.empty())
        first = done.out;
      REQUIRE((done.out == first)); // no dump of two letters
    }
  }
}

} // namespace

TEST_CASE("a hundred assessments give the same bytes as JSON, case by case") {
  for (const std::string& name : cases)
    hold_twenty_times(name, {"--json"});
}

TEST_CASE("a hundred assessments give the same letter, case by case") {
  for (const std::string& name : cases)
    hold_twenty_times(name, {});
}

TEST_CASE("two cases give different bytes") {
  const staged::folder fresh;
  const staged::surroundings here{fresh / "home", {}, {}, {}};
  CHECK((staged::assess({staged::case_file(cases[0]).string()}, here).out !=
         staged::assess({staged::case_file(cases[1]).string()}, here).out));
}
