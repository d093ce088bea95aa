// From causes to a programme: what is aimed at, what may be given, what is chosen, and then the one rule that
// outranks all of it: with an emergency or urgent flag nothing of it is given.
#include "engine/plan/plan.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "engine/plan/candidates.hpp"
#include "engine/plan/choose.hpp"
#include "engine/plan/dose.hpp"
#include "engine/plan/judgement.hpp"
#include "engine/plan/limits.hpp"
#include "engine/plan/phases.hpp"
#include "engine/plan/sequence_lines.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::plan {
namespace {

struct workings {
  const input& in;
  aim goal;
  std::vector<candidate> all;
  limits limit;
  sequencing rules;
  chosen picked;
  std::vector<std::size_t> session; // the items in the order of a session
};

std::string state_name(const kb::snapshot& knowledge, const target& t) {
  const kb::state* s = knowledge.find_state(t.state);
  return (s ? s->name : t.state) + (t.where == side::none ? "" : ", " + std::string(to_string(t.where)));
}

std::string two_digits(double p) {
  return format_number(std::round(p * 100) / 100);
}

void add_sources(std::vector<cases::cited>& out, const std::vector<cases::cited>& more) {
  for (const cases::cited& c : more)
    if (std::none_of(out.begin(), out.end(),
                     [&](const cases::cited& o) { return o.source == c.source && o.place == c.place; }))
      out.push_back(c);
}

// --- items ------------------------------------------------------------------------

std::vector<std::string> stop_rules(const kb::exercise& e) {
  if (!e.stop.empty())
    return e.stop;
  return {"stop when pain goes above 5 of 10, or is not back to usual by the next morning"};
}

const contribution& strongest(const candidate& c) {
  return *std::max_element(c.serves.begin(), c.serves.end(),
                           [](const contribution& a, const contribution& b) { return a.worth < b.worth; });
}

// What the exercise is for, and the rule of sequence that wanted it.
std::string why_of(const workings& w, std::size_t i) {
  const candidate& c = w.all[i];
  const kb::indication& main = *strongest(c).by;
  std::string out = (main.purpose.empty() ? c.what->purpose : main.purpose) + " (for " +
                    state_name(w.in.knowledge, w.goal.targets[strongest(c).target]) + ")";
  if (const auto at = w.picked.asked_by.find(i); at != w.picked.asked_by.end())
    out += "; asked for by the rule " + at->second->id + ": " + at->second->name;
  return out;
}

std::vector<std::string> warnings_of(const workings& w, const candidate& c) {
  std::vector<std::string> out = w.limit.warnings(*c.what, c.stage);
  for (std::string& more : w.rules.warnings(placed_as(c)))
    out.push_back(std::move(more));
  return out;
}

plan_item item_of(const workings& w, std::size_t i) {
  const candidate& c = w.all[i];
  const kb::exercise& e = *c.what;
  const kb::indication& main = *strongest(c).by;
  plan_item out;
  out.exercise = e.id;
  out.name = e.name;
  out.where = side_of(c, w.goal, w.in.wanted.only);
  out.sources = cases::cite(e.rests_on, w.in.knowledge);
  for (const contribution& s : c.serves) {
    out.for_causes.push_back(label(w.goal.targets[s.target]));
    add_sources(out.sources, cases::cite(s.by->rests_on, w.in.knowledge));
  }
  const kb::dose dose = dose_of(c, w.rules);
  out.dose = {dose, week_one(dose)};
  out.why = why_of(w, i);
  out.stop_rules = stop_rules(e);
  out.cues = e.cues;
  out.warnings = warnings_of(w, c);
  out.easier = e.easier;
  out.harder = e.harder;
  out.level = std::min(main.rests_on.level, e.rests_on.level);
  return out;
}

std::vector<std::size_t> session_of(const workings& w) {
  std::vector<placed> items;
  for (const std::size_t i : w.picked.items)
    items.push_back(placed_as(w.all[i]));
  std::vector<std::size_t> out;
  for (const std::size_t place : session_order(items, w.rules.rules()))
    out.push_back(w.picked.items[place]);
  return out;
}

std::vector<plan_phase> phases_of(const workings& w) {
  std::vector<std::size_t> order = w.session;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return w.all[a].stage < w.all[b].stage; });
  std::vector<plan_phase> out;
  for (const std::size_t i : order) {
    const kb::phase stage = w.all[i].stage;
    if (out.empty() || out.back().stage != stage) {
      const gate g = gate_of(stage);
      out.push_back({stage, std::string(g.entry), std::string(g.exit), {}});
    }
    out.back().items.push_back(item_of(w, i));
  }
  return out;
}

