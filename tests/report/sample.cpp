#include "tests/report/sample.hpp"

namespace posterior::tests {
namespace {

using assess::cause_entry;
using assess::reason;
using cases::cited;

const cited slump_study{"study-a", "table 2", kb::seen_as::abstract};
const cited opinion_source{"lay-b", "paragraph 4", kb::seen_as::full_text};

cause_entry nerve_left() {
  cause_entry c;
  c.cause = "neural-tension";
  c.name = "Neural tension";
  c.where = side::left;
  c.prior = 0.18;
  c.posterior = 0.62;
  c.low = 0.41;
  c.high = 0.79;
  c.either_side = 0.66;
  c.examined = true;
  c.in_favour = {
      {"slump", side::left, 7.9, "Slump test, left: present", {slump_study}},
      {"sx-pulling", side::left, 2.1, "Pulling behind the thigh, left: present", {opinion_source}}};
  c.against = {{"slr-passive", side::left, -3.4, "Passive straight-leg raise, left: 62 deg", {slump_study}}};
  for (const char* id : {"f-one", "f-two", "f-three", "f-four", "f-five"})
    c.unknown.push_back({id, side::left, 4.5, std::string("Finding ") + id + ", left", {}});
  c.level = kb::grade::low;
  c.contested = true;
  c.counter_evidence = "Two trials found no difference between those with and those without it.";
  c.path = {"sitting", "neural-tension", "slump-positive"};
  c.sources = {opinion_source};
  return c;
}

cause_entry plain(std::string id, std::string name, side where, double p, bool examined) {
  cause_entry c;
  c.cause = std::move(id);
  c.name = std::move(name);
  c.where = where;
  c.prior = 0.1;
  c.posterior = p;
  c.low = p / 2;
  c.high = p + (1 - p) / 4;
  c.either_side = p;
  c.examined = examined;
  c.in_favour = {};
  return c;
}

cause_entry hidden(std::string id, std::string name, bool keep_in_mind) {
  cause_entry c = plain(std::move(id), std::move(name), side::none, 0.03125, true);
  c.hidden = true;
  c.cannot_be_excluded = keep_in_mind;
  return c;
}

plan::plan_item slider() {
  plan::plan_item item;
  item.exercise = "sciatic-slider";
  item.name = "Sciatic slider lying on the back";
  item.where = side::left;
  item.for_causes = {"neural-tension@left"};
  item.dose.how_much.sets = kb::range{2, 3};
  item.dose.how_much.reps = kb::range{8, 12};
  item.dose.how_much.per_week = kb::range{5, 7};
  item.dose.how_much.tempo = "slow, no hold";
  item.dose.how_much.basis = "sets and repetitions: study-a; the rest is a default";
  item.dose.week_one = "2 x 8, 5 days a week";
  item.why = "moves the nerve without loading it";
  item.stop_rules = {"Tingling that stays for more than ten minutes."};
  item.cues = {"let the head follow the knee", "stay below the pull"};
  item.warnings = {"Irritable today: stay in the smallest range."};
  item.harder = {"sciatic-tensioner"};
  item.level = kb::grade::low;
  item.sources = {slump_study};
  return item;
}

plan::programme open_plan() {
  plan::programme p;
  p.status = "open";
  p.depends_on = {"x6"};
  p.phases = {{kb::phase::neural,
               "pain at rest below 4 of 10",
               "straight-leg raise within 5 deg of the other side",
               {slider()}}};
  p.left_out = {{"static-hamstring-stretch",
                 "Static hamstring stretch",
                 "it pulls on an irritable nerve",
                 "cause",
                 {slump_study}},
                {"contract-relax", "Contract-relax stretch", "it pulls on an irritable nerve", "cause", {}},
                {"nordic", "Nordic hamstring", "needs a partner or a strap", "equipment", {}}};
  p.session = {"sciatic-slider", "sciatic-tensioner"};
  p.sequence = {
      {"seq-small-first", "Small before large: Sciatic slider, then Sciatic tensioner", true, {slump_study}},
      {"seq-twice", "Twice a week: on 2 days in a week; not met: nothing of it is indicated", false, {}}};
  p.minutes_per_session = 12.5;
  return p;
}

void add_answers(assess::assessment& a) {
  a.plugins = {{"org.posterior.core", "0.1.0", "no-code", "knowledge only"},
               {"org.posterior.gluteal-amnesia", "0.1.0", "timed-out", "gave no answer in its time"},
               {"org.posterior.neural-tension", "0.1.0", "answered", "answered"}};
  a.confinement = "full";
}

void add_tests(assess::assessment& a) {
  assess::next_test t;
  t.finding = "slr-differentiation";
  t.name = "Straight-leg raise with the foot pulled up";
  t.where = side::left;
  t.bits = 0.314;
  t.minutes = 2;
  t.bits_per_minute = 0.157;
  t.changes_plan = true;
  t.probability_positive = 0.55;
  t.if_positive = {"neural-tension", side::left, 0.81};
  t.if_negative = {"spinal-tumour", side::none, 0.015625};
  t.position = "lying on the back";
  a.next_tests = {t};
  a.stop = {false, "the next test could change the plan"};
}

} // namespace

std::shared_ptr<const kb::snapshot> sample_knowledge() {
  kb::snapshot s;
  const auto state = [&](std::string id, std::string name) {
    kb::state one;
    one.id = std::move(id);
    one.name = std::move(name);
    s.all.states.push_back(one);
  };
  state("neural-tension", "Neural tension");
  state("sitting", "Prolonged sitting");
  state("slump-positive", "Nerve-related pull");
  state("spinal-tumour", "Tumour of the spine");
  kb::finding f;
  f.id = "sx-saddle-numbness";
  f.name = "Numbness where a saddle touches";
  f.safety = true;
  s.all.findings.push_back(f);
  kb::exercise e;
  e.id = "sciatic-tensioner";
  e.name = "Sciatic tensioner";
  s.all.exercises.push_back(e);
  kb::source study;
  study.id = "study-a";
  study.authors = "A. Author and others";
  study.year = "2008";
  study.title = "A study of a test";
  study.venue = "A journal";
  study.seen = kb::seen_as::abstract;
  s.all.sources.push_back(study);
  s.digest = std::string(64, 'd');
  s.revision = 7;
  return kb::index(std::move(s));
}

assess::assessment sample_assessment() {
  assess::assessment a;
  a.revision = 7;
  a.digest = std::string(64, 'd');
  a.engine_version = "0.1.0";
  a.case_digest = std::string(64, 'c');
  add_answers(a);
  a.safe = {"clear", {}};
  a.watch = {{"rf-night-pain",
              "Night pain alone is common and weak.",
              "ask again in two weeks",
              {{"sx-night-pain", side::none, "Pain at night: present"}},
              {"sx-saddle-numbness"},
              {}}};
  a.differential = {nerve_left(), plain("hamstring-shortness", "Hamstring shortness", side::left, 0.22, true),
                    plain("lumbar-radiculopathy", "Lumbar radiculopathy", side::none, 0.11, true),
                    plain("gluteal-amnesia", "Gluteal amnesia", side::left, 0.08, true),
                    plain("gluteal-amnesia", "Gluteal amnesia", side::right, 0.1, false)};
  a.outside = {plain("hip-arthritis", "Hip osteoarthritis", side::left, 0.55, true),
               hidden("spinal-tumour", "Tumour of the spine", false),
               hidden("vertebral-fracture", "Fracture of a vertebra", true)};
  a.unexplained = {{"sx-saddle-numbness", side::none, "no modelled cause brings it about"}};
  a.none_of_these = 0.12;
  a.inseparable = {{"neural-tension@left", "lumbar-radiculopathy"}};
  a.conflicts = {{"the slump test is present and the nerve raise is absent",
                  {{"slump", side::left, "Slump test, left: present"}}}};
  a.tensions = {{"x6", "Two sources disagree whether to stretch.", false, {"sx-saddle-numbness"}, "", ""},
                {"x9", "Two sources disagree about something else.", false, {}, "", ""}};
  add_tests(a);
  a.programme = open_plan();
  a.how.draws = 256;
  a.recorded = {{"slump", side::left, "Slump test, left: present"},
                {"slr-passive", side::left, "Passive straight-leg raise, left: 62 deg"}};
  a.problems = {
      {severity::error,
       "case.unknown-finding",
       {"case.toml", 12, 11, ""},
       "the finding was \"slupm\", must be one of the knowledge base",
       "did you mean \"slump\"?"},
      {severity::note, "case.alias", {"case.toml", 20, 1, ""}, "\"asslr\" was read as \"slr-passive\"", ""}};
  return a;
}

assess::assessment flagged_assessment() {
  assess::assessment a = sample_assessment();
  a.safe = {"flagged", {}};
  a.red_flags = {{"rf-cauda-equina",
                  "Cauda equina syndrome suspected",
                  kb::urgency::emergency,
                  {{"sx-saddle-numbness", side::none, "Numbness where a saddle touches: present"}},
                  "Send to an emergency department with spinal imaging",
                  "now",
                  kb::closing::plan,
                  {slump_study}},
                 {"rf-fracture",
                  "Fracture to be looked for",
                  kb::urgency::prompt,
                  {{"fall", side::none, "Fall: present"}},
                  "Ask for an image",
                  "within weeks",
                  kb::closing::loading,
                  {}}};
  a.programme.status = "closed";
  a.programme.because = {"Cauda equina syndrome suspected"};
  a.programme.depends_on.clear();
  a.programme.phases.clear();
  a.programme.session.clear();
  a.programme.sequence.clear();
  a.programme.refer =
      plan::referral{kb::urgency::emergency, "Send to an emergency department", {"rf-cauda-equina"}};
  return a;
}

assess::assessment incomplete_assessment() {
  assess::assessment a = sample_assessment();
  a.safe = {"incomplete", {"sx-saddle-numbness"}};
  a.programme.status = "provisional";
  a.programme.because = {"Numbness where a saddle touches"};
  return a;
}

} // namespace posterior::tests
