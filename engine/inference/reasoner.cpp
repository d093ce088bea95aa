// The steps of reason(), each over the same schedule:
//   mixture    posteriors under every combination of contested theories, mixed with their credences: the
//   weights are not
//              updated by the patient's data, so one patient cannot prove a theory
//   prior      the same without evidence
//   none       P(no link out of a modelled cause fires | evidence), mixed alike
//   groups     leave-one-out of each finding group, for the weights of evidence
//   leak only  P(a symptom is there by its leak alone | evidence)
//   draws      the parameter uncertainty, all theories holding; what the mixture adds is applied as a fixed
//   shift
#include "engine/inference/reasoner.hpp"

#include <algorithm>
#include <cmath>
#include <future>
#include <map>

#include "engine/inference/conflict.hpp"
#include "engine/inference/explainer.hpp"
#include "engine/inference/intervals.hpp"
#include "engine/inference/lane_runner.hpp"
#include "engine/inference/next_tests.hpp"
#include "engine/inference/query.hpp"
#include "engine/inference/reasoner_wide.hpp"
#include "engine/inference/sensitivity.hpp"
#include "engine/inference/targets.hpp"
#include "kb/values/elementary.hpp"
#include "kb/values/odds.hpp"

namespace posterior::inference {
namespace {

// So many theories are mixed by combination, the likeliest; causes of the others are scaled by their
// credence.
constexpr std::size_t most_open = 6;
// A theory whose causes all stay below this, with every theory holding, only scales its own causes by its
// credence: what its failing would change elsewhere is at most this times (1 - credence).
constexpr double open_theory = 0.10; // a judgement
// Draws are made in full up to this many cells in all, then fewer, but never below 64: on wide cases the
// interval's ends are a little rougher, and the answer says how many draws it rests on.
constexpr double draw_cost_budget = 0x1.8p21;
constexpr int fewest_draws = 64;
constexpr double main_runs = 100; // about how often the main schedule is run

class work {
public:
  work(const kb::snapshot& knowledge, const grounding& ground, const evidence& seen,
       const reasoning_options& asked)
      : knowledge_(knowledge)
      , ground_(ground)
      , seen_(seen)
      , asked_(asked)
      , theories_(theories_of(knowledge, ground))
      , targets_(target_nodes(knowledge, ground)) {
    // A cause held present means that its theory holds.
    std::erase_if(theories_, [&](const theory_nodes& t) {
      return std::any_of(asked.held.begin(), asked.held.end(), [&](const held_state& h) {
        return h.present && std::find(t.causes.begin(), t.causes.end(), h.node) != t.causes.end();
      });
    });
  }

  reasoning run(const cases::picture& picture);

private:
  int draws_for(double cost) const;
  bool fits(const program& p) const;
  void mixture(lane_runner<lanes>& run, reasoning& out);
  void none_of_these(lane_runner<lanes>& run, reasoning& out);
  void weigh_groups(lane_runner<lanes>& run, reasoning& out);
  void find_unexplained(lane_runner<lanes>& run, reasoning& out, const program& p);
  void either_sides(lane_runner<lanes>& run, reasoning& out);
  void intervals(lane_runner<lanes>& run, reasoning& out);
  void name_conflict(lane_runner<lanes>& run, reasoning& out) const;
  void explain_leaders(lane_runner<lanes>& run, reasoning& out, const program& p) const;
  std::vector<variation> over_theories(variation v) const;
  std::vector<double> theory_weights(const fixed_number* fixed = nullptr) const;
  double credence_of(const theory_nodes& t, const fixed_number* fixed) const;
  std::vector<double> printed(const std::vector<run_result>& runs, const fixed_number* fixed) const;
  void find_sensitivity(lane_runner<lanes>& run, const program& p, reasoning& out);
  std::vector<double> mixed(const std::vector<run_result>& runs, const fixed_number* fixed = nullptr) const;
  const theory_nodes* theory_of(node_index v) const;
  double likeliest(const theory_nodes& t) const;
  bool is_open(const theory_nodes& t) const;

