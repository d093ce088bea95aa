// Every file of tests/overlays is an overlay with one fault; NAME.txt beside NAME.toml holds the exact
// messages.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "tests/kb/overlay_world.hpp"

namespace posterior::kb {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(POSTERIOR_SOURCE_DIR) / "tests/overlays";

std::string content(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<fs::path> fixtures() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".toml")
      out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

// What a fault may do is told; what it must not do is weaken anything.
bool safety_holds(const merge_result& m) {
  const statements& all = m.content.all;
  return m.usable && all.suspensions.empty() &&
         text_of(m, "rf-cauda-equina") == text_of(merged_with(""), "rf-cauda-equina");
}

} // namespace

TEST_CASE(
    "every broken overlay is told in exactly these words, and leaves the rules of the core as they are") {
  const bool write = std::getenv("POSTERIOR_REWRITE_EXPECTED") != nullptr;
  std::size_t seen = 0;
  for (const fs::path& file : fixtures()) {
    ++seen;
    INFO(file.filename().string());
    const auto m = merged_as(content(file));
    fs::path expected = file;
    expected.replace_extension(".txt");
    if (write)
      std::ofstream(expected) << told(m.overlay);
    CHECK(told(m.overlay) == content(expected));
    CHECK_FALSE(m.overlay.problems.empty());
    CHECK(safety_holds(m));
    for (const bundle& b : m.bundles)
      CHECK_FALSE(has_errors(b.problems));
  }
  CHECK(seen > 50);
}

TEST_CASE("no bytes make reading or merging an overlay fail, and none weaken a rule of the core") {
  std::string whole = "schema = \"posterior.overlay/1\"\n";
  for (const fs::path& file : fixtures())
    if (const std::string text = content(file); text.starts_with("schema"))
      whole += text.substr(text.find('\n') + 1);
  const std::string pieces[] = {"[[",
                                "]]",
                                "\"",
                                "= ",
                                "{",
                                "}",
                                "\n",
                                "-1",
                                "1e309",
                                "\\u0000",
                                "'''",
                                "statement",
                                "\xff",
                                "[[override]]\n",
                                "set = { p = [",
                                "rf-cauda-equina",
                                "scale",
                                "2026-13-99"};
  std::mt19937 random(7);
  const auto any = [&](std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random);
  };
  const std::string rule = text_of(merged_with(""), "rf-cauda-equina");
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = whole.substr(0, any(4) == 0 ? any(whole.size()) : whole.size());
    for (std::size_t changes = 1 + any(4); changes > 0; --changes) {
      const std::size_t at = any(bytes.size() + 1);
      if (any(3) == 0)
        bytes.insert(at, pieces[any(std::size(pieces))]);
      else if (at < bytes.size() && any(2) == 0)
        bytes[at] = static_cast<char>(any(256));
      else
        bytes.erase(at, any(40));
    }
    const auto read = read_overlay(bytes, "overlay.toml");
    const auto lines = static_cast<int>(std::count(bytes.begin(), bytes.end(), '\n')) + 1;
    for (const overlay_entry& e : read.entries)
      REQUIRE((e.where.line >= 1 && e.where.line <= e.last_line && e.last_line <= lines));
    if (round % 60 != 0)
      continue;
    const auto m = merged_as(bytes);
    REQUIRE(m.usable);
    CHECK(m.content.all.rules.size() == 1);
    if (m.content.all.changes.empty())
      CHECK(text_of(m, "rf-cauda-equina") == rule);
  }
}

TEST_CASE("an entry fills the lines up to the next one's comments") {
  const std::string text = "schema = \"posterior.overlay/1\"\n# first\n" + disabling("thomas") +
                           "\n# second\n" + overriding("forward-tilt", "leak = 'often'") + "# end\n\n";
  const auto read = read_overlay(text, "overlay.toml");
  REQUIRE(read.entries.size() == 2);
  CHECK(read.entries[0].where.line == 3);
  CHECK(read.entries[0].last_line == 7);
  CHECK(read.entries[1].where.line == 10);
  CHECK(read.entries[1].last_line == 15);
}

} // namespace posterior::kb
