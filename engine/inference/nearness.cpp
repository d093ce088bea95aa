#include "engine/inference/nearness.hpp"

#include <algorithm>

namespace posterior::inference {
namespace {

std::size_t at(node_index v) {
  return static_cast<std::size_t>(v);
}

std::vector<std::vector<node_index>> neighbours(const grounding& ground) {
  const network& net = ground.net();
  std::vector<std::vector<node_index>> near(net.leak.size());
  const auto join = [&](node_index a, node_index b) {
    near[at(a)].push_back(b);
    near[at(b)].push_back(a);
  };
  for (const network::link& l : net.links)
    join(l.from, l.to);
  for (const network::shock& s : net.shocks)
    join(s.a, s.b);
  for (const network::table& t : net.tables)
    for (node_index parent : t.parents)
      join(parent, t.node);
  for (const risk_link& r : ground.risks())
    join(r.risk, r.effect);
  return near;
}

} // namespace

std::vector<bool> reachable(const grounding& ground, const std::vector<node_index>& targets,
                            const std::vector<double>& weights) {
  const auto near = neighbours(ground);
  std::vector<bool> out(near.size());
  std::vector<node_index> open;
  const auto reach = [&](node_index v) {
    if (!out[at(v)])
      open.push_back(v);
    out[at(v)] = true;
  };
  for (std::size_t k = 0; k < targets.size(); ++k)
    if (weights[k] > 0)
      reach(targets[k]);
  while (!open.empty()) {
    const node_index v = open.back();
    open.pop_back();
    for (node_index next : near[at(v)])
      reach(next);
  }
  return out;
}

std::vector<double> nearness(const grounding& ground, const std::vector<node_index>& targets,
                             const std::vector<double>& worth) {
  std::vector<double> own(ground.net().leak.size());
  for (std::size_t k = 0; k < targets.size(); ++k)
    own[at(targets[k])] = worth[k];
  std::vector<double> out = own;
  const auto near = [&](node_index a, node_index b, double p) {
    out[at(a)] = std::max(out[at(a)], p * own[at(b)]);
    out[at(b)] = std::max(out[at(b)], p * own[at(a)]);
  };
  for (const network::link& l : ground.net().links)
    near(l.from, l.to, l.p);
  for (const risk_link& r : ground.risks())
    near(r.risk, r.effect, r.statement->p.mean);
  return out;
}

} // namespace posterior::inference
