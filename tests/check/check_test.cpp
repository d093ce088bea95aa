// The validator: what it says of sound and of broken knowledge, and what its summary is made of.
#include <algorithm>
#include <set>

#include <catch2/catch_test_macros.hpp>

#include "tests/check/fixture.hpp"

using namespace posterior;
using namespace posterior::check_tests;

namespace {

namespace fs = std::filesystem;

const fs::path source = POSTERIOR_SOURCE_DIR;

check::outcome outcome_of(check::result how) {
  check::outcome out;
  out.how = how;
  return out;
}

} // namespace

TEST_CASE("each broken bundle without code fails exactly the checks that its expectation names") {
  hold(false);
}

TEST_CASE("every check has a broken bundle that fails it") {
  std::set<std::string> failing;
  for (const fixture& f : fixtures())
    for (const std::string& line : lines_of(f.folder / "expected.txt"))
      failing.insert(line.substr(line.find(' ') + 1));
  std::vector<std::string> never;
  for (const check::spec& c : check::all_checks())
    if (!failing.contains(std::string(c.id)))
      never.emplace_back(c.id);
  CHECK(never == std::vector<std::string>{});
}

TEST_CASE("the sound bundle without code and the skeleton pack pass, with warnings as faults too") {
  CHECK(check_at(source / "tests/check/sound-data", {}, true).total.sound);
  CHECK(check_at(source / "sdk/skeleton-pack/example.pack.toml", {}, true).total.sound);
}

// These clash with the small core that they were written beside, which is not installed.
const std::set<std::string> beside_another_core{"alias-taken",         "reference-of-wrong-kind",
                                                "reference-misspelt",  "reference-to-an-alias",
                                                "sequence-of-a-state", "two-bundles-one-prefix"};

TEST_CASE("whatever the readers refuse, some check fails") {
  for (const auto& e : fs::directory_iterator(source / "tests/bundles")) {
    if (fs::exists(e.path() / "core") || beside_another_core.contains(e.path().filename()))
      continue;
    fs::path bundle = e.path() / "bundle";
    if (!fs::exists(bundle))
      bundle = e.path() / "clinic.pack.toml";
    if (!fs::exists(bundle))
      continue;
    INFO(e.path().filename().string());
    const check::report r = check_at(bundle);
    CHECK_FALSE(faults(r).empty());
    CHECK_FALSE(r.total.sound);
  }
}

TEST_CASE("ids of checks are unique, and each check says in one sentence what it is about") {
  std::set<std::string_view> ids, names;
  for (const check::spec& c : check::all_checks()) {
    CHECK(ids.insert(c.id).second);
    CHECK(names.insert(c.name).second);
    CHECK(c.description.ends_with("."));
    CHECK(c.run != nullptr);
  }
  CHECK(ids.size() >= 55);
}

TEST_CASE("the page for authors lists every check with what it says") {
  const std::string page = staged::contents(source / "sdk/CHECKS.md");
  for (const check::spec& c : check::all_checks())
    CHECK(page.find("| " + std::string(c.id) + " | `" + std::string(c.name) + "` | " +
                    std::string(c.description) + " |\n") != std::string::npos);
  CHECK(staged::count(page, " | `") == check::all_checks().size());
}

TEST_CASE("a summary is sound only if every check that was asked for gave a result and none is a fault") {
  using check::result;
  const auto sound = [](std::vector<result> all, std::size_t asked, bool strict = false) {
    std::vector<check::outcome> outcomes;
    for (const result r : all)
      outcomes.push_back(outcome_of(r));
    return check::sum_up(outcomes, asked, strict).sound;
  };
  CHECK(sound({result::ok, result::skip}, 2));
  CHECK_FALSE(sound({result::ok}, 2));
  CHECK_FALSE(sound({}, 0));
  CHECK_FALSE(sound({result::ok, result::fail}, 2));
  CHECK_FALSE(sound({result::ok, result::crash}, 2));
  CHECK(sound({result::ok, result::warn}, 2));
  CHECK_FALSE(sound({result::ok, result::warn}, 2, true));
}
