#include <catch2/catch_test_macros.hpp>

#include <catch2/generators/catch_generators.hpp>
#include <filesystem>
#include <fstream>

#include <csignal>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

#include "engine/report/sheet.hpp"
#include "kb/values/document.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/schema.hpp"

using namespace posterior;
using tests::installation;

namespace {

int longest_line(const std::string& text) {
  std::istringstream lines(text);
  int longest = 0;
  for (std::string line; std::getline(lines, line);)
    longest = std::max(longest, report::columns(line));
  return longest;
}

std::string schema_of(const std::string& json) {
  const auto document = parse_json(json, "out");
  const node* schema = document.root ? document.root->find("schema") : nullptr;
  return schema == nullptr ? "" : schema->text;
}

// One installation for the tests that leave it as it is.
struct imported : installation {
  imported() { run({"kb", "list", "causes"}); } // says on standard error that it imports
};

const installation& shared() {
  static const imported one;
  return one;
}

} // namespace

// Everything that a network may hold.
std::string small_network(const std::string& seen) {
  return R"({"nodes": [{"id": "c", "leak": 0.1}, {"id": "d", "leak": 0.2}, {"id": "f", "leak": 0.01},
                       {"id": "both"}, {"id": "pain"}],
             "links": [{"from": "c", "to": "f", "probability": 0.8}],
             "pairs": [{"a": "c", "b": "d", "probability": 0.02}],
             "tables": [{"node": "both", "parents": ["c", "d"], "present": [0, 0, 0, 1]}],
             "graded": [{"node": "pain", "leak": [0.7, 0.2, 0.1],
                         "links": [{"from": "both", "probabilities": [0.2, 0.3, 0.5]}]}],
             "evidence": [)" +
         seen + "]}";
}

TEST_CASE("mistakes on the command line end with 2 and one sentence with a cure") {
  struct row {
    std::vector<std::string> words;
    std::string error;
  };
  const row mistakes[] = {
      {{"asess", "x"},
       "posterior: error: posterior: the command was \"asess\", must be one of assess, why, why-not, next, "
       "compare, whatif, sensitivity, case, kb, plugin, daemon, debug, backup, restore, doctor, help, "
       "version\n"
       "posterior: hint: did you mean \"assess\"?\n"},
      {{"kb", "shwo", "x"},
       "posterior: error: posterior kb: the command was \"shwo\", must be one of search, show, list, graph, "
       "claims, sources, tensions, overlaps, log, diff, verify, check, test, export, import, overlay, "
       "drafts, override, disable, suspend, review, reset\n"
       "posterior: hint: did you mean \"show\"?\n"},
      {{"kb"},
       "posterior: error: posterior kb: the command was missing, must be one of search, show, list, graph, "
       "claims, sources, tensions, overlaps, log, diff, verify, check, test, export, import, overlay, "
       "drafts, override, disable, suspend, review, reset\n"
       "posterior: hint: `posterior help` lists them\n"},
      {{"assess"},
       "posterior: error: posterior assess: CASE was missing, must be given\n"
       "posterior: hint: usage: posterior assess CASE\n"},
      {{"why", "a", "b", "c"},
       "posterior: error: posterior why: an argument was \"c\", must be left out\n"
       "posterior: hint: usage: posterior why CASE ID\n"},
      {{"assess", "x", "--jsno"},
       "posterior: error: posterior assess: the option was \"--jsno\", must be one that this command has\n"
       "posterior: hint: did you mean \"--json\"?\n"},
      {{"assess", "x", "--html"},
       "posterior: error: posterior: the option --html was without its value, must be followed by one\n"
       "posterior: hint: `posterior help` shows how each is written\n"},
      {{"version", "--width", "20"},
       "posterior: error: posterior: --width was \"20\", must be a whole number from 40 to 200\n"},
      {{"help", "kb", "shwo"},
       "posterior: error: posterior help: the command was \"kb shwo\", must be one that `posterior help` "
       "lists\n"
       "posterior: hint: did you mean \"kb show\"?\n"},
  };
  for (const row& one : mistakes) {
    const auto done = shared().run(one.words);
    CHECK(done.exit_code == 2);
    CHECK(done.error == one.error);
    CHECK(done.out.empty());
  }
}

