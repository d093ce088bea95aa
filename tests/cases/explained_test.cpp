#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/report/assessment.hpp"
#include "engine/report/compare.hpp"
#include "engine/report/why.hpp"
#include "tests/cases/staged_world.hpp"

using namespace posterior;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> own_cases() {
  std::vector<fs::path> out;
  for (const auto& e : fs::directory_iterator(fs::path(POSTERIOR_SOURCE_DIR) / "tests" / "cases"))
    if (fs::exists(e.path() / "case.toml"))
      out.push_back(e.path() / "case.toml");
  std::sort(out.begin(), out.end());
  return out;
}

assess::assessment assessed(const fs::path& file, const assess::options& asked) {
  const auto& k = staged::the_world().knowledge();
  const auto read = cases::read(staged::slurp(file), "case.toml", k);
  REQUIRE(read.value);
  return assess::assess(*read.value, read.problems, k, {}, asked);
}

assess::assessment in_depth(const fs::path& file) {
  assess::options asked;
  asked.explain.leaders = 3;
  asked.explain.sets = true;
  return assessed(file, asked);
}

fs::path case_named(const std::string& name) {
  return fs::path(POSTERIOR_SOURCE_DIR) / "tests" / "cases" / name / "case.toml";
}

double db(double p) {
  return 10 * std::log10(p / (1 - p));
}

std::string text_of(const report::sheet& page) {
  return report::render_text(page, {80, false});
}

} // namespace

TEST_CASE("in every case the balance sheets of the leaders add up to the printed posterior") {
  int sheets = 0, estimated = 0;
  for (const fs::path& file : own_cases()) {
    const auto a = in_depth(file);
    for (const auto& c : a.differential) {
      if (!c.balance)
        continue;
      ++sheets;
      estimated += !c.balance->exact;
      double sum = c.balance->from + c.balance->theories;
      for (const auto& i : c.balance->items)
        sum += i.db;
      INFO(file << " " << c.cause);
      CHECK(std::fabs(sum - c.balance->to) < 1e-8);
      CHECK(std::fabs(c.balance->to - db(c.posterior)) < 1e-8);
      CHECK(std::fabs(c.balance->from - db(c.prior)) < 1e-8);
    }
  }
  CHECK(sheets > 30);
  CHECK(estimated > 0);
}

TEST_CASE("in every case conditioning on a rival agrees with both printed posteriors") {
  int rivals = 0;
  for (const fs::path& file : own_cases()) {
    const auto a = in_depth(file);
    for (const auto& c : a.differential)
      for (const auto& r : c.rivals)
        for (const auto& other : a.differential)
          if (other.cause == r.cause && other.where == r.where) {
            INFO(file << " " << c.cause << " " << r.cause);
            const double p = other.posterior;
            CHECK(std::fabs(p * r.if_present + (1 - p) * r.if_absent - c.posterior) <
                  0.035); // a theory whose causes are all improbable is not mixed
            ++rivals;
          }
  }
  CHECK(rivals > 60);
}

TEST_CASE("in every case the sets of causes are in order and together at most certain") {
  for (const fs::path& file : own_cases()) {
    const auto a = in_depth(file);
    double total = 0, before = 1;
    for (const auto& s : a.sets) {
      CHECK(s.probability <= before);
      before = s.probability;
      total += s.probability;
      for (const std::string& ref : s.present)
        CHECK(std::find(a.considered.begin(), a.considered.end(), ref) != a.considered.end());
    }
    CHECK(total <= 1 + 1e-12);
    CHECK((a.sets.empty() == a.considered.empty() || a.how.rung != "exact"));
  }
}

TEST_CASE("in every case the ways lead from link to link, and begin or end at their cause") {
  int down = 0;
  for (const fs::path& file : own_cases())
    for (const auto& c : in_depth(file).differential)
      for (const auto& w : c.ways) {
        REQUIRE_FALSE(w.steps.empty());
        CHECK((w.upward ? w.steps.back().to : w.steps.front().from) == c.cause);
        CHECK((w.upward ? w.steps.back().to_side : w.steps.front().from_side) == c.where);
        for (std::size_t i = 1; i < w.steps.size(); ++i) {
          CHECK(w.steps[i].from == w.steps[i - 1].to);
          CHECK(w.steps[i].from_side == w.steps[i - 1].to_side);
        }
        for (const auto& s : w.steps)
          CHECK(s.acted <= 1);
        down += !w.upward;
      }
  CHECK(down > 30);
}