  const kb::snapshot& knowledge_;
  const grounding& ground_;
  const evidence& seen_;
  const reasoning_options& asked_;
  parameters numbers_{0};
  std::vector<theory_nodes> theories_;
  std::vector<std::size_t> open_; // theories that are mixed by combination, into theories_
  std::vector<node_index> targets_;
  machine<lanes> tables_;
  machine<lanes> test_tables_;
  std::vector<run_result> under_theories_; // by mask of theories off
  run_result all_hold_;                    // all theories holding
  run_result before_;                      // the same without evidence
};

std::vector<variation> work::over_theories(variation v) const {
  std::vector<variation> out;
  for (std::uint32_t off = 0; off < (1u << open_.size()); ++off) {
    v.theories_off = 0;
    for (std::size_t k = 0; k < open_.size(); ++k)
      v.theories_off |= (off >> k & 1) << open_[k];
    out.push_back(v);
  }
  return out;
}

double work::credence_of(const theory_nodes& t, const fixed_number* fixed) const {
  const bool is_fixed = fixed && fixed->name == stream_of(t.statement->from.plugin, "credence");
  return is_fixed ? fixed->value : t.statement->credence.mean;
}

std::vector<double> work::theory_weights(const fixed_number* fixed) const {
  std::vector<double> out;
  for (std::uint32_t off = 0; off < (1u << open_.size()); ++off) {
    double w = 1;
    for (std::size_t k = 0; k < open_.size(); ++k) {
      const double c = credence_of(theories_[open_[k]], fixed);
      w *= off >> k & 1 ? 1 - c : c;
    }
    out.push_back(w);
  }
  return out;
}

// Posteriors mixed over the theories; combinations under which the evidence is impossible carry no weight.
std::vector<double> work::mixed(const std::vector<run_result>& runs, const fixed_number* fixed) const {
  const auto weights = theory_weights(fixed);
  std::vector<double> out(targets_.size());
  double total = 0;
  for (std::size_t m = 0; m < runs.size(); ++m)
    total += runs[m].evidence > 0 ? weights[m] : 0;
  for (std::size_t m = 0; m < runs.size(); ++m)
    for (std::size_t k = 0; runs[m].evidence > 0 && k < targets_.size(); ++k)
      out[k] += weights[m] / total * runs[m].posterior[k];
  return out;
}

const theory_nodes* work::theory_of(node_index v) const {
  for (const theory_nodes& t : theories_)
    if (std::find(t.causes.begin(), t.causes.end(), v) != t.causes.end())
      return &t;
  return nullptr;
}

void work::mixture(lane_runner<lanes>& run, reasoning& out) {
  variation blank;
  blank.without_evidence = true;
  auto plain = run.run(std::vector<variation>{{}, blank}, targets_);
  all_hold_ = plain[0];
  before_ = plain[1];
  std::stable_sort(theories_.begin(), theories_.end(), [&](const theory_nodes& a, const theory_nodes& b) {
    return std::llround(likeliest(a) * 1e9) > std::llround(likeliest(b) * 1e9);
  });
  for (std::size_t t = 0; t < std::min(theories_.size(), most_open); ++t)
    if (likeliest(theories_[t]) >= open_theory)
      open_.push_back(t);
  under_theories_ = open_.empty() ? std::vector<run_result>{all_hold_} : run.run(over_theories({}), targets_);
  const auto now = printed(under_theories_, asked_.fixed);
  for (std::size_t k = 0; k < targets_.size(); ++k) {
    const node_meaning& m = ground_.nodes()[static_cast<std::size_t>(targets_[k])];
    const theory_nodes* t = theory_of(targets_[k]);
    const double prior = plain[1].posterior[k] * (t ? credence_of(*t, asked_.fixed) : 1);
    out.beliefs.push_back({m.state, m.where, prior, now[k], now[k], now[k], now[k], false, t != nullptr});
  }
}

// Mixed over the open theories; causes of the others scaled by their credence.
std::vector<double> work::printed(const std::vector<run_result>& runs, const fixed_number* fixed) const {
  std::vector<double> out = mixed(runs, fixed);
  for (std::size_t k = 0; k < targets_.size(); ++k)
    if (const theory_nodes* t = theory_of(targets_[k]); t && !is_open(*t))
      out[k] *= credence_of(*t, fixed);
  return out;
}

void work::find_sensitivity(lane_runner<lanes>& run, const program& p, reasoning& out) {
  std::vector<std::size_t> ranked;
  std::vector<double> now;
  for (std::size_t k = 0; k < out.beliefs.size(); ++k) {
    now.push_back(out.beliefs[k].posterior);
    if (out.beliefs[k].state->kind == kb::state_kind::cause)
      ranked.push_back(k);
  }
  const re_run again = [&](std::span<const fixed_number> fixed) {
    std::vector<variation> what;
    for (const fixed_number& f : fixed) {
      variation v;
      v.fixed = &f;
      for (const variation& one : over_theories(v))
        what.push_back(one);
    }
    const auto runs = run.run(what, targets_);
    const std::size_t each = std::size_t{1} << open_.size();
    std::vector<std::vector<double>> posteriors;
    for (std::size_t k = 0; k < fixed.size(); ++k) {
      const auto first = runs.begin() + static_cast<std::ptrdiff_t>(k * each);
      posteriors.push_back(printed({first, first + static_cast<std::ptrdiff_t>(each)}, &fixed[k]));
    }
    return posteriors;
  };
  out.sensitivity =
      inference::find_sensitivity(parameters_behind(ground_, seen_, p, theories_), ranked, now, again);
}

// The largest posterior of a theory's causes, all theories holding.
double work::likeliest(const theory_nodes& t) const {
  double most = 0;
  for (std::size_t k = 0; k < targets_.size(); ++k)
    if (std::find(t.causes.begin(), t.causes.end(), targets_[k]) != t.causes.end())
      most = std::max(most, all_hold_.posterior[k]);
  return most;
}

bool work::is_open(const theory_nodes& t) const {
  return std::any_of(open_.begin(), open_.end(), [&](std::size_t k) { return &theories_[k] == &t; });
}

void work::none_of_these(lane_runner<lanes>& run, reasoning& out) {
  variation none;
  none.no_cause_acts = true;
  const auto runs = run.run(over_theories(none), {}, true);
  const auto weights = theory_weights();
  double sum = 0, total = 0;
  for (std::size_t m = 0; m < runs.size(); ++m) {
    if (!(under_theories_[m].evidence > 0))
      continue;
    total += weights[m];
    sum += weights[m] * evidence_ratio(runs[m], under_theories_[m]);
  }
  out.none_of_these = total > 0 ? std::min(1.0, sum / total) : 0;
}

void work::weigh_groups(lane_runner<lanes>& run, reasoning& out) {
  std::vector<variation> without;
  for (const std::string& g : seen_.groups()) {
    variation v;
    v.without_group = g;
    without.push_back(v);
  }
  out.groups = seen_.groups();
  const auto runs = run.run(without, targets_);
  // Findings that say the same may each be left out without loss: what all of them did together counts, too.
  for (std::size_t k = 0; k < targets_.size(); ++k) {
    const double db = decibels(before_.posterior[k], all_hold_.posterior[k]);
    out.beliefs[k].examined = db >= asked_.examined_db || db <= -asked_.examined_db;
  }
  for (std::size_t k = 0; k < targets_.size(); ++k)
    for (std::size_t g = 0; g < runs.size(); ++g) {
      if (!(runs[g].evidence > 0))
        continue;
      const double db = decibels(runs[g].posterior[k], all_hold_.posterior[k]);
      if (db >= asked_.examined_db || db <= -asked_.examined_db)
        out.beliefs[k].examined = true;
      if (db >= 0.05 || db <= -0.05)
        out.weights.push_back({g, k, db});
    }
}

// Symptoms and homes that were recorded as present, and whose own leak explains them better than anything
// modelled.
void work::find_unexplained(lane_runner<lanes>& run, reasoning& out, const program& p) {
  std::vector<node_index> nodes;
  for (const speaker& s : seen_.speakers()) {
    const kb::state& state = *ground_.nodes()[static_cast<std::size_t>(s.node)].state;
    const bool shown = state.kind == kb::state_kind::symptom || state.kind == kb::state_kind::home;
    const pair said = seen_.speak(s, numbers_, -1);
    if (shown && said.present > said.absent && p.local_of[static_cast<std::size_t>(s.node)] >= 0)
      nodes.push_back(s.node);
  }
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  if (nodes.empty())
    return;
  const auto base = run.run(std::vector<variation>(1), nodes);
  std::vector<variation> by_leak;
  for (node_index v : nodes) {
    variation lone;
    lone.leak_only = v;
    // "On one side or the other" has no leak: what counts are the leaks of the sides.
    if (const node_meaning& m = ground_.nodes()[static_cast<std::size_t>(v)]; m.either) {
      lone.leak_only = ground_.find(m.state->id, side::left);
      lone.leak_only_too = ground_.find(m.state->id, side::right);
    }
    by_leak.push_back(lone);
  }
  const auto runs = run.run(by_leak, nodes);
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    const double present = base[0].posterior[k];
    const double alone = evidence_ratio(runs[k], base[0]) * runs[k].posterior[k];
    const node_meaning& m = ground_.nodes()[static_cast<std::size_t>(nodes[k])];
    if (present > 0.5 && alone > 0.5 * present)
      out.unexplained.push_back({m.state, m.where, alone / present});
  }
}

// P(left or right | evidence) with all theories holding, then moved like the more probable side by the
// mixture.
void work::either_sides(lane_runner<lanes>& run, reasoning& out) {
  std::vector<variation> neither;
  std::vector<std::pair<std::size_t, std::size_t>> sides;
  for (std::size_t k = 0; k + 1 < targets_.size(); ++k)
    if (out.beliefs[k].where == side::left && out.beliefs[k + 1].state == out.beliefs[k].state) {
      variation v;
      v.absent = targets_[k];
      v.absent_too = targets_[k + 1];
      neither.push_back(v);
      sides.emplace_back(k, k + 1);
    }
  const auto runs = run.run(neither, {}, true);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto [l, r] = sides[i];
    const std::size_t top = all_hold_.posterior[l] >= all_hold_.posterior[r] ? l : r;
    const double held = 1 - std::min(1.0, evidence_ratio(runs[i], all_hold_));
    const double mix = out.beliefs[top].posterior, all = all_hold_.posterior[top];
    const double moved = out.beliefs[top].theory
                             ? (all > 0 ? held * mix / all : 0)
                             : logistic(bounded_logit(held) + bounded_logit(mix) - bounded_logit(all));
    const double most = std::min(1.0, out.beliefs[l].posterior + out.beliefs[r].posterior);
    const double least = std::max(out.beliefs[l].posterior, out.beliefs[r].posterior);
    out.beliefs[l].either = out.beliefs[r].either = std::clamp(moved, least, std::max(least, most));
  }
}

