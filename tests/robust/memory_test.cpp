// The program under valgrind: no leak, no bad access, the same bytes.
#include <catch2/catch_test_macros.hpp>

#include "tests/staged/program.hpp"

using namespace posterior;
using staged::finished;

namespace {

constexpr int found_something = 99;
const std::string valgrind = "/usr/bin/valgrind";

finished watched(const std::vector<std::string>& command, const staged::surroundings& around) {
  std::vector<std::string> words{valgrind, "--error-exitcode=99", "-q", "--leak-check=full"};
  words.insert(words.end(), command.begin(), command.end());
  return staged::run(words, around);
}

} // namespace

TEST_CASE("an assessment neither leaks nor reads what is not its own, at the import and after it") {
  if (!std::filesystem::exists(valgrind))
    SKIP(valgrind << " is not installed");
  const staged::folder box;
  const staged::surroundings here{box / "home", {}, {}, {}};
  const std::string program = (staged::stage / "bin/posterior").string();
  for (const char* name : {"two-causes-at-once", "red-flag-in-an-ordinary-case"})
    for (const char* form : {"--json", "--width=80"}) {
      const std::vector<std::string> words{form, staged::case_file(name).string()};
      const finished done = watched({program, "assess", "--local", words[0], words[1]}, here);
      INFO(name << ' ' << form << '\n' << done.error);
      CHECK(done.exit_code == 0);
      CHECK(done.error.find("==") == std::string::npos);
      CHECK((done.out == staged::assess(words, here).out));
    }
}

TEST_CASE("a program that leaks is found out") {
  if (!std::filesystem::exists(valgrind))
    SKIP(valgrind << " is not installed");
  const finished done = watched({POSTERIOR_LEAK}, {});
  CHECK(done.exit_code == found_something);
  CHECK(done.error.find("definitely lost") != std::string::npos);
}
