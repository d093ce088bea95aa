#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/inference/explainer.hpp"
#include "engine/inference/ladder.hpp"
#include "engine/inference/shapley.hpp"
#include "kb/values/odds.hpp"

namespace posterior::inference {
namespace {

// All sets of groups are tried where that touches at most this many cells (some 60 ms), else drawn orders.
constexpr double all_sets_cells = 0x1p27;
constexpr std::size_t fewest_orders = 16;
constexpr double set_worth_from = 0.05; // causes below this are not told apart in the sets
constexpr std::size_t sets_told = 3, most_considered = 8;

std::int64_t rounded(double p) {
  return static_cast<std::int64_t>(p * 1e9 + (p < 0 ? -0.5 : 0.5));
}

// What each group speaks about: nodes of the schedule, and for a risk that acts through leaks its effects.
std::vector<std::vector<node_index>> nodes_of_groups(const explained_query& q) {
  std::vector<std::vector<node_index>> out(q.said.groups.size());
  const auto add = [&](std::size_t g, node_index v) {
    if (q.schedule.local_of[static_cast<std::size_t>(v)] >= 0)
      out[g].push_back(v);
  };
  for (const speaker& s : q.seen.speakers()) {
    const auto g = static_cast<std::size_t>(
        std::lower_bound(q.said.groups.begin(), q.said.groups.end(), s.group) - q.said.groups.begin());
    add(g, s.node);
    for (const risk_link& r : q.ground.risks())
      if (r.risk == s.node)
        add(g, r.effect);
  }
  return out;
}

// v of sets over the groups `among`; the other groups are kept out, they do not bear on these targets.
std::vector<double> values(const explained_query& q, std::span<const group_set> sets,
                           const std::vector<std::size_t>& among, const std::vector<node_index>& nodes) {
  std::vector<variation> what;
  for (const group_set& kept : sets) {
    what.emplace_back();
    what.back().without_groups.assign(q.said.groups.size(), true);
    for (std::size_t g = 0; g < among.size(); ++g)
      what.back().without_groups[among[g]] = !kept[g];
  }
  std::vector<double> out;
  for (const run_result& r : q.run.run(what, nodes))
    for (double p : r.posterior)
      out.push_back(bounded_logit(p));
  return out;
}

cause_balance as_printed(const explained_query& q, std::size_t belief, const balance& b,
                         const std::vector<std::size_t>& among) {
  const node_belief& said = q.said.beliefs[belief];
  cause_balance out;
  out.belief = belief;
  out.from = decibel * bounded_logit(said.prior);
  out.to = decibel * bounded_logit(said.posterior);
  out.exact = b.exact;
  double sum = 0;
  for (std::size_t g = 0; g < among.size(); ++g) {
    sum += decibel * b.share[g];
    if (b.share[g] > 1e-12 || b.share[g] < -1e-12)
      out.items.push_back({among[g], decibel * b.share[g], decibel * b.error[g]});
  }
  const bool mixed = q.cases.size() > 1 || q.scale[belief] < 1;
  out.theories = mixed ? out.to - out.from - sum : 0;
  std::sort(out.items.begin(), out.items.end(), [](const balance_item& x, const balance_item& y) {
    const double a = x.db < 0 ? -x.db : x.db, c = y.db < 0 ? -y.db : y.db;
    return std::tuple(-rounded(a), x.group) < std::tuple(-rounded(c), y.group);
  });
  return out;
}

// Causes whose sheets are drawn up in one go, over the same groups.
struct sheet_plan {
  std::vector<std::size_t> among, causes;
};

double cells_of(const explained_query& q, std::size_t groups, std::size_t orders) {
  const double sets = orders == all_sets
                          ? static_cast<double>(std::size_t{1} << std::min<std::size_t>(groups, 60))
                          : static_cast<double>(groups * orders);
  return q.schedule.cost * sets;
}

// All sets if that is within reach, else as many orders as are.
std::size_t orders_for(const explained_query& q, std::size_t groups, double cells) {
  if (groups <= exact_groups && cells_of(q, groups, all_sets) <= std::min(cells, all_sets_cells))
    return all_sets;
  std::size_t orders = orders_tried;
  while (orders > fewest_orders && cells_of(q, groups, orders) > cells)
    orders /= 2;
  return orders;
}

// Causes that hear the same groups together; all of them together where that is cheaper.
std::vector<sheet_plan> plans(const explained_query& q, const std::vector<std::size_t>& about,
                              const std::vector<std::vector<std::size_t>>& bearing) {
  std::map<std::vector<std::size_t>, std::vector<std::size_t>> alike;
  std::set<std::size_t> any;
  for (std::size_t i = 0; i < about.size(); ++i) {
    alike[bearing[i]].push_back(about[i]);
    any.insert(bearing[i].begin(), bearing[i].end());
  }
  std::vector<sheet_plan> apart;
  double each = 0;
  const auto cost = [&](std::size_t groups) {
    return cells_of(q, groups, orders_for(q, groups, all_sets_cells));
  };
  for (const auto& [among, causes] : alike) {
    apart.push_back({among, causes});
    each += cost(among.size());
  }
  if (apart.size() < 2 || each <= cost(any.size()))
    return apart;
  return {{{any.begin(), any.end()}, about}};
}

} // namespace

std::vector<std::size_t> ranked_causes(const reasoning& said) {
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < said.beliefs.size(); ++k)
    if (said.beliefs[k].state->kind == kb::state_kind::cause)
      out.push_back(k);
  std::stable_sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) {
    return rounded(said.beliefs[a].posterior) > rounded(said.beliefs[b].posterior);
  });
  return out;
}