TEST_CASE("without a command the overview is shown as a usage error") {
  const auto done = shared().run({});
  CHECK(done.exit_code == 2);
  CHECK(done.error.find("Commands") != std::string::npos);
}

TEST_CASE("a case that cannot be read gives one sentence and exit 4") {
  const auto& here = shared();
  const std::string missing = (here.root() / "files/none.toml").string(),
                    folder = (here.root() / "files").string();
  const std::string big = here.write("big.toml", std::string((1u << 20) + 1, '#')).string();
  CHECK(here.run({"assess", missing}).error ==
        "posterior: error: " + missing +
            ": the case was not found, must be a file that exists\n"
            "posterior: hint: `posterior case new > case.toml` writes a blank form\n");
  CHECK(here.run({"assess", folder}).error ==
        "posterior: error: " + folder +
            ": the case was a folder, must be a file\nposterior: hint: name one file in it\n");
  CHECK(here.run({"assess", big}).error ==
        "posterior: error: " + big +
            ": the case was longer than 1048576 bytes, must be at most 1048576 bytes\n"
            "posterior: hint: a case holds one person's examination at one time\n");
  for (const std::string& path : {missing, folder, big})
    CHECK(here.run({"assess", path}).exit_code == 4);
}

TEST_CASE("empty, truncated and random cases end with 4, for assess and for case check") {
  const std::string text =
      GENERATE(as<std::string>{}, "", "schema = \"posterior.case/1\"\n[[observation]]\nfinding = \"slu",
               std::string("\x00\xFF\x01garbage", 10), "{\"schema\":", "schema = \"posterior.case/1\"\n");
  const auto done = shared().run({"assess", "-"}, text);
  CHECK(done.exit_code == 4);
  CHECK(done.out.empty());
  CHECK(done.error.starts_with("posterior: error: -"));
  CHECK(shared().run({"case", "check", "-"}, text).exit_code != 0);
}

TEST_CASE("a case is assessed from a file and from standard input with the same bytes") {
  const auto& here = shared();
  const std::string file = here.write("small.toml", tests::small_case()).string();
  const auto from_file = here.run({"assess", "--json", file}),
             from_input = here.run({"assess", "-", "--json"}, tests::small_case());
  CHECK(from_file.exit_code == 0);
  CHECK(from_file.out == from_input.out);
  CHECK(schema_of(from_file.out) == "posterior.assessment/1");
}

TEST_CASE("every text is at most 80 columns wide, and as wide as asked") {
  const auto& here = shared();
  const std::string file = here.write("small.toml", tests::small_case()).string();
  const std::string network =
      here.write("network.json", small_network(R"({"node": "pain", "grade": 2})")).string();
  const std::vector<std::vector<std::string>> commands{
      {"assess", file},
      {"why", file, "hamstring-shortness"},
      {"why", file, "slump"},
      {"why", file, "static-hamstring-stretch"},
      {"why", file, "seq-one-knee-dominant-eccentric"},
      {"kb", "show", "seq-course-of-a-session"},
      {"kb", "list", "sequence"},
      {"compare", file, "hamstring-shortness@left", "hamstring-shortness@right"},
      {"case", "check", file},
      {"kb", "show", "slump"},
      {"kb", "show", "hamstring-shortness"},
      {"kb", "list", "causes"},
      {"kb", "list", "sources"},
      {"kb", "search", "nerve"},
      {"kb", "claims"},
      {"kb", "sources", "--contested"},
      {"kb", "tensions"},
      {"kb", "overlaps"},
      {"kb", "graph"},
      {"plugin", "list"},
      {"plugin", "info", "hamstring-shortness"},
      {"debug", "infer", network},
      {"debug", "network", file},
      {"debug", "evidence", file},
      {"debug", "timings", file},
      {"debug", "network", file},
      {"debug", "evidence", file},
      {"debug", "timings", file},
      {"help"},
      {"help", "assess"},
      {"help", "debug", "infer"},
      {"doctor"},
      {"version"}};
  for (const auto& words : commands) {
    const auto done = here.run(words);
    INFO(words.front() << ' ' << words.back() << '\n' << done.error);
    CHECK(done.exit_code <= 1);
    CHECK_FALSE(done.out.empty());
    CHECK(longest_line(done.out) <= 80);
  }
  CHECK(longest_line(here.run({"assess", file, "--width", "60"}).out) <= 60);
}

