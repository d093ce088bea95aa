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

// --- rules of sequence --------------------------------------------------------------

namespace {

std::size_t place_in(const std::vector<std::string>& session, const std::string& exercise) {
  return static_cast<std::size_t>(std::find(session.begin(), session.end(), exercise) - session.begin());
}

} // namespace

TEST_CASE("in every plan of the collection the session holds what the phases hold, and keeps every order") {
  std::size_t told = 0;
  for (const golden& g : own_cases()) {
    const auto& w = staged::the_world();
    const auto p = w.assess_file(g.patient).programme;
    INFO(g.name);
    std::vector<std::string> given, session = p.session;
    for (const auto& phase : p.phases)
      for (const auto& item : phase.items)
        given.push_back(item.exercise);
    std::sort(given.begin(), given.end());
    std::sort(session.begin(), session.end());
    CHECK(given == session);
    for (const kb::sequence& q : w.knowledge().all.sequences)
      for (std::size_t a = 0; a < q.order.size(); ++a)
        for (std::size_t b = a + 1; b < q.order.size(); ++b)
          for (const std::string& x : q.order[a].exercises)
            for (const std::string& y : q.order[b].exercises)
              if (place_in(p.session, x) < p.session.size() && place_in(p.session, y) < p.session.size())
                CHECK(place_in(p.session, x) < place_in(p.session, y));
    told += p.sequence.size();
    for (const auto& line : p.sequence) {
      CHECK(w.knowledge().find_sequence(line.rule) != nullptr);
      CHECK((line.text.find("not met: ") == std::string::npos) == line.met);
    }
  }
  CHECK(told > 10);
}

TEST_CASE("weak side-of-hip muscles get their work to the side twice a week, by the rule of their plugin") {
  const auto p =
      staged::the_world()
          .assess_file(fs::path(POSTERIOR_SOURCE_DIR) / "tests/cases/hip-stabilizer-weakness-alone/case.toml")
          .programme;
  const auto at = std::find_if(p.sequence.begin(), p.sequence.end(),
                               [](const auto& l) { return l.rule == "seq-sideways-twice-a-week"; });
  REQUIRE(at != p.sequence.end());
  CHECK(at->met);
  CHECK_FALSE(at->sources.empty());
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
