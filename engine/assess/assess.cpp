#include "engine/assess/assess.hpp"

#include <algorithm>
#include <tuple>

#include "engine/assess/parts.hpp"
#include "engine/case/reader.hpp"

namespace posterior::assess {
namespace {

constexpr std::string_view engine_version = POSTERIOR_VERSION;

} // namespace

// Adds what the detectors derived; a raw finding that a clinician recorded under the same id wins.
cases::picture with_derived(const cases::picture& recorded, const detected& found) {
  cases::picture p = recorded;
  for (const cases::settled& s : found.findings)
    if (!p.find(s.finding, s.where))
      p.findings.push_back(s);
  std::sort(p.findings.begin(), p.findings.end(), [](const cases::settled& a, const cases::settled& b) {
    return std::tie(a.finding, a.where) < std::tie(b.finding, b.where);
  });
  return p;
}

// Raw findings that are counted in a derived one on the same side (or on any, where one of the two is
// midline).
std::vector<std::pair<std::string, side>> suspended(const cases::picture& p, const detected& found,
                                                    const kb::snapshot& knowledge) {
  std::vector<std::pair<std::string, side>> out;
  for (const cases::settled& d : found.findings) {
    const kb::finding* f = knowledge.find_finding(d.finding);
    for (const std::string& raw : f ? f->replaces : std::vector<std::string>{})
      for (const cases::settled* s : p.of(raw))
        if (s->where == d.where || s->where == side::none || d.where == side::none)
          out.emplace_back(s->finding, s->where);
  }
  return out;
}

namespace {

inference::explanation_wish explanation_wanted(const options& asked) {
  inference::explanation_wish out;
  out.leaders = asked.explain.leaders;
  out.also = asked.explain.also;
  out.sets = asked.explain.sets;
  out.cells = asked.explain.cells;
  out.rivals_only = asked.compared.has_value();
  if (asked.compared)
    out.also.insert(out.also.end(), {asked.compared->first.id, asked.compared->second.id});
  return out;
}

// In full, tests may cost more, and their spread is found.
inference::reasoning_options reasoning_wanted(const options& asked, const inference::grounding& ground) {
  inference::reasoning_options how;
  for (const held_cause& h : asked.held)
    for (side s : {side::none, side::left, side::right})
      if (const auto v = ground.find(h.cause, s); v >= 0 && (h.where == side::none || h.where == s))
        how.held.push_back({v, h.present, h.done ? inference::holding::done : inference::holding::given});
  how.tests.wanted = !asked.tests.none;
  how.sensitivity = asked.sensitivity;
  how.draws = asked.draws;
  how.plans = asked.plans;
  how.tests.focus = asked.tests.focus;
  how.tests.focus_side = asked.tests.focus_side;
  if (asked.tests.full) {
    how.tests.cells = 0x1p23;
    how.tests.draws = 32;
  }
  how.explain = explanation_wanted(asked);
  return how;
}

std::string_view detail_for(std::string_view status) {
  if (status == "no-code")
    return "knowledge only, no code to run";
  return "its detector was not run; what it would derive from the findings is missing";
}

std::vector<plugin_answer> answers(const kb::snapshot& knowledge, const detected& found) {
  std::vector<plugin_answer> out;
  for (const kb::plugin_entry& p : knowledge.plugins) {
    const auto given = std::find_if(found.answers.begin(), found.answers.end(),
                                    [&](const plugin_answer& a) { return a.id == p.about.id; });
    if (given != found.answers.end()) {
      out.push_back(*given);
      continue;
    }
    const std::string status = p.about.has_detector ? "failed" : "no-code";
    out.push_back({p.about.id, p.about.version, status, std::string(detail_for(status))});
  }
  return out;
}

void contradiction(const material& m, assessment& a) {
  std::string names;
  for (const std::string& g : m.reasoned.conflicting)
    names += (names.empty() ? "" : ", ") + g;
  a.conflicts.push_back({"what was recorded cannot all be true under this knowledge: " + names, {}});
}

void reasoned_parts(const material& m, assessment& a) {
  a.differential = differential(m);
  a.outside = outside(m);
  a.none_of_these = m.reasoned.none_of_these;
  a.unexplained = unexplained(m);
  a.inseparable = inseparable(a.differential, a.how.rung == "exact");
  add_sets(m, a);
  const auto now = beliefs(m);
  a.tensions = plan::tensions(m.knowledge, m.picture, now, m.patient_case.choices);
  a.programme = plan::make({m.knowledge, m.picture, now, m.screened, a.tensions, m.asked.wanted});
  add_tests(m, a);
  a.compared = compare(m, a);
  a.sensitivity = sensitivity(m);
}

std::vector<std::string> drafts_in(const kb::snapshot& knowledge) {
  std::vector<std::string> out;
  for (const kb::draft& d : knowledge.all.drafts)
    if (d.status != kb::review_status::retired)
      out.push_back(d.statement);
  return out;
}

} // namespace

assessment assess(const cases::patient_case& c, const diagnostics& reading_problems,
                  const kb::snapshot& knowledge, const detector_port& detectors, const options& asked) {
  assessment a;
  a.revision = knowledge.revision;
  a.digest = knowledge.digest;
  a.engine_version = engine_version;
  a.case_digest = cases::digest(c);
  const cases::picture raw = cases::settle(c, knowledge);
  const cases::screen_result screened = cases::screen(c, raw, knowledge);
  a.suspended = screened.suspended;
  if (asked.with_drafts)
    a.drafts = drafts_in(knowledge);
  a.safe = screened.safe;
  a.watch = screened.watch;
  a.red_flags = screened.flags;
  const detected found = detectors ? detectors(c, raw, knowledge) : detected{};
  a.confinement = found.confinement;
  a.plugins = answers(knowledge, found);
  const cases::picture all = with_derived(raw, found);
  const inference::grounding ground(knowledge, inference::circumstances_of(all));
  const auto counted_in = suspended(all, found, knowledge);
  const inference::evidence seen(knowledge, all, ground, counted_in);
  const inference::reasoning_options how = reasoning_wanted(asked, ground);
  const inference::reasoning reasoned = inference::reason(knowledge, all, ground, seen, how);
  const material m{knowledge, c, all, found, screened, ground, seen, reasoned, how, counted_in, asked};
  a.how = {"exact", 0, 0, reasoned.draws};
  a.recorded = recorded(m);
  a.conflicts = conflicts(m);
  if (reasoned.what == inference::reasoning_outcome::contradiction)
    contradiction(m, a);
  if (reasoned.what == inference::reasoning_outcome::bounded)
    a.how = {"bounded", reasoned.gap, 0, 0};
  a.contradiction = reasoned.what == inference::reasoning_outcome::contradiction;
  if (reasoned.what == inference::reasoning_outcome::sampled)
    a.how = {"sampled", 0, reasoned.standard_error, 0};
  reasoned_parts(m, a);
  if (asked.took_part)
    a.took_part = took_part(m, a);
  a.clinic = clinic_lines(m, a);
  a.problems = reading_problems;
  for (diagnostic& d : clinic_problems(knowledge))
    a.problems.push_back(std::move(d));
  a.problems.insert(a.problems.end(), all.notes.begin(), all.notes.end());
  a.problems.insert(a.problems.end(), found.problems.begin(), found.problems.end());
  return a;
}

} // namespace posterior::assess
