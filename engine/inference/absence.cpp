// Judged by tests/inference/next_tests_test.cpp: against conditioning in a schedule that holds the node, and
// against brute force.
#include "engine/inference/absence.hpp"

#include <algorithm>

namespace posterior::inference {
namespace {

std::size_t at(node_index v) {
  return static_cast<std::size_t>(v);
}

} // namespace

struct absences::partial {
  double factor = 1;
  std::map<node_index, double> not_q;   // by parent: product of 1 - q over the links into what is held
  std::vector<node_index> held, inside; // held absent: outside and inside of the schedule
  std::vector<node_index> unstruck;
};

absences::absences(const grounding& ground, const evidence& seen, const program& p)
    : ground_(ground)
    , program_(p)
    , seen_(seen.likelihoods(parameters(0), -1))
    , into_(ground.net().leak.size())
    , shocks_at_(ground.net().leak.size())
    , risks_into_(ground.net().leak.size())
    , rank_(ground.net().leak.size()) {
  const network& net = ground.net();
  std::vector<int> waiting(rank_.size());
  std::vector<std::vector<node_index>> out(rank_.size());
  for (std::size_t k = 0; k < net.links.size(); ++k) {
    into_[at(net.links[k].to)].push_back(k);
    out[at(net.links[k].from)].push_back(net.links[k].to);
    ++waiting[at(net.links[k].to)];
  }
  for (std::size_t k = 0; k < net.shocks.size(); ++k)
    for (node_index end : {net.shocks[k].a, net.shocks[k].b})
      shocks_at_[at(end)].push_back(k);
  for (const risk_link& r : ground.risks())
    risks_into_[at(r.effect)].push_back(&r);
  std::vector<node_index> order;
  for (node_index v = 0; v < net.size(); ++v)
    if (waiting[at(v)] == 0)
      order.push_back(v);
  for (std::size_t i = 0; i < order.size(); ++i) {
    rank_[at(order[i])] = static_cast<int>(i);
    for (node_index child : out[at(order[i])])
      if (--waiting[at(child)] == 0)
        order.push_back(child);
  }
}

bool absences::has_table(node_index v) const {
  const auto& all = ground_.net().tables;
  return std::any_of(all.begin(), all.end(), [v](const network::table& t) { return t.node == v; });
}

// No risk acted on the node.
double absences::risk_factor(node_index v, const parameters& numbers, int i) const {
  double none = 1;
  for (const risk_link* r : risks_into_[at(v)]) {
    const double before = ground_.own_leak(r->risk, numbers, i);
    double off = 1 - before, on = before;
    for (const likelihood& l : seen_)
      if (l.node == r->risk) {
        off *= l.absent;
        on *= l.present;
      }
    const double present = off + on > 0 ? on / (off + on) : before;
    none *= 1 - present * numbers.probability(r->p, r->statement->p, i);
  }
  return none;
}

void absences::hold(partial& t, node_index v, const parameters& numbers, int i) const {
  if (inside(v)) {
    t.inside.push_back(v);
    return;
  }
  t.held.push_back(v);
  t.not_q.erase(v);
  t.factor *= (1 - ground_.own_leak(v, numbers, i)) * risk_factor(v, numbers, i);
  for (std::size_t k : into_[at(v)]) {
    const node_index from = ground_.net().links[k].from;
    if (std::find(t.held.begin(), t.held.end(), from) == t.held.end())
      t.not_q.try_emplace(from, 1.0).first->second *= 1 - ground_.link(k, numbers, i);
  }
  for (std::size_t k : shocks_at_[at(v)]) {
    const auto number = static_cast<node_index>(k);
    if (std::find(t.unstruck.begin(), t.unstruck.end(), number) != t.unstruck.end())
      continue;
    t.unstruck.push_back(number);
    t.factor *= 1 - ground_.shock(k, numbers, i);
  }
}

// The last one in the order of causes: nothing that may still be held hangs below it.
node_index absences::next_outside(const partial& t) const {
  node_index last = -1;
  for (const auto& [v, not_q] : t.not_q)
    if (!inside(v) && (last < 0 || rank_[at(v)] > rank_[at(last)]))
      last = v;
  return last;
}

absence absences::finished(const partial& t) const {
  absence out{t.factor, {}, t.unstruck};
  for (const auto& [v, not_q] : t.not_q)
    out.on.push_back({v, 1, not_q});
  for (node_index v : t.inside)
    out.on.push_back({v, 1, 0});
  return out;
}

std::optional<std::vector<absence>> absences::of(std::span<const node_index> nodes, const parameters& numbers,
                                                 int i, std::size_t most) const {
  if (std::any_of(nodes.begin(), nodes.end(), [&](node_index v) { return !inside(v) && has_table(v); }))
    return std::nullopt;
  partial first;
  for (node_index v : nodes)
    hold(first, v, numbers, i);
  std::vector<partial> open{first};
  std::vector<absence> out;
  while (!open.empty()) {
    partial t = std::move(open.back());
    open.pop_back();
    const node_index u = next_outside(t);
    if (u < 0) {
      out.push_back(finished(t));
      continue;
    }
    if (has_table(u) || open.size() + out.size() + 2 > most)
      return std::nullopt;
    const double not_q = t.not_q[u];
    t.not_q.erase(u);
    partial absent = t;
    t.factor *= not_q;
    open.push_back(std::move(t));
    absent.factor *= 1 - not_q;
    hold(absent, u, numbers, i);
    open.push_back(std::move(absent));
  }
  return out;
}

} // namespace posterior::inference
