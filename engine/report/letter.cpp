// The letter: order of the sections, safety, and what everything rests on.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "engine/report/assessment.hpp"
#include "engine/report/clinic.hpp"
#include "engine/report/letter_parts.hpp"
#include "engine/report/words.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::report {
namespace {

constexpr std::string_view advice =
    "This is advice for a professional who has examined the person. It is not a diagnosis and replaces no "
    "examination; each statement can be asked for its reason with `posterior why`.";

std::string_view call(kb::urgency level) {
  switch (level) {
  case kb::urgency::emergency:
    return "EMERGENCY";
  case kb::urgency::urgent:
    return "URGENT";
  case kb::urgency::prompt:
    return "REFERRAL";
  case kb::urgency::watch:
    break;
  }
  return "WATCH";
}

std::vector<std::string> finding_names(const std::vector<std::string>& ids, const kb::snapshot& knowledge) {
  std::vector<std::string> out;
  for (const std::string& id : ids)
    out.push_back(finding_name(id, knowledge));
  return out;
}

void add_watch(sheet& page, const cases::watch_line& line, const letter_view& v) {
  page.item("~", "Watch: " + line.text, 1, tone::caution);
  if (!line.because.empty())
    page.item("because:", texts_of(line.because), 2);
  if (!line.action.empty())
    page.item("do:", line.action, 2);
  if (!line.asks.empty())
    page.item("ask:", listing(finding_names(line.asks, v.knowledge)), 2);
}

void add_safety_status(sheet& page, const letter_view& v) {
  const cases::safety& safe = v.a.safe;
  if (safe.status == "clear")
    page.text("Clear: every safety question has an answer, and none of them raises a flag.", 1, tone::good);
  else if (safe.status == "flagged")
    page.text("Flagged: see the top of this letter.", 1, tone::alarm);
  else if (safe.missing.empty() && !safe.unreadable)
    page.text("Not clear: a rule that is suspended would have raised a flag; see the top of this letter.", 1,
              tone::caution);
  else
    page.text("Not complete. A flag may still be hidden behind what was not asked.", 1, tone::caution);
  if (safe.unreadable)
    page.text("An observation could not be read and may have been one of the safety questions.", 1,
              tone::caution);
  if (!safe.missing.empty())
    page.item("not asked:", listing(finding_names(safe.missing, v.knowledge)), 1);
}

void add_unusable(sheet& page, const letter_view& v) {
  const auto wrong = [](const diagnostic& d) { return d.level == severity::error; };
  if (std::none_of(v.a.problems.begin(), v.a.problems.end(), wrong))
    return;
  page.heading("COULD NOT BE USED");
  for (const diagnostic& d : v.a.problems)
    if (wrong(d))
      add_problem(page, d, 1);
}

void add_notes(sheet& page, const letter_view& v) {
  const auto note = [](const diagnostic& d) { return d.level != severity::error; };
  if (std::none_of(v.a.problems.begin(), v.a.problems.end(), note))
    return;
  page.heading("NOTES ON THE CASE");
  for (const diagnostic& d : v.a.problems)
    if (note(d))
      add_problem(page, d, 1);
}

using source_ids = std::set<std::string>;

void collect(source_ids& out, const std::vector<cases::cited>& list) {
  for (const cases::cited& c : list)
    if (!c.source.empty())
      out.insert(c.source);
}

void collect(source_ids& out, const std::vector<assess::reason>& list) {
  for (const assess::reason& r : list)
    collect(out, r.sources);
}

source_ids all_sources(const assess::assessment& a) {
  source_ids out;
  for (const cases::red_flag& f : a.red_flags)
    collect(out, f.sources);
  for (const cases::watch_line& w : a.watch)
    collect(out, w.sources);
  for (const assess::cause_entry& c : a.differential) {
    if (!c.examined || c.hidden)
      continue;
    collect(out, c.sources);
    collect(out, c.in_favour);
    collect(out, c.against);
  }
  for (const plan::plan_phase& p : a.programme.phases)
    for (const plan::plan_item& item : p.items)
      collect(out, item.sources);
  return out;
}

std::string source_words(const kb::source& s) {
  std::string out = s.authors.empty() ? std::string("author not recorded") : s.authors;
  if (!s.year.empty())
    out += " " + s.year;
  out += ": " + s.title;
  if (!s.venue.empty())
    out += ". " + s.venue;
  if (!s.locator.empty())
    out += ". " + s.locator;
  return out + " (seen: " + std::string(to_string(s.seen)) + ")";
}

void add_sources(sheet& page, const letter_view& v) {
  for (const std::string& id : all_sources(v.a))
    if (const kb::source* s = v.knowledge.find_source(id); s != nullptr)
      page.item(id, source_words(*s), 2);
}

void add_plugins(sheet& page, const letter_view& v) {
  std::map<std::string, std::vector<std::string>> by_status;
  for (const assess::plugin_answer& p : v.a.plugins) {
    if (p.status == "answered" || p.status == "no-code")
      by_status[p.status].push_back(p.id + " " + p.version);
    else
      page.item("!", "Plugin " + p.id + " " + p.version + ": " + p.status + ", " + p.detail, 1,
                tone::caution);
  }
  if (!by_status["answered"].empty())
    page.item("code:", listing(by_status["answered"]) + " answered", 1);
  if (!by_status["no-code"].empty())
    page.item("data:", listing(by_status["no-code"]), 1);
}

// Rounded up, so that what is said of it still holds.
std::string error_number(double value) {
  return format_number(std::ceil(value * 10'000) / 10'000);
}

std::string method_words(const assess::method& how) {
  std::string out = "Probabilities: " + how.rung;
  if (how.rung == "bounded")
    out += ", each is certain to lie in its range under this knowledge; the widest range is " +
           error_number(how.gap);
  if (how.rung == "sampled")
    out += ", estimated at random points with a standard error of at most " +
           error_number(how.standard_error) + "; ranges: four standard errors either way";
  if (how.draws > 0)
    out += "; ranges: 5th to 95th hundredth of " + std::to_string(how.draws) +
           " draws of the knowledge's own uncertainty";
  return out + ".";
}

// A disagreement is told in full where it was decided, or holds something back.
bool matters(const plan::tension_line& t, const plan::programme& p) {
  return !t.decided_by.empty() || t.same_plan ||
         std::find(p.depends_on.begin(), p.depends_on.end(), t.id) != p.depends_on.end();
}

std::string decision_words(const plan::tension_line& t, const kb::snapshot& knowledge) {
  const std::string who = t.decided_by == "clinician" ? t.decided_by : finding_name(t.decided_by, knowledge);
  const kb::tension* known = knowledge.find_tension(t.id);
  for (const kb::take& one : known != nullptr ? known->takes : std::vector<kb::take>{})
    if (one.id == t.taken)
      return one.text + " (by " + who + ")";
  return "by " + who;
}

void add_tension(sheet& page, const plan::tension_line& t, const letter_view& v) {
  page.item("*", t.text + " (" + t.id + ")", 1);
  if (!t.decided_by.empty())
    page.item("decided:", decision_words(t, v.knowledge), 2);
  else if (!t.decides.empty())
    page.item("decides:", listing(finding_names(t.decides, v.knowledge)), 2);
}

} // namespace

void add_problem(sheet& page, const diagnostic& d, int depth) {
  std::string at = d.where.pointer;
  if (at.empty() && d.where.line > 0)
    at = "line " + std::to_string(d.where.line) + ", column " + std::to_string(d.where.column);
  page.item("*", at.empty() ? d.text : at + ": " + d.text, depth,
            d.level == severity::error ? tone::caution : tone::plain);
  if (!d.hint.empty())
    page.item("hint:", d.hint, depth + 1);
}

void add_flags(sheet& page, const letter_view& v) {
  for (const cases::red_flag& f : v.a.red_flags) {
    page.entry(std::string(call(f.level)) + ": " + f.name + clinic_mark_of_rule(v, f.id), tone::alarm);
    page.item("!!", f.timing.empty() ? f.action : f.action + " (" + f.timing + ")", 0, tone::alarm);
    page.item("because:", texts_of(f.because), 1);
    if (f.closes == kb::closing::loading)
      page.text("Until then no loading exercise is given.", 1);
    if (!f.sources.empty())
      page.item("rests on:", citations(f.sources), 1, tone::faint);
  }
}

void add_open_flags(sheet& page, const letter_view& v) {
  add_standing(page, v);
  if (!closed_by_flag(v.a))
    return;
  add_flags(page, v);
  page.text("What follows is not for action until this is cleared.", 0, tone::alarm).gap();
}

void add_safety(sheet& page, const letter_view& v) {
  page.heading("SAFETY SCREEN");
  add_safety_status(page, v);
  for (const cases::watch_line& line : v.a.watch)
    add_watch(page, line, v);
}

void add_tensions(sheet& page, const letter_view& v) {
  if (v.a.tensions.empty())
    return;
  page.heading("WHERE THE SOURCES DISAGREE");
  std::vector<std::string> others;
  for (const plan::tension_line& t : v.a.tensions) {
    if (matters(t, v.a.programme))
      add_tension(page, t, v);
    else
      others.push_back(t.id);
  }
  if (!others.empty())
    page.item("*",
              "On record, without effect on this plan: " + listing(others) + " (posterior kb show " +
                  others.front() + ")",
              1, tone::faint);
}

void add_foundation(sheet& page, const letter_view& v) {
  page.heading("WHAT THIS RESTS ON");
  if (!v.a.recorded.empty())
    page.item("recorded:", texts_of(v.a.recorded), 1);
  page.text("Knowledge base revision " + std::to_string(v.a.revision) + ", digest " + v.a.digest, 1);
  page.text("Engine " + v.a.engine_version + ". " + method_words(v.a.how), 1);
  add_plugins(page, v);
  if (!v.a.confinement.empty())
    page.text("Confinement of plugin code: " + v.a.confinement + ".", 1);
  page.text("Sources named above:", 1);
  add_sources(page, v);
}

bool closed_by_flag(const assess::assessment& a) {
  return std::any_of(a.red_flags.begin(), a.red_flags.end(), [](const cases::red_flag& f) {
    return f.level == kb::urgency::emergency || f.level == kb::urgency::urgent;
  });
}

sheet letter(const assess::assessment& a, const kb::snapshot& knowledge) {
  const letter_view v{a, knowledge};
  sheet page;
  add_standing(page, v);
  add_flags(page, v);
  add_safety(page, v);
  add_unusable(page, v);
  add_differential(page, v);
  add_outside(page, v);
  add_next_tests(page, v);
  add_plan(page, v);
  add_left_out(page, v);
  add_tensions(page, v);
  add_notes(page, v);
  add_clinic(page, v);
  add_foundation(page, v);
  page.gap().text(std::string(advice), 0, tone::strong);
  return page;
}

} // namespace posterior::report
