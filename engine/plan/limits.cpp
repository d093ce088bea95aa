#include "engine/plan/limits.hpp"

#include <algorithm>
#include <cmath>

#include "engine/case/truth.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::plan {
namespace {

using cases::truth;

bool lists(const std::vector<std::string>& list, const std::string& id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

bool names(const kb::precaution& p, const kb::exercise& e) {
  return (lists(p.exercises, e.id) || lists(e.avoid, p.id)) && !lists(p.except, e.id);
}

bool concerns(const kb::precaution& p, const kb::exercise& e, kb::phase stage) {
  const bool by_phase = std::find(p.phases.begin(), p.phases.end(), stage) != p.phases.end();
  return !lists(p.except, e.id) && (p.all || by_phase || names(p, e));
}

bool blocks(const kb::precaution& p, truth holds) {
  return p.effect == kb::precaution_effect::block && holds == truth::present;
}

std::string joined(const std::vector<std::string>& list, std::string_view between) {
  std::string out;
  for (const std::string& s : list)
    out += (out.empty() ? "" : std::string(between)) + s;
  return out;
}

std::optional<kb::irritability> recorded_irritability(const input& in) {
  const kb::finding* f = in.knowledge.find_finding(irritability_finding);
  std::optional<kb::irritability> out;
  if (!f)
    return out;
  using kb::irritability;
  for (const cases::settled* s : in.seen.of(f->id)) {
    if (!s->level || static_cast<std::size_t>(*s->level) >= f->levels.size())
      continue;
    for (const auto word : {irritability::low, irritability::moderate, irritability::high})
      if (kb::to_string(word) == f->levels[static_cast<std::size_t>(*s->level)])
        out = std::max(out.value_or(word), word);
  }
  return out;
}

} // namespace

bool withholds(const kb::tension& t, const std::string& exercise) {
  return std::any_of(t.takes.begin(), t.takes.end(),
                     [&](const kb::take& take) { return lists(take.withholds, exercise); });
}

bool is_open(const tension_line& t) {
  return !t.same_plan && t.decided_by.empty();
}

limits::limits(const input& in)
    : in_(in)
    , irritable_(recorded_irritability(in)) {
  for (const kb::precaution& p : in.knowledge.all.precautions)
    if (const truth t = evaluate(p); t != truth::absent)
      precautions_.push_back({&p, t});
}

double limits::highest(const std::string& state) const {
  double out = 0;
  for (const belief& b : in_.beliefs)
    if (b.state == state)
      out = std::max(out, b.posterior);
  return out;
}

// With both a finding and a cause, both must hold.
truth limits::evaluate(const kb::precaution& p) const {
  if (p.when.empty() && p.cause.empty())
    return truth::absent;
  const truth found = p.when.empty() ? truth::present : cases::holds(p.when, in_.seen, in_.knowledge);
  const truth likely = p.cause.empty() ? truth::present : cases::as_truth(highest(p.cause) > p.above);
  return cases::both(found, likely);
}

// A serious condition is never printed with a number below one half.
std::string limits::odds_of(const std::string& state) const {
  const kb::state* s = in_.knowledge.find_state(state);
  const double p = highest(state);
  const std::string name = s ? s->name : state;
  if (s && s->serious && p < 0.5)
    return name + " cannot be excluded";
  return name + ": " + format_number(std::round(p * 100) / 100);
}

reason limits::explain(const kb::precaution& p) const {
  std::vector<std::string> grounds;
  for (const cases::settled* s : cases::because(p.when, in_.seen, in_.knowledge))
    grounds.push_back(cases::describe(*s, in_.knowledge).text);
  if (!p.cause.empty())
    grounds.push_back(odds_of(p.cause));
  std::string because = p.why.empty() ? p.name : p.why;
  if (!grounds.empty())
    because += " (" + joined(grounds, "; ") + ")";
  return {p.cause.empty() ? "finding" : "cause", because, cases::cite(p.rests_on, in_.knowledge)};
}

std::optional<reason> limits::by_red_flag(kb::phase stage) const {
  if (stage < kb::phase::isometric)
    return std::nullopt;
  for (const cases::red_flag& f : in_.screened.flags)
    if (f.closes != kb::closing::nothing)
      return reason{"red-flag", "no loading until this is cleared: " + f.name + " (" + f.action + ")",
                    f.sources};
  return std::nullopt;
}

std::optional<reason> limits::by_precaution(const kb::exercise& e, kb::phase stage, bool by_cause) const {
  for (const active& a : precautions_)
    if (a.rule->cause.empty() != by_cause && blocks(*a.rule, a.holds) && concerns(*a.rule, e, stage))
      return explain(*a.rule);
  return std::nullopt;
}

std::optional<reason> limits::by_irritability(const kb::exercise& e) const {
  if (!irritable_ || *irritable_ <= e.allowed_up_to)
    return std::nullopt;
  return reason{"finding",
                "irritability is " + std::string(kb::to_string(*irritable_)) + "; this is for " +
                    std::string(kb::to_string(e.allowed_up_to)) + " irritability at most",
                cases::cite(e.rests_on, in_.knowledge)};
}

std::optional<reason> limits::by_tension(const kb::exercise& e) const {
  for (const tension_line& line : in_.tensions) {
    const kb::tension* t = in_.knowledge.find_tension(line.id);
    if (!t || line.same_plan || (line.taken.empty() && !is_open(line)))
      continue;
    for (const kb::take& take : t->takes)
      if (lists(take.withholds, e.id) && (line.taken.empty() || line.taken == take.id))
        return reason{"tension",
                      line.taken.empty() ? "left out while this is open: " + t->text
                                         : "the clinician decided: " + take.text,
                      cases::cite(t->rests_on, in_.knowledge)};
  }
  return std::nullopt;
}

bool limits::at_hand(const std::string& equipment) const {
  const kb::equipment* known = in_.knowledge.find_equipment(equipment);
  return (known && known->at_home) || lists(in_.wanted.have, equipment);
}

std::optional<reason> limits::by_equipment(const kb::exercise& e) const {
  for (const auto& any_of : e.needs) {
    if (any_of.empty() ||
        std::any_of(any_of.begin(), any_of.end(), [&](const auto& id) { return at_hand(id); }))
      continue;
    std::vector<std::string> missing;
    for (const std::string& id : any_of) {
      const kb::equipment* known = in_.knowledge.find_equipment(id);
      missing.push_back(known ? known->name : id);
    }
    return reason{"equipment", "needs what is not at hand: " + joined(missing, " or "),
                  cases::cite(e.rests_on, in_.knowledge)};
  }
  return std::nullopt;
}

std::optional<reason> limits::withholds(const kb::exercise& e, kb::phase stage) const {
  if (auto r = by_red_flag(stage))
    return r;
  if (auto r = by_precaution(e, stage, false))
    return r;
  if (auto r = by_irritability(e))
    return r;
  if (auto r = by_precaution(e, stage, true))
    return r;
  if (auto r = by_tension(e))
    return r;
  return by_equipment(e);
}

// One open question of each alternative is enough to ask. Safety findings are left to the plan's own "ask
// these first".
void limits::add_open_questions(const kb::precaution& p, std::vector<std::string>& names_out) const {
  for (const auto& clause : p.when) {
    if (cases::holds(kb::clauses{clause}, in_.seen, in_.knowledge) != truth::unknown)
      continue;
    const auto open = std::find_if(clause.begin(), clause.end(), [&](const kb::condition& c) {
      const kb::finding* f = in_.knowledge.find_finding(c.finding);
      return f && !f->safety && cases::holds(c, in_.seen, in_.knowledge) == truth::unknown;
    });
    if (open == clause.end())
      continue;
    const std::string& name = in_.knowledge.find_finding(open->finding)->name;
    if (!lists(names_out, name))
      names_out.push_back(name);
  }
}

std::vector<std::string> limits::warnings(const kb::exercise& e, kb::phase stage) const {
  std::vector<std::string> out, ask;
  if (!e.caution.empty())
    out.push_back(e.caution);
  for (const active& a : precautions_) {
    if (!concerns(*a.rule, e, stage))
      continue;
    if (a.rule->effect == kb::precaution_effect::warn && a.holds == truth::present)
      out.push_back(a.rule->why.empty() ? a.rule->name : a.rule->why);
    else if (a.rule->effect == kb::precaution_effect::block && a.holds == truth::unknown && !a.rule->all)
      add_open_questions(*a.rule, ask);
  }
  if (!ask.empty())
    out.push_back("ask first: " + joined(ask, ", "));
  return out;
}

std::vector<std::string> limits::applied() const {
  std::vector<std::string> out;
  for (const active& a : precautions_)
    if (a.holds == truth::present)
      out.push_back(a.rule->id);
  return out;
}

std::vector<std::string> applied_precautions(const input& in) {
  return limits(in).applied();
}

bool limits::examined(const kb::exercise& e) const {
  const auto indications = in_.knowledge.indications_of(e.id);
  return std::any_of(indications.begin(), indications.end(), [&](const kb::indication* i) {
    return std::any_of(in_.beliefs.begin(), in_.beliefs.end(),
                       [&](const belief& b) { return b.examined && b.state == i->cause; });
  });
}

std::vector<const kb::exercise*> limits::named_blocks() const {
  std::vector<const kb::exercise*> out;
  for (const kb::exercise& e : in_.knowledge.all.exercises)
    for (const active& a : precautions_)
      if (blocks(*a.rule, a.holds) && names(*a.rule, e) && (!a.rule->cause.empty() || examined(e))) {
        out.push_back(&e);
        break;
      }
  return out;
}

} // namespace posterior::plan