TEST_CASE("a search says what it looked for instead, and is narrowed to what was asked for") {
  const auto& here = shared();
  const auto slip = here.run({"kb", "search", "hamstirng"});
  CHECK(slip.exit_code == 0);
  CHECK(slip.out.find("searched \"hamstring\" for \"hamstirng\"") != std::string::npos);
  CHECK(here.run({"kb", "search", "qqqqqqqqq"}).out.find("occurs nowhere") != std::string::npos);
  const auto narrowed = here.run({"kb", "search", "hamstring", "--kind", "exercises", "--max", "3"});
  CHECK(narrowed.out.find("exercise, ") != std::string::npos);
  CHECK(narrowed.out.find("finding, ") == std::string::npos);
  CHECK(narrowed.out.find("the first 3 statements") != std::string::npos);
  CHECK(here.run({"kb", "search", "hamstring", "--kind", "planets"}).exit_code == 2);
  CHECK(here.run({"kb", "search", "hamstring", "--grade", "lowly"}).exit_code == 2);
  CHECK(here.run({"kb", "search", "hamstring", "--source", "nobody1999"}).exit_code == 1);
  CHECK(here.run({"kb", "search", "hamstring", "--max", "0"}).exit_code == 2);
  const auto nothing = here.run({"kb", "search", "--", "-hamstring"});
  CHECK(nothing.exit_code == 2);
  CHECK(nothing.error.find("only left out") != std::string::npos);
}

