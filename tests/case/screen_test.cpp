#include <catch2/catch_test_macros.hpp>

#include "tests/case/small_knowledge.hpp"

using namespace posterior;

namespace {

const std::shared_ptr<const kb::snapshot> k = small::knowledge();

cases::screen_result screen(const std::string& text, const kb::snapshot& knowledge = *k) {
  const auto r = small::read(text, knowledge);
  REQUIRE(r.value);
  return cases::screen(*r.value, cases::settle(*r.value, knowledge), knowledge);
}

std::string observed(const std::string& finding, const std::string& state) {
  return "[[observation]]\nfinding = \"" + finding + "\"\nstate = \"" + state + "\"\n";
}

const std::string done = "[screening]\ndone = true\n";

} // namespace

TEST_CASE("safety is clear when every safety finding is answered") {
  CHECK(screen(done + observed("slump", "present")).safe.status == "clear");
  CHECK(screen(observed("red-fever", "absent") + observed("red-bladder", "absent") +
               observed("red-saddle-numbness", "absent") + observed("red-leg-swelling", "absent"))
            .safe.status == "clear");
}

TEST_CASE("safety is incomplete with what is missing, as long as one question is open") {
  const auto none = screen(observed("slump", "present"));
  CHECK(none.safe.status == "incomplete");
  CHECK(none.safe.missing ==
        std::vector<std::string>{"red-bladder", "red-fever", "red-leg-swelling", "red-saddle-numbness"});
  const auto unsure = screen(done + observed("red-fever", "absent") + "certainty = 0.9\n");
  CHECK(unsure.safe.missing == std::vector<std::string>{"red-fever"});
  const auto one_side = screen(observed("red-leg-swelling", "absent") + "side = \"left\"\n");
  CHECK(one_side.safe.missing.size() == 4);
}

TEST_CASE("a question that an answer makes a red flag depend on leaves the screen incomplete until it is "
          "answered") {
  // Fever is urgent from 50 years on.
  const auto open = screen(done + observed("red-fever", "present"));
  CHECK(open.safe.missing == std::vector<std::string>{"age"});
  CHECK(screen("[patient]\nage = 30\n" + done + observed("red-fever", "present")).safe.missing.empty());
  CHECK(screen(done + observed("red-fever", "absent")).safe.missing.empty());
}

TEST_CASE("an examination that was not done leaves no screen incomplete, one side of two does") {
  kb::snapshot raw = small::raw_knowledge();
  raw.all.rules = {small::rule("rf-a", kb::urgency::urgent,
                               {{small::on("red-bladder"), small::on("pelvis-forward")}}, kb::closing::plan)};
  const auto examined = kb::index(kb::snapshot(raw));
  CHECK(screen(done + observed("red-bladder", "present"), *examined).safe.status == "clear");
  raw.all.rules[0].when = {{small::on("felt-tightness")}};
  raw.all.rules[0].when[0][0].on = kb::condition::where::both;
  const auto asked = kb::index(std::move(raw));
  CHECK(screen(done + observed("felt-tightness", "present") + "side = \"left\"\n", *asked).safe.missing ==
        std::vector<std::string>{"felt-tightness"});
  CHECK(screen(done + observed("slump", "present"), *asked).safe.status == "clear");
}

TEST_CASE("an unusable observation that may have been about safety leaves it incomplete") {
  const auto near = screen(done + observed("slump", "present") + observed("red-fevr", "present"));
  CHECK(near.safe.status == "incomplete");
  CHECK(near.safe.missing == std::vector<std::string>{"red-fever"});
  const auto unknown = screen(done + observed("slump", "present") + observed("entirely-else", "present"));
  CHECK(unknown.safe.status == "incomplete");
  CHECK(unknown.safe.missing.empty());
  const auto ordinary = screen(done + observed("hx-sitting", "present") + observed("slmup", "present"));
  CHECK(ordinary.safe.status == "clear");
}

TEST_CASE("a red flag says what raised it, what to do and what it rests on") {
  const auto s = screen(done + observed("red-bladder", "present") + "certainty = 0.2\n");
  CHECK(s.safe.status == "flagged");
  REQUIRE(s.flags.size() == 1);
  const auto& f = s.flags[0];
  CHECK(f.id == "rf-cauda-equina");
  CHECK(f.level == kb::urgency::emergency);
  CHECK(f.closes == kb::closing::plan);
  CHECK(f.action == "refer");
  REQUIRE(f.because.size() == 1);
  CHECK(f.because[0].text == "red-bladder: present (certainty 0.2)");
  REQUIRE(f.sources.size() == 1);
  CHECK(f.sources[0].seen == kb::seen_as::judgement);
}

TEST_CASE("patient attributes that raised a flag are among its reasons") {
  const auto s = screen("[patient]\nage = 62\n" + done + observed("red-fever", "present"));
  REQUIRE(s.flags.size() == 2);
  CHECK(s.flags[0].id == "rf-infection");
  REQUIRE(s.flags[0].because.size() == 2);
  CHECK(s.flags[0].because[1].text == "Age: 62 years");
}

TEST_CASE("a rule whose conditions are partly unknown does not fire") {
  const auto s = screen(done + observed("red-fever", "present"));
  REQUIRE(s.flags.size() == 1);
  CHECK(s.flags[0].id == "rf-fever");
}