TEST_CASE("nothing of the depth is made where nobody asks, and asking changes no posterior") {
  const auto plain = assessed(case_named("two-causes-at-once"), {}),
             deep = in_depth(case_named("two-causes-at-once"));
  CHECK(plain.sets.empty());
  REQUIRE(plain.differential.size() == deep.differential.size());
  for (std::size_t i = 0; i < plain.differential.size(); ++i) {
    CHECK_FALSE(plain.differential[i].balance);
    CHECK(plain.differential[i].posterior == deep.differential[i].posterior);
    CHECK(plain.differential[i].high == deep.differential[i].high);
  }
}

TEST_CASE("why a cause leads is answered with a balance sheet, its rivals and its ways") {
  assess::options asked;
  asked.explain.also = {"neural-tension"};
  asked.explain.sets = true;
  const auto a = assessed(case_named("neural-tension-alone"), asked);
  const std::string page =
      text_of(*report::why_sheet(a, staged::the_world().knowledge(), "neural-tension@left"));
  CHECK(page.find("Balance sheet") != std::string::npos);
  CHECK(page.find("dB before any finding") != std::string::npos);
  CHECK(page.find("dB in all") != std::string::npos);
  CHECK(page.find("were certain, this would fall from") != std::string::npos);
  CHECK(page.find("or by itself in 12 %") != std::string::npos);
  CHECK(page.find("The single best set is usually improbable itself") != std::string::npos);
}

TEST_CASE("two causes are compared by what tells them apart, and each by what the other would do to it") {
  assess::options asked;
  asked.compared = {{"neural-tension", {}}, {"lumbar-radiculopathy", {}}};
  const auto a = assessed(case_named("neural-tension-alone"), asked);
  REQUIRE(a.compared);
  const auto& c = *a.compared;
  CHECK(c.first.where == side::left);
  CHECK(c.second.where == side::left);
  CHECK(c.first.conditioned);
  CHECK(c.first.if_other_present < c.first.posterior - 0.1);
  CHECK(c.first.if_other_absent > c.first.posterior);
  CHECK(c.second.if_other_present < c.second.if_other_absent);
  CHECK_FALSE(c.for_first.empty());
  for (const auto& f : c.for_first)
    CHECK(f.first_db - f.second_db >= 1);
  for (const auto& f : c.for_second)
    CHECK(f.second_db - f.first_db >= 1);
  CHECK_FALSE(c.shared_states.empty());
  CHECK(std::is_sorted(c.tests.begin(), c.tests.end(),
                       [](const auto& x, const auto& y) { return x.bits > y.bits; }));
  const std::string page = text_of(report::comparison_sheet(a, staged::the_world().knowledge()));
  CHECK(page.find("were certain") != std::string::npos);
  CHECK(page.find("WHAT WOULD SEPARATE THEM") != std::string::npos);
}

TEST_CASE("a cause compared without its side is taken on the side of the other, and both sides of one can be "
          "compared") {
  assess::options asked;
  asked.compared = {{"hamstring-shortness", {}}, {"neural-tension", side::right}};
  const auto a = assessed(case_named("neural-tension-alone"), asked);
  REQUIRE(a.compared);
  CHECK(a.compared->first.where == side::right);
  asked.compared = {{"hamstring-shortness", side::left}, {"hamstring-shortness", side::right}};
  const auto sides = assessed(case_named("left-and-right-differ"), asked);
  REQUIRE(sides.compared);
  CHECK(sides.compared->first.where != sides.compared->second.where);
}

TEST_CASE("with an emergency flag the page about a cause and a comparison lead with it") {
  assess::options asked;
  asked.compared = {{"lumbar-radiculopathy", {}}, {"neural-tension", {}}};
  for (const fs::path& file : own_cases()) {
    const auto a = assessed(file, asked);
    if (!report::closed_by_flag(a))
      continue;
    const auto& k = staged::the_world().knowledge();
    for (const std::string& page :
         {text_of(report::comparison_sheet(a, k)), text_of(*report::why_sheet(a, k, "neural-tension"))}) {
      CHECK(page.find("not for action until this is cleared") < page.find("Neural tension"));
    }
    return;
  }
  const std::string flagged = staged::slurp(case_named("lumbar-root")) +
                              "\n[[observation]]\nfinding = \"sx-saddle-numbness\"\nstate = \"present\"\n";
  const auto& k = staged::the_world().knowledge();
  const auto read = cases::read(flagged, "case.toml", k);
  REQUIRE(read.value);
  const auto a = assess::assess(*read.value, read.problems, k, {}, asked);
  REQUIRE(report::closed_by_flag(a));
  CHECK(text_of(report::comparison_sheet(a, k)).find("not for action until this is cleared") < 1200);
}
