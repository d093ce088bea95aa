#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/staged/program.hpp"

using namespace posterior;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    out.push_back(line);
  return out;
}

// What the README shows of the session, without the command and without the places where it skips.
std::vector<std::string> promised() {
  const std::string text = staged::contents(std::string(POSTERIOR_SOURCE_DIR) + "/README.md");
  const std::size_t begin = text.find("<!-- session-begin -->"), end = text.find("<!-- session-end -->");
  REQUIRE(begin != std::string::npos);
  REQUIRE(end != std::string::npos);
  std::vector<std::string> out;
  for (const std::string& line : lines_of(text.substr(begin, end - begin))) {
    const std::size_t first = line.find_first_not_of(' ');
    const bool said = first != std::string::npos && line.compare(first, 3, "...") != 0 &&
                      line.compare(0, 1, "$") != 0 && line.compare(0, 3, "```") != 0 &&
                      line.compare(0, 4, "<!--") != 0;
    if (said)
      out.push_back(line);
  }
  return out;
}

} // namespace

TEST_CASE("the session in the README is what the program prints about the sample patient") {
  const staged::folder place;
  const auto done = staged::assess({std::string(POSTERIOR_SOURCE_DIR) + "/packaging/sample/patient.toml"},
                                   {.home = place / "home", .plugins = {}, .largest_file = {}, .user = {}});
  REQUIRE(done.exit_code == 0);
  const auto printed = lines_of(done.out);
  auto at = printed.begin();
  const auto wanted = promised();
  CHECK(wanted.size() > 50);
  for (const std::string& line : wanted) {
    INFO(line);
    const auto found = std::find(at, printed.end(), line);
    REQUIRE(found != printed.end());
    at = found + 1;
  }
}
