#include "engine/inference/query.hpp"

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
  for (node_index v : p.nodes) {
    const double leak = net.leak[static_cast<std::size_t>(v)];
    w.leak_off.push_back(T{} + (1 - leak));
    w.leak_on.push_back(T{} + leak);
  }
  w.absent.assign(p.nodes.size(), one);
  w.present.assign(p.nodes.size(), one);
  for (const likelihood& l : seen) {
    const auto v = static_cast<std::size_t>(p.local_of[static_cast<std::size_t>(l.node)]);
    w.absent[v] *= T{} + l.absent;
    w.present[v] *= T{} + l.present;
  }
  for (node_index k : p.links) {
    const double q = net.links[static_cast<std::size_t>(k)].p;
    w.q.push_back(T{} + q);
    w.not_q.push_back(T{} + (1 - q));
  }
  for (node_index k : p.shocks) {
    const double q = net.shocks[static_cast<std::size_t>(k)].p;
    w.shock.push_back(T{} + q);
    w.not_shock.push_back(T{} + (1 - q));
  }
  return w;
}

template weights<double> base_weights<double>(const network&, const program&, std::span<const likelihood>);
template weights<two_lanes> base_weights<two_lanes>(const network&, const program&,
                                                    std::span<const likelihood>);
template weights<lanes> base_weights<lanes>(const network&, const program&, std::span<const likelihood>);

answer solve(const network& net, std::span<const likelihood> seen, std::span<const node_index> targets) {
  answer out;
  std::vector<node_index> absent;
  for (const likelihood& l : seen)
    if (l.present == 0)
      absent.push_back(l.node);
  const auto p = compile(net, nodes_of(seen), targets, absent);
  if (!p) {
    out.what = outcome::loop;
    return out;
  }
  out.width = p->width;
  out.cost = p->cost;
  if (p->cost > exact_cost_limit || p->stored * sizeof(double) > memory_limit) {
    out.what = outcome::too_wide;
    return out;
  }
  machine<double> m;
  m.run(*p, base_weights<double>(net, *p, seen));
  out.evidence = m.evidence().value;
  out.exponent = m.evidence().exponent;
  out.posterior.assign(net.leak.size(), -1);
  if (!(out.evidence > 0)) {
    out.what = outcome::contradiction;
    return out;
  }
  for (std::size_t i = 0; i < p->nodes.size(); ++i)
    out.posterior[static_cast<std::size_t>(p->nodes[i])] = m.posterior(static_cast<node_index>(i));
  return out;
}

std::vector<std::size_t> conflicting(const network& net, std::span<const likelihood> seen) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < seen.size(); ++i)
    kept.push_back(i);
  const auto impossible = [&](const std::vector<std::size_t>& which) {
    std::vector<likelihood> some;
    for (std::size_t i : which)
      some.push_back(seen[i]);
    return solve(net, some, {}).what == outcome::contradiction;
  };
  if (!impossible(kept))
    return {};
  for (std::size_t at = 0; at < kept.size();) {
    std::vector<std::size_t> fewer = kept;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
    if (impossible(fewer))
      kept = std::move(fewer);
    else
      ++at;
  }
  return kept;
}

} // namespace posterior::inference
