// `posterior kb check` and `kb test` on the command line, over what is installed.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "tests/cli/program.hpp"
#include "tests/cli/schema.hpp"

using posterior::tests::installation;

namespace posterior {
namespace {

namespace fs = std::filesystem;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void narrow(const std::string& text) {
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    CHECK(line.size() <= 80);
}

// A pack with one cause that nothing shows.
void put_dark_cause(const installation& here) {
  fs::create_directories(here.home() / "plugins");
  std::ofstream(here.home() / "plugins/a.pack.toml")
      << "schema = \"posterior.pack/1\"\n[plugin]\nid = \"com.a.pack\"\nversion = \"1.0.0\"\nname = \"a\"\n"
         "summary = \"A pack.\"\nvendor = \"V\"\nlicense = \"MIT\"\nprefix = \"a\"\n[[state]]\nid = "
         "\"a:dark\"\n"
         "name = \"Dark\"\nkind = \"cause\"\npresent_when = \"It is.\"\nleak = [0.2, 0.1, 0.3]\n"
         "judgement = \"Ours.\"\n";
}

} // namespace

TEST_CASE("the shipped knowledge is checked without an error, at 80 columns and as JSON with a schema") {
  const installation here;
  here.take_staged_plugins();
  const auto text = here.run({"kb", "check"});
  INFO(text.out << text.error);
  CHECK(text.exit_code == 0);
  CHECK(has(text.out, " 0 errors"));
  narrow(text.out);
  narrow(here.run({"kb", "check", "--notes"}).out);
  const auto json = here.run({"kb", "check", "--json"});
  CHECK(json.exit_code == 0);
  CHECK(tests::judge(json.out) == std::vector<std::string>{});
  CHECK(json.out == here.run({"kb", "check", "--json"}).out);
}

TEST_CASE("a fault of a clinic's pack ends the check with 12, named with plugin, place and cure") {
  const installation here;
  put_dark_cause(here);
  const auto done = here.run({"kb", "check", "--only", "M05"});
  CHECK(done.exit_code == 12);
  CHECK(has(done.out, "the cause \"a:dark\""));
  CHECK(has(done.out, "com.a.pack"));
  CHECK(has(done.out, "hint: add an [[observes]]"));
  CHECK(here.run({"kb", "check", "--only", "M07"}).exit_code == 0);
  CHECK(here.run({"kb", "check", "--only", "M07", "--strict"}).exit_code == 12);
  const auto wrong = here.run({"kb", "check", "--only", "M5"});
  CHECK(wrong.exit_code == 2);
  CHECK(has(wrong.error, "ids of checks"));
}

TEST_CASE(
    "the golden cases that travel with the knowledge pass, and what they do not touch is listed by kind") {
  const installation here;
  here.take_staged_plugins();
  const auto text = here.run({"kb", "test", "--untouched", "rules"});
  INFO(text.out << text.error);
  CHECK(text.exit_code == 0);
  CHECK(has(text.out, "org.posterior.core"));
  CHECK(has(text.out, " 0 failed."));
  CHECK(has(text.out, "No case touches (rule)"));
  narrow(text.out);
  const auto json = here.run({"kb", "test", "--json"});
  CHECK(json.exit_code == 0);
  CHECK(tests::judge(json.out) == std::vector<std::string>{});
  const auto wrong = here.run({"kb", "test", "--untouched", "lnik"});
  CHECK(wrong.exit_code == 2);
  CHECK(has(wrong.error, "did you mean \"link\"?"));
}

TEST_CASE("cases of a folder are run too, in both layouts; one that fails ends with 12 and stands in the "
          "JUnit file") {
  const installation here;
  const fs::path dir = here.root() / "cases";
  fs::create_directories(dir / "second");
  std::ofstream(dir / "first.case.toml") << tests::small_case();
  std::ofstream(dir / "first.expected.toml") << "schema = \"posterior.expected/1\"\nflags = []\n";
  std::ofstream(dir / "second/case.toml") << tests::small_case();
  std::ofstream(dir / "second/expected.toml") << "schema = \"posterior.expected/1\"\nflags = [\"rf-dvt\"]\n";
  const fs::path xml = here.root() / "junit.xml";
  const auto done = here.run({"kb", "test", "--cases", dir.string(), "--junit", xml.string()});
  INFO(done.out << done.error);
  CHECK(done.exit_code == 12);
  CHECK(has(done.out, "ok   first"));
  CHECK(has(done.out, "fail second"));
  CHECK(has(done.out, "the red flag rf-dvt was not raised"));
  CHECK(has(tests::contents(xml), "<testcase classname=\"handed in\" name=\"second\">"));
  fs::remove(dir / "second/case.toml");
  fs::remove(dir / "second/expected.toml");
  CHECK(here.run({"kb", "test", "--cases", dir.string()}).exit_code == 0);
  fs::remove(dir / "first.expected.toml");
  CHECK(here.run({"kb", "test", "--cases", dir.string()}).exit_code == 1);
  CHECK(here.run({"kb", "test", "--cases", (here.root() / "nowhere").string()}).exit_code == 1);
}

} // namespace posterior