TEST_CASE("flags come by urgency, then by id, whatever the order of the knowledge") {
  auto raw = small::raw_knowledge();
  raw.all.rules = {small::rule("rf-a", kb::urgency::prompt, {{small::on("red-fever")}}),
                   small::rule("rf-c", kb::urgency::emergency, {{small::on("red-fever")}}),
                   small::rule("rf-b", kb::urgency::emergency, {{small::on("red-fever")}}),
                   small::rule("rf-d", kb::urgency::urgent, {{small::on("red-fever")}})};
  const auto s = screen(observed("red-fever", "present"), *kb::index(std::move(raw)));
  std::string order;
  for (const auto& f : s.flags)
    order += f.id + " ";
  CHECK(order == "rf-b rf-c rf-d rf-a ");
}

TEST_CASE("a weak item alone is a watch line with its question, not a flag") {
  const auto s = screen(done + observed("red-leg-swelling", "present") + "side = \"left\"\n");
  CHECK(s.flags.empty());
  REQUIRE(s.watch.size() == 1);
  CHECK(s.watch[0].id == "rf-watch-swelling");
  CHECK(s.watch[0].asks == std::vector<std::string>{"red-fever"});
  CHECK(s.watch[0].because[0].text == "red-leg-swelling, left: present");
  CHECK(s.safe.status == "clear");
}

TEST_CASE("a lateral safety finding without a side raises its flag") {
  auto raw = small::raw_knowledge();
  raw.all.rules = {small::rule("rf-left", kb::urgency::urgent,
                               {{small::on("red-leg-swelling", false, kb::condition::where::left)}})};
  CHECK(screen(observed("red-leg-swelling", "present"), *kb::index(std::move(raw))).flags.size() == 1);
}

TEST_CASE("observations are described for people, with side, value, unit and level") {
  const auto text = [](const std::string& observation, std::string_view finding, side where) {
    const auto r = small::read(observation, *k);
    const auto p = cases::settle(*r.value, *k);
    return cases::describe(*p.find(finding, where), *k).text;
  };
  CHECK(text(observed("slump", "present") + "side = \"left\"\n", "slump", side::left) ==
        "Slump test, left: present");
  CHECK(text("[[observation]]\nfinding = \"pke-angle\"\nside = \"right\"\nvalue = 32\nunit = \"deg\"\n",
             "pke-angle", side::right) == "Passive knee extension, right: 32 deg");
  CHECK(text("[[observation]]\nfinding = \"irritability\"\nlevel = \"high\"\n", "irritability", side::none) ==
        "irritability: high");
}

TEST_CASE("a basis is cited once per source and place, sources before claims") {
  auto raw = small::raw_knowledge();
  kb::source study;
  study.id = "study2020";
  study.seen = kb::seen_as::abstract;
  kb::claim claim;
  claim.id = "s001";
  claim.source = "lay-article-1";
  claim.place = "paragraph 3";
  claim.seen = kb::seen_as::full_text;
  raw.all.sources = {study};
  raw.all.claims = {claim};
  const auto known = kb::index(std::move(raw));
  kb::basis b;
  b.claims = {"s001", "s001", "s999"};
  b.sources = {{"study2020", "table 2"}, {"study2020", "table 2"}};
  b.judgement = "and so we think";
  const auto list = cases::cite(b, *known);
  REQUIRE(list.size() == 2);
  CHECK(list[0].source == "study2020");
  CHECK(list[0].seen == kb::seen_as::abstract);
  CHECK(list[1].source == "lay-article-1");
  CHECK(list[1].place == "paragraph 3");
}

namespace {

// The small knowledge with one rule suspended.
std::shared_ptr<const kb::snapshot> suspending(const std::string& rule) {
  auto raw = small::raw_knowledge();
  raw.all.suspensions = {{rule, "2026-12-31", "A. Smith", "2026-11-02", "audit", {}}};
  return kb::index(std::move(raw));
}

} // namespace

TEST_CASE("a suspended rule raises no flag, and says that it would have fired, and because of what") {
  const auto known = suspending("rf-cauda-equina");
  const std::string text = done + observed("red-bladder", "present") + observed("red-fever", "present");
  const auto s = screen(text, *known);
  REQUIRE(s.flags.size() == 1);
  CHECK(s.flags[0].id == "rf-fever");
  REQUIRE(s.suspended.size() == 1);
  CHECK(s.suspended[0].rule == "rf-cauda-equina");
  CHECK(s.suspended[0].fires == cases::truth::present);
  CHECK(s.suspended[0].by == "A. Smith");
  CHECK(s.suspended[0].until == "2026-12-31");
  CHECK(s.suspended[0].reason == "audit");
  REQUIRE(s.suspended[0].because.size() == 1);
  CHECK(s.suspended[0].because[0].finding == "red-bladder");
  CHECK(screen(text).flags.size() == 2); // the rule as it stands
}

TEST_CASE("a suspended rule is told also where it would not have fired, or where that is not known") {
  const auto known = suspending("rf-cauda-equina");
  const auto not_here = screen(done + observed("slump", "present"), *known);
  REQUIRE(not_here.suspended.size() == 1);
  CHECK(not_here.suspended[0].fires == cases::truth::absent);
  CHECK(not_here.safe.status == "clear");
  const auto open = screen(observed("slump", "present"), *known);
  REQUIRE(open.suspended.size() == 1);
  CHECK(open.suspended[0].fires == cases::truth::unknown);
}

TEST_CASE("safety is not clear where a suspended rule would have raised a flag") {
  const auto s = screen(done + observed("red-bladder", "present"), *suspending("rf-cauda-equina"));
  CHECK(s.safe.status == "incomplete");
  CHECK(s.safe.missing.empty());
  CHECK(screen(done + observed("red-leg-swelling", "present") + "side = \"left\"\n",
               *suspending("rf-watch-swelling"))
            .watch.empty());
}
