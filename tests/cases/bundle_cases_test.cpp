#include <catch2/catch_test_macros.hpp>

#include "engine/check/bundle_cases.hpp"
#include "tests/cases/staged_world.hpp"
#include "tests/kb/memory_files.hpp"

using namespace posterior;

namespace {

constexpr const char* plain_case = R"(schema = "posterior.case/1"
[patient]
age = 40
sex = "female"
[[observation]]
finding = "slump"
side = "left"
state = "present"
)";

std::vector<check::case_outcome> outcomes(kb::memory_files& files) {
  const auto& w = staged::the_world();
  return check::run_cases(files, "/b", w.knowledge(), w.detectors());
}

} // namespace

TEST_CASE("a golden case that holds has no problem, one that does not says which sentence") {
  kb::memory_files files;
  files.files["/b/cases/one.case.toml"] = plain_case;
  files.files["/b/cases/one.expected.toml"] = "schema = \"posterior.expected/1\"\nflags = []\n";
  files.files["/b/cases/two.case.toml"] = plain_case;
  files.files["/b/cases/two.expected.toml"] =
      "schema = \"posterior.expected/1\"\nflags = [\"rf-cauda-equina\"]\n";
  const auto got = outcomes(files);
  REQUIRE(got.size() == 2);
  CHECK(got[0].name == "one");
  CHECK(got[0].problems.empty());
  REQUIRE_FALSE(got[1].problems.empty());
  CHECK(got[1].problems[0].where.file == "/b/cases/two.expected.toml");
}

TEST_CASE("half a golden case is a problem, and so is one that cannot be read as a case") {
  kb::memory_files files;
  files.files["/b/cases/alone.case.toml"] = plain_case;
  files.files["/b/cases/empty.case.toml"] = "";
  files.files["/b/cases/empty.expected.toml"] = "schema = \"posterior.expected/1\"\nflags = []\n";
  files.files["/b/cases/lost.expected.toml"] = "schema = \"posterior.expected/1\"\nflags = []\n";
  files.files["/b/cases/odd.case.toml"] = plain_case;
  files.files["/b/cases/odd.expected.toml"] = "flag = 3\n";
  files.files["/b/cases/notes.txt"] = "not a case";
  const auto got = outcomes(files);
  REQUIRE(got.size() == 4);
  for (const auto& c : got) {
    CAPTURE(c.name);
    CHECK_FALSE(c.problems.empty());
  }
}

TEST_CASE("a bundle without golden cases has none to run") {
  kb::memory_files files;
  files.files["/b/plugin.toml"] = "";
  CHECK(outcomes(files).empty());
}
