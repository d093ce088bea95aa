// What `posterior plugin check` prints: for people, for programs, for build servers.
#include <catch2/catch_test_macros.hpp>

#include "tests/cli/schema.hpp"
#include "tests/staged/program.hpp"

using namespace posterior;

namespace {

namespace fs = std::filesystem;

const std::string sound = std::string(POSTERIOR_SOURCE_DIR) + "/tests/check/sound-data";

staged::finished checked(const staged::folder& box, std::vector<std::string> words) {
  words.insert(words.begin(), {(staged::stage / "bin/posterior").string(), "plugin", "check"});
  return staged::run(words, {box / "home", {}, {}, {}});
}

// The sound bundle with one word of its knowledge changed.
fs::path spoilt(const staged::folder& box, const std::string& what, const std::string& by) {
  fs::copy(sound, box / "spoilt", fs::copy_options::recursive);
  std::string text = staged::contents(box / "spoilt/knowledge.toml");
  text.replace(text.find(what), what.size(), by);
  box.write("spoilt/knowledge.toml", text);
  return box / "spoilt";
}

std::size_t widest(const std::string& text) {
  std::size_t most = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    most = std::max(most, end - at);
    at = end + 1;
  }
  return most;
}

} // namespace

TEST_CASE("a sound bundle exits 0, a broken one 12, and what is none 2") {
  const staged::folder box;
  CHECK(checked(box, {sound}).exit_code == 0);
  CHECK(checked(box, {spoilt(box, "kind = \"cause\"", "kind = \"reason\"").string()}).exit_code == 12);
  CHECK(checked(box, {(box / "nowhere").string()}).exit_code == 2);
  CHECK(checked(box, {}).exit_code == 2);
  CHECK(checked(box, {sound, "--only", "K99"}).exit_code == 2);
  CHECK(checked(box, {sound, "--seed", "some"}).exit_code == 2);
}

TEST_CASE("a fault is told with its place, what was found, what is needed and a cure, in 80 columns") {
  const staged::folder box;
  const auto done = checked(box, {spoilt(box, "\"hamstring-shortness\"", "\"hamstring-shortnes\"").string()});
  INFO(done.out);
  CHECK(done.out.find("fail  K03 references-resolve") != std::string::npos);
  CHECK(done.out.find("knowledge.toml:46:1:") != std::string::npos);
  CHECK(done.out.find("hint: did you mean \"hamstring-shortness\"?") != std::string::npos);
  CHECK(widest(done.out) <= 80);
}

TEST_CASE("with --only just these checks are made, and nothing else is counted") {
  const staged::folder box;
  const fs::path bundle = spoilt(box, "kind = \"cause\"", "kind = \"reason\"");
  CHECK(checked(box, {bundle.string(), "--only", "B01,B03"}).exit_code == 0);
  CHECK(checked(box, {bundle.string(), "--only", "K01"}).exit_code == 12);
}

TEST_CASE("with --strict a warning is a fault") {
  const staged::folder box;
  fs::copy(sound, box / "bare", fs::copy_options::recursive);
  fs::remove(box / "bare/README.md");
  CHECK(checked(box, {(box / "bare").string()}).exit_code == 0);
  CHECK(checked(box, {(box / "bare").string(), "--strict"}).exit_code == 12);
}

TEST_CASE("an archive is checked as what is in it, and a damaged one is named") {
  const staged::folder box;
  const std::string file = (box / "sound.tar.gz").string();
  const auto packed =
      staged::run({(staged::stage / "bin/posterior").string(), "plugin", "pack", sound, "--out", file},
                  {box / "home", {}, {}, {}});
  REQUIRE(packed.exit_code == 0);
  const auto done = checked(box, {file});
  INFO(done.out << done.error);
  CHECK(done.exit_code == 0);
  CHECK(done.out.find("ok    B08 file-list-true") != std::string::npos);
  fs::resize_file(file, 1000);
  const auto cut = checked(box, {file});
  CHECK(cut.exit_code == 2);
  CHECK(cut.error.find("sound.tar.gz") != std::string::npos);
}

TEST_CASE("the JSON of a check, of the list and of a new plugin follows its schema") {
  const staged::folder box;
  CHECK(tests::judge(checked(box, {sound, "--json"}).out) == std::vector<std::string>{});
  CHECK(tests::judge(
            checked(box, {spoilt(box, "kind = \"cause\"", "kind = \"reason\"").string(), "--json"}).out) ==
        std::vector<std::string>{});
  CHECK(tests::judge(checked(box, {"--list", "--json"}).out) == std::vector<std::string>{});
  const auto made = staged::run({(staged::stage / "bin/posterior").string(), "plugin", "new", "org.example.x",
                                 "--kind", "pack", "--in", box.path().string(), "--json"},
                                {box / "home", {}, {}, {}});
  CHECK(tests::judge(made.out) == std::vector<std::string>{});
}

TEST_CASE("the JUnit file has a case for each check, and a failure for each fault") {
  const staged::folder box;
  const fs::path file = box / "junit.xml";
  checked(box, {spoilt(box, "kind = \"cause\"", "kind = \"<reason>\"").string(), "--junit", file.string()});
  const std::string xml = staged::contents(file);
  CHECK(staged::count(xml, "<testcase ") > 60);
  CHECK(staged::count(xml, "<failure ") == 1);
  CHECK(xml.find("failures=\"1\"") != std::string::npos);
  CHECK(xml.find("&lt;reason&gt;") != std::string::npos);
  CHECK(xml.find("<reason>") == std::string::npos);
}
