// `posterior plugin new`: what it writes passes the validator and shows up in an assessment. The detector is
// built in tutorial_test.cpp, from an installed SDK.
#include <catch2/catch_test_macros.hpp>

#include "tests/staged/program.hpp"

using namespace posterior;

namespace {

namespace fs = std::filesystem;

staged::finished ran(const staged::folder& box, std::vector<std::string> words,
                     std::vector<fs::path> plugins = {}) {
  words.insert(words.begin(), (staged::stage / "bin/posterior").string());
  return staged::run(words, {box / "home", std::move(plugins), {}, {}});
}

staged::finished made(const staged::folder& box, const std::string& id, const std::string& kind,
                      const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{"plugin", "new", id, "--kind", kind, "--in", box.path().string()};
  words.insert(words.end(), more.begin(), more.end());
  return ran(box, words);
}

std::string patient(const std::string& prefix) {
  return "schema = \"posterior.case/1\"\n[patient]\nage = 40\nsex = \"male\"\n[screening]\ndone = true\n"
         "[[observation]]\nfinding = \"" +
         prefix + ":chair-slump-tightness\"\nside = \"left\"\nstate = \"present\"\n";
}

} // namespace

TEST_CASE(
    "a new bundle without code passes every check with warnings as faults, and answers in an assessment") {
  for (const std::string kind : {"knowledge", "pack"}) {
    const staged::folder box;
    REQUIRE(made(box, "com.my-clinic.chair-test", kind).exit_code == 0);
    const fs::path place = box / (kind == "pack" ? "chair-test.pack.toml" : "chair-test");
    const auto check = ran(box, {"plugin", "check", place.string(), "--strict"});
    INFO(check.out << check.error);
    CHECK(check.exit_code == 0);
    const auto file = box.write("case.toml", patient("chair-test"));
    const auto seen = ran(box, {"assess", file.string(), "--json"}, {place});
    CHECK(seen.exit_code == 0);
    CHECK(seen.out.find("com.my-clinic.chair-test") != std::string::npos);
    CHECK(seen.out.find("chair-test:chair-slump-tightness") != std::string::npos);
  }
}

TEST_CASE("nothing of the example's names is left in what is written") {
  for (const std::string kind : {"knowledge", "pack", "detector"}) {
    const staged::folder box;
    REQUIRE(made(box, "com.my-clinic.chair-test", kind, {"--prefix", "own"}).exit_code == 0);
    for (const auto& e : fs::recursive_directory_iterator(box.path())) {
      if (!e.is_regular_file())
        continue;
      const std::string text = staged::contents(e.path());
      INFO(e.path().string());
      for (const char* old :
           {"org.example.first", "org.example.bridge", "myclinic", "\"example:", "../schema"})
        CHECK(text.find(old) == std::string::npos);
    }
  }
}

TEST_CASE(
    "the new detector's knowledge is sound before it is built, and the check says that it saw no code") {
  const staged::folder box;
  REQUIRE(made(box, "com.my-clinic.holds", "detector").exit_code == 0);
  const auto check = ran(box, {"plugin", "check", (box / "holds").string()});
  CHECK(check.exit_code == 0);
  CHECK(check.out.find("its code was not") != std::string::npos);
}

TEST_CASE("nothing is written over") {
  const staged::folder box;
  REQUIRE(made(box, "com.my-clinic.chair", "knowledge").exit_code == 0);
  const std::string before = staged::contents(box / "chair" / "plugin.toml");
  const auto again = made(box, "org.example.chair", "knowledge");
  CHECK(again.exit_code == 1);
  CHECK(again.error.find("must be free") != std::string::npos);
  CHECK(staged::contents(box / "chair" / "plugin.toml") == before);
}

TEST_CASE("an id, kind, prefix or plugin that cannot be used is named, and nothing is written") {
  const staged::folder box;
  for (const auto& [id, kind, more] :
       std::vector<std::tuple<std::string, std::string, std::vector<std::string>>>{
           {"chair", "knowledge", {}},
           {"org.posterior.chair", "knowledge", {}},
           {"com.my-clinic.9lives", "knowledge", {}},
           {"com.my-clinic.chair", "recipe", {}},
           {"com.my-clinic.chair", "knowledge", {"--prefix", "Not a word"}},
           {"com.my-clinic.chair", "knowledge", {"--from", "no-such-plugin"}},
           {"com.my-clinic.chair", "knowledge", {"--from", "neural-tension"}}}) {
    const auto done = made(box, id, kind, more);
    INFO(id << ' ' << kind << done.error);
    CHECK(done.exit_code == 2);
    CHECK(done.error.find("must be") != std::string::npos);
  }
  CHECK_FALSE(fs::exists(box / "chair"));
}

TEST_CASE("a bundle begun from another one says the same under ids of its own") {
  const staged::folder box;
  REQUIRE(
      made(box, "com.my-clinic.my-strain", "knowledge", {"--from", "hamstring-strain", "--prefix", "mine"})
          .exit_code == 0);
  const auto check = ran(box, {"plugin", "check", (box / "my-strain").string()});
  INFO(check.out);
  CHECK(check.exit_code == 0);
  std::string all;
  for (const auto& e : fs::recursive_directory_iterator(box / "my-strain"))
    if (e.is_regular_file())
      all += staged::contents(e.path());
  CHECK(all.find("mine:") != std::string::npos);
}

TEST_CASE("the skeleton of one file and that of a folder say the same") {
  const fs::path sdk = fs::path(POSTERIOR_SOURCE_DIR) / "sdk";
  const auto said = [](const std::string& text) { return text.substr(text.find("# --- A finding")); };
  CHECK(said(staged::contents(sdk / "skeleton-pack/example.pack.toml")) ==
        said(staged::contents(sdk / "skeleton-knowledge/knowledge.toml")));
}
