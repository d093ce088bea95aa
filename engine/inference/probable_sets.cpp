// Each node gives one factor: its probability given its parents, with what was observed about it. Nodes that
// shocks tie together give one factor in common, in which the shocks are summed. A node known to be absent
// falls apart into one factor for each parent. P(absent) and P(present) of a cell are built link by link
// (`on += off*q; off *= 1-q`), so nothing is subtracted here either.
#include "engine/inference/probable_sets.hpp"

#include <algorithm>
#include <cmath>

#include "engine/inference/max_tables.hpp"

namespace posterior::inference {
namespace {

std::size_t at(node_index v) {
  return static_cast<std::size_t>(v);
}

// P(absent | parents), P(present | parents) of one node, without what was observed about it.
struct odds {
  double off, on;
};

class model {
public:
  model(const network& net, std::span<const likelihood> seen, const program& p);

  // Free variables in local order, and the factors over them.
  const std::vector<node_index>& free() const { return free_; }
  std::vector<max_factor> factors() const;
  bool too_wide() const { return too_wide_; }
  // All nodes' states from those of the free ones.
  std::vector<bool> complete(const std::vector<bool>& of_free) const;
  // P(this joint state, evidence) against P(evidence).
  double posterior(const std::vector<bool>& state, const scaled<double>& evidence) const;

private:
  enum : int { open = -1 };
  struct weighted {
    node_index node; // parent, or partner
    double p;
  };
  struct kin { // nodes that shocks tie together
    std::vector<node_index> members;
    struct shock {
      node_index a, b;
      double p;
    };
    std::vector<shock> shocks;
  };
  void read_shocks(const network& net);
  void group(const std::vector<kin::shock>& shocks);
  odds given(node_index v, const std::vector<bool>& state) const;
  double joint(const kin& k, const std::vector<bool>& state) const;
  max_factor over(const kin& k) const;
  void add_denied(node_index v, std::vector<max_factor>& out) const;
  bool is_table(node_index v) const { return table_[at(v)] != nullptr; }
  std::vector<node_index> parents(node_index v) const;

