#include "engine/report/next.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

#include "engine/report/assessment.hpp"
#include "engine/report/clinic.hpp"
#include "engine/report/json_parts.hpp"
#include "engine/report/letter_parts.hpp"
#include "engine/report/words.hpp"
#include "kb/values/odds.hpp"

namespace posterior::report {
namespace {

constexpr std::size_t leaders_told = 3;

// A likelihood ratio of ten, which clinicians call conclusive, in decibels.
constexpr double conclusive_db = 10;

const assess::cause_entry* entry_of(const assess::assessment& a, std::string_view cause, side where) {
  for (const auto* list : {&a.differential, &a.outside})
    for (const assess::cause_entry& c : *list)
      if (c.cause == cause && c.where == where)
        return &c;
  return nullptr;
}

// What an outcome does to one condition, in decibels of its odds; 0 where its number is not told.
double shift_db(const assess::assessment& a, const assess::test_outcome& o) {
  const assess::cause_entry* c = entry_of(a, o.cause, o.where);
  if (c == nullptr || c->hidden)
    return 0;
  return decibels(c->posterior, o.posterior, 1e-9);
}

std::string_view decides(const assess::assessment& a, const assess::next_test& t) {
  const bool in = shift_db(a, t.if_positive) >= conclusive_db;
  const bool out = shift_db(a, t.if_negative) <= -conclusive_db;
  return in && out ? "in-and-out" : in ? "in" : out ? "out" : "neither";
}

bool has_focus(const assess::test_options& asked) {
  return !asked.focus.empty();
}

// --- JSON ------------------------------------------------------------------------

void number_or_null(json_writer& w, std::string_view name, double value, bool known) {
  w.key(name);
  if (known)
    w.value(value);
  else
    w.null();
}

void outcome(json_writer& w, const assess::assessment& a, const assess::test_outcome& o) {
  w.begin_object().member("cause", o.cause).member("side", to_string(o.where));
  number_or_null(w, "posterior", o.posterior, !is_hidden(a, o.cause, o.where));
  w.end_object();
}

void follow_up(json_writer& w, std::string_view name, const assess::follow_up& f) {
  w.key(name);
  if (f.finding.empty())
    w.null();
  else
    w.begin_object().member("finding", f.finding).member("side", to_string(f.where)).end_object();
}

void one_test(json_writer& w, const assess::assessment& a, const assess::next_test& t) {
  w.begin_object().member("finding", t.finding).member("name", t.name).member("side", to_string(t.where));
  w.member("position", t.position).member("minutes", t.minutes).member("bits", t.bits);
  w.member("bits_spread", t.bits_spread).member("bits_per_minute", t.bits_per_minute);
  w.member("changes_plan", t.changes_plan).member("probability_positive", t.probability_positive);
  w.key("if_positive");
  outcome(w, a, t.if_positive);
  w.key("if_negative");
  outcome(w, a, t.if_negative);
  w.member("rules", decides(a, t));
  w.key("results").begin_array();
  for (const assess::test_line& r : t.results) {
    w.begin_object()
        .member("text", r.text)
        .member("positive", r.positive)
        .member("probability", r.probability);
    w.key("leaders").begin_array();
    for (const assess::test_outcome& o : r.leaders)
      outcome(w, a, o);
    w.end_array().end_object();
  }
  w.end_array();
  number_or_null(w, "bits_two_steps", t.bits_two_steps.value_or(0), t.bits_two_steps.has_value());
  follow_up(w, "then_if_positive", t.then_positive);
  follow_up(w, "then_if_negative", t.then_negative);
  w.end_object();
}

void chosen(json_writer& w, const assess::test_choice& c) {
  w.begin_object().member("how", "greedy").member("asked_minutes", c.asked_minutes);
  w.member("minutes", c.minutes).member("bits", c.bits).key("tests").begin_array();
  for (const auto& t : c.tests)
    w.begin_object()
        .member("finding", t.finding)
        .member("name", t.name)
        .member("side", to_string(t.where))
        .member("position", t.position)
        .member("minutes", t.minutes)
        .member("bits", t.bits)
        .end_object();
  w.end_array().end_object();
}

void head(json_writer& w, const assess::assessment& a, const assess::test_options& asked) {
  w.member("schema", "posterior.next-tests/1");
  standing_members(w, a);
  w.key("knowledge").begin_object().member("revision", a.revision).member("digest", a.digest).end_object();
  w.key("engine").begin_object().member("version", a.engine_version).end_object();
  w.key("safety").begin_object().member("status", a.safe.status).strings("missing", a.safe.missing);
  w.member("unreadable", a.safe.unreadable).end_object().key("red_flags").begin_array();
  for (const cases::red_flag& f : a.red_flags)
    w.begin_object()
        .member("id", f.id)
        .member("urgency", to_string(f.level))
        .member("action", f.action)
        .end_object();
  w.end_array().key("focus");
  if (!has_focus(asked))
    w.null();
  else
    w.begin_object()
        .member("cause", asked.focus)
        .member("side", to_string(asked.focus_side.value_or(side::none)))
        .end_object();
}

// --- text ------------------------------------------------------------------------

std::string minutes_words(double minutes) {
  return short_number(minutes);
}

std::string two_digits(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", x);
  return text;
}

// Without what stands in brackets behind a name: tables are narrow.
std::string moved(const assess::test_outcome& o, const letter_view& v) {
  if (o.cause.empty())
    return "little moves";
  const std::string full = state_name(o.cause, v.knowledge);
  const std::string name = with_side(full.substr(0, full.find(" (")), o.where);
  return is_hidden(v.a, o.cause, o.where) ? name : name + " " + probability(o.posterior);
}

std::string name_of(const assess::next_test& t) {
  return with_side(t.name.empty() ? t.finding : t.name, t.where);
}

void add_first(sheet& page, const letter_view& v) {
  add_standing(page, v);
  add_flags(page, v);
  if (v.a.safe.missing.empty())
    return;
  page.heading("ASK THESE FIRST");
  page.text(
      "Safety questions that have no answer yet. They come before any test, whatever they would tell of the "
      "causes.",
      1);
  for (const std::string& id : v.a.safe.missing) {
    const kb::finding* f = v.knowledge.find_finding(id);
    page.item("*", f != nullptr ? f->name : id, 1);
  }
}

void add_leaders(sheet& page, const letter_view& v, const assess::test_options& asked) {
  std::string now;
  std::size_t told = 0;
  for (const assess::cause_entry& c : v.a.differential) {
    const bool in_focus = c.cause == asked.focus && (!asked.focus_side || *asked.focus_side == c.where);
    if (c.hidden || (has_focus(asked) ? !in_focus : told >= leaders_told))
      continue;
    now += (now.empty() ? "" : "; ") + with_side(c.name, c.where) + " " + probability(c.posterior);
    ++told;
  }
  if (has_focus(asked))
    page.text("Only what tells of " + state_name(asked.focus, v.knowledge) + " counts.", 1);
  if (!now.empty())
    page.item("now:", now, 1);
}

void add_table(sheet& page, const letter_view& v) {
  std::vector<std::vector<std::string>> rows{{"", "test", "min", "bits", "if present", "if absent"}};
  std::size_t number = 0;
  for (const assess::next_test& t : v.a.next_tests)
    rows.push_back({std::to_string(++number) + (t.changes_plan ? "*" : ""), name_of(t),
                    minutes_words(t.minutes), two_digits(t.bits),
                    probability(t.probability_positive) + ": " + moved(t.if_positive, v),
                    probability(1 - t.probability_positive) + ": " + moved(t.if_negative, v)});
  page.table(std::move(rows), 1);
  page.gap().text(
      "bits: expected information. The chance of each outcome stands before the colon, the cause that it "
      "moves most behind it. * An answer may change the plan.",
      1, tone::faint);
}

std::string follow_words(const assess::follow_up& f, const letter_view& v) {
  return f.finding.empty() ? "nothing more to ask" : with_side(finding_name(f.finding, v.knowledge), f.where);
}

void add_details(sheet& page, const letter_view& v, const assess::test_options& asked) {
  page.heading("IN DETAIL");
  std::size_t number = 0;
  for (const assess::next_test& t : v.a.next_tests) {
    page.item(std::to_string(++number) + ".",
              name_of(t) + ": " + two_digits(t.bits) + " bits" +
                  (t.bits_spread > 0 ? " (\xC2\xB1" + two_digits(t.bits_spread) + ")" : "") + ", " +
                  two_digits(t.bits_per_minute) + " a minute" + (t.position.empty() ? "" : ", " + t.position),
              1, tone::strong);
    for (const assess::test_line& r : t.results) {
      std::string leaders;
      for (const assess::test_outcome& o : r.leaders)
        leaders += (leaders.empty() ? "" : "; ") + moved(o, v);
      page.item(r.positive ? "+" : "-", r.text + " (" + probability(r.probability) + "): " + leaders, 2);
    }
    if (has_focus(asked) && decides(v.a, t) != "neither")
      page.text(std::string("It can rule the cause ") +
                    (decides(v.a, t) == "in-and-out" ? "in and out." : std::string(decides(v.a, t)) + "."),
                2);
    if (t.bits_two_steps)
      page.item("then:",
                "if positive " + follow_words(t.then_positive, v) + "; if negative " +
                    follow_words(t.then_negative, v) + " (together " + two_digits(*t.bits_two_steps) +
                    " bits)",
                2);
  }
}

void add_positions(sheet& page, const assess::assessment& a) {
  std::map<std::string, std::string> by_position;
  std::size_t number = 0;
  for (const assess::next_test& t : a.next_tests) {
    ++number;
    if (!t.position.empty()) {
      std::string& list = by_position[t.position];
      list += (list.empty() ? "" : ", ") + std::to_string(number);
    }
  }
  if (by_position.size() < 2)
    return;
  page.heading("BY POSITION");
  for (const auto& [position, numbers] : by_position)
    page.item(position + ":", numbers, 1);
}

void add_chosen(sheet& page, const assess::test_choice& c) {
  page.heading("FOR " + short_number(c.asked_minutes) + " MINUTES");
  std::vector<std::vector<std::string>> rows{{"", "test", "position", "min", "bits"}};
  std::size_t number = 0;
  for (const auto& t : c.tests)
    rows.push_back({std::to_string(++number), with_side(t.name, t.where), t.position, short_number(t.minutes),
                    two_digits(t.bits)});
  if (c.tests.empty())
    page.text("No test that fits tells enough to be worth its time.", 1);
  else
    page.table(std::move(rows), 1);
  page.gap().text(
      "Together " + short_number(c.minutes) + " minutes and " + two_digits(c.bits) +
          " bits. Chosen one after the other, each by what it adds to those before it, so not always the "
          "best set that there is.",
      1, tone::faint);
}

} // namespace

std::string next_json(const assess::assessment& a, const assess::test_options& asked) {
  json_writer w;
  w.begin_object();
  head(w, a, asked);
  w.key("leaders").begin_array();
  std::size_t told = 0;
  for (const assess::cause_entry& c : a.differential)
    if (!c.hidden && told++ < leaders_told)
      outcome(w, a, {c.cause, c.where, c.posterior});
  w.end_array().key("tests").begin_array();
  for (const assess::next_test& t : a.next_tests)
    one_test(w, a, t);
  w.end_array();
  w.key("stop").begin_object().member("reached", a.stop.reached).member("why", a.stop.why).end_object();
  w.key("chosen");
  if (a.chosen_tests)
    chosen(w, *a.chosen_tests);
  else
    w.null();
  w.member("case_digest", a.case_digest).end_object();
  return w.take();
}

sheet next_sheet(const assess::assessment& a, const kb::snapshot& knowledge,
                 const assess::test_options& asked) {
  const letter_view v{a, knowledge};
  sheet page;
  add_first(page, v);
  page.heading(closed_by_flag(a) ? "WHAT TO TEST NEXT: NOT BEFORE THE FLAG ABOVE IS CLEARED"
                                 : "WHAT TO TEST NEXT");
  add_leaders(page, v, asked);
  if (a.next_tests.empty()) {
    page.text("No further test would tell anything.", 1);
  } else {
    page.gap();
    add_table(page, v);
  }
  if (!a.stop.why.empty())
    page.text((a.stop.reached ? "Enough is known: " : "Going on is worth it: ") + a.stop.why + ".", 1,
              tone::strong);
  if (a.chosen_tests)
    add_chosen(page, *a.chosen_tests);
  add_positions(page, a);
  if (!a.next_tests.empty())
    add_details(page, v, asked);
  return page;
}

} // namespace posterior::report
