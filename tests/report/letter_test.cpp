#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "engine/report/assessment.hpp"
#include "engine/report/words.hpp"
#include "kb/values/document.hpp"
#include "tests/report/sample.hpp"

using namespace posterior;
using namespace posterior::report;

namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// A difference leaves what was drawn in the build folder, to be looked at and copied over if it is right.
void check_golden(const std::string& name, const std::string& drawn) {
  const std::string wanted = contents(POSTERIOR_SOURCE_DIR "/tests/report/golden/" + name);
  if (wanted != drawn)
    std::ofstream(POSTERIOR_BINARY_DIR "/" + name, std::ios::binary) << drawn;
  INFO("drawn: " POSTERIOR_BINARY_DIR "/" << name);
  CHECK((wanted == drawn));
}

std::string drawn(const assess::assessment& a, int width = 80) {
  return render_text(letter(a, *tests::sample_knowledge()), {width, false});
}

int longest_line(const std::string& text) {
  std::istringstream lines(text);
  int longest = 0;
  for (std::string line; std::getline(lines, line);)
    longest = std::max(longest, columns(line));
  return longest;
}

std::vector<std::string> keys(const node& table) {
  std::vector<std::string> out;
  for (const auto& [key, value] : table.members)
    out.push_back(key);
  return out;
}

} // namespace

TEST_CASE("the letter reads as it was agreed: open, provisional and closed plan") {
  check_golden("open.txt", drawn(tests::sample_assessment()));
  check_golden("provisional.txt", drawn(tests::incomplete_assessment()));
  check_golden("flagged.txt", drawn(tests::flagged_assessment()));
}

TEST_CASE("the page for printing holds what was agreed") {
  check_golden("open.html",
               render_html(letter(tests::sample_assessment(), *tests::sample_knowledge()), "Assessment"));
}

TEST_CASE("no line of a letter is wider than asked") {
  const int width = GENERATE(40, 72, 80, 120);
  CHECK(longest_line(drawn(tests::sample_assessment(), width)) <= width);
  CHECK(longest_line(drawn(tests::flagged_assessment(), width)) <= width);
  CHECK(longest_line(drawn(tests::sample_assessment(), 80)) > 70);
}

TEST_CASE("a red flag and what to do about it are the first thing said") {
  const std::string text = drawn(tests::flagged_assessment());
  CHECK(text.starts_with("EMERGENCY: Cauda equina syndrome suspected\n!! Send to an emergency department"));
  CHECK(text.find("NOT FOR ACTION UNTIL THIS IS CLEARED") != std::string::npos);
  CHECK(text.find("No plan is given.") != std::string::npos);
}

TEST_CASE("phases are not printed while an emergency or urgent flag is open, whatever the plan holds") {
  assess::assessment a = tests::flagged_assessment();
  a.programme.phases = tests::sample_assessment().programme.phases;
  CHECK(drawn(a).find("Sciatic slider") == std::string::npos);
  CHECK(drawn(tests::sample_assessment()).find("Sciatic slider") != std::string::npos);
}

TEST_CASE("a hidden serious condition is never given a number, in no output") {
  const assess::assessment a = tests::sample_assessment();
  for (const std::string& out :
       {drawn(a), to_json(a), render_html(letter(a, *tests::sample_knowledge()), "x")}) {
    CHECK(out.find("0.03125") == std::string::npos);
    CHECK(out.find("0.015625") == std::string::npos);
    CHECK(out.find("0.03") == std::string::npos);
    CHECK(out.find("0.02 ") == std::string::npos);
  }
  CHECK(drawn(a).find("Fracture of a vertebra cannot be excluded.") != std::string::npos);
  CHECK(to_json(a).find("vertebral-fracture") != std::string::npos);
}

TEST_CASE("the JSON of an assessment has the agreed keys in the agreed order") {
  const auto json = parse_json(to_json(tests::sample_assessment()), "a.json");
  REQUIRE(json.root);
  const std::vector<std::string> agreed{
      "schema",   "suspended",  "drafts",       "knowledge",   "engine",        "plugins",     "safety",
      "watch",    "red_flags",  "differential", "unexplained", "none_of_these", "inseparable", "conflicts",
      "tensions", "next_tests", "stop",         "plan",        "method",        "diagnostics"};
  std::vector<std::string> found = keys(*json.root);
  REQUIRE(found.size() >= agreed.size());
  found.resize(agreed.size());
  CHECK(found == agreed);
  const node& cause = json.root->find("differential")->items.at(0);
  const std::vector<std::string> of_cause{"cause",    "name",        "side",      "prior", "posterior",
                                          "interval", "either_side", "examined",  "for",   "against",
                                          "unknown",  "grade",       "contested", "path"};
  found = keys(cause);
  found.resize(of_cause.size());
  CHECK(found == of_cause);
  CHECK(cause.find("posterior")->number == 0.62);
  CHECK(cause.find("interval")->items.at(1).number == 0.79);
  const node& item = json.root->find("plan")->find("phases")->items.at(0).find("items")->items.at(0);
  CHECK(item.find("dose")->find("sets")->find("min")->number == 2);
  CHECK(item.find("dose")->find("sets")->find("unit")->text == "1");
  CHECK(json.root->find("plan")->find("referral")->kind == node::type::null);
}

