// Every folder of tests/bundles is a bundle with one fault, or bundles that have it together; expected.txt
// holds the exact messages. A folder with a core of its own is read as the program's, all others beside the
// core of tests/kb/base.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "tests/kb/world.hpp"

namespace posterior::kb {
namespace {

namespace fs = std::filesystem;

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

std::string content(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<fs::path> fixtures() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(std::string(POSTERIOR_SOURCE_DIR) + "/tests/bundles"))
    if (entry.is_directory())
      out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

merge_result merged(const fs::path& fixture) {
  real_files files;
  diagnostics problems;
  std::vector<search_place> places{{fixture.string(), bundle_origin::program}};
  if (!fs::exists(fixture / "core"))
    places = {{fixture.string(), bundle_origin::home}, {base_folder, bundle_origin::program}};
  return merge(discover(files, places, problems));
}

std::string report(const fs::path& fixture, const merge_result& m) {
  std::string out;
  for (const bundle& b : m.bundles)
    if (!b.location.starts_with(base_folder))
      out += all_problems({b});
  out = replaced(out, fs::canonical(fixture).string() + "/", "");
  return replaced(out, fs::canonical(base_folder).string() + "/", "base/");
}

} // namespace

TEST_CASE("each broken bundle is refused with exactly the message that names its fault") {
  const bool rewrite = std::getenv("POSTERIOR_REWRITE_EXPECTED") != nullptr;
  const auto all = fixtures();
  CHECK(all.size() > 80);
  for (const fs::path& fixture : all) {
    const std::string found = report(fixture, merged(fixture));
    if (rewrite)
      std::ofstream(fixture / "expected.txt") << found;
    INFO(fixture.filename().string());
    CHECK(!found.empty());
    CHECK(found == content(fixture / "expected.txt"));
  }
}

TEST_CASE("a broken bundle beside the core never takes the core or another bundle with it") {
  for (const fs::path& fixture : fixtures()) {
    if (fs::exists(fixture / "core"))
      continue;
    INFO(fixture.filename().string());
    const auto m = merged(fixture);
    CHECK(m.usable);
    for (const bundle& b : m.bundles)
      if (b.location.starts_with(base_folder))
        CHECK_FALSE(has_errors(b.problems));
  }
}

TEST_CASE("a broken core gives no knowledge at all") {
  for (const fs::path& fixture : fixtures())
    if (fs::exists(fixture / "core")) {
      INFO(fixture.filename().string());
      const auto m = merged(fixture);
      CHECK_FALSE(m.usable);
      CHECK(m.content.all.states.empty());
    }
}

} // namespace posterior::kb