TEST_CASE("every command has a JSON form that follows its published schema") {
  const auto& here = shared();
  const std::string file = here.write("small.toml", tests::small_case()).string();
  const std::string network =
      here.write("network.json", small_network(R"({"node": "pain", "grade": 2})")).string();
  const std::string impossible =
      here.write("impossible.json", small_network(R"({"node": "c", "likelihood": [0, 0]})")).string();
  const std::pair<std::vector<std::string>, std::string> commands[] = {
      {{"assess", file}, "posterior.assessment/1"},
      {{"why", file, "hamstring-shortness"}, "posterior.why/1"},
      {{"why", file, "slump"}, "posterior.why/1"},
      {{"why", file, "static-hamstring-stretch"}, "posterior.why/1"},
      {{"why", file, "rf-cauda-equina"}, "posterior.why/1"},
      {{"why", file, "seq-course-of-a-session"}, "posterior.why/1"},
      {{"why", file, "seq-heavy-eccentric-apart"}, "posterior.why/1"},
      {{"compare", file, "hamstring-shortness@left", "hamstring-shortness@right"}, "posterior.comparison/1"},
      {{"next", file, "--minutes", "8"}, "posterior.next-tests/1"},
      {{"next", file, "--focus", "hamstring-shortness@left"}, "posterior.next-tests/1"},
      {{"whatif", file, "slump@left=absent"}, "posterior.what-if/1"},
      {{"whatif", file, "--do", "hamstring-shortness@left=absent"}, "posterior.what-if/1"},
      {{"sensitivity", file}, "posterior.sensitivity/1"},
      {{"why-not", file, "hamstring-shortness"}, "posterior.why-not/1"},
      {{"why-not", file, "slump"}, "posterior.why-not/1"},
      {{"why-not", file, "static-hamstring-stretch"}, "posterior.why-not/1"},
      {{"case", "check", file}, "posterior.case-check/1"},
      {{"case", "new"}, "posterior.case-form/1"},
      {{"kb", "search", "slump"}, "posterior.kb-search/1"},
      {{"kb", "search", "slupm", "tenson"}, "posterior.kb-search/1"},
      {{"kb", "show", "slump"}, "posterior.kb-show/1"},
      {{"kb", "list", "rules"}, "posterior.kb-list/1"},
      {{"kb", "list", "links", "--plugin", "differential", "--grade", "low"}, "posterior.kb-list/1"},
      {{"kb", "claims", "--grade", "high"}, "posterior.kb-claims/1"},
      {{"kb", "sources"}, "posterior.kb-sources/1"},
      {{"kb", "tensions", "--cause", "hamstring-shortness"}, "posterior.kb-tensions/1"},
      {{"kb", "overlaps"}, "posterior.kb-overlaps/1"},
      {{"kb", "graph"}, "posterior.kb-graph/1"},
      {{"plugin", "list"}, "posterior.plugins/1"},
      {{"plugin", "info", "org.posterior.core"}, "posterior.plugin/1"},
      {{"debug", "infer", network}, "posterior.inference/1"},
      {{"debug", "network", file}, "posterior.debug-network/1"},
      {{"debug", "evidence", file}, "posterior.debug-evidence/1"},
      {{"debug", "timings", file}, "posterior.debug-timings/1"},
      {{"debug", "infer", impossible}, "posterior.inference/1"},
      {{"doctor"}, "posterior.doctor/1"},
      {{"help"}, "posterior.help/1"},
      {{"version"}, "posterior.version/1"},
      {{"kb", "show", "no-such-thing"}, "posterior.problem/1"}};
  for (auto [words, schema] : commands) {
    words.push_back("--json");
    const auto done = here.run(words);
    INFO(words.front() << '\n' << done.error);
    CHECK(schema_of(done.out) == schema);
    CHECK(tests::judge(done.out) == std::vector<std::string>{});
  }
}

TEST_CASE("every case of the collection gives an assessment that follows its schema") {
  for (const auto& one : std::filesystem::directory_iterator(POSTERIOR_SOURCE_DIR "/tests/cases")) {
    if (!std::filesystem::exists(one.path() / "case.toml"))
      continue;
    INFO(one.path());
    const auto done = shared().run({"assess", "--json", (one.path() / "case.toml").string()});
    CHECK((done.exit_code == 0 || done.exit_code == 3));
    CHECK(tests::judge(done.out) == std::vector<std::string>{});
  }
}

TEST_CASE("the judge of schemas finds what is missing, unknown, out of order and of the wrong kind") {
  const auto faults = [](const std::string& rest) {
    return tests::judge("{\"schema\":\"posterior.version/1\"" + rest + "}").size();
  };
  CHECK(faults(",\"version\":\"1\",\"api\":\"v1\"") == 0);
  CHECK(faults(",\"version\":\"1\"") == 1);
  CHECK(faults(",\"version\":1,\"api\":\"v1\"") == 1);
  CHECK(faults(",\"api\":\"v1\",\"version\":\"1\"") == 1);
  CHECK(faults(",\"version\":\"1\",\"api\":\"v1\",\"more\":1") == 1);
}

