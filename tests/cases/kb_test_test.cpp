// What golden cases touch, told of the staged knowledge; and sets of cases as text.
#include <algorithm>

#include <catch2/catch_test_macros.hpp>

#include "engine/check/kb_test.hpp"
#include "tests/cases/staged_world.hpp"

using namespace posterior;

namespace {

check::golden_case golden(const std::string& name, const std::string& more, const std::string& expected) {
  check::golden_case out;
  out.name = name;
  out.case_file = name + ".case.toml";
  out.expected_file = name + ".expected.toml";
  out.patient =
      "schema = \"posterior.case/1\"\n[patient]\nage = 40\nsex = \"female\"\n[screening]\ndone = true\n" +
      more;
  out.expected = "schema = \"posterior.expected/1\"\n" + expected;
  return out;
}

std::string seen(const std::string& finding, const std::string& more) {
  return "[[observation]]\nfinding = \"" + finding + "\"\n" + more;
}

check::kb_test_report tested(const std::vector<check::golden_case>& cases) {
  const auto& w = staged::the_world();
  return check::test_knowledge(w.knowledge(), w.detectors(), {{"here", cases}}, {});
}

bool untouched(const check::kb_test_report& r, const std::string& kind, const std::string& id) {
  for (const check::coverage& c : r.kinds)
    if (c.kind == kind)
      return std::binary_search(c.untouched.begin(), c.untouched.end(), id);
  throw std::runtime_error("no such kind: " + kind);
}

} // namespace

TEST_CASE("a case touches what was recorded, its readings and what bears on it, and nothing that the screen "
          "answers") {
  const auto r =
      tested({golden("one", seen("slump", "side = \"left\"\nstate = \"present\"\n"), "flags = []\n")});
  CHECK(r.failed == 0);
  CHECK_FALSE(untouched(r, "finding", "slump"));
  CHECK(untouched(r, "finding", "pke"));
  CHECK(untouched(r, "finding", "red-fever"));
  CHECK_FALSE(untouched(r, "state", "neural-tension"));
  const auto readings = staged::the_world().knowledge().readings_of("slump");
  REQUIRE_FALSE(readings.empty());
  CHECK_FALSE(untouched(r, "observes", readings.front()->id()));
  CHECK(untouched(r, "rule", "rf-cauda-equina"));
}

TEST_CASE("a rule is touched when it is raised, or turned down by an answer that was given") {
  const auto raised = tested({golden(
      "one", seen("red-fever", "state = \"present\"\n") + seen("sx-back-pain", "state = \"present\"\n"),
      "flags = [\"rf-spinal-infection\"]\n")});
  CHECK(raised.failed == 0);
  CHECK_FALSE(untouched(raised, "rule", "rf-spinal-infection"));
  CHECK(untouched(raised, "rule", "rf-shingles"));
  const auto denied =
      tested({golden("one", seen("sx-skin-rash", "side = \"left\"\nstate = \"absent\"\n"), "flags = []\n")});
  CHECK_FALSE(untouched(denied, "rule", "rf-shingles"));
}

TEST_CASE("what one case leaves out another may touch, and a failing case is counted and told") {
  const auto one = golden("one", seen("slump", "side = \"left\"\nstate = \"present\"\n"), "flags = []\n");
  const auto two =
      golden("two", seen("pke", "side = \"left\"\nvalue = 40\nunit = \"deg\"\n"), "flags = [\"rf-dvt\"]\n");
  const auto r = tested({one, two});
  CHECK_FALSE(untouched(r, "finding", "pke"));
  CHECK_FALSE(untouched(r, "finding", "slump"));
  CHECK(r.failed == 1);
  REQUIRE(r.cases.size() == 2);
  CHECK(r.cases[0].how.problems.empty());
  CHECK(r.cases[1].how.problems.front().text.find("rf-dvt") != std::string::npos);
  CHECK(check::as_junit(r).find("<failure message=\"the red flag rf-dvt was not raised\">") !=
        std::string::npos);
}

TEST_CASE("no case touches nothing at all, and every statement is then untouched") {
  for (const check::coverage& c : tested({}).kinds)
    CHECK(c.touched() == 0);
}

TEST_CASE("a set of cases reads back as it was written, and half a case is refused") {
  const check::case_set set{"here", {golden("one", "", "flags = []\n"), golden("two", "", "")}};
  const auto back = check::read_case_set(check::case_set_text(set), "here");
  CHECK(back.problems.empty());
  REQUIRE(back.value.cases.size() == 2);
  CHECK(back.value.cases[1].patient == set.cases[1].patient);
  CHECK(back.value.cases[1].expected == set.cases[1].expected);
  CHECK(has_errors(
      check::read_case_set(R"({"schema": "posterior.kb-cases/1", "cases": [{"name": "x"}]})", "h").problems));
  CHECK(has_errors(check::read_case_set("[]", "h").problems));
}
