// The commands that ask more about one case: next, whatif, sensitivity, why-not.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <sstream>

#include "engine/report/sheet.hpp"
#include "kb/values/document.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/schema.hpp"

using namespace posterior;

namespace {

// Everything that the build staged, imported before the first test.
struct staged : tests::installation {
  staged() {
    if (!take_staged_plugins())
      for (const char* folder : {"neural-tension", "hamstring-shortness"})
        add_plugin(folder);
    run({"kb", "list", "causes"});
  }
};

const staged& shared() {
  static const staged one;
  return one;
}

int longest_line(const std::string& text) {
  std::istringstream lines(text);
  int longest = 0;
  for (std::string line; std::getline(lines, line);)
    longest = std::max(longest, report::columns(line));
  return longest;
}

const std::string neural = POSTERIOR_SOURCE_DIR "/tests/cases/neural-tension-alone/case.toml";

node json_of(const std::string& text) {
  const parsed read = parse_json(text, "answer");
  REQUIRE(read.root);
  return *read.root;
}

} // namespace

TEST_CASE("each mistake in a question about a case ends with 2 and names what was found and what is needed") {
  struct row {
    std::vector<std::string> words;
    std::string error;
  };
  const row mistakes[] = {
      {{"next", "--focus", "hamstring-shortnes"},
       "focus was \"hamstring-shortnes\", must be a cause of the knowledge base (kb list cause)\n"
       "posterior: hint: did you mean \"hamstring-shortness\"?\n"},
      {{"next", "--focus", "hamstring-shortness@up"},
       "focus was \"hamstring-shortness@up\", must be \"hamstring-shortness@left\" or "
       "\"hamstring-shortness@right\"\n"},
      {{"next", "--minutes", "0"}, "minutes was \"0\", must be a number from 1 to 240\n"},
      {{"next", "--side", "up"}, "side was \"up\", must be left or right\n"},
      {{"whatif"}, "changes was \"\", must be at least one of FINDING=STATE, given and do\n"},
      {{"whatif", "slump"}, "changes was \"slump\", must be FINDING=STATE, for example slump@left=absent\n"},
      {{"whatif", "slumpp@left=absent"},
       "the change: the finding \"slumpp\" of observation 1 was not known, must be one of the knowledge "
       "base\n"
       "posterior: hint: did you mean \"slump\"?\n"},
      {{"whatif", "slump@left=maybe"},
       "the change: \"state\" of observation 1 was \"maybe\", must be \"present\", \"absent\" or "
       "\"unknown\"\n"},
      {{"whatif", "slr-passive@left=55kg"},
       "the change: \"unit\" of observation 1 was \"kg\", must be \"deg\" or a unit of the same kind\n"},
      {{"whatif", "slr-passive@left=900deg"},
       "the change: \"value\" of observation 1 was 900 deg, must be 0 to 130 deg\n"},
      {{"whatif", "--given", "hamstring-shortness@left=55"},
       "given was \"hamstring-shortness@left=55\", must be CAUSE=present or CAUSE=absent"},
      {{"whatif", "--do", "hamstring-shortnes@left=absent"},
       "do was \"hamstring-shortnes@left=absent\", must be about a cause of the knowledge base"},
      {{"whatif", "--do", "hamstring-shortness=present"},
       "do was \"hamstring-shortness=present\", must be with its side"},
      {{"whatif", "--given", "hamstring-shortness@middle=absent"},
       "given was \"hamstring-shortness@middle=absent\", must be about left or right\n"}};
  for (const row& m : mistakes) {
    std::vector<std::string> words = m.words;
    words.insert(words.begin() + 1, neural);
    const auto done = shared().run(words);
    INFO(m.error << "\n" << done.error);
    CHECK(done.exit_code == 2);
    CHECK(done.out.empty());
    CHECK(done.error.find(m.error) != std::string::npos);
  }
}

TEST_CASE("an unknown id of why-not ends with 1 and the nearest one") {
  const auto done = shared().run({"why-not", neural, "hamstring-shortnes"});
  CHECK(done.exit_code == 1);
  CHECK(done.error.find("did you mean \"hamstring-shortness\"?") != std::string::npos);
}

TEST_CASE("answers to questions about a case fit 80 columns and follow their schemas") {
  const std::vector<std::vector<std::string>> commands = {
      {"next", neural},
      {"next", neural, "--minutes", "10"},
      {"next", neural, "--focus", "neural-tension@left"},
      {"whatif", neural, "slump@left=absent", "slr-passive@left=80deg"},
      {"whatif", neural, "--given", "neural-tension@left=absent"},
      {"whatif", neural, "--do", "neural-tension@left=absent"},
      {"sensitivity", neural},
      {"why-not", neural, "hamstring-strain@left"},
      {"why-not", neural, "nordic-hamstring"},
      {"why-not", neural, "sx-buttock-pain"}};
  for (auto words : commands) {
    const auto text = shared().run(words);
    INFO(words.front() << ' ' << words.back() << '\n' << text.error << text.out);
    CHECK(longest_line(text.out) <= 80);
    words.push_back("--json");
    const auto json = shared().run(words);
    if (json.exit_code == 0)
      CHECK(tests::judge(json.out) == std::vector<std::string>{});
  }
}

TEST_CASE("next leads with the open safety questions, and does not say that enough is known") {
  const std::string file = POSTERIOR_SOURCE_DIR "/tests/cases/screening-not-done/case.toml";
  const auto done = shared().run({"next", file});
  CHECK(done.out.starts_with("ASK THESE FIRST"));
  CHECK(done.out.find("Enough is known") == std::string::npos);
}

TEST_CASE("tests for a number of minutes take no longer than that") {
  for (const char* minutes : {"1", "5", "20"}) {
    const auto answer = json_of(shared().run({"next", neural, "--minutes", minutes, "--json"}).out);
    const node* chosen = answer.find("chosen");
    double sum = 0;
    for (const node& t : chosen->find("tests")->items)
      sum += t.find("minutes")->number;
    CHECK(sum <= std::stod(minutes) + 1e-9);
    CHECK(chosen->find("minutes")->number == sum);
  }
}

TEST_CASE("with a focus the outcomes told are that cause's") {
  const auto answer = json_of(shared().run({"next", neural, "--focus", "neural-tension@left", "--json"}).out);
  REQUIRE_FALSE(answer.find("tests")->items.empty());
  for (const node& t : answer.find("tests")->items) {
    CHECK(t.find("if_positive")->find("cause")->text == "neural-tension");
    CHECK(t.find("if_positive")->find("side")->text == "left");
  }
}

TEST_CASE("a what-if that raises a flag says so first") {
  const auto done = shared().run({"whatif", neural, "red-saddle-numbness=present"});
  INFO(done.out);
  CHECK(done.out.starts_with("THIS WOULD RAISE A RED FLAG"));
  CHECK(shared().run({"whatif", neural, "red-saddle-numbness=present", "--exit-code"}).exit_code == 20);
}

TEST_CASE("what if nothing changes, nothing changes") {
  const auto answer = json_of(shared().run({"whatif", neural, "slump@left=present", "--json"}).out);
  for (const node& c : answer.find("causes")->items)
    CHECK(c.find("change_db")->number == 0);
  CHECK(answer.find("plan")->find("added")->items.empty());
}
