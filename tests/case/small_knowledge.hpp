// A small knowledge base made by hand, for tests of the case reader, the screen and the plan. Its sentences
// are made up for the tests; none of it is clinical content.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "engine/case/reader.hpp"
#include "engine/case/screen.hpp"
#include "engine/case/settle.hpp"
#include "kb/snapshot.hpp"

namespace posterior::small {

inline kb::basis judged(kb::grade level = kb::grade::opinion) {
  kb::basis b;
  b.judgement = "made up for a test";
  b.level = level;
  return b;
}

inline kb::condition on(std::string finding, bool negated = false,
                        kb::condition::where where = kb::condition::where::any) {
  kb::condition c;
  c.finding = std::move(finding);
  c.negated = negated;
  c.on = where;
  return c;
}

inline kb::condition measured(std::string finding, kb::comparison op, double value) {
  kb::condition c = on(std::move(finding));
  c.op = op;
  c.value = value;
  return c;
}

inline kb::condition attribute(kb::attribute of, kb::comparison op, double value, std::string word = {}) {
  kb::condition c;
  c.of = of;
  c.op = op;
  c.value = value;
  c.word = std::move(word);
  return c;
}

inline kb::finding finding(std::string id, kb::finding_kind kind, bool lateral = false) {
  kb::finding f;
  f.name = id;
  f.question = "is there " + id + "?";
  f.id = std::move(id);
  f.kind = kind;
  f.lateral = lateral;
  f.rests_on = judged();
  return f;
}

inline kb::finding safety(std::string id, bool lateral = false) {
  kb::finding f = finding(std::move(id), kb::finding_kind::safety, lateral);
  f.safety = true;
  return f;
}

inline kb::finding measure(std::string id, std::string unit, double low, double high,
                           std::vector<kb::cutoff> cutoffs = {}, bool lateral = true) {
  kb::finding f = finding(std::move(id), kb::finding_kind::measure, lateral);
  f.unit = std::move(unit);
  f.bounds = kb::range{low, high};
  f.cutoffs = std::move(cutoffs);
  return f;
}

inline kb::finding levelled(std::string id, std::vector<std::string> levels) {
  kb::finding f = finding(std::move(id), kb::finding_kind::symptom);
  f.levels = std::move(levels);
  return f;
}

inline kb::cutoff above(double limit, std::string sex = {}) {
  kb::cutoff c;
  c.above = limit;
  c.sex = std::move(sex);
  return c;
}

inline kb::rule rule(std::string id, kb::urgency level, kb::clauses when,
                     kb::closing closes = kb::closing::nothing) {
  kb::rule r;
  r.name = id;
  r.id = std::move(id);
  r.level = level;
  r.when = std::move(when);
  r.action = "refer";
  r.timing = "in time";
  r.closes = closes;
  r.rests_on = judged();
  return r;
}

inline std::vector<kb::finding> findings() {
  using kind = kb::finding_kind;
  kb::finding slump = finding("slump", kind::test, true);
  slump.name = "Slump test";
  slump.aliases = {"slump-test"};
  kb::finding pke = measure("pke-angle", "deg", 0, 90, {above(30, "female"), above(35, "male")});
  pke.name = "Passive knee extension";
  kb::finding derived = finding("torque-difference", kind::sign);
  derived.derived = true;
  kb::finding age = finding("age", kind::attribute);
  return {slump,
          pke,
          derived,
          age,
          finding("felt-tightness", kind::symptom, true),
          finding("hx-sitting", kind::history),
          finding("pelvis-forward", kind::sign),
          measure("trunk-weight", "kg", 1, 100, {}, false),
          levelled("irritability", {"low", "moderate", "high"}),
          finding("wrist-pain", kind::symptom),
          safety("red-saddle-numbness"),
          safety("red-bladder"),
          safety("red-fever"),
          safety("red-leg-swelling", true)};
}

inline std::vector<kb::rule> rules() {
  kb::rule watch = rule("rf-watch-swelling", kb::urgency::watch, {{on("red-leg-swelling")}});
  watch.asks = {"red-fever"};
  return {rule("rf-cauda-equina", kb::urgency::emergency, {{on("red-saddle-numbness")}, {on("red-bladder")}},
               kb::closing::plan),
          rule("rf-infection", kb::urgency::urgent,
               {{on("red-fever"), attribute(kb::attribute::age, kb::comparison::at_least, 50)}},
               kb::closing::plan),
          rule("rf-fever", kb::urgency::prompt, {{on("red-fever")}}, kb::closing::loading), watch};
}

inline kb::snapshot raw_knowledge() {
  kb::snapshot s;
  s.all.findings = findings();
  s.all.rules = rules();
  kb::tension t;
  t.id = "x4-stretch";
  t.text = "stretch the hamstrings, or do not";
  t.about = {"hamstring-shortness"};
  t.decides = {"pke-angle"};
  t.takes = {{"stretch", "stretch", {}}, {"no-stretch", "do not", {"static-hamstring-stretch"}}};
  t.rests_on = judged();
  s.all.tensions = {t};
  return s;
}

inline std::shared_ptr<const kb::snapshot> knowledge() {
  return kb::index(raw_knowledge());
}

// A case in TOML, made of a head and what follows it.
inline std::string case_text(const std::string& rest) {
  return "schema = \"posterior.case/1\"\n" + rest;
}

inline cases::reading read(const std::string& rest, const kb::snapshot& k) {
  return cases::read(case_text(rest), "case.toml", k);
}

inline std::string codes(const diagnostics& list) {
  std::string out;
  for (const diagnostic& d : list)
    out += (out.empty() ? "" : " ") + d.code;
  return out;
}

} // namespace posterior::small
