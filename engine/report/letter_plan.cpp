// The programme and what was left out of it, in words.
#include <algorithm>

#include "engine/report/assessment.hpp"
#include "engine/report/clinic.hpp"
#include "engine/report/letter_parts.hpp"
#include "engine/report/words.hpp"

namespace posterior::report {
namespace {

std::string names_of(const std::vector<std::string>& ids, const kb::snapshot& knowledge) {
  std::vector<std::string> out;
  for (const std::string& id : ids)
    out.push_back(exercise_name(id, knowledge));
  return listing(out);
}

std::string causes_of(const plan::plan_item& item, const kb::snapshot& knowledge) {
  std::vector<std::string> out;
  for (const std::string& ref : item.for_causes)
    out.push_back(state_name(ref, knowledge));
  return listing(out);
}

// The disagreement that a plan waits for, in its own words where it is known.
std::string decision_words(const std::string& id, const assess::assessment& a) {
  for (const plan::tension_line& t : a.tensions)
    if (t.id == id)
      return t.text + " (" + id + ")";
  return id;
}

void add_status(sheet& page, const letter_view& v) {
  const plan::programme& p = v.a.programme;
  if (p.status == "closed")
    page.text("No plan is given.", 1, tone::alarm);
  for (const std::string& why : p.because)
    page.item("*", why, 1, p.status == "open" ? tone::plain : tone::caution);
  for (const std::string& choice : p.depends_on)
    page.item("*", "Waits for a decision: " + decision_words(choice, v.a), 1);
}

void add_phase(sheet& page, const plan::plan_phase& phase, const letter_view& v) {
  page.entry("Phase: " + std::string(to_string(phase.stage)));
  if (!phase.entry.empty())
    page.item("begin:", phase.entry, 1);
  for (const plan::plan_item& item : phase.items) {
    page.item("*", with_side(item.name, item.where), 1, tone::strong);
    add_item_body(page, item, v);
  }
  if (!phase.exit.empty())
    page.item("go on:", phase.exit, 1);
}

void add_times(sheet& page, const plan::programme& p) {
  if (!p.phases.empty())
    page.gap().text("About " + short_number(p.minutes_per_session) + " minutes a session.", 1);
  if (p.reassess_after_days > 0)
    page.text("Examine again after " +
                  counted(static_cast<std::size_t>(p.reassess_after_days), "day", "days") + ".",
              1);
  if (p.refer)
    page.item("referral:", p.refer->action + " (" + std::string(to_string(p.refer->level)) + ")", 1,
              tone::alarm);
}

std::string_view plan_heading(const std::string& status) {
  if (status == "open")
    return "THE PLAN";
  return status == "provisional" ? "THE PLAN, NOT RELEASED: ASK THESE FIRST" : "THE PLAN IS CLOSED";
}

// Lines with the same reason are told once.
struct reason_group {
  std::string by, because;
  std::vector<std::string> names;
};

std::vector<reason_group> grouped(const std::vector<plan::left_out_line>& list) {
  std::vector<reason_group> groups;
  for (const plan::left_out_line& l : list) {
    const auto same = [&](const reason_group& g) { return g.by == l.by && g.because == l.because; };
    auto it = std::find_if(groups.begin(), groups.end(), same);
    if (it == groups.end())
      it = groups.insert(groups.end(), {l.by, l.because, {}});
    it->names.push_back(l.name.empty() ? l.exercise : l.name);
  }
  return groups;
}

} // namespace

void add_item_body(sheet& page, const plan::plan_item& item, const letter_view& v) {
  if (!item.why.empty())
    page.item("why:", item.why, 2);
  if (!item.for_causes.empty())
    page.item("for:", causes_of(item, v.knowledge), 2);
  if (!item.dose.week_one.empty())
    page.item("week 1:", item.dose.week_one, 2);
  if (const std::string dose = dose_words(item.dose.how_much); !dose.empty())
    page.item("dose:", dose + clinic_mark_of_exercise(v, item.exercise), 2);
  for (const std::string& warning : item.warnings)
    page.item("!", warning, 2, tone::caution);
  if (!item.cues.empty())
    page.item("cues:", listing(item.cues), 2);
  for (const std::string& stop : item.stop_rules)
    page.item("stop:", stop, 2);
  if (!item.easier.empty())
    page.item("easier:", names_of(item.easier, v.knowledge), 2);
  if (!item.harder.empty())
    page.item("harder:", names_of(item.harder, v.knowledge), 2);
  std::string basis = grade_words(item.level, false);
  if (!item.sources.empty())
    basis += " [" + citations(item.sources) + "]";
  page.item("basis:", basis, 2, tone::faint);
}

void add_plan(sheet& page, const letter_view& v) {
  const plan::programme& p = v.a.programme;
  page.heading(std::string(plan_heading(p.status)));
  add_status(page, v);
  // The engine gives no phases with an urgent flag; the letter would not print them either.
  if (!closed_by_flag(v.a))
    for (const plan::plan_phase& phase : p.phases)
      add_phase(page, phase, v);
  add_session(page, v);
  add_times(page, p);
}

void add_left_out(sheet& page, const letter_view& v) {
  if (v.a.programme.left_out.empty())
    return;
  page.heading("LEFT OUT, AND WHY");
  for (const reason_group& g : grouped(v.a.programme.left_out))
    page.item("*", listing(g.names) + ": " + g.because + " (" + g.by + ")", 1);
}

} // namespace posterior::report
