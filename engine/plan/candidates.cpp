#include "engine/plan/candidates.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "engine/plan/judgement.hpp"

namespace posterior::plan {
namespace {

bool treatable(const belief& b, const kb::snapshot& knowledge) {
  const kb::state* s = knowledge.find_state(b.state);
  return b.examined && s && !s->serious && !knowledge.indications_for(b.state).empty();
}

bool wanted(side where, const std::optional<side>& only) {
  return !only || where == side::none || where == *only;
}

void sort_targets(std::vector<target>& list) {
  std::sort(list.begin(), list.end(), [](const target& a, const target& b) {
    const double pa = rounded(a.posterior), pb = rounded(b.posterior);
    return pa != pb ? pa > pb : label(a) < label(b);
  });
}

const belief* leader_of(const input& in) {
  const belief* best = nullptr;
  for (const belief& b : in.beliefs) {
    if (!b.is_cause || !treatable(b, in.knowledge) || !wanted(b.where, in.wanted.only))
      continue;
    const auto better = [&] {
      const double pb = rounded(b.posterior), best_p = rounded(best->posterior);
      return pb != best_p ? pb > best_p : std::tie(b.state, b.where) < std::tie(best->state, best->where);
    };
    if (!best || better())
      best = &b;
  }
  return best;
}

// The posterior from which a state is planned for, given the leading cause.
double threshold(const aim& goal) {
  if (!goal.shared_core)
    return judgement::treat_above;
  return std::max(judgement::floor, std::min(judgement::treat_above, goal.leader - judgement::reach));
}

double grade_factor(const kb::indication& i, const kb::exercise& e) {
  const auto better = std::min(i.rests_on.level, e.rests_on.level);
  return judgement::grade_factor[static_cast<std::size_t>(better)];
}

double worth(const kb::indication& i, const kb::exercise& e, double posterior) {
  const auto stage = static_cast<std::size_t>(i.stage.value_or(e.stage));
  return rounded(posterior * (i.primary ? 1 : judgement::supporting_role) * grade_factor(i, e) *
                 judgement::phase_factor[stage] *
                 std::pow(judgement::depth_factor, std::max(e.depth - 1, 0)));
}

// The indication with the greatest worth may move the exercise to another phase.
kb::phase stage_of(const candidate& c) {
  const contribution* best = nullptr;
  for (const contribution& s : c.serves)
    if (s.by->stage && (!best || s.worth > best->worth))
      best = &s;
  return best ? *best->by->stage : c.what->stage;
}

std::size_t states_served(const candidate& c) {
  std::set<std::string> states;
  for (const contribution& s : c.serves)
    states.insert(s.by->cause);
  return states.size();
}

std::size_t precautions_about(const kb::exercise& e, const kb::snapshot& knowledge) {
  const auto names = [](const std::vector<std::string>& list, const std::string& id) {
    return std::find(list.begin(), list.end(), id) != list.end();
  };
  return static_cast<std::size_t>(std::count_if(
      knowledge.all.precautions.begin(), knowledge.all.precautions.end(), [&](const kb::precaution& p) {
        return p.effect == kb::precaution_effect::block && (names(p.exercises, e.id) || names(e.avoid, p.id));
      }));
}

double utility_of(const candidate& c, const input& in, bool shared_core) {
  double sum = 0;
  for (const contribution& s : c.serves)
    sum += s.worth;
  if (shared_core)
    sum *= static_cast<double>(states_served(c)) /
           (1 + judgement::per_precaution * static_cast<double>(precautions_about(*c.what, in.knowledge)));
  return rounded(sum);
}

} // namespace

double rounded(double value) {
  return std::round(value * 1e9) / 1e9;
}

std::string label(const target& t) {
  return t.where == side::none ? t.state : t.state + "@" + std::string(to_string(t.where));
}

aim aim_of(const input& in) {
  aim out;
  if (const belief* leader = leader_of(in)) {
    out.leader = leader->posterior;
    out.leader_state = leader->state;
    out.shared_core = rounded(leader->posterior) < judgement::decide_above;
  }
  const double from = rounded(threshold(out));
  for (const belief& b : in.beliefs)
    if (treatable(b, in.knowledge) && rounded(b.posterior) >= from)
      (wanted(b.where, in.wanted.only) ? out.targets : out.other_side)
          .push_back({b.state, b.where, b.posterior});
  sort_targets(out.targets);
  sort_targets(out.other_side);
  return out;
}

const contribution* candidate::for_target(std::size_t t) const {
  const auto at =
      std::find_if(serves.begin(), serves.end(), [&](const contribution& s) { return s.target == t; });
  return at == serves.end() ? nullptr : &*at;
}

std::vector<candidate> candidates_of(const input& in, const aim& goal) {
  std::map<std::string_view, candidate> by_id;
  for (std::size_t t = 0; t < goal.targets.size(); ++t)
    for (const kb::indication* i : in.knowledge.indications_for(goal.targets[t].state))
      if (const kb::exercise* e = in.knowledge.find_exercise(i->exercise)) {
        candidate& c = by_id[e->id];
        c.what = e;
        c.serves.push_back({i, t, worth(*i, *e, goal.targets[t].posterior)});
      }
  std::vector<candidate> out;
  for (auto& [id, c] : by_id) {
    c.stage = stage_of(c);
    c.utility = utility_of(c, in, goal.shared_core);
    out.push_back(std::move(c));
  }
  return out;
}

std::vector<const kb::exercise*> other_side_only(const input& in, const aim& goal) {
  std::map<std::string_view, const kb::exercise*> found;
  for (const target& t : goal.other_side)
    for (const kb::indication* i : in.knowledge.indications_for(t.state))
      found[i->exercise] = in.knowledge.find_exercise(i->exercise);
  for (const target& t : goal.targets)
    for (const kb::indication* i : in.knowledge.indications_for(t.state))
      found.erase(i->exercise);
  std::vector<const kb::exercise*> out;
  for (const auto& [id, e] : found)
    if (e)
      out.push_back(e);
  return out;
}

} // namespace posterior::plan