TEST_CASE("a letter says in plain words how a wide case was answered") {
  auto a = tests::sample_assessment();
  a.how = {"bounded", 0.0125, 0, 0};
  CHECK(drawn(a, 400).find(
            "Probabilities: bounded, each is certain to lie in its range under this knowledge; the "
            "widest range is 0.0125.") != std::string::npos);
  a.how = {"sampled", 0, 0.0025, 0};
  CHECK(drawn(a, 400).find(
            "Probabilities: sampled, estimated at random points with a standard error of at most "
            "0.0025; ranges: four standard errors either way.") != std::string::npos);
  const std::string json = to_json(a);
  CHECK(json.find("\"rung\": \"sampled\"") != std::string::npos);
  CHECK(json.find("\"standard_error\": 0.0025") != std::string::npos);
}

TEST_CASE("the JSON of an assessment names no file") {
  CHECK(to_json(tests::sample_assessment()).find("case.toml") == std::string::npos);
  CHECK(to_json(tests::sample_assessment()).find("\"line\": 12") != std::string::npos);
}

TEST_CASE("colour is added only when it is asked for, and changes no word") {
  const sheet page = letter(tests::flagged_assessment(), *tests::sample_knowledge());
  std::string coloured = render_text(page, {80, true});
  CHECK(render_text(page, {80, false}).find('\x1B') == std::string::npos);
  CHECK(coloured.find("\x1B[1;31m") != std::string::npos);
  for (std::size_t at; (at = coloured.find('\x1B')) != std::string::npos;)
    coloured.erase(at, coloured.find('m', at) - at + 1);
  CHECK(coloured == render_text(page, {80, false}));
}

TEST_CASE("text that a terminal or a browser could act on is made harmless") {
  sheet page;
  page.text("a\x1B[2J\xC2\x9B<b>&\"'</b>\xE2\x80\xAE"
            "c");
  CHECK(render_text(page, {80, false}) == "a?[2J?<b>&\"'</b>?c\n");
  CHECK(render_html(page, "<t>").find("&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;") != std::string::npos);
  CHECK(render_html(page, "<t>").find("<title>&lt;t&gt;</title>") != std::string::npos);
}

TEST_CASE("words longer than the line are broken, and wide characters count twice") {
  sheet page;
  page.item("*", std::string(100, 'x'), 2);
  CHECK(longest_line(render_text(page, {40, false})) <= 40);
  CHECK(columns("\xE7\x97\x9B"
                "a") == 3);
  CHECK(columns("e\xCC\x81") == 1);
}

TEST_CASE("a bar shows the value inside its interval") {
  CHECK(bar_cells({0.5, 0.25, 0.75}, 8) == "--==#==-");
  CHECK(bar_cells({1, 0.9, 1}, 4) == "---#");
  CHECK(bar_cells({0, 0, 0}, 4) == "#---");
}

TEST_CASE("probabilities are said with two digits and never rounded to certainty") {
  CHECK(probability(0.624) == "0.62");
  CHECK(probability(0.001) == "<0.01");
  CHECK(probability(0.999) == ">0.99");
  CHECK(probability(0) == "0.00");
  CHECK(probability(1) == "1.00");
  CHECK(with_interval(0.62, 0.41, 0.79) == "0.62 [0.41-0.79]");
  CHECK(with_interval(0.99, 0.9, 0.999) == "0.99 [0.90-1]");
  CHECK(with_interval(0.01, 0.001, 0.02) == "0.01 [0-0.02]");
}

TEST_CASE("weights are said in words and decibans") {
  CHECK(weight(7.94) == "clearly for it, +7.9 dB");
  CHECK(weight(-12) == "strongly against it, -12.0 dB");
  CHECK(weight(0.2) == "hardly for it, +0.2 dB");
}
