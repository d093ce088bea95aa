#include "engine/check/kb_test.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "engine/check/kb_parts.hpp"
#include "kb/values/document.hpp"
#include "kb/values/fields.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior::check {
namespace {

constexpr std::string_view kinds[] = {"state",    "prior",   "theory",   "finding",    "observes",
                                      "link",     "rule",    "exercise", "indication", "precaution",
                                      "sequence", "tension", "family",   "claim",      "source"};

using ids_by_kind = std::map<std::string, std::set<std::string>, std::less<>>;

ids_by_kind all_ids(const kb::snapshot& k) {
  ids_by_kind out;
  each_basis(k, [&](std::string_view kind, const std::string& id, const kb::basis&, const kb::origin&) {
    out[std::string(kind)].insert(id);
  });
  for (const kb::family& f : k.all.families)
    out["family"].insert(f.id);
  for (const kb::claim& c : k.all.claims)
    out["claim"].insert(c.id);
  for (const kb::source& s : k.all.sources)
    out["source"].insert(s.id);
  return out;
}

std::vector<coverage> coverage_of(const kb::snapshot& k, const ids_by_kind& touched) {
  const ids_by_kind all = all_ids(k);
  std::vector<coverage> out;
  for (const std::string_view kind : kinds) {
    coverage one{std::string(kind), 0, {}};
    const auto there = all.find(kind);
    const auto used = touched.find(kind);
    if (there != all.end())
      for (const std::string& id : there->second) {
        ++one.statements;
        if (used == touched.end() || !used->second.contains(id))
          one.untouched.push_back(id);
      }
    out.push_back(std::move(one));
  }
  return out;
}

void write(json_writer& w, const tested_case& t) {
  w.begin_object().member("from", t.from).member("name", t.how.name).member("passed", t.how.problems.empty());
  w.key("problems").begin_array();
  for (const diagnostic& d : t.how.problems)
    w.begin_object().member("file", d.where.file).member("text", d.text).end_object();
  w.end_array().end_object();
}

void write(json_writer& w, const coverage& c) {
  w.begin_object().member("kind", c.kind).member("statements", c.statements).member("touched", c.touched());
  w.strings("untouched", c.untouched).end_object();
}

} // namespace

std::vector<std::string_view> tested_kinds() {
  return {std::begin(kinds), std::end(kinds)};
}

kb_test_report test_knowledge(const kb::snapshot& knowledge, const assess::detector_port& detectors,
                              const std::vector<case_set>& sets, assess::options how) {
  how.took_part = true;
  kb_test_report out;
  ids_by_kind touched;
  for (const case_set& set : sets)
    for (const golden_case& one : set.cases) {
      case_outcome done = hold_case(one, knowledge, detectors, how);
      for (const assess::statement_ref& s : done.took_part)
        touched[s.kind].insert(s.id);
      out.failed += done.problems.empty() ? 0u : 1u;
      out.cases.push_back({set.from, std::move(done)});
    }
  out.kinds = coverage_of(knowledge, touched);
  return out;
}

case_set_reading read_case_set(std::string_view json, const std::string& from) {
  case_set_reading out;
  out.value.from = from;
  const parsed document = parse_json(json, from);
  out.problems = document.problems;
  if (!document.root)
    return out;
  fields f(*document.root, from, "cases", "the golden cases", out.problems);
  f.required_choice("schema", {"posterior.kb-cases/1"});
  for (const node* row : f.tables("cases")) {
    // The texts are whole files, longer than any text of a document.
    const auto text = [&](std::string_view key) -> std::optional<std::string> {
      const node* value = row->find(key);
      return value != nullptr && value->kind == node::type::text ? std::optional(value->text) : std::nullopt;
    };
    golden_case one;
    one.name = text("name").value_or("");
    one.case_file = one.name + ".case.toml";
    one.expected_file = one.name + ".expected.toml";
    one.patient = text("case");
    one.expected = text("expected");
    if (one.name.empty() || !one.patient || !one.expected)
      f.problem(*row, "incomplete",
                fault("a golden case", "incomplete", "name, case and expected, all texts"));
    out.value.cases.push_back(std::move(one));
  }
  f.finish();
  return out;
}

std::string case_set_text(const case_set& set) {
  json_writer w(0);
  w.begin_object().member("schema", "posterior.kb-cases/1").key("cases").begin_array();
  for (const golden_case& one : set.cases)
    w.begin_object()
        .member("name", one.name)
        .member("case", one.patient.value_or(""))
        .member("expected", one.expected.value_or(""))
        .end_object();
  w.end_array().end_object();
  return w.take();
}

std::string as_json(const kb_test_report& r, const kb::snapshot& knowledge) {
  json_writer w;
  w.begin_object().member("schema", "posterior.kb-test/1");
  w.key("knowledge")
      .begin_object()
      .member("revision", knowledge.revision)
      .member("digest", knowledge.digest)
      .end_object();
  w.key("summary").begin_object().member("cases", r.cases.size()).member("failed", r.failed).end_object();
  w.key("cases").begin_array();
  for (const tested_case& t : r.cases)
    write(w, t);
  w.end_array().key("coverage").begin_array();
  for (const coverage& c : r.kinds)
    write(w, c);
  w.end_array().end_object();
  return w.take();
}

std::string as_junit(const kb_test_report& r) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  out += "  <testsuite name=\"knowledge\" tests=\"" + std::to_string(r.cases.size()) + "\" failures=\"" +
         std::to_string(r.failed) + "\" errors=\"0\" skipped=\"0\">\n";
  for (const tested_case& t : r.cases) {
    out += "    <testcase classname=\"" + markup(t.from) + "\" name=\"" + markup(t.how.name) + "\"";
    if (t.how.problems.empty()) {
      out += "/>\n";
      continue;
    }
    std::string all;
    for (const diagnostic& d : t.how.problems)
      all += to_string(d) + "\n";
    out += ">\n      <failure message=\"" + markup(t.how.problems.front().text) + "\">" + markup(all) +
           "</failure>\n    </testcase>\n";
  }
  return out + "  </testsuite>\n</testsuites>\n";
}

} // namespace posterior::check
