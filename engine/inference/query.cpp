#include "engine/inference/query.hpp"

#include <limits>

#include "kb/values/elementary.hpp"

namespace posterior::inference {
namespace {

std::vector<node_index> nodes_of(std::span<const likelihood> seen) {
  std::vector<node_index> out;
  for (const likelihood& l : seen)
    out.push_back(l.node);
  return out;
}

} // namespace

template <typename T>
weights<T> base_weights(const network& net, const program& p, std::span<const likelihood> seen) {
  weights<T> w;
  const T one = T{} + 1.0;
  const std::size_t n = p.nodes.size(), links = p.links.size(), shocks = p.shocks.size();
  for (auto* values : {&w.leak_off, &w.leak_on})
    values->resize(n);
  for (std::size_t v = 0; v < n; ++v) {
    const double leak = net.leak[static_cast<std::size_t>(p.nodes[v])];
    w.leak_off[v] = T{} + (1 - leak);
    w.leak_on[v] = T{} + leak;
  }
  w.absent.assign(n, one);
  w.present.assign(n, one);
  for (const likelihood& l : seen) {
    const auto v = static_cast<std::size_t>(p.local_of[static_cast<std::size_t>(l.node)]);
    w.absent[v] *= T{} + l.absent;
    w.present[v] *= T{} + l.present;
  }
  w.q.resize(links);
  w.not_q.resize(links);
  for (std::size_t k = 0; k < links; ++k) {
    const double q = net.links[static_cast<std::size_t>(p.links[k])].p;
    w.q[k] = T{} + q;
    w.not_q[k] = T{} + (1 - q);
  }
  w.shock.resize(shocks);
  w.not_shock.resize(shocks);
  for (std::size_t k = 0; k < shocks; ++k) {
    const double q = net.shocks[static_cast<std::size_t>(p.shocks[k])].p;
    w.shock[k] = T{} + q;
    w.not_shock[k] = T{} + (1 - q);
  }
  for (node_index t : p.tables) {
    w.table_at.push_back(w.tables.size());
    const auto& present = net.tables[static_cast<std::size_t>(t)].present;
    for (double x : present)
      w.tables.push_back(T{} + (1 - x));
    for (double x : present)
      w.tables.push_back(T{} + x);
  }
  return w;
}

template weights<double> base_weights<double>(const network&, const program&, std::span<const likelihood>);
template weights<two_lanes> base_weights<two_lanes>(const network&, const program&,
                                                    std::span<const likelihood>);
template weights<lanes> base_weights<lanes>(const network&, const program&, std::span<const likelihood>);

answer solve(const layout& map, std::span<const likelihood> seen, std::span<const node_index> targets,
             planner& plans, machine<double>& tables) {
  answer out;
  if (!map.looped().empty()) {
    out.what = outcome::loop;
    return out;
  }
  std::vector<node_index> absent;
  for (const likelihood& l : seen)
    if (l.present == 0)
      absent.push_back(l.node);
  const program p = plans.compile(map, nodes_of(seen), targets, absent);
  out.width = p.width;
  out.cost = p.cost;
  if (p.cost > exact_cost_limit || p.stored * sizeof(double) > memory_limit) {
    out.what = outcome::too_wide;
    return out;
  }
  tables.run(p, base_weights<double>(map.net(), p, seen));
  out.evidence = tables.evidence().value;
  out.exponent = tables.evidence().exponent;
  out.posterior.assign(map.net().leak.size(), -1);
  if (!(out.evidence > 0)) {
    out.what = outcome::contradiction;
    return out;
  }
  for (std::size_t i = 0; i < p.nodes.size(); ++i)
    out.posterior[static_cast<std::size_t>(p.nodes[i])] = tables.posterior(static_cast<node_index>(i));
  return out;
}

answer solve(const network& net, std::span<const likelihood> seen, std::span<const node_index> targets) {
  planner plans;
  machine<double> tables;
  return solve(layout(net), seen, targets, plans, tables);
}

double log10_of(double value, double exponent) {
  if (!(value > 0))
    return -std::numeric_limits<double>::infinity();
  return (log(value) + exponent * 0.6931471805599453) / 2.302585092994046;
}

} // namespace posterior::inference