void work::intervals(lane_runner<lanes>& run, reasoning& out) {
  if (out.draws <= 0)
    return;
  std::vector<variation> draws(static_cast<std::size_t>(out.draws));
  for (int i = 0; i < out.draws; ++i)
    draws[static_cast<std::size_t>(i)].draw = i;
  const auto runs = run.run(draws, targets_);
  std::vector<double> values;
  for (std::size_t k = 0; k < targets_.size(); ++k) {
    node_belief& b = out.beliefs[k];
    const theory_nodes* t = theory_of(targets_[k]);
    const double all = all_hold_.posterior[k];
    const double shift = bounded_logit(b.posterior) - bounded_logit(all);
    values.clear();
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (!(runs[i].evidence > 0))
        continue;
      const double p = runs[i].posterior[k];
      if (!t) {
        values.push_back(p);
        continue;
      }
      const kb::estimate& c = t->statement->credence;
      const double credence =
          numbers_.probability(stream_of(t->statement->from.plugin, "credence"), c, static_cast<int>(i));
      values.push_back(all > 0 ? std::min(1.0, p * credence / c.mean * (b.posterior / all)) : 0);
    }
    if (values.empty())
      continue;
    end_points ends = ends_of(values);
    if (!t)
      ends = {logistic(bounded_logit(ends.low) + shift), logistic(bounded_logit(ends.high) + shift)};
    b.low = std::min(b.posterior, ends.low);
    b.high = std::max(b.posterior, ends.high);
  }
}

