#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "engine/check/bundle_cases.hpp"
#include "engine/check/golden.hpp"
#include "tests/cases/staged_world.hpp"

using namespace posterior;
namespace fs = std::filesystem;

namespace {

struct golden {
  std::string name;
  fs::path patient, expected;
};

std::vector<golden> own_cases() {
  std::vector<golden> out;
  for (const auto& e : fs::directory_iterator(fs::path(POSTERIOR_SOURCE_DIR) / "tests" / "cases"))
    if (fs::exists(e.path() / "case.toml"))
      out.push_back({e.path().filename(), e.path() / "case.toml", e.path() / "expected.toml"});
  std::sort(out.begin(), out.end(), [](const golden& a, const golden& b) { return a.name < b.name; });
  return out;
}

void hold(const golden& g) {
  const auto wanted = check::read_expectation(staged::slurp(g.expected), g.expected.string());
  for (const auto& p : wanted.problems)
    UNSCOPED_INFO(to_string(p));
  REQUIRE(wanted.value);
  for (const std::string& sentence :
       check::failures(*wanted.value, staged::the_world().assess_file(g.patient)))
    FAIL_CHECK(g.name << ": " << sentence);
}

} // namespace

TEST_CASE("every bundled plugin is accepted, and nothing it says is asleep") {
  const auto& w = staged::the_world();
  for (const auto& b : w.refused())
    for (const auto& p : b.problems)
      UNSCOPED_INFO(to_string(p));
  CHECK(w.refused().empty());
  CHECK(w.knowledge().plugins.size() == 12);
  for (const auto& d : w.knowledge().asleep)
    FAIL_CHECK(d.statement << " sleeps for want of " << d.missing);
  CHECK(w.knowledge().loops.empty());
}

TEST_CASE("each case of the collection turns out as its sentences say") {
  const auto all = own_cases();
  REQUIRE(all.size() >= 16);
  for (const golden& g : all)
    DYNAMIC_SECTION(g.name) {
      hold(g);
    }
}

TEST_CASE("each golden case that travels with a plugin turns out as its sentences say") {
  const auto& w = staged::the_world();
  kb::real_files files;
  std::size_t count = 0;
  for (const kb::plugin_entry& p : w.knowledge().plugins)
    for (const check::case_outcome& c : check::run_cases(files, p.location, w.knowledge(), w.detectors())) {
      ++count;
      for (const diagnostic& d : c.problems)
        FAIL_CHECK(p.about.id << " " << c.name << ": " << to_string(d));
    }
  CHECK(count >= 15);
}

TEST_CASE("every detector answers every case of the collection") {
  for (const golden& g : own_cases())
    for (const auto& p : staged::the_world().assess_file(g.patient).plugins)
      CHECK((p.status == "answered" || p.status == "no-code"));
}
