// One schedule, that of the evidence, serves every candidate. A finding speaks about a state S; what matters
// of it is the joint P(C, S | evidence), and for that one lane is enough in which S is absent (absence.hpp: S
// need not even be in the schedule): P(C, S present) is what is left. Everything else is linear in the two:
//   P(C, outcome) = P(outcome | S absent) P(C, S absent) + P(outcome | S present) P(C, S present)
// so every finding, level and measured value about S follows from that one lane, and for a finding that
// speaks about two or three states from one lane for each set of them that may be absent together. What is
// left is a difference, the only one: it serves to order the tests, and a state likelier than 1e-6 keeps ten
// digits.
//
// The information about one condition is
//   I = H(sum over outcomes of P(o) p(o)) - sum of P(o) H(p(o)),   H(p) = -p log2 p - (1 - p) log2 (1 - p),
// never negative, because H is concave. Where families are pooled or a finding speaks about several states,
// an outcome's weight is not quite a probability; P(o) is then the outcome's share, and p(o) what recording
// it gives.
//
// A risk acts on leaks instead of through links (grounding.hpp), so nothing is linear in it: its answers take
// one lane each. Judged by tests/inference/next_tests_test.cpp.
#include "engine/inference/next_tests.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "engine/inference/nearness.hpp"
#include "engine/inference/query.hpp"
#include "kb/values/odds.hpp"

namespace posterior::inference {
namespace {

constexpr std::size_t most_states = 3;        // of one finding, for the linear way
constexpr double least_likely = 1e-9;         // a state or an outcome below this is taken as impossible
constexpr double certain_enough = 1e-4;       // relative change below this is no information: under 1e-9 bits
constexpr double conditioning_limit = 0x1p20; // cells that one question may cost beside the schedule
constexpr std::size_t tests_varied = 12;      // tests whose spread over the draws is worth the lanes

// Outcome weights and posteriors of the targets, all theories holding.
struct verdict {
  double weight = 0;
  std::vector<double> posterior;
};

// P(all of some states absent | evidence), and the same together with each target.
struct joint {
  double p = 1;
  std::vector<double> with;
};

using node_list = std::vector<node_index>;
using sayings = std::vector<std::vector<said>>; // by outcome, then node

// The lanes of one round: sets of states held absent, and answers given outright.
struct lane_plan {
  struct sum {
    std::vector<std::pair<double, std::size_t>> terms; // factor, lane
  };
  std::map<node_list, sum> sets;
  std::vector<absence> absent; // one lane each, before those of `heard`
  // Two lanes for each outcome of a question that the linear way cannot answer: what it counts, and how
  // likely it is.
  std::vector<std::vector<likelihood>> heard;
  std::size_t size() const { return absent.size() + heard.size(); }
};

// How a question is answered in a round.
struct way {
  bool linear = false;
  bool outright = false;
  std::size_t first = 0;       // outright: into lane_plan::heard
  std::vector<double> outside; // outright: what risks outside of the schedule make of each outcome's share
};

class asker {
public:
  explicit asker(const test_question& q);
  std::vector<candidate_test> run();
  std::optional<candidate_test> condition(const question& x);

private:
  bool is_loose_risk(node_index v) const { return loose_risk_[static_cast<std::size_t>(v)]; }
  bool is_scheduled(node_index v) const { return q_.schedule.local_of[static_cast<std::size_t>(v)] >= 0; }
  std::vector<question> within_budget(std::vector<question> all) const;
  bool plan_linear(lane_plan& plan, const question& x, const parameters& numbers, int i) const;
  way plan_for(lane_plan& plan, const question& x, const sayings& says, const parameters& numbers,
               int i) const;
  way hear(lane_plan& plan, const question& x, const sayings& says, const program& p,
           const parameters& numbers, int i) const;
  std::vector<joint> joints(const question& x, const lane_plan& plan, std::span<const run_result> runs,
                            const run_result& base) const;
  std::vector<verdict> combine(const sayings& says, const std::vector<joint>& by_set) const;
  std::vector<verdict> heard(const way& how, std::size_t outcomes, std::span<const run_result> runs,
                             const run_result& base) const;
  std::vector<std::vector<verdict>> round(const std::vector<question>& all, const std::vector<sayings>& says,
                                          lane_runner<lanes>& runner, const parameters& numbers, int i);
  double risk_share(node_index v, const pair& mass, const parameters& numbers, int i) const;
  candidate_test conclude(const question& x, const std::vector<verdict>& each) const;
  double information(const std::vector<double>& probability, const std::vector<verdict>& each) const;
  void add_spread(std::vector<candidate_test>& tests, const std::vector<question>& asked);

