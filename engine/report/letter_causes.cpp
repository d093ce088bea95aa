// The differential and the next tests, in words.
#include <algorithm>

#include "engine/report/assessment.hpp"
#include "engine/report/clinic.hpp"
#include "engine/report/json_parts.hpp"
#include "engine/report/letter_parts.hpp"
#include "engine/report/words.hpp"

namespace posterior::report {
namespace {

constexpr std::size_t always_in_full = 3;
constexpr double worth_telling = 0.15; // posterior from which a cause is told in full whatever its rank
constexpr std::size_t unknown_shown = 4;
constexpr std::size_t tests_shown = 5;

std::string reason_words(const assess::reason& r, const letter_view& v) {
  std::string out = r.text + ": " + weight(r.weight_db) + clinic_mark_of_finding(v, r.finding);
  if (!r.sources.empty())
    out += " [" + citations(r.sources) + "]";
  return out;
}

void add_reasons(sheet& page, const char* marker, const std::vector<assess::reason>& list,
                 const letter_view& v) {
  for (const assess::reason& r : list)
    page.item(marker, reason_words(r, v), 2);
}

void add_unknown(sheet& page, const assess::cause_entry& c) {
  std::size_t shown = 0;
  for (const assess::reason& r : c.unknown) {
    if (shown++ == unknown_shown)
      break;
    page.item("?", r.text + ": not known (present: " + weight(r.weight_db) + ")", 2);
  }
  if (c.unknown.size() > unknown_shown)
    page.item("?", "and " + std::to_string(c.unknown.size() - unknown_shown) + " more that were not recorded",
              2);
}

std::string path_words(const assess::cause_entry& c, const kb::snapshot& knowledge) {
  std::string out;
  for (const std::string& id : c.path)
    out += (out.empty() ? "" : " -> ") + state_name(id, knowledge);
  return out;
}

std::string pair_name(const std::string& ref, const letter_view& v) {
  return state_name(ref, v.knowledge);
}

bool in_full(const assess::cause_entry& c, std::size_t rank) {
  return c.examined && (rank < always_in_full || c.posterior >= worth_telling);
}

void add_rest(sheet& page, const std::vector<const assess::cause_entry*>& brief) {
  if (brief.empty())
    return;
  page.gap().text("Less likely:", 1);
  for (const assess::cause_entry* c : brief)
    page.item("-", with_side(c->name, c->where) + ": " + with_interval(c->posterior, c->low, c->high), 2);
}

void add_not_examined(sheet& page, const std::vector<assess::cause_entry>& list) {
  std::vector<std::string> names;
  for (const assess::cause_entry& c : list)
    if (!c.examined && !c.hidden)
      names.push_back(with_side(c.name, c.where) + " " + probability(c.posterior));
  if (!names.empty())
    page.gap().item(
        "?", "Not examined, nothing recorded speaks about them, so this is no answer: " + listing(names), 1);
}

void add_remainder(sheet& page, const letter_view& v) {
  const assess::assessment& a = v.a;
  page.gap().text("None of these contributes: " + probability(a.none_of_these), 1,
                  a.none_of_these >= 0.5 ? tone::caution : tone::plain);
  for (const assess::unexplained_finding& u : a.unexplained)
    page.item("*",
              "Not explained: " + with_side(finding_name(u.finding, v.knowledge), u.where) + ": " + u.why, 1);
  for (const auto& [one, other] : a.inseparable)
    page.item(
        "*",
        "Cannot be told apart by what was recorded: " + pair_name(one, v) + " and " + pair_name(other, v), 1);
  for (const assess::conflict& c : a.conflicts)
    page.item("*", "These findings contradict each other: " + c.text, 1, tone::caution);
}

std::string outcome_words(const assess::test_outcome& o, const letter_view& v) {
  if (o.cause.empty())
    return "little moves";
  const std::string name = with_side(state_name(o.cause, v.knowledge), o.where);
  return is_hidden(v.a, o.cause, o.where) ? "it bears on " + name
                                          : name + " goes to " + probability(o.posterior);
}

} // namespace

void add_cause_body(sheet& page, const assess::cause_entry& c, const letter_view& v) {
  if (c.hidden) {
    page.text(c.cannot_be_excluded ? "Cannot be excluded." : "Nothing recorded speaks for it.", 1,
              tone::caution);
  } else {
    page.bar(with_interval(c.posterior, c.low, c.high), {c.posterior, c.low, c.high},
             "before: " + probability(c.prior) + clinic_mark_of_cause(v, c.cause), 1);
    if (c.where != side::none)
      page.text("On one side or the other: " + probability(c.either_side), 1, tone::faint);
  }
  add_reasons(page, "+", c.in_favour, v);
  if (!c.hidden)
    add_reasons(page, "-", c.against, v);
  add_unknown(page, c);
  if (c.path.size() > 1 && c.ways.empty())
    page.item("way:", path_words(c, v.knowledge), 1);
  page.item("basis:", grade_words(c.level, c.contested), 1);
  if (!c.counter_evidence.empty())
    page.item("but:", c.counter_evidence, 1);
}

void add_differential(sheet& page, const letter_view& v) {
  page.heading(closed_by_flag(v.a) ? "NOT FOR ACTION UNTIL THIS IS CLEARED: WHAT MIGHT STAND BEHIND IT"
                                   : "WHAT PROBABLY STANDS BEHIND IT");
  page.text("Several can hold at once. Each number is a probability with the range that the knowledge itself "
            "leaves open; dB are decibans (+10 dB: odds times ten).",
            1, tone::faint);
  std::vector<const assess::cause_entry*> brief;
  std::size_t rank = 0;
  for (const assess::cause_entry& c : v.a.differential) {
    if (c.hidden || !c.examined)
      continue;
    if (!in_full(c, rank++)) {
      brief.push_back(&c);
      continue;
    }
    page.entry(std::to_string(rank) + ". " + with_side(c.name, c.where) +
               (c.contested ? " (contested)" : ""));
    add_cause_body(page, c, v);
  }
  if (rank == 0)
    page.text("Nothing was recorded that speaks about any modelled cause.", 1, tone::caution);
  add_rest(page, brief);
  add_not_examined(page, v.a.differential);
  add_remainder(page, v);
}

void add_outside(sheet& page, const letter_view& v) {
  std::vector<const assess::cause_entry*> shown;
  for (const auto* list : {&v.a.outside, &v.a.differential})
    for (const assess::cause_entry& c : *list)
      if (c.hidden ? c.cannot_be_excluded : list == &v.a.outside)
        shown.push_back(&c);
  if (shown.empty())
    return;
  page.heading("OTHER CONDITIONS TO KEEP IN MIND");
  for (const assess::cause_entry* c : shown) {
    const std::string name = with_side(c->name, c->where);
    if (c->hidden)
      page.item("!", name + " cannot be excluded.", 1, tone::caution);
    else
      page.item("*", name + ": " + with_interval(c->posterior, c->low, c->high), 1);
    for (const assess::reason& r : c->in_favour)
      page.item("+", reason_words(r, v), 2);
  }
}

void add_test_body(sheet& page, const assess::next_test& t, const letter_view& v) {
  std::string cost = short_number(t.minutes) + " min";
  if (!t.position.empty())
    cost += ", " + t.position;
  char bits[64];
  std::snprintf(bits, sizeof bits, "%.2f bits, %.2f a minute", t.bits, t.bits_per_minute);
  page.text(cost + "; tells " + bits + "; " +
                (t.changes_plan ? "may change the plan." : "would not change the plan."),
            2);
  page.item("+",
            "if positive (" + probability(t.probability_positive) + "): " + outcome_words(t.if_positive, v),
            2);
  page.item(
      "-",
      "if negative (" + probability(1 - t.probability_positive) + "): " + outcome_words(t.if_negative, v), 2);
}

void add_next_tests(sheet& page, const letter_view& v) {
  page.heading("WHAT TO TEST NEXT");
  std::size_t number = 0;
  for (const assess::next_test& t : v.a.next_tests) {
    if (number++ == tests_shown)
      break;
    page.item(std::to_string(number) + ".",
              with_side(t.name.empty() ? t.finding : t.name, t.where) + clinic_mark_of_finding(v, t.finding),
              1, tone::strong);
    add_test_body(page, t, v);
  }
  if (number == 0)
    page.text("No further test would tell anything.", 1);
  if (!v.a.stop.why.empty())
    page.text((v.a.stop.reached ? "Enough is known: " : "Going on is worth it: ") + v.a.stop.why, 1);
}

} // namespace posterior::report
