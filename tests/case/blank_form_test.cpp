#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <sstream>

#include "tests/case/small_knowledge.hpp"

using namespace posterior;
using Catch::Matchers::ContainsSubstring;

namespace {

std::vector<std::string> lines(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);)
    out.push_back(line);
  return out;
}

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& line : list)
    out += line + "\n";
  return out;
}

// A commented line that is meant to be filled in, not prose.
bool fillable(const std::string& line) {
  return line.starts_with("#   { finding = ") || line.starts_with("# patient.") ||
         line.starts_with("# context.") || line.starts_with("# screening.");
}

} // namespace

TEST_CASE("the blank form reads as a case without observations and without a syntax problem") {
  const auto k = small::knowledge();
  const auto r = cases::read(cases::blank_form(*k), "new.toml", *k);
  CHECK(r.readable);
  CHECK(small::codes(r.problems) == "case.nothing-usable");
}

TEST_CASE("every line of the blank form can be filled in alone, and all of them together") {
  const auto k = small::knowledge();
  const auto blank = lines(cases::blank_form(*k));
  std::size_t observations = 0;
  auto all = blank;
  for (std::size_t i = 0; i < blank.size(); ++i) {
    if (!fillable(blank[i]))
      continue;
    all[i] = blank[i].substr(2);
    auto one = blank;
    one[i] = all[i];
    const auto r = cases::read(joined(one), "new.toml", *k);
    CAPTURE(blank[i], small::codes(r.problems));
    const bool records = blank[i].find("finding =") != std::string::npos;
    CHECK(small::codes(r.problems) == (records ? "" : "case.nothing-usable"));
    CHECK(r.value.has_value() == records);
    observations += records;
  }
  CHECK(observations == 12);
  const auto r = cases::read(joined(all), "new.toml", *k);
  REQUIRE(r.value);
  CHECK(r.problems.empty());
  CHECK(r.value->observations.size() == 12);
}

TEST_CASE("the blank form groups findings, asks every safety question and shows units and ranges") {
  const auto form = cases::blank_form(*small::knowledge());
  const auto order = {"# --- the patient", "# --- the safety screen", "# --- safety questions",
                      "# --- history",     "# --- symptoms",          "# --- signs",
                      "# --- tests",       "# --- measures"};
  std::size_t at = 0;
  for (const std::string title : order) {
    const auto found = form.find(title);
    CAPTURE(title);
    REQUIRE(found != std::string::npos);
    CHECK(found >= at);
    at = found;
  }
  for (const auto& f : small::findings())
    if (f.safety)
      CHECK_THAT(form, ContainsSubstring(f.question));
  CHECK_THAT(form, ContainsSubstring("is there pke-angle? (0 to 90 deg)"));
  CHECK_THAT(form, ContainsSubstring("(low, moderate, high)"));
  CHECK_THAT(form, !ContainsSubstring("torque-difference"));
}