TEST_CASE("an unknown id is answered with the nearest one") {
  CHECK(shared().run({"kb", "show", "slupm"}).error ==
        "posterior: error: the id was \"slupm\", must be one that the knowledge base has\n"
        "posterior: hint: did you mean \"slump\"?\n");
  CHECK(shared().run({"kb", "show", "slupm"}).exit_code == 1);
  const auto why = shared().run({"why", "-", "hamstring-shortnes"}, tests::small_case());
  CHECK(why.exit_code == 1);
  CHECK(why.error.find("did you mean \"hamstring-shortness\"?") != std::string::npos);
  CHECK(shared().run({"kb", "list", "causse"}).error.find("did you mean \"cause\"?") != std::string::npos);
}

TEST_CASE("causes that cannot be compared are named, with the nearest cause") {
  const auto asked = [](const std::string& one, const std::string& other) {
    return shared().run({"compare", "-", one, other}, tests::small_case());
  };
  const auto unknown = asked("hamstring-shortness", "hamstring-shortnes");
  CHECK(unknown.exit_code == 1);
  CHECK(unknown.error ==
        "posterior: error: the cause was \"hamstring-shortnes\", must be one that the knowledge base has\n"
        "posterior: hint: did you mean \"hamstring-shortness\"?\n");
  const auto same = asked("hamstring-shortness", "hamstring-shortness");
  CHECK(same.exit_code == 2);
  CHECK(same.error.find("must be another cause than the first") != std::string::npos);
  const auto sideless = asked("hamstring-shortness@middle", "hamstring-shortness");
  CHECK(sideless.error.find("must be hamstring-shortness@left or hamstring-shortness@right") !=
        std::string::npos);
  CHECK(asked("load-spike", "hamstring-shortness").error.find("must be a cause") != std::string::npos);
}

TEST_CASE("wishes that cannot be met are named") {
  const auto done = shared().run({"assess", "-", "--max-exercises", "9"}, tests::small_case());
  CHECK(done.exit_code == 2);
  CHECK(done.error == "posterior: error: max_exercises was \"9\", must be a number from 1 to 6\n");
  CHECK(shared().run({"assess", "-", "--side", "up"}, tests::small_case()).error ==
        "posterior: error: side was \"up\", must be left or right\n");
  CHECK(shared()
            .run({"assess", "-", "--have", "matt"}, tests::small_case())
            .error.find("did you mean \"mat\"?") != std::string::npos);
}

TEST_CASE("an observation that cannot be used ends with 3, and case check with 12 and its place") {
  const std::string text =
      tests::small_case() + "[[observation]]\nfinding = \"slupm\"\nstate = \"present\"\n";
  CHECK(shared().run({"assess", "-"}, text).exit_code == 3);
  const auto checked = shared().run({"case", "check", "-"}, text);
  CHECK(checked.exit_code == 12);
  CHECK(checked.out.find("-:17:11: ") != std::string::npos);
  CHECK(checked.out.find("slump") != std::string::npos);
  CHECK(shared().run({"case", "check", "-"}, tests::small_case()).exit_code == 0);
}

TEST_CASE("a raised red flag leads the letter, and ends with 20 only if asked") {
  const std::string text =
      tests::small_case() + "[[observation]]\nfinding = \"red-saddle-numbness\"\nstate = \"present\"\n";
  const auto plain = shared().run({"assess", "-"}, text);
  CHECK(plain.exit_code == 0);
  CHECK(plain.out.starts_with("EMERGENCY: "));
  CHECK(shared().run({"assess", "-", "--exit-code"}, text).exit_code == 20);
  CHECK(shared().run({"assess", "-", "--exit-code"}, tests::small_case()).exit_code == 0);
}

TEST_CASE("a plugin whose code nobody vouches for is named, and the answer ends with 3") {
  const installation here;
  here.add_plugin("neural-tension");
  const auto done = here.run({"assess", "-"}, tests::small_case());
  CHECK(done.exit_code == 3);
  CHECK(done.error.find("posterior: note: plugin org.posterior.neural-tension") != std::string::npos);
  CHECK(done.out.find("org.posterior.neural-tension 0.1.0: not-trusted") != std::string::npos);
}