// The groups that cannot all be true, as few as a search of the small sets finds.
void work::name_conflict(lane_runner<lanes>& run, reasoning& out) const {
  const std::size_t n = seen_.groups().size();
  const auto impossible = [&](std::span<const group_set> sets) {
    std::vector<variation> what;
    for (const group_set& kept : sets) {
      what.emplace_back();
      for (std::size_t g = 0; g < n; ++g)
        what.back().without_groups.push_back(!kept[g]);
    }
    std::vector<bool> none;
    for (const run_result& r : run.run(what, {}, true))
      none.push_back(!(r.evidence > 0));
    return none;
  };
  for (std::size_t g : smallest_conflict(n, impossible, 5000).items)
    out.conflicting.push_back(seen_.groups()[g]);
}

void work::explain_leaders(lane_runner<lanes>& run, reasoning& out, const program& p) const {
  const explanation_wish& asked = asked_.explain;
  if (asked.leaders == 0 && asked.also.empty() && !asked.sets)
    return;
  std::vector<theory_case> cases;
  const auto weights = theory_weights();
  for (std::size_t m = 0; m < under_theories_.size(); ++m) {
    std::uint32_t off = 0;
    for (std::size_t k = 0; k < open_.size(); ++k)
      off |= (static_cast<std::uint32_t>(m) >> k & 1) << open_[k];
    if (under_theories_[m].evidence > 0)
      cases.push_back({off, weights[m], &under_theories_[m]});
  }
  std::vector<double> scale;
  for (node_index v : targets_) {
    const theory_nodes* t = theory_of(v);
    scale.push_back(t && !is_open(*t) ? t->statement->credence.mean : 1);
  }
  out.deep =
      explain({ground_, seen_, p, run, theories_, targets_, out, all_hold_, before_, cases, scale}, asked);
}

