// What the clinic itself said, in answers about a case: first what it suspended, then which numbers are its.
#include <catch2/catch_test_macros.hpp>

#include <sstream>

#include "engine/report/assessment.hpp"
#include "engine/report/next.hpp"
#include "engine/report/why.hpp"
#include "engine/report/why_not.hpp"
#include "kb/values/document.hpp"
#include "tests/report/sample.hpp"

using namespace posterior;
using namespace posterior::report;

namespace {

cases::suspended_rule suspended(cases::truth fires) {
  cases::suspended_rule s;
  s.rule = "rf-fracture";
  s.name = "Fracture to be looked for";
  s.by = "A. Smith";
  s.when = "2026-11-02";
  s.reason = "it fires on every fall, and each is looked at by a physician anyway";
  s.until = "2026-12-31";
  s.fires = fires;
  s.because = {{"fall", side::none, "Fall: present"}};
  s.action = "Ask for an image";
  s.timing = "within weeks";
  return s;
}

std::string drawn(const assess::assessment& a) {
  return render_text(letter(a, *tests::sample_knowledge()), {80, false});
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string head = "SUSPENDED SAFETY RULE: Fracture to be looked for (rf-fracture)\n"
                         "  Suspended by A. Smith on 2026-11-02, until 2026-12-31: it fires on every fall,\n"
                         "  and each is looked at by a physician anyway\n";

} // namespace

TEST_CASE("every letter begins with the rules that are suspended, also in front of an emergency") {
  for (assess::assessment a :
       {tests::sample_assessment(), tests::flagged_assessment(), tests::incomplete_assessment()}) {
    CHECK_FALSE(has(drawn(a), "SUSPENDED"));
    a.suspended = {suspended(cases::truth::present)};
    CHECK(drawn(a).starts_with(head + "!! It WOULD HAVE FIRED here: Ask for an image (within weeks)\n"
                                      "  because: Fall: present\n"));
    a.suspended = {suspended(cases::truth::absent)};
    CHECK(drawn(a).starts_with(head + "  It would not have fired here.\n"));
    a.suspended = {suspended(cases::truth::unknown)};
    CHECK(drawn(a).starts_with(head +
                               "  Whether it would have fired here is not known: not everything that it "
                               "asks was\n  recorded.\n"));
    const std::string page = render_html(letter(a, *tests::sample_knowledge()), "x");
    CHECK(page.find("SUSPENDED SAFETY RULE") < page.find("<h2"));
  }
}

TEST_CASE("a screen is not called clear where a suspended rule would have fired") {
  assess::assessment a = tests::sample_assessment();
  a.safe = {"incomplete", {}};
  a.suspended = {suspended(cases::truth::present)};
  CHECK(has(drawn(a), "Not clear: a rule that is suspended would have raised a flag"));
  CHECK_FALSE(has(drawn(a), "behind what was not asked"));
}

TEST_CASE("every other answer about a case begins with what is suspended, too") {
  assess::assessment a = tests::sample_assessment();
  a.suspended = {suspended(cases::truth::present)};
  const auto known = tests::sample_knowledge();
  const auto text = [](const sheet& page) { return render_text(page, {80, false}); };
  CHECK(text(next_sheet(a, *known, {})).starts_with(head));
  REQUIRE(why_sheet(a, *known, "neural-tension"));
  CHECK(text(*why_sheet(a, *known, "neural-tension")).starts_with(head));
  CHECK(text(*why_not_sheet(a, nullptr, *known, "neural-tension")).starts_with(head));
  for (const std::string& json : {to_json(a), next_json(a, {}), *why_json(a, *known, "neural-tension"),
                                  *why_not_json(a, nullptr, *known, "neural-tension")}) {
    const auto read = parse_json(json, "a.json");
    REQUIRE(read.root);
    const node* list = read.root->find("suspended");
    REQUIRE(list != nullptr);
    CHECK(list->items.at(0).find("fires")->text == "true");
    CHECK(list->items.at(0).find("by")->text == "A. Smith");
  }
}

TEST_CASE("an answer with drafts says so at its head, with their ids") {
  assess::assessment a = tests::sample_assessment();
  a.drafts = {"link.sitting.neural-tension", "clinic:tight-band"};
  CHECK(drawn(a).starts_with("WITH DRAFTS: NOT THE KNOWLEDGE IN FORCE\n"));
  CHECK(has(drawn(a), "link.sitting.neural-tension and clinic:tight-band."));
  CHECK(has(to_json(a), "\"drafts\": [\n    \"link.sitting.neural-tension\""));
}

TEST_CASE("a number that is the clinic's is marked where it stands, and explained at the end") {
  assess::assessment a = tests::sample_assessment();
  CHECK_FALSE(has(drawn(a), "[clinic]"));
  CHECK_FALSE(has(drawn(a), "THE CLINIC'S OWN"));
  const auto word = [](std::string statement, std::string field, std::string before, std::string now) {
    return assess::clinic_line{"changed",         std::move(statement), std::move(field),
                               std::move(before), std::move(now),       "A. Smith",
                               "2026-11-02",      "our audit",          true};
  };
  a.clinic = {word("link.sitting.neural-tension", "p", "[0.3,0.2,0.4]", "[0.4,0.3,0.5]"),
              word("observes.slump.neural-tension", "opinion", "\"supports\"", "\"weakly-supports\""),
              word("sciatic-slider", "dose.sets", "[2,3]", "[1,2]")};
  assess::clinic_line idle = word("f-other", "cutoff", "", "[]");
  idle.used = false;
  a.clinic.push_back(idle);
  const std::string text = drawn(a);
  CHECK(has(text, "before: 0.18 [clinic]"));
  CHECK(has(text, "Slump test, left: present: clearly for it, +7.9 dB [clinic]"));
  const auto dose = text.find("    dose: ");
  REQUIRE(dose != std::string::npos);
  CHECK(has(text.substr(dose, 160), "[clinic]"));
  CHECK(has(text, "WHAT IS THE CLINIC'S OWN\n"));
  CHECK(has(text,
            "link.sitting.neural-tension, p: [0.3,0.2,0.4] -> [0.4,0.3,0.5]\n    by A. Smith, 2026-11-02: "
            "our audit\n"));
  CHECK(has(text, "1 other entry takes no part in this answer"));
  CHECK_FALSE(has(text, "f-other, cutoff"));
}

TEST_CASE("the JSON says of each of the clinic's numbers what it replaced and whether it took part") {
  assess::assessment a = tests::sample_assessment();
  a.clinic = {
      {"changed", "link.a.b", "p", "[0.3,0.2,0.4]", "[0.4,0.3,0.5]", "A. Smith", "2026-11-02", "audit", true},
      {"withdrawn", "link.c.d", "", "", "", "B. Jones", "2026-11-03", "obsolete", false}};
  const auto read = parse_json(to_json(a), "a.json");
  REQUIRE(read.root);
  const auto& list = read.root->find("overlay")->items;
  REQUIRE(list.size() == 2);
  CHECK(list[0].find("before")->text == "[0.3,0.2,0.4]");
  CHECK(list[0].find("now")->text == "[0.4,0.3,0.5]");
  CHECK(list[0].find("used")->truth);
  CHECK(list[1].find("what")->text == "withdrawn");
  CHECK_FALSE(list[1].find("used")->truth);
}