// In half minutes, rounded up: an estimate should not promise less time than it takes.
double minutes_per_session(const workings& w) {
  double sum = 0;
  for (const std::size_t i : w.picked.items)
    sum += minutes_of(w.all[i], w.goal, w.in.wanted.only);
  return std::ceil(rounded(sum * 2)) / 2;
}

// --- left out ---------------------------------------------------------------------

left_out_line line_of(const kb::exercise& e, reason r) {
  return {e.id, e.name, std::move(r.because), std::move(r.by), std::move(r.sources)};
}

std::size_t states_served(const candidate& c) {
  std::vector<std::string> states;
  for (const contribution& s : c.serves)
    if (std::find(states.begin(), states.end(), s.by->cause) == states.end())
      states.push_back(s.by->cause);
  return states.size();
}

// Below the decision threshold an exercise must serve two of the likely causes, if any does.
bool serves_core(const workings& w, const candidate& c, std::size_t most_served) {
  return !w.goal.shared_core || states_served(c) >= std::min<std::size_t>(2, most_served);
}

reason not_decided(const workings& w, const candidate& c) {
  return {"cause",
          "no cause is likely enough to plan for it alone (" +
              state_name(w.in.knowledge, {w.goal.leader_state, side::none, 0}) + " leads with " +
              two_digits(w.goal.leader) + "); this serves only one of them",
          cases::cite(c.what->rests_on, w.in.knowledge)};
}

// Splits the candidates into those that may be chosen and lines for those that may not.
std::vector<std::size_t> eligible(const workings& w, std::vector<left_out_line>& left_out) {
  std::vector<std::size_t> out;
  std::vector<std::size_t> allowed;
  std::size_t most_served = 1;
  for (std::size_t i = 0; i < w.all.size(); ++i) {
    if (auto r = w.limit.withholds(*w.all[i].what, w.all[i].stage))
      left_out.push_back(line_of(*w.all[i].what, std::move(*r)));
    else
      allowed.push_back(i);
  }
  for (const std::size_t i : allowed)
    most_served = std::max(most_served, states_served(w.all[i]));
  for (const std::size_t i : allowed) {
    if (serves_core(w, w.all[i], most_served))
      out.push_back(i);
    else
      left_out.push_back(line_of(*w.all[i].what, not_decided(w, w.all[i])));
  }
  return out;
}

bool mentioned(const std::vector<left_out_line>& list, const std::string& id) {
  return std::any_of(list.begin(), list.end(), [&](const left_out_line& l) { return l.exercise == id; });
}

// What nobody aims at here, but a reader might miss: the other side's exercises, and what a precaution names.
void add_unasked(const workings& w, std::vector<left_out_line>& out) {
  for (const kb::exercise* e : other_side_only(w.in, w.goal))
    out.push_back(
        line_of(*e, {"cap", "only the " + std::string(to_string(*w.in.wanted.only)) + " side was asked for",
                     cases::cite(e->rests_on, w.in.knowledge)}));
  for (const kb::exercise* e : w.limit.named_blocks())
    if (!mentioned(out, e->id))
      if (auto r = w.limit.withholds(*e, e->stage))
        out.push_back(line_of(*e, std::move(*r)));
}

void sort_lines(std::vector<left_out_line>& list) {
  std::sort(list.begin(), list.end(),
            [](const left_out_line& a, const left_out_line& b) { return a.exercise < b.exercise; });
}

// --- status -----------------------------------------------------------------------

bool closes_plan(const cases::red_flag& f) {
  return f.level == kb::urgency::emergency || f.level == kb::urgency::urgent || f.closes == kb::closing::plan;
}

std::optional<referral> referral_of(const cases::screen_result& screened) {
  if (screened.flags.empty())
    return std::nullopt;
  const auto first =
      std::min_element(screened.flags.begin(), screened.flags.end(), [](const auto& a, const auto& b) {
        return std::tie(a.level, a.id) < std::tie(b.level, b.id);
      });
  referral out{first->level, first->action, {}};
  for (const cases::red_flag& f : screened.flags)
    out.rules.push_back(f.id);
  return out;
}