int work::draws_for(double cost) const {
  if (asked_.draws <= fewest_draws || cost * asked_.draws <= draw_cost_budget)
    return asked_.draws;
  const int some = static_cast<int>(draw_cost_budget / cost) / lane_count<lanes> * lane_count<lanes>;
  return std::clamp(some, fewest_draws, asked_.draws);
}

bool work::fits(const program& p) const {
  return p.cost <= asked_.exact_cells && p.stored * sizeof(lanes) <= memory_limit;
}

reasoning work::run(const cases::picture& picture) {
  reasoning out;
  if (!ground_.map().looped().empty()) {
    out.what = reasoning_outcome::loop;
    return out;
  }
  plan_cache own(1);
  const auto p = (asked_.plans ? *asked_.plans : own)
                     .compile(ground_.map(), seen_.nodes(), targets_, seen_.certainly_absent(), main_runs);
  out.width = p->width;
  out.cost = p->cost;
  if (!fits(*p)) {
    ladder_limits limits = asked_.wide;
    limits.exact_operations = -1;
    reason_wide({ground_, seen_, *p, theories_, targets_, asked_.held, asked_.examined_db}, limits, out);
    return out;
  }
  out.draws = draws_for(p->cost);
  numbers_ = parameters(out.draws);
  lane_runner<lanes> run(ground_, seen_, *p, numbers_, theories_, tables_);
  run.hold(asked_.held);
  run.fix(asked_.fixed);
  mixture(run, out);
  if (!(all_hold_.evidence > 0)) {
    out.what = reasoning_outcome::contradiction;
    name_conflict(run, out);
    return out;
  }
  if (asked_.explains) {
    none_of_these(run, out);
    weigh_groups(run, out);
    find_unexplained(run, out, *p);
    either_sides(run, out);
  }
  if (asked_.sensitivity)
    find_sensitivity(run, *p, out);
  // The draws and the next tests share nothing but what is settled by now, so they may run at once. What each
  // writes is its own.
  const std::vector<node_belief> settled = out.beliefs;
  auto tests = std::async(std::launch::async, [&] {
    if (!asked_.tests.wanted)
      return std::vector<candidate_test>();
    return next_tests({knowledge_, picture, ground_, seen_, *p, theories_, targets_, settled, all_hold_,
                       test_tables_, asked_.tests});
  });
  intervals(run, out);
  out.tests = tests.get();
  if (asked_.explains) {
    out.coherence = coherence(run, out.groups.size(), all_hold_);
    explain_leaders(run, out, *p);
  }
  return out;
}

} // namespace

reasoning reason(const kb::snapshot& knowledge, const cases::picture& picture, const grounding& ground,
                 const evidence& seen, const reasoning_options& asked) {
  return work(knowledge, ground, seen, asked).run(picture);
}

} // namespace posterior::inference
