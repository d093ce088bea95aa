// `posterior kb check` on the command line, over what is installed.
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

} // namespace posterior
