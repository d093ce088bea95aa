// The order of plugins, of their folders and of a case's observations is nothing that an assessment knows.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "tests/determinism/documents.hpp"
#include "tests/staged/program.hpp"

using namespace posterior;
using namespace posterior::determinism;
using staged::case_file;

namespace {

using Names = std::vector<std::string>;
using Order = std::function<void(Names&)>;

const std::vector<std::string> cases{"tightness-paradox", "neural-tension-alone",
                                     "hip-stabilizer-weakness-alone", "contradictory-findings"};

Order shuffled(unsigned seed) {
  return [seed](Names& names) { std::shuffle(names.begin(), names.end(), std::mt19937(seed)); };
}

void reversed(Names& names) {
  std::reverse(names.begin(), names.end());
}

Names without_core() {
  Names out = staged::staged_bundles();
  std::erase(out, "core");
  return out;
}

std::string assessed(const std::string& file, const staged::surroundings& around,
                     const std::string& input = {}) {
  const auto done = staged::assess({"--json", file}, around, input);
  INFO(file << '\n' << done.error);
  REQUIRE(done.exit_code == 0);
  return done.out;
}

// Each bundle but the core alone in a folder, under another name, the folders named by the path variable.
staged::surroundings on_the_path(const staged::folder& box, const Order& order) {
  staged::surroundings around{box / "home", {}, {}, {}, staged::copy_prefix(box, "prefix", {"core"})};
  Names names = without_core();
  order(names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto place = box / ("place-" + std::to_string(i));
    staged::copy_bundle(names[i], place / ("bundle-" + std::to_string(names.size() - i)));
    around.plugins.push_back(place);
  }
  return around;
}

// All bundles in the program's own folder, named so that they are found in another order.
staged::surroundings renamed(const staged::folder& box, const Order& order) {
  const auto prefix = staged::copy_prefix(box, "prefix", {});
  Names names = staged::staged_bundles();
  order(names);
  for (std::size_t i = 0; i < names.size(); ++i)
    staged::copy_bundle(names[i], prefix / "lib/posterior/plugins" / std::to_string(100 + i));
  return {box / "home", {}, {}, {}, prefix};
}

void hold_against_the_stage(const staged::surroundings& around) {
  const staged::folder box;
  for (const std::string& name : cases) {
    const std::string usual = assessed(case_file(name).string(), {box / "home", {}, {}, {}});
    REQUIRE(staged::count(usual, "\"status\": \"answered\"") == 5);
    const std::string other = assessed(case_file(name).string(), around);
    INFO(name);
    CHECK((without_revision(other) == without_revision(usual)));
  }
}

node read_case(const std::string& name) {
  return read_toml(staged::contents(case_file(name)));
}

std::string json_case(const std::string& name, const std::function<void(std::vector<node>&)>& order) {
  node document = read_case(name);
  order(observations(document));
  return to_json(document);
}

} // namespace

TEST_CASE("bundles in folders of other names, on the path variable in any order, give the same bytes") {
  for (const Order& order : {Order([](Names&) {}), Order(reversed), shuffled(1), shuffled(2)}) {
    const staged::folder box;
    hold_against_the_stage(on_the_path(box, order));
  }
}

TEST_CASE("bundles that are found and stored in another order give the same bytes") {
  for (const Order& order : {Order(reversed), shuffled(3)}) {
    const staged::folder box;
    hold_against_the_stage(renamed(box, order));
  }
}

TEST_CASE("a missing bundle does not give the same bytes") {
  const staged::folder box;
  Names names = staged::staged_bundles();
  std::erase(names, "neural-tension");
  const staged::surroundings fewer{box / "fewer", {}, {}, {}, staged::copy_prefix(box, "prefix", names)};
  const std::string file = case_file(cases[0]).string();
  CHECK((without_revision(assessed(file, fewer)) !=
         without_revision(assessed(file, {box / "home", {}, {}, {}}))));
}

// Diagnostics name lines of the file, so cases without one are compared; most of the collection is without.
TEST_CASE("observations in any order, in TOML or in JSON, give the same bytes") {
  const staged::folder box;
  const staged::surroundings here{box / "home", {}, {}, {}};
  int compared = 0;
  for (const std::string& name : staged::collection()) {
    const std::string toml = staged::contents(case_file(name)), usual = assessed("-", here, toml);
    if (usual.find("\"diagnostics\": []") == std::string::npos)
      continue;
    ++compared;
    INFO(name);
    const std::string backwards = reordered(toml, reversed), mixed = reordered(toml, shuffled(4));
    CHECK((backwards != toml && mixed != toml && mixed.size() == backwards.size()));
    CHECK((assessed("-", here, backwards) == usual));
    CHECK((assessed("-", here, mixed) == usual));
    CHECK((assessed("-", here, json_case(name, [](auto&) {})) == usual));
    CHECK((assessed("-", here, json_case(name, [](auto& list) {
                      std::shuffle(list.begin(), list.end(), std::mt19937(5));
                    })) == usual));
  }
  CHECK(compared >= 14);
}

TEST_CASE("a case without one of its observations does not give the same bytes") {
  const staged::folder box;
  const staged::surroundings here{box / "home", {}, {}, {}};
  const std::string toml = staged::contents(case_file(cases[0]));
  CHECK((assessed("-", here, reordered(toml, [](Names& blocks) { blocks.pop_back(); })) !=
         assessed("-", here, toml)));
}
