#include "engine/report/explained_parts.hpp"

#include <cstdio>

#include "engine/report/json_parts.hpp"
#include "engine/report/words.hpp"

namespace posterior::report {
namespace {

constexpr std::size_t lines_told = 10; // of a balance sheet; the rest is one line
constexpr double worth_a_line = 0.05;  // dB

std::string signed_db(double db) {
  char text[32];
  std::snprintf(text, sizeof text, "%+.1f dB", db);
  return text;
}

std::string percent_of_people(double p) {
  char text[32];
  if (p < 0.01)
    return "in less than 1 %";
  std::snprintf(text, sizeof text, "in %.0f %%", 100 * p);
  return text;
}

void write_balance(json_writer& w, const assess::balance_sheet& b) {
  w.begin_object().member("from", b.from).member("to", b.to).key("items").begin_array();
  for (const assess::balance_line& i : b.items)
    w.begin_object()
        .member("finding", i.finding)
        .member("side", to_string(i.where))
        .member("db", i.db)
        .member("standard_error", i.standard_error)
        .member("text", i.text)
        .end_object();
  w.end_array().member("theories", b.theories).member("exact", b.exact).end_object();
}

void write_step(json_writer& w, const assess::way_step& s) {
  w.begin_object().member("from", s.from).member("from_side", to_string(s.from_side));
  w.member("to", s.to).member("to_side", to_string(s.to_side)).member("link", s.link);
  w.member("word", s.word).member("probability", s.probability).member("acted", s.acted);
  w.member("by_itself", s.by_itself);
  sources(w, s.sources);
  w.end_object();
}

void add_balance(sheet& page, const assess::balance_sheet& b) {
  page.text(
      "Balance sheet, what each finding adds in log-odds, averaged over every order in which they could "
      "have come" +
          std::string(b.exact ? "" : " (estimated, with standard errors)") + "; it adds up:",
      1);
  page.item(signed_db(b.from), "before any finding", 2);
  double rest = 0;
  std::size_t told = 0, untold = 0;
  for (const assess::balance_line& i : b.items) {
    const double size = i.db < 0 ? -i.db : i.db;
    if (told == lines_told || size < worth_a_line) {
      rest += i.db;
      ++untold;
      continue;
    }
    ++told;
    char error[32] = "";
    if (!b.exact)
      std::snprintf(error, sizeof error, " (+- %.1f)", i.standard_error);
    page.item(signed_db(i.db), i.text + error, 2);
  }
  if (untold > 0)
    page.item(signed_db(rest), counted(untold, "finding", "findings") + " that hardly move it", 2);
  if (b.theories > worth_a_line || b.theories < -worth_a_line)
    page.item(signed_db(b.theories), "because the contested theories may not hold", 2);
  page.item(signed_db(b.to), "in all", 2, tone::strong);
}

void add_rivals(sheet& page, const assess::cause_entry& c) {
  for (const assess::rival_line& r : c.rivals) {
    const std::string now = probability(c.posterior), on = probability(r.if_present),
                      off = probability(r.if_absent);
    const auto turn = [&](double p, const std::string& said) {
      return said == now ? "stay at " + now
                         : (p > c.posterior ? "rise from " : "fall from ") + now + " to " + said;
    };
    page.item("if",
              with_side(r.name, r.where) + " were certain, this would " + turn(r.if_present, on) +
                  "; if it were ruled out, " + turn(r.if_absent, off),
              1);
  }
}

std::string step_words(const assess::way_step& s, const kb::snapshot& knowledge) {
  const std::string to = with_side(state_name(s.to, knowledge), s.to_side);
  if (s.link.empty())
    return to + " on one side or the other";
  std::string out = to + " (" + (s.word.empty() ? "" : s.word + ", ") + probability(s.probability) +
                    "; or by itself " + percent_of_people(s.by_itself) + "; acted here with " +
                    probability(s.acted) + ")";
  if (!s.sources.empty())
    out += " [" + citations(s.sources) + "]";
  return out;
}

void add_ways(sheet& page, const assess::cause_entry& c, const kb::snapshot& knowledge) {
  for (const assess::way_line& way : c.ways) {
    std::string out = with_side(state_name(way.steps.front().from, knowledge), way.steps.front().from_side);
    for (const assess::way_step& s : way.steps)
      out += " -> " + step_words(s, knowledge);
    page.item(way.upward ? "from:" : "way:", out, 1);
  }
}

} // namespace

void explanation_members(json_writer& w, const assess::cause_entry& c) {
  w.key("balance");
  if (c.balance)
    write_balance(w, *c.balance);
  else
    w.null();
  w.key("rivals").begin_array();
  for (const assess::rival_line& r : c.rivals)
    w.begin_object()
        .member("cause", r.cause)
        .member("side", to_string(r.where))
        .member("if_present", r.if_present)
        .member("if_absent", r.if_absent)
        .end_object();
  w.end_array().key("ways").begin_array();
  for (const assess::way_line& way : c.ways) {
    w.begin_object().member("upward", way.upward).member("strength", way.strength).key("steps").begin_array();
    for (const assess::way_step& s : way.steps)
      write_step(w, s);
    w.end_array().end_object();
  }
  w.end_array();
}

void sets_member(json_writer& w, const assess::assessment& a) {
  w.key("probable_sets").begin_object().strings("considered", a.considered).key("sets").begin_array();
  for (const assess::cause_set_line& s : a.sets)
    w.begin_object().strings("present", s.present).member("probability", s.probability).end_object();
  w.end_array().end_object();
}

void add_explanation(sheet& page, const assess::cause_entry& c, const kb::snapshot& knowledge) {
  if (c.hidden)
    return;
  if (c.balance)
    add_balance(page, *c.balance);
  add_rivals(page, c);
  add_ways(page, c, knowledge);
}

void add_sets(sheet& page, const assess::assessment& a, const kb::snapshot& knowledge) {
  if (a.sets.empty())
    return;
  page.heading("WHICH CAUSES TOGETHER");
  page.text("The single best set is usually improbable itself: read it beside the probability of each cause, "
            "never instead of it. Told apart: " +
                counted(a.considered.size(), "cause", "causes") + " above 5 %.",
            1, tone::faint);
  for (const assess::cause_set_line& s : a.sets) {
    std::vector<std::string> names;
    for (const std::string& ref : s.present)
      names.push_back(state_name(ref, knowledge));
    page.item(probability(s.probability), names.empty() ? "none of them" : "only " + listing(names), 1);
  }
}

} // namespace posterior::report