TEST_CASE("a damaged list of strikes is told with its place, and what it means") {
  const installation here;
  std::filesystem::create_directories(here.home());
  std::ofstream(here.home() / "strikes.json") << "{";
  const auto done = here.run({"plugin", "list"});
  CHECK(done.exit_code == 0);
  CHECK(done.error.find("strikes.json:") != std::string::npos);
  CHECK(done.error.find("what detectors did before is forgotten") != std::string::npos);
}

TEST_CASE("the page for printing is written for its owner only, whole, and nothing else is printed") {
  const auto& here = shared();
  const std::string page = (here.root() / "files/page.html").string();
  const auto done = here.run({"assess", "-", "--html", page}, tests::small_case());
  CHECK(done.exit_code == 0);
  CHECK(done.out.empty());
  struct stat info {};
  REQUIRE(::stat(page.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK(tests::contents(page).starts_with("<!DOCTYPE html>"));
  CHECK(tests::contents(page).ends_with("</html>\n"));
  const auto lost = here.run({"assess", "-", "--html", "/nowhere/page.html"}, tests::small_case());
  CHECK(lost.exit_code == 1);
  CHECK(lost.error.starts_with("posterior: error: /nowhere/page.html: the page could not be written: "));
}

TEST_CASE("the blank form can be read back once something is filled in") {
  const auto form = shared().run({"case", "new"});
  CHECK(form.exit_code == 0);
  CHECK(form.out.find("posterior.case/1") != std::string::npos);
  const auto checked = shared().run({"case", "check", "-"}, form.out);
  CHECK(checked.exit_code != 2);
  CHECK(checked.error.find("syntax") == std::string::npos);
}

TEST_CASE("a socket that is named and does not answer ends with 10") {
  const std::string nowhere = (shared().root() / "none.sock").string();
  const auto done = shared().run({"version", "--socket", nowhere});
  CHECK(done.exit_code == 10);
  CHECK(done.error == "posterior: error: " + nowhere +
                          ": no daemon answers: there is no such socket\n"
                          "posterior: hint: start posteriord, or use --local\n");
  CHECK(shared().run({"version"}, "", {{"POSTERIOR_SOCKET", nowhere}}).exit_code == 10);
  CHECK(shared().run({"version", "--local"}, "", {{"POSTERIOR_SOCKET", nowhere}}).exit_code == 0);
}

TEST_CASE("without a knowledge base commands end with 11 and say why") {
  const installation here;
  std::filesystem::remove_all(here.plugins());
  const auto done = here.run({"kb", "list", "causes"});
  CHECK(done.exit_code == 11);
  CHECK(done.error.starts_with("posterior: error: "));
  CHECK(here.run({"doctor"}).exit_code == 11);
  CHECK(here.run({"version"}).exit_code == 0);
}

TEST_CASE("a reader that goes away early is no failure") {
  const auto& here = shared();
  const std::string file = here.write("small.toml", tests::small_case()).string();
  const std::string line = "POSTERIOR_HOME=" + here.home().string() + " " +
                           here.program("posterior").string() + " assess " + file + " 2>" +
                           here.root().string() + "/err; echo $? >" + here.root().string() + "/code";
  REQUIRE(std::system(("(" + line + ") | true").c_str()) == 0);
  CHECK(tests::contents(here.root() / "err").empty());
  CHECK(tests::contents(here.root() / "code") == "0\n");
}

TEST_CASE("colour is never used off a terminal") {
  CHECK(shared().run({"assess", "-"}, tests::small_case(), {{"TERM", "xterm"}}).out.find('\x1B') ==
        std::string::npos);
}

TEST_CASE("a file named like a command is a file") {
  const auto& here = shared();
  CHECK(
      here.run({"assess", "version"}).error.starts_with("posterior: error: version: the case was not found"));
  CHECK(here.run({"kb", "show", "assess"}).exit_code == 1);
}
