// Counts, priors, gates and the ways in which measured and graded findings speak: read, merged, written,
// kept.
#include <algorithm>
#include <cmath>

#include <catch2/catch_test_macros.hpp>

#include "kb/canonical.hpp"
#include "kb/codec.hpp"
#include "tests/kb/reads_back.hpp"
#include "tests/kb/world.hpp"

namespace posterior::kb {
namespace {

std::string made(const std::string& kind, const std::string& fields) {
  return "[[" + kind + "]]\n" + fields + "\njudgement = \"Made up.\"\n";
}

std::string made_state(const std::string& id, const std::string& leak) {
  return made("state", "id = \"" + id +
                           "\"\nname = \"S\"\nkind = \"risk\"\npresent_when = \"It is.\"\nleak = " + leak);
}

std::string made_link(const std::string& more) {
  return made("link",
              "from = \"long-sitting\"\nto = \"forward-tilt\"\np = \"often\"\nbecause = \"B.\"\n" + more);
}

const std::string measured =
    made("finding", "id = \"a:angle\"\nname = \"A\"\nkind = \"measure\"\nquestion = \"Q\"\n"
                    "unit = \"deg\"\nrange = [0, 90]\nsem = 2.5");
const std::string graded =
    made("finding", "id = \"a:grade\"\nname = \"G\"\nkind = \"sign\"\nquestion = \"Q\"\n"
                    "levels = [\"none\", \"mild\", \"marked\"]");
std::string reads(const std::string& finding, const std::string& how) {
  return made("observes", "finding = \"" + finding + "\"\nstate = \"forward-tilt\"\n" + how);
}

// One of every form.
const std::string everything =
    made_state("a:first", "{ counts = [17, 20] }") + made_state("a:second", "\"rarely\"") +
    made("prior", "state = \"a:first\"\nsetting = \"sport\"\nsex = \"male\"\nage = [18, 30]\nleak = { counts "
                  "= [0, 12] }") +
    made("prior", "state = \"a:first\"\nsetting = \"sport\"\nleak = \"often\"") +
    made_link("only_with = [\"a:second\", \"a:first\"]\nunless = [\"cauda-equina\"]") + measured + graded +
    reads("a:angle",
          "read = \"told\"\nlog_normal = { absent = 10, present = 30, sd = 0.4, male = { present = 35 } }") +
    reads("a:grade", "levels = [[0.7, 0.2], [0.2, 0.3], [0.1, 0.5]]\nworth = 40") +
    made("finding", "id = \"a:other\"\nname = \"A\"\nkind = \"measure\"\nquestion = \"Q\"\nunit = "
                    "\"deg\"\nrange = [0, 90]") +
    reads("a:other", "read = \"told\"\nratios = { points = [[10, 0.2], [20, 1], [40, 8]], clip = 10 }");

merge_result with(const std::vector<std::pair<std::string, std::string>>& packs) {
  return merge(bundles_with(packs));
}

const observes& reading(const merge_result& m, std::string_view finding) {
  const auto& list = m.content.all.readings;
  return *std::find_if(list.begin(), list.end(), [&](const observes& o) { return o.finding == finding; });
}

} // namespace

TEST_CASE("every new form is read, and reads back from its canonical and its compiled form as the same") {
  const auto m = with({{"a", everything}});
  INFO(all_problems(m.bundles));
  REQUIRE(m.content.all.priors.size() == 3);
  check_reads_back(m);
  const observes& angle = reading(m, "a:angle");
  CHECK(angle.log_normals.at("male").present == 35);
  CHECK(angle.log_normals.at("male").sd == 0.4);
  CHECK(reading(m, "a:other").ratios.at("").points.size() == 3);
  CHECK(reading(m, "a:grade").worth == 40);
}

TEST_CASE("counts are a mean with ends, and stay counts") {
  const auto m = with({{"a", everything}});
  const auto first = std::find_if(m.content.all.states.begin(), m.content.all.states.end(),
                                  [](const state& s) { return s.id == "a:first"; });
  CHECK(first->leak.mean == 17.5 / 21);
  CHECK(first->leak.low < first->leak.mean - 0.1);
  CHECK(first->leak.high > first->leak.mean + 0.08);
  CHECK(canonical_text(*first).find("\"leak\":{\"counts\":[17,20]}") != std::string::npos);
}

TEST_CASE("ids of priors and gated links say for whom and with what") {
  const auto m = with({{"a", everything}});
  std::vector<std::string> ids;
  for (const prior& p : m.content.all.priors)
    ids.push_back(p.id());
  CHECK(ids == std::vector<std::string>{"prior.a:first.sport", "prior.a:first.sport.male.18-30",
                                        "prior.long-sitting.18-40"});
  const auto& links = m.content.all.links;
  CHECK(std::any_of(links.begin(), links.end(), [](const link& l) {
    return l.id() == "link.long-sitting.forward-tilt.with.a:first.a:second.unless.cauda-equina";
  }));
}

TEST_CASE("the order in which gates are named is not seen, and another gate makes another link") {
  const std::string states = made_state("a:first", "\"rarely\"") + made_state("a:second", "\"rarely\"");
  const auto one = with({{"a", states + made_link("only_with = [\"a:first\", \"a:second\"]")}});
  const auto two = with({{"a", states + made_link("only_with = [\"a:second\", \"a:first\"]")}});
  CHECK(one.content.digest == two.content.digest);
  const auto both =
      with({{"a", states + made_link("only_with = [\"a:first\"]") + made_link("unless = [\"a:first\"]")}});
  INFO(all_problems(both.bundles));
  CHECK(both.content.all.links.size() == one.content.all.links.size() + 1);
}

TEST_CASE("a link whose gate no bundle defines sleeps, and so does a prior of an unknown state") {
  const auto m = with({{"a", made_link("unless = [\"a:nowhere\"]") +
                                 made("prior", "state = \"a:nowhere\"\nsex = \"male\"\nleak = \"rarely\"")}});
  REQUIRE(m.content.asleep.size() == 3); // one of the base world
  CHECK(m.content.asleep[0].statement == "link.long-sitting.forward-tilt.unless.a:nowhere");
  CHECK(m.content.asleep[2].statement == "prior.a:nowhere.male");
}

TEST_CASE("priors of several bundles for the same people are one, and priors that only overlap are refused") {
  const auto row = [](const std::string& whom, const std::string& leak) {
    return made("prior", "state = \"forward-tilt\"\n" + whom + "\nleak = " + leak);
  };
  const auto joint = with(
      {{"a", row("sex = \"male\"", "[0.1, 0.05, 0.3]")}, {"b", row("sex = \"male\"", "[0.2, 0.1, 0.4]")}});
  const auto& list = joint.content.all.priors;
  const auto at =
      std::find_if(list.begin(), list.end(), [](const prior& p) { return p.state == "forward-tilt"; });
  REQUIRE(at != list.end());
  CHECK(at->leak.mean > 0.1);
  CHECK(at->leak.mean < 0.2);
  CHECK(at->leak.low == 0.05);
  CHECK(at->leak.high == 0.4);
  const auto refused =
      with({{"a", row("sex = \"male\"", "\"often\"")}, {"b", row("age = [20, 30]", "\"often\"")}});
  CHECK(all_problems(refused.bundles).find("kb.two-priors") == std::string::npos);
  CHECK(all_problems(refused.bundles).find("for people whom \"prior.forward-tilt.male\"") !=
        std::string::npos);
  const auto nested = with({{"a", row("sex = \"male\"", "\"often\"")},
                            {"b", row("sex = \"male\"\nage = [20, 30]", "\"often\"")},
                            {"c", row("sex = \"female\"\nage = [25, 40]", "\"often\"")}});
  CHECK(nested.content.all.priors.size() == 4);
}

TEST_CASE("values read in two ways are read in the first bundle's") {
  const std::string use = "read = \"told\"\nnormal = { absent = 10, present = 30, sd = 8 }";
  const auto m =
      with({{"a", measured + reads("a:angle", use)},
            {"b", made("observes", "finding = \"a:angle\"\nstate = \"forward-tilt\"\nread = \"told\"\n"
                                   "log_normal = { absent = 9, present = 28, sd = 0.5 }")}});
  const observes& o = reading(m, "a:angle");
  CHECK(o.normals.size() == 1);
  CHECK(o.log_normals.empty());
}

} // namespace posterior::kb