std::string ask_first(const input& in) {
  std::string names;
  for (const std::string& id : in.screened.safe.missing) {
    const kb::finding* f = in.knowledge.find_finding(id);
    names += (names.empty() ? "" : ", ") + (f ? f->name : id);
  }
  return "not released: ask these first: " + names;
}

void judge_safety(const input& in, programme& out) {
  if (!in.screened.safe.missing.empty())
    out.because.push_back(ask_first(in));
  if (in.screened.safe.unreadable)
    out.because.push_back("not released: an observation could not be read and may have been about safety");
  out.status = out.because.empty() ? "open" : "provisional";
  for (const cases::suspended_rule& s : in.screened.suspended)
    if (s.fires == cases::truth::present && s.level != kb::urgency::watch)
      out.because.push_back("the rule " + s.name + " would have fired; it is suspended until " + s.until);
  for (const cases::red_flag& f : in.screened.flags)
    if (f.closes == kb::closing::loading)
      out.because.push_back("no loading until this is cleared: " + f.name + " (" + f.action + ")");
}

void judge_aim(const workings& w, programme& out) {
  if (w.goal.targets.empty())
    out.because.push_back("nothing that was examined is likely enough to treat it");
  else if (w.goal.shared_core)
    out.because.push_back("no cause is likely enough to plan for it alone (the leading one has " +
                          two_digits(w.goal.leader) + "): the plan holds what serves several of them");
  for (const std::size_t t : w.picked.uncovered)
    out.because.push_back("no exercise is given for " + state_name(w.in.knowledge, w.goal.targets[t]) +
                          ": see what was left out");
}

// Open tensions that change this plan: one of their takes withholds something that is indicated here.
std::vector<std::string> open_tensions(const workings& w) {
  std::vector<std::string> out;
  for (const tension_line& line : w.in.tensions) {
    const kb::tension* t = w.in.knowledge.find_tension(line.id);
    if (t && is_open(line) && std::any_of(w.all.begin(), w.all.end(), [&](const candidate& c) {
          return withholds(*t, c.what->id);
        }))
      out.push_back(line.id);
  }
  return out;
}

void close(const input& in, programme& out) {
  std::string flags;
  std::vector<cases::cited> sources;
  out.because.clear();
  for (const cases::red_flag& f : in.screened.flags) {
    if (!closes_plan(f))
      continue;
    flags += (flags.empty() ? "" : "; ") + f.name;
    add_sources(sources, f.sources);
    out.because.push_back(f.name + " (" + std::string(kb::to_string(f.level)) + "): " + f.action);
  }
  for (const plan_phase& p : out.phases)
    for (const plan_item& i : p.items)
      out.left_out.push_back(
          {i.exercise, i.name, "no plan until this is cleared: " + flags, "red-flag", sources});
  out.status = "closed";
  out.phases.clear();
  out.depends_on.clear();
  out.session.clear();
  out.sequence.clear();
  out.minutes_per_session = 0;
}

} // namespace

programme make(const input& in) {
  aim goal = aim_of(in);
  sequencing rules(in, goal);
  workings w{in, std::move(goal), {}, limits(in), std::move(rules), {}, {}};
  w.all = candidates_of(in, w.goal);
  programme out;
  out.refer = referral_of(in.screened);
  out.reassess_after_days = judgement::reassess_after_days;
  w.picked = choose(in, w.goal, w.all, eligible(w, out.left_out), w.rules);
  w.session = session_of(w);
  for (const std::size_t i : w.session)
    out.session.push_back(w.all[i].what->id);
  out.phases = phases_of(w);
  out.minutes_per_session = minutes_per_session(w);
  for (auto& [i, why] : w.picked.capped)
    out.left_out.push_back(line_of(*w.all[i].what, std::move(why)));
  out.sequence = sequence_lines(in, w.all, w.session, w.rules, out.left_out);
  add_unasked(w, out.left_out);
  judge_safety(in, out);
  judge_aim(w, out);
  out.depends_on = open_tensions(w);
  if (std::any_of(in.screened.flags.begin(), in.screened.flags.end(), closes_plan))
    close(in, out);
  sort_lines(out.left_out);
  return out;
}

} // namespace posterior::plan
