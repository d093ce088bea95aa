// Case files that are no case: one sentence, exit 4, nothing on standard output, from the program as it is
// run.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "kb/values/document.hpp"
#include "tests/determinism/documents.hpp"
#include "tests/staged/program.hpp"

using namespace posterior;
using staged::case_file;
using staged::finished;

namespace {

constexpr std::size_t mebibyte = 1u << 20;

// Knowledge is imported once, so that nothing but the case is on standard error afterwards.
struct prepared {
  staged::folder box;
  staged::surroundings here{box / "home", {}, {}, {}};
  prepared() { staged::assess({case_file("nothing-found").string()}, here); }
  finished assess(const std::string& bytes, const std::string& name = "case.toml") const {
    return staged::assess({box.write(name, bytes).string()}, here);
  }
};

const prepared& shared() {
  static const prepared one;
  return one;
}

// One error line that names the file, at most one hint, each short enough to be read.
void one_sentence(const finished& done, const std::string& name) {
  INFO(done.error.substr(0, 2000));
  CHECK(done.exit_code == 4);
  CHECK(done.out.empty());
  CHECK(done.error.starts_with("posterior: error: "));
  CHECK(done.error.find(name + ":") != std::string::npos);
  CHECK(done.error.find(", must be ") + done.error.find("is not ") != 2 * std::string::npos);
  CHECK(staged::count(done.error, "posterior: error: ") == 1);
  const auto lines = staged::count(done.error, "\n"), hints = staged::count(done.error, "posterior: hint: ");
  CHECK(lines == 1 + hints);
  CHECK(hints <= 1);
  CHECK(done.error.size() < 600);
}

std::string random_bytes(std::size_t many, const std::string& from) {
  std::mt19937 next(7);
  std::string out;
  while (out.size() < many)
    out += from.empty() ? static_cast<char>(next() & 0xFF) : from[next() % from.size()];
  return out;
}

std::string repeated(const std::string& part, std::size_t bytes) {
  std::string out;
  while (out.size() + part.size() <= bytes)
    out += part;
  return out;
}

std::string json_case(const std::string& name) {
  return determinism::to_json(determinism::read_toml(staged::contents(case_file(name))));
}

std::vector<std::size_t> cuts(std::size_t size, std::size_t many) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < many; ++i)
    out.push_back(size * i / many);
  return out;
}

} // namespace

TEST_CASE("a mebibyte of garbage of any kind gets one sentence") {
  const std::pair<std::string, std::string> kinds[] = {
      {"bytes.toml", random_bytes(mebibyte, "")},
      {"bytes.json", random_bytes(mebibyte, "")},
      {"signs.toml", random_bytes(mebibyte, "abc019 =\"'[]{}#.,\n\t")},
      {"signs.json", random_bytes(mebibyte, "abc019 :\"[]{}.,\n\\")},
      {"zeros.toml", std::string(mebibyte, '\0')},
      {"open.toml", std::string(mebibyte, '[')},
      {"open.json", repeated("{\"a\":", mebibyte)},
      {"lists.json", std::string(mebibyte, '[')},
      {"line.toml", "a = \"" + std::string(mebibyte - 6, 'x') + "\""},
      {"words.toml", repeated("not a case at all\n", mebibyte)},
      {"many.toml", "schema = \"posterior.case/1\"\n" + repeated("[[observation]]\n", mebibyte - 100)},
  };
  for (const auto& [name, bytes] : kinds) {
    INFO(name);
    one_sentence(shared().assess(bytes, name), name);
  }
}

// Folders, missing files and files that are too long: tests/cli.
TEST_CASE("an empty file and one without a single field get one sentence") {
  one_sentence(shared().assess("", "empty.toml"), "empty.toml");
  one_sentence(shared().assess("\n \n# nothing\n", "blank.toml"), "blank.toml");
  one_sentence(shared().assess("{}", "blank.json"), "blank.json");
}

TEST_CASE("a JSON case cut anywhere gets one sentence") {
  const std::string whole = json_case("tightness-paradox");
  REQUIRE(shared().assess(whole, "whole.json").exit_code == 0);
  for (const std::size_t at : cuts(whole.size() - 2, 200)) {
    INFO("cut at " << at);
    one_sentence(shared().assess(whole.substr(0, at), "cut.json"), "cut.json");
  }
}

// Cut between two observations a TOML case is a shorter case; cut between two lines of one, its last
// observation is incomplete and the assessment says so. Everywhere else it is no TOML any more.
TEST_CASE("a TOML case cut anywhere gets one sentence, or an answer that names what was cut") {
  const std::string whole = staged::contents(case_file("tightness-paradox"));
  int refused = 0, answered = 0;
  for (const std::size_t at : cuts(whole.size(), 200)) {
    const std::string part = whole.substr(0, at);
    const finished done = shared().assess(part, "cut.toml");
    INFO("cut at " << at << '\n' << done.error);
    if (!parse_toml(part, "cut.toml").root || part.find("[[observation]]") == std::string::npos) {
      one_sentence(done, "cut.toml");
      ++refused;
    } else if (done.exit_code != 4) {
      CHECK_FALSE(done.out.empty());
      CHECK((done.exit_code == 0 || (done.exit_code == 3 && done.error.find("fault") != std::string::npos)));
      ++answered;
    } else {
      CHECK(done.out.empty());
    }
  }
  CHECK(refused > 150);
  CHECK(answered > 5);
}