  const test_question& q_;
  parameters means_{0};
  absences absences_;
  std::vector<likelihood> seen_;
  std::vector<double> weight_, share_; // by target
  std::vector<bool> loose_risk_;       // by node
};

double standard_deviation(const std::vector<double>& all) {
  double mean = 0, squares = 0;
  for (double x : all)
    mean += x / static_cast<double>(all.size());
  for (double x : all)
    squares += (x - mean) * (x - mean) / static_cast<double>(all.size());
  return std::sqrt(squares);
}

sayings means_of(const question& x) {
  sayings out;
  for (const possible_outcome& o : x.outcomes)
    out.push_back(o.says);
  return out;
}

// The states of a question that bit mask `which` names, in order.
node_list some_of(const question& x, std::size_t which) {
  node_list out;
  for (std::size_t k = 0; k < x.nodes.size(); ++k)
    if (which >> k & 1)
      out.push_back(x.nodes[k]);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<double> shares(const std::vector<verdict>& each) {
  double total = 0;
  for (const verdict& v : each)
    total += v.weight;
  std::vector<double> out;
  for (const verdict& v : each)
    out.push_back(total > 0 ? v.weight / total : 0);
  return out;
}

asker::asker(const test_question& q)
    : q_(q)
    , absences_(q.ground, q.seen, q.schedule)
    , seen_(q.seen.likelihoods(means_, -1))
    , loose_risk_(q.ground.net().leak.size()) {
  for (const risk_link& r : q.ground.risks())
    loose_risk_[static_cast<std::size_t>(r.risk)] = true;
  for (std::size_t k = 0; k < q.targets.size(); ++k) {
    const node_belief& b = q.beliefs[k];
    const bool counts = b.state->kind == kb::state_kind::cause || b.state->kind == kb::state_kind::other;
    const bool in_focus =
        q.wishes.focus.empty()
            ? counts
            : b.state->id == q.wishes.focus && (!q.wishes.focus_side || *q.wishes.focus_side == b.where);
    weight_.push_back(!in_focus                                    ? 0
                      : b.state->serious && q.wishes.focus.empty() ? judgement::serious_weight
                                                                   : judgement::information_weight);
    // What the mixture over theories makes of the posterior now, it makes of the outcomes too.
    share_.push_back(b.theory && q.now.posterior[k] > 0 ? std::min(1.0, b.posterior / q.now.posterior[k])
                                                        : 1);
  }
}

// Where a lane is dear, the questions whose states lie nearest to open causes.
std::vector<question> asker::within_budget(std::vector<question> all) const {
  // What bears on no cause tells nothing; left in, it would take the place of something that does.
  const std::vector<bool> bears = reachable(q_.ground, q_.targets, weight_);
  std::erase_if(all, [&](const question& x) {
    return std::none_of(x.nodes.begin(), x.nodes.end(),
                        [&](node_index v) { return bears[static_cast<std::size_t>(v)]; });
  });
  const double most = q_.wishes.cells * lane_count<lanes> / std::max(1.0, q_.schedule.cost);
  lane_plan plan;
  for (const question& x : all)
    plan_for(plan, x, means_of(x), means_, -1);
  if (static_cast<double>(plan.size()) <= most)
    return all;
  std::vector<double> worth;
  for (std::size_t k = 0; k < q_.targets.size(); ++k)
    worth.push_back(weight_[k] * entropy_bits(q_.beliefs[k].posterior));
  const std::vector<double> open = nearness(q_.ground, q_.targets, worth);
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < all.size(); ++i) {
    double nearest = 0;
    for (node_index v : all[i].nodes)
      nearest = std::max(nearest, open[static_cast<std::size_t>(v)]);
    order.emplace_back(-nearest / minutes_of(*all[i].finding), i);
  }
  std::sort(order.begin(), order.end());
  std::vector<question> kept;
  plan = {};
  for (const auto& [nearest, i] : order) {
    plan_for(plan, all[i], means_of(all[i]), means_, -1);
    if (static_cast<double>(plan.size()) > most)
      break;
    kept.push_back(std::move(all[i]));
  }
  return kept;
}

// Sees to it that every set of the question's states has its lanes; false if the linear way cannot answer it.
bool asker::plan_linear(lane_plan& plan, const question& x, const parameters& numbers, int i) const {
  if (x.nodes.size() > most_states ||
      std::any_of(x.nodes.begin(), x.nodes.end(), [&](node_index v) { return is_loose_risk(v); }))
    return false;
  for (std::size_t which = 1; which < (std::size_t{1} << x.nodes.size()); ++which) {
    node_list set = some_of(x, which);
    if (plan.sets.contains(set))
      continue;
    const auto terms = absences_.of(set, numbers, i);
    if (!terms)
      return false;
    lane_plan::sum sum;
    for (const absence& t : *terms) {
      sum.terms.emplace_back(t.factor, plan.absent.size());
      plan.absent.push_back(t);
    }
    plan.sets.emplace(std::move(set), std::move(sum));
  }
  return true;
}

way asker::plan_for(lane_plan& plan, const question& x, const sayings& says, const parameters& numbers,
                    int i) const {
  if (plan_linear(plan, x, numbers, i))
    return {true, false, 0, {}};
  const bool on_schedule = std::all_of(x.nodes.begin(), x.nodes.end(),
                                       [&](node_index v) { return is_loose_risk(v) || is_scheduled(v); });
  return on_schedule ? hear(plan, x, says, q_.schedule, numbers, i) : way{};
}

way asker::hear(lane_plan& plan, const question& x, const sayings& says, const program& p,
                const parameters& numbers, int i) const {
  way how{false, true, plan.heard.size(), {}};
  for (const std::vector<said>& o : says) {
    std::vector<likelihood> counts, mass;
    double share = 1;
    for (std::size_t k = 0; k < o.size(); ++k) {
      counts.push_back({x.nodes[k], o[k].counts.absent, o[k].counts.present});
      mass.push_back({x.nodes[k], o[k].mass.absent, o[k].mass.present});
      if (p.local_of[static_cast<std::size_t>(x.nodes[k])] < 0)
        share *= risk_share(x.nodes[k], o[k].mass, numbers, i);
    }
    plan.heard.push_back(std::move(counts));
    plan.heard.push_back(std::move(mass));
    how.outside.push_back(share);
  }
  return how;
}

std::vector<joint> asker::joints(const question& x, const lane_plan& plan, std::span<const run_result> runs,
                                 const run_result& base) const {
  std::vector<joint> out;
  out.push_back({1, base.posterior});
  for (std::size_t which = 1; which < (std::size_t{1} << x.nodes.size()); ++which) {
    joint sum{0, std::vector<double>(base.posterior.size())};
    for (const auto& [factor, lane] : plan.sets.at(some_of(x, which)).terms) {
      if (!(runs[lane].evidence > 0))
        continue;
      const double p = factor * evidence_ratio(runs[lane], base);
      sum.p += p;
      for (std::size_t t = 0; t < sum.with.size(); ++t)
        sum.with[t] += p * runs[lane].posterior[t];
    }
    out.push_back(std::move(sum));
  }
  return out;
}

// Each outcome is a product over states of a + (b - a) [state absent], so a sum over sets of absent states.
std::vector<verdict> asker::combine(const sayings& says, const std::vector<joint>& by_set) const {
  std::vector<verdict> out;
  for (const std::vector<said>& o : says) {
    verdict v{0, std::vector<double>(by_set[0].with.size())};
    double total = 0;
    for (std::size_t which = 0; which < by_set.size(); ++which) {
      double mass = 1, counts = 1;
      for (std::size_t k = 0; k < o.size(); ++k) {
        const bool absent = which >> k & 1;
        mass *= absent ? o[k].mass.absent - o[k].mass.present : o[k].mass.present;
        counts *= absent ? o[k].counts.absent - o[k].counts.present : o[k].counts.present;
      }
      v.weight += mass * by_set[which].p;
      total += counts * by_set[which].p;
      for (std::size_t t = 0; t < v.posterior.size(); ++t)
        v.posterior[t] += counts * by_set[which].with[t];
    }
    v.weight = total > least_likely ? std::max(0.0, v.weight) : 0;
    for (double& p : v.posterior)
      p = total > least_likely ? std::clamp(p / total, 0.0, 1.0) : 0;
    out.push_back(std::move(v));
  }
  return out;
}

// P(outcome) as far as a risk outside of the schedule decides it.
double asker::risk_share(node_index v, const pair& mass, const parameters& numbers, int i) const {
  const double before = q_.ground.own_leak(v, numbers, i);
  double off = 1 - before, on = before;
  for (const likelihood& l : seen_)
    if (l.node == v) {
      off *= l.absent;
      on *= l.present;
    }
  return off + on > 0 ? (off * mass.absent + on * mass.present) / (off + on) : 1;
}

std::vector<verdict> asker::heard(const way& how, std::size_t outcomes, std::span<const run_result> runs,
                                  const run_result& base) const {
  std::vector<verdict> out;
  for (std::size_t k = 0; k < outcomes; ++k) {
    const run_result &counts = runs[how.first + 2 * k], &mass = runs[how.first + 2 * k + 1];
    const bool possible = counts.evidence > 0 && mass.evidence > 0;
    out.push_back({possible ? how.outside[k] * evidence_ratio(mass, base) : 0, counts.posterior});
  }
  return out;
}

// Verdicts of all questions under one set of parameters; empty for those that the schedule cannot answer.
std::vector<std::vector<verdict>> asker::round(const std::vector<question>& all,
                                               const std::vector<sayings>& says, lane_runner<lanes>& runner,
                                               const parameters& numbers, int i) {
  lane_plan plan;
  std::vector<way> ways;
  for (std::size_t k = 0; k < all.size(); ++k)
    ways.push_back(plan_for(plan, all[k], says[k], numbers, i));
  std::vector<variation> what(1 + plan.size());
  for (variation& v : what)
    v.draw = i;
  for (std::size_t l = 0; l < plan.absent.size(); ++l)
    what[1 + l].below = &plan.absent[l];
  for (std::size_t l = 0; l < plan.heard.size(); ++l)
    what[1 + plan.absent.size() + l].more = plan.heard[l];
  const auto runs = runner.run(what, q_.targets);
  const run_result& base = runs[0];
  const std::span<const run_result> rest(runs.begin() + 1, runs.end());
  std::vector<std::vector<verdict>> out(all.size());
  for (std::size_t k = 0; base.evidence > 0 && k < all.size(); ++k)
    if (ways[k].linear)
      out[k] = combine(says[k], joints(all[k], plan, rest, base));
    else if (ways[k].outright)
      out[k] = heard(ways[k], says[k].size(), rest.subspan(plan.absent.size()), base);
  return out;
}

double asker::information(const std::vector<double>& probability, const std::vector<verdict>& each) const {
  double bits = 0;
  for (std::size_t t = 0; t < weight_.size(); ++t) {
    if (weight_[t] <= 0)
      continue;
    double mean = 0, after = 0, least = 1, most = 0;
    for (std::size_t o = 0; o < each.size(); ++o)
      if (probability[o] > 0) {
        const double p = each[o].posterior[t] * share_[t];
        mean += probability[o] * p;
        least = std::min(least, p);
        most = std::max(most, p);
      }
    if (most - least <= certain_enough * mean * (1 - mean))
      continue;
    for (std::size_t o = 0; o < each.size(); ++o)
      if (probability[o] > 0)
        after += probability[o] * entropy_bits(each[o].posterior[t] * share_[t]);
    bits += weight_[t] * std::max(0.0, entropy_bits(mean) - after);
  }
  return bits;
}

candidate_test asker::conclude(const question& x, const std::vector<verdict>& each) const {
  candidate_test t;
  t.finding = x.finding;
  t.where = x.where;
  const std::vector<double> probability = shares(each);
  t.bits = information(probability, each);
  t.if_positive.assign(weight_.size(), 0);
  t.if_negative.assign(weight_.size(), 0);
  for (std::size_t o = 0; o < each.size(); ++o) {
    test_result r{x.outcomes[o].answer, x.outcomes[o].positive, probability[o], each[o].posterior};
    for (std::size_t k = 0; k < r.posterior.size(); ++k)
      r.posterior[k] *= share_[k];
    if (r.positive)
      t.positive += r.probability;
    auto& sum = r.positive ? t.if_positive : t.if_negative;
    for (std::size_t k = 0; k < sum.size(); ++k)
      sum[k] += r.probability * r.posterior[k];
    t.results.push_back(std::move(r));
  }
  for (std::size_t k = 0; k < weight_.size(); ++k) {
    t.if_positive[k] =
        t.positive > 0 ? std::min(1.0, t.if_positive[k] / t.positive) : q_.beliefs[k].posterior;
    t.if_negative[k] =
        t.positive < 1 ? std::min(1.0, t.if_negative[k] / (1 - t.positive)) : q_.beliefs[k].posterior;
  }
  return t;
}

std::optional<candidate_test> asker::condition(const question& x) {
  node_list wanted = q_.targets;
  wanted.insert(wanted.end(), x.nodes.begin(), x.nodes.end());
  const program p = planner().compile(q_.ground.map(), q_.seen.nodes(), wanted, q_.seen.certainly_absent());
  if (p.cost > conditioning_limit || p.stored * sizeof(lanes) > memory_limit)
    return {};
  lane_plan plan;
  const way how = hear(plan, x, means_of(x), p, means_, -1);
  std::vector<variation> what(1 + plan.heard.size());
  for (std::size_t l = 0; l < plan.heard.size(); ++l)
    what[1 + l].more = plan.heard[l];
  lane_runner<lanes> runner(q_.ground, q_.seen, p, means_, q_.theories, q_.tables);
  const auto runs = runner.run(what, q_.targets);
  return conclude(x, heard(how, x.outcomes.size(), std::span(runs).subspan(1), runs[0]));
}

// The standard deviation of the bits over draws of the parameters, for the first tests.
void asker::add_spread(std::vector<candidate_test>& tests, const std::vector<question>& asked) {
  if (q_.wishes.draws <= 1 || tests.empty())
    return;
  const parameters drawn(q_.wishes.draws);
  lane_runner<lanes> runner(q_.ground, q_.seen, q_.schedule, drawn, q_.theories, q_.tables);
  std::vector<question> first;
  for (std::size_t k = 0; k < std::min(tests_varied, tests.size()); ++k)
    first.push_back(*std::find_if(asked.begin(), asked.end(), [&](const question& a) {
      return a.finding == tests[k].finding && a.where == tests[k].where;
    }));
  std::vector<std::vector<double>> bits(first.size());
  for (int i = 0; i < drawn.draws(); ++i) {
    std::vector<sayings> says;
    for (const question& x : first)
      says.push_back(said_in(x, q_.seen, drawn, i));
    const auto each = round(first, says, runner, drawn, i);
    for (std::size_t k = 0; k < first.size(); ++k)
      if (!each[k].empty())
        bits[k].push_back(information(shares(each[k]), each[k]));
  }
  for (std::size_t k = 0; k < first.size(); ++k)
    tests[k].bits_spread = standard_deviation(bits[k]);
}

std::vector<candidate_test> asker::run() {
  const std::vector<question> all =
      within_budget(open_questions(q_.knowledge, q_.picture, q_.seen, q_.wishes.only));
  std::vector<sayings> says;
  for (const question& x : all)
    says.push_back(means_of(x));
  lane_runner<lanes> runner(q_.ground, q_.seen, q_.schedule, means_, q_.theories, q_.tables);
  const auto each = round(all, says, runner, means_, -1);
  std::vector<candidate_test> out;
  for (std::size_t k = 0; k < all.size(); ++k)
    if (!each[k].empty())
      out.push_back(conclude(all[k], each[k]));
    else if (auto t = condition(all[k]))
      out.push_back(std::move(*t));
  std::sort(out.begin(), out.end(), comes_before);
  add_spread(out, all);
  return out;
}

} // namespace

double minutes_of(const kb::finding& f) {
  return std::max(judgement::least_minutes, f.minutes);
}

bool comes_before(const candidate_test& a, const candidate_test& b) {
  const auto rate = [](const candidate_test& t) {
    return static_cast<std::int64_t>(t.bits / minutes_of(*t.finding) * 1e9 + 0.5);
  };
  return std::tuple(-rate(a), a.finding->id, a.where) < std::tuple(-rate(b), b.finding->id, b.where);
}

std::optional<candidate_test> by_conditioning(const test_question& q, const question& x) {
  return asker(q).condition(x);
}

std::vector<candidate_test> next_tests(const test_question& q) {
  return asker(q).run();
}

} // namespace posterior::inference
