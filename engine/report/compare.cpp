#include "engine/report/compare.hpp"

#include <cstdio>

#include "engine/report/clinic.hpp"
#include "engine/report/letter_parts.hpp"
#include "engine/report/words.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::report {
namespace {

std::string number(const char* form, double x) {
  char text[48];
  std::snprintf(text, sizeof text, form, x);
  return text;
}

// --- JSON ------------------------------------------------------------------------

void known(json_writer& w, std::string_view name, double value, bool is_known) {
  w.key(name);
  if (is_known)
    w.value(value);
  else
    w.null();
}

void write(json_writer& w, std::string_view name, const assess::compared_cause& c) {
  w.key(name)
      .begin_object()
      .member("cause", c.cause)
      .member("name", c.name)
      .member("side", to_string(c.where));
  w.member("prior", c.prior).member("posterior", c.posterior);
  w.key("interval").begin_array().value(c.low).value(c.high).end_array();
  known(w, "if_other_present", c.if_other_present, c.conditioned);
  known(w, "if_other_absent", c.if_other_absent, c.conditioned);
  w.member("examined", c.examined).member("contested", c.contested).end_object();
}

void write(json_writer& w, std::string_view name, const std::vector<assess::compared_finding>& list) {
  w.key(name).begin_array();
  for (const assess::compared_finding& f : list)
    w.begin_object()
        .member("finding", f.finding)
        .member("side", to_string(f.where))
        .member("text", f.text)
        .member("first_db", f.first_db)
        .member("second_db", f.second_db)
        .end_object();
  w.end_array();
}

void write(json_writer& w, const assess::separating_test& t) {
  w.begin_object().member("finding", t.finding).member("name", t.name).member("side", to_string(t.where));
  w.member("bits", t.bits)
      .member("minutes", t.minutes)
      .member("probability_positive", t.probability_positive);
  w.key("if_positive").begin_array().value(t.first_if_positive).value(t.second_if_positive).end_array();
  w.key("if_negative").begin_array().value(t.first_if_negative).value(t.second_if_negative).end_array();
  w.end_object();
}

// --- words -----------------------------------------------------------------------

std::string title_of(const assess::compared_cause& c) {
  return with_side(c.name, c.where);
}

void add_cause(sheet& page, const assess::compared_cause& c, const assess::compared_cause& other) {
  page.entry(title_of(c) + (c.contested ? " (contested)" : "") + (c.examined ? "" : " (not examined)"));
  page.bar(with_interval(c.posterior, c.low, c.high), {c.posterior, c.low, c.high},
           "before: " + probability(c.prior), 1);
  if (c.conditioned)
    page.text("If " + title_of(other) + " were certain: " + probability(c.if_other_present) +
                  "; if it were ruled out: " + probability(c.if_other_absent),
              1);
}

void add_findings(sheet& page, const std::string& heading,
                  const std::vector<assess::compared_finding>& list) {
  if (list.empty())
    return;
  page.heading(heading);
  for (const assess::compared_finding& f : list)
    page.item("*",
              f.text + ": " + number("%+.1f dB", f.first_db) + " against " + number("%+.1f dB", f.second_db),
              1);
}

void add_tests(sheet& page, const assess::comparison& c) {
  page.heading("WHAT WOULD SEPARATE THEM");
  for (const assess::separating_test& t : c.tests) {
    page.item("?",
              with_side(t.name, t.where) + ", " + short_number(t.minutes) +
                  " min: " + number("%.2f bits about which of the two", t.bits),
              1);
    page.text("positive (" + probability(t.probability_positive) + "): " + probability(t.first_if_positive) +
                  " against " + probability(t.second_if_positive) + "; negative: " +
                  probability(t.first_if_negative) + " against " + probability(t.second_if_negative),
              2);
  }
  if (c.tests.empty())
    page.text("No unrecorded finding that was tried would separate them.", 1);
}

} // namespace

std::string comparison_json(const assess::assessment& a) {
  const assess::comparison& c = *a.compared;
  json_writer w;
  w.begin_object().member("schema", "posterior.comparison/1");
  standing_members(w, a);
  w.key("knowledge").begin_object().member("revision", a.revision).member("digest", a.digest).end_object();
  w.key("engine").begin_object().member("version", a.engine_version).end_object();
  w.key("red_flags").begin_array();
  for (const cases::red_flag& f : a.red_flags)
    w.value(f.id);
  w.end_array();
  write(w, "first", c.first);
  write(w, "second", c.second);
  write(w, "for_first", c.for_first);
  write(w, "for_second", c.for_second);
  write(w, "shared", c.shared);
  w.strings("shared_states", c.shared_states).key("tests").begin_array();
  for (const assess::separating_test& t : c.tests)
    write(w, t);
  w.end_array().member("inseparable", c.inseparable).member("why", c.why);
  w.member("rung", a.how.rung).end_object();
  return w.take();
}

sheet comparison_sheet(const assess::assessment& a, const kb::snapshot& knowledge) {
  const assess::comparison& c = *a.compared;
  sheet page;
  add_open_flags(page, {a, knowledge});
  page.title(title_of(c.first) + " or " + title_of(c.second) + "?");
  page.text("Both can hold at once. dB: what a finding says for the first against what it says for the "
            "second, by leaving "
            "it out (+10 dB: odds times ten).",
            0, tone::faint);
  add_cause(page, c.first, c.second);
  add_cause(page, c.second, c.first);
  page.item(c.inseparable ? "!" : "*",
            (c.inseparable ? "They cannot be told apart: " : "They can be told apart: ") + c.why + ".", 0,
            c.inseparable ? tone::caution : tone::plain);
  add_findings(page, "WHAT SPEAKS MORE FOR " + title_of(c.first), c.for_first);
  add_findings(page, "WHAT SPEAKS MORE FOR " + title_of(c.second), c.for_second);
  add_findings(page, "WHAT SPEAKS FOR BOTH, OR AGAINST BOTH", c.shared);
  if (!c.shared_states.empty()) {
    std::vector<std::string> names;
    for (const std::string& s : c.shared_states)
      names.push_back(state_name(s, knowledge));
    page.text("Both bring about: " + listing(names) + ".", 1);
  }
  add_tests(page, c);
  page.gap().text("Knowledge base revision " + std::to_string(a.revision) + ", digest " + a.digest +
                      "; engine " + a.engine_version,
                  0, tone::faint);
  return page;
}

} // namespace posterior::report