std::vector<cause_balance> cause_balances(const explained_query& q, const std::vector<std::size_t>& about,
                                          double cells) {
  std::vector<node_index> nodes;
  for (std::size_t k : about)
    nodes.push_back(q.targets[k]);
  const auto bearing = bearing_groups(q.ground.net(), nodes_of_groups(q), q.seen.certainly_absent(), nodes);
  std::vector<cause_balance> out;
  for (const sheet_plan& plan : plans(q, about, bearing)) {
    const std::size_t orders = orders_for(q, plan.among.size(), cells);
    const double need = cells_of(q, plan.among.size(), orders);
    if (need > cells)
      continue;
    cells = cells - need;
    std::vector<node_index> here;
    for (std::size_t k : plan.causes)
      here.push_back(q.targets[k]);
    const auto sheets = balance_sheets(
        plan.among.size(), here.size(),
        [&](std::span<const group_set> sets) { return values(q, sets, plan.among, here); }, orders);
    for (std::size_t i = 0; i < plan.causes.size(); ++i)
      out.push_back(as_printed(q, plan.causes[i], sheets[i], plan.among));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.belief < b.belief; });
  return out;
}

double coherence(lane_runner<lanes>& run, std::size_t groups, const run_result& now) {
  std::vector<variation> alone(groups);
  for (std::size_t g = 0; g < groups; ++g) {
    alone[g].without_groups.assign(groups, true);
    alone[g].without_groups[g] = false;
  }
  double apart = 0;
  for (const run_result& r : run.run(alone, {}, true))
    apart += log10_of(r.evidence, r.exponent);
  return log10_of(now.evidence, now.exponent) - apart;
}

explanation explain(const explained_query& q, const explanation_wish& asked) {
  explanation out;
  std::vector<std::size_t> about;
  const auto ranks = ranked_causes(q.said);
  for (std::size_t k : ranks)
    if (about.size() < static_cast<std::size_t>(asked.leaders) && q.said.beliefs[k].examined)
      about.push_back(k);
  for (std::size_t k = 0; k < q.said.beliefs.size(); ++k)
    if (std::find(asked.also.begin(), asked.also.end(), q.said.beliefs[k].state->id) != asked.also.end() &&
        std::find(about.begin(), about.end(), k) == about.end())
      about.push_back(k);
  std::sort(about.begin(), about.end());
  if (!about.empty()) {
    out.rivals = rivals(q, about);
    if (!asked.rivals_only) {
      out.balances = cause_balances(q, about, asked.cells);
      out.ways = ways(q, about);
    }
  }
  if (asked.sets) {
    for (std::size_t k : ranks)
      if (q.said.beliefs[k].examined && q.said.beliefs[k].posterior > set_worth_from &&
          out.considered.size() < most_considered)
        out.considered.push_back(k);
    out.sets = cause_sets(q, out.considered, sets_told);
  }
  return out;
}

} // namespace posterior::inference
