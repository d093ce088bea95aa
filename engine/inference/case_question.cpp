#include "engine/inference/case_question.hpp"

#include "engine/inference/lane_runner.hpp"
#include "engine/inference/planner.hpp"

namespace posterior::inference {
namespace {

std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

// The engine's own numbers for one run without evidence on the nodes: leaks raised by risks, links, shocks.
weights<two_lanes> numbers_of(const grounding& ground, const evidence& seen, const program& p) {
  const parameters means(0);
  const std::vector<theory_nodes> all_hold;
  machine<two_lanes> tables;
  return lane_runner<two_lanes>(ground, seen, p, means, all_hold, tables).numbers_of({});
}

} // namespace

std::string node_name(const grounding& ground, node_index v) {
  const node_meaning& m = ground.nodes()[ix(v)];
  std::string out = m.state->id;
  if (m.where != side::none)
    out += "@" + std::string(to_string(m.where));
  if (m.gate)
    return out + "#gate-" + std::to_string(v);
  return m.either ? out + "@either" : out;
}

case_question question_of(const grounding& ground, const evidence& seen,
                          std::span<const node_index> targets) {
  // Without `absent`, so that no link is taken to have failed to fire.
  const program p = planner().compile(ground.map(), seen.nodes(), targets);
  const auto w = numbers_of(ground, seen, p);
  case_question out;
  network& net = out.asked.net;
  out.node = p.nodes;
  for (std::size_t v = 0; v < p.nodes.size(); ++v) {
    out.asked.ids.push_back(node_name(ground, p.nodes[v]));
    net.leak.push_back(w.leak_on[v][0]);
  }
  const auto local = [&](node_index v) { return p.local_of[ix(v)]; };
  for (std::size_t k = 0; k < p.links.size(); ++k) {
    const auto& l = ground.net().links[ix(p.links[k])];
    net.links.push_back({local(l.from), local(l.to), w.q[k][0]});
  }
  for (std::size_t k = 0; k < p.shocks.size(); ++k) {
    const auto& s = ground.net().shocks[ix(p.shocks[k])];
    const double q = w.shock[k][0];
    if (local(s.a) >= 0 && local(s.b) >= 0) {
      net.shocks.push_back({local(s.a), local(s.b), q});
      continue;
    }
    double& leak = net.leak[ix(local(s.a) >= 0 ? local(s.a) : local(s.b))];
    leak += (1 - leak) * q;
  }
  for (node_index t : p.tables) {
    network::table table = ground.net().tables[ix(t)];
    table.node = local(table.node);
    for (node_index& parent : table.parents)
      parent = local(parent);
    net.tables.push_back(std::move(table));
  }
  for (const evidence::part& part : seen.parts(parameters(0), -1)) {
    out.asked.seen.push_back({local(part.node), {part.said.absent, part.said.present}});
    out.group.push_back(part.group);
  }
  return out;
}

} // namespace posterior::inference
