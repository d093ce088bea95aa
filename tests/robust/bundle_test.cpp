// A damaged plugin beside the good ones is named, and the others answer.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <functional>

#include "kb/values/document.hpp"
#include "tests/determinism/documents.hpp"
#include "tests/staged/program.hpp"

using namespace posterior;
using staged::finished;

namespace {

namespace fs = std::filesystem;

const std::string patient = staged::case_file("hip-stabilizer-weakness-alone").string();
const std::string victim = "org.posterior.neural-tension";

// An installation of its own whose neural-tension bundle was changed.
struct damaged {
  staged::folder box;
  staged::surroundings here;
  explicit damaged(const std::function<void(const fs::path&)>& damage)
      : here{box / "home", {}, {}, {}, staged::copy_prefix(box, "prefix", staged::staged_bundles())} {
    damage(here.prefix / "lib/posterior/plugins/neural-tension");
  }
  finished assess() const { return staged::assess({"--json", patient}, here); }
};

std::string status(const finished& done, const std::string& plugin) {
  const node answer = determinism::read_json(done.out);
  for (const node& p : answer.find("plugins")->items)
    if (p.find("id")->text == plugin)
      return p.find("status")->text;
  return "not listed";
}

std::string first_cause(const finished& done) {
  return determinism::read_json(done.out).find("differential")->items.front().find("cause")->text;
}

void cut_in_half(const fs::path& file) {
  fs::resize_file(file, fs::file_size(file) / 2);
}

void append(const fs::path& file, const std::string& text) {
  const std::string whole = staged::contents(file) + text;
  fs::remove(file);
  staged::folder box;
  fs::copy_file(box.write("new", whole), file);
}

// Without its bundle the plugin is not part of the answer; the rest is.
void is_left_out(const finished& done) {
  INFO(done.error);
  CHECK(staged::count(done.error, "posterior: note: plugin ") == 1);
  CHECK(done.error.find("neural-tension") != std::string::npos);
  CHECK(done.error.find(" is left out: ") != std::string::npos);
  REQUIRE_FALSE(done.out.empty());
  CHECK(status(done, victim) == "not listed");
  CHECK(staged::count(done.out, "\"status\": \"answered\"") == 4);
  CHECK(first_cause(done) == "hip-stabilizer-weakness");
}

} // namespace

TEST_CASE("a bundle whose manifest, knowledge or code was damaged is named and left out") {
  const std::pair<std::string, std::function<void(const fs::path&)>> damages[] = {
      {"manifest cut", [](const fs::path& b) { cut_in_half(b / "plugin.toml"); }},
      {"manifest empty", [](const fs::path& b) { fs::resize_file(b / "plugin.toml", 0); }},
      {"knowledge cut", [](const fs::path& b) { cut_in_half(b / "knowledge/cause.toml"); }},
      {"knowledge changed",
       [](const fs::path& b) { append(b / "knowledge/cause.toml", "# one line more\n"); }},
      {"knowledge gone", [](const fs::path& b) { fs::remove(b / "knowledge/cause.toml"); }},
      {"code cut", [](const fs::path& b) { cut_in_half(b / "detector.so"); }},
      {"code gone", [](const fs::path& b) { fs::remove(b / "detector.so"); }},
  };
  for (const auto& [what, damage] : damages) {
    INFO(what);
    const damaged installation(damage);
    is_left_out(installation.assess());
  }
}

TEST_CASE("without damage all five detectors answer and nothing is said") {
  const damaged installation([](const fs::path&) {});
  installation.assess();
  const finished done = installation.assess();
  CHECK(done.exit_code == 0);
  CHECK(done.error.empty());
  CHECK(staged::count(done.out, "\"status\": \"answered\"") == 5);
}

TEST_CASE("a bundle damaged after the import is named at the next run, and heals with the file") {
  const damaged installation([](const fs::path&) {});
  const fs::path code = installation.here.prefix / "lib/posterior/plugins/neural-tension/detector.so";
  const finished before = installation.assess();
  const std::string whole = staged::contents(code);
  cut_in_half(code);
  is_left_out(installation.assess());
  append(code, whole.substr(whole.size() / 2));
  const finished healed = installation.assess();
  CHECK(healed.exit_code == 0);
  CHECK((determinism::without_revision(healed.out) == determinism::without_revision(before.out)));
}