  const program& p_;
  std::vector<double> leak_off_, leak_on_, absent_, present_;
  std::vector<std::vector<weighted>> links_; // into each node, by local number
  std::vector<const network::table*> table_;
  std::vector<std::vector<node_index>> table_parents_;
  std::vector<int> fixed_;    // 0, 1 or open
  std::vector<int> variable_; // number among the free, -1
  std::vector<node_index> free_;
  std::vector<kin> kin_;
  mutable bool too_wide_ = false;
};

model::model(const network& net, std::span<const likelihood> seen, const program& p)
    : p_(p) {
  const std::size_t n = p.nodes.size();
  const auto local = [&](node_index v) { return p.local_of[at(v)]; };
  for (node_index v : p.nodes) {
    leak_off_.push_back(1 - net.leak[at(v)]);
    leak_on_.push_back(net.leak[at(v)]);
  }
  absent_.assign(n, 1);
  present_.assign(n, 1);
  for (const likelihood& l : seen) {
    absent_[at(local(l.node))] *= l.absent;
    present_[at(local(l.node))] *= l.present;
  }
  links_.resize(n);
  for (const auto& l : net.links)
    if (local(l.to) >= 0)
      links_[at(local(l.to))].push_back({local(l.from), l.p});
  table_.assign(n, nullptr);
  table_parents_.resize(n);
  for (const auto& t : net.tables)
    if (local(t.node) >= 0) {
      table_[at(local(t.node))] = &t;
      for (node_index u : t.parents)
        table_parents_[at(local(t.node))].push_back(local(u));
    }
  for (std::size_t v = 0; v < n; ++v) {
    fixed_.push_back(absent_[v] <= 0 ? 1 : present_[v] <= 0 ? 0 : open);
    variable_.push_back(fixed_[v] == open ? static_cast<int>(free_.size()) : -1);
    if (fixed_[v] == open)
      free_.push_back(static_cast<node_index>(v));
  }
  read_shocks(net);
}

// A shock whose other end does not matter is part of the leak; one whose end is absent did not happen.
void model::read_shocks(const network& net) {
  std::vector<kin::shock> between;
  for (const auto& s : net.shocks) {
    const node_index a = p_.local_of[at(s.a)], b = p_.local_of[at(s.b)];
    if (a >= 0 && b >= 0) {
      between.push_back({a, b, s.p});
    } else if (a >= 0 || b >= 0) {
      const std::size_t v = at(a >= 0 ? a : b);
      leak_on_[v] += leak_off_[v] * s.p;
      leak_off_[v] *= 1 - s.p;
    }
  }
  group(between);
}

void model::group(const std::vector<kin::shock>& shocks) {
  std::vector<std::size_t> of(p_.nodes.size());
  for (std::size_t v = 0; v < of.size(); ++v)
    of[v] = v;
  for (const auto& s : shocks) {
    const std::size_t gone = of[at(s.b)], kept = of[at(s.a)];
    if (fixed_[at(s.a)] != 0 && fixed_[at(s.b)] != 0)
      for (std::size_t& g : of)
        g = g == gone ? kept : g;
  }
  for (std::size_t g = 0; g < of.size(); ++g) {
    kin k;
    for (std::size_t v = 0; v < of.size(); ++v)
      if (of[v] == g)
        k.members.push_back(static_cast<node_index>(v));
    for (const auto& s : shocks)
      if (of[at(s.a)] == g)
        k.shocks.push_back(s);
    if (!k.members.empty())
      kin_.push_back(std::move(k));
  }
}

std::vector<node_index> model::parents(node_index v) const {
  if (is_table(v))
    return table_parents_[at(v)];
  std::vector<node_index> out;
  for (const weighted& l : links_[at(v)])
    out.push_back(l.node);
  return out;
}

odds model::given(node_index v, const std::vector<bool>& state) const {
  if (is_table(v)) {
    std::size_t c = 0;
    for (std::size_t k = 0; k < table_parents_[at(v)].size(); ++k)
      c |= std::size_t{state[at(table_parents_[at(v)][k])]} << k;
    const double on = table_[at(v)]->present[c];
    return {1 - on, on};
  }
  odds o{leak_off_[at(v)], leak_on_[at(v)]};
  for (const weighted& l : links_[at(v)])
    if (state[at(l.node)]) {
      o.on += o.off * l.p;
      o.off *= 1 - l.p;
    }
  return o;
}

// Of all members, summed over which shocks happened, with what was observed about the members.
double model::joint(const kin& k, const std::vector<bool>& state) const {
  double total = 0;
  for (std::size_t struck = 0; struck < std::size_t{1} << k.shocks.size(); ++struck) {
    double p = 1;
    std::vector<node_index> hit;
    for (std::size_t s = 0; s < k.shocks.size(); ++s) {
      const bool now = struck >> s & 1;
      p *= now ? k.shocks[s].p : 1 - k.shocks[s].p;
      if (now)
        hit.insert(hit.end(), {k.shocks[s].a, k.shocks[s].b});
    }
    if (std::any_of(hit.begin(), hit.end(), [&](node_index v) { return !state[at(v)]; }))
      continue;
    for (node_index v : k.members) {
      const odds o = given(v, state);
      const bool sure = std::find(hit.begin(), hit.end(), v) != hit.end();
      p *= state[at(v)] ? (sure ? o.on + o.off : o.on) : o.off;
    }
    total += p;
  }
  for (node_index v : k.members)
    total *= state[at(v)] ? present_[at(v)] : absent_[at(v)];
  return total;
}

max_factor model::over(const kin& k) const {
  max_factor f;
  std::vector<bool> state(p_.nodes.size());
  for (std::size_t v = 0; v < state.size(); ++v)
    state[v] = fixed_[v] == 1;
  std::vector<node_index> named = k.members;
  for (node_index v : k.members)
    for (node_index u : parents(v))
      named.push_back(u);
  for (node_index v : named)
    if (fixed_[at(v)] == open)
      f.scope.push_back(variable_[at(v)]);
  std::sort(f.scope.begin(), f.scope.end());
  f.scope.erase(std::unique(f.scope.begin(), f.scope.end()), f.scope.end());
  if (f.scope.size() > 20 || k.shocks.size() > 10) {
    too_wide_ = true;
    return f;
  }
  for (std::size_t c = 0; c < std::size_t{1} << f.scope.size(); ++c) {
    for (std::size_t b = 0; b < f.scope.size(); ++b)
      state[at(free_[static_cast<std::size_t>(f.scope[b])])] = c >> b & 1;
    f.cell.push_back(joint(k, state));
  }
  return f;
}

void model::add_denied(node_index v, std::vector<max_factor>& out) const {
  for (const weighted& l : links_[at(v)])
    if (fixed_[at(l.node)] == open)
      out.push_back({{variable_[at(l.node)]}, {1, 1 - l.p}});
}

std::vector<max_factor> model::factors() const {
  std::vector<max_factor> out;
  for (const kin& k : kin_) {
    const node_index v = k.members[0];
    if (k.members.size() == 1 && fixed_[at(v)] == 0 && !is_table(v))
      add_denied(v, out);
    else
      out.push_back(over(k));
    if (too_wide_)
      break;
  }
  return out;
}

std::vector<bool> model::complete(const std::vector<bool>& of_free) const {
  std::vector<bool> out;
  for (std::size_t v = 0; v < fixed_.size(); ++v)
    out.push_back(fixed_[v] == open ? of_free[static_cast<std::size_t>(variable_[v])] : fixed_[v] == 1);
  return out;
}

double model::posterior(const std::vector<bool>& state, const scaled<double>& evidence) const {
  double value = 1, exponent = 0;
  for (const kin& k : kin_) {
    value *= joint(k, state);
    if (value > 0 && value < 0x1p-400) {
      value *= 0x1p400;
      exponent -= 400;
    }
  }
  return std::min(1.0, std::ldexp(value / evidence.value, static_cast<int>(exponent - evidence.exponent)));
}

std::vector<bool> network_order(const std::vector<bool>& state, const std::vector<node_index>& nodes) {
  std::vector<std::pair<node_index, bool>> both;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    both.emplace_back(nodes[i], state[i]);
  std::sort(both.begin(), both.end());
  std::vector<bool> out;
  for (const auto& [node, present] : both)
    out.push_back(present);
  return out;
}

} // namespace

probable_states most_probable(const network& net, std::span<const likelihood> seen, int most, double cells) {
  probable_states out;
  std::vector<node_index> nodes, absent;
  for (const likelihood& l : seen) {
    nodes.push_back(l.node);
    if (l.present == 0)
      absent.push_back(l.node);
  }
  const auto p = compile(net, nodes, {}, absent);
  out.what = !p                                                                        ? outcome::loop
             : p->cost > exact_cost_limit || p->stored * sizeof(double) > memory_limit ? outcome::too_wide
                                                                                       : outcome::answered;
  if (out.what != outcome::answered)
    return out;
  out.nodes = p->nodes;
  machine<double> m;
  m.run_forward(*p, base_weights<double>(net, *p, seen));
  if (!(m.evidence().value > 0)) {
    out.what = outcome::contradiction;
    return out;
  }
  const model all(net, seen, *p);
  auto factors = all.factors();
  std::optional<std::vector<int>> order;
  if (!all.too_wide())
    order = max_order(static_cast<int>(all.free().size()), factors, cells, out.cost);
  if (!order) {
    out.what = outcome::too_wide;
    return out;
  }
  for (const auto& found : best_assignments(eliminate_by_max(*order, std::move(factors)), most)) {
    const auto state = all.complete(found);
    out.best.push_back({state, all.posterior(state, m.evidence())});
  }
  std::stable_sort(out.best.begin(), out.best.end(), [&](const joint_state& a, const joint_state& b) {
    if (a.posterior != b.posterior)
      return a.posterior > b.posterior;
    return network_order(a.present, out.nodes) < network_order(b.present, out.nodes);
  });
  return out;
}

} // namespace posterior::inference
