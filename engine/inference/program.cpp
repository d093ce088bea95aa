// From a network to a schedule, in four steps.
//
// 1. Relevance: only ancestors of evidence and targets matter; what hangs below them, unobserved, sums to
// one.
// 2. Peeling: a node with one remaining link and no shock is folded into its child (if it is a root) or
// absorbed into
//    its parent (if it is a leaf); repeated until only the cores are left. Trees cost nothing more than this.
// 3. Ordering of each core (ordering.cpp).
// 4. Emission: the order as operations on tables (emission.cpp).
//
// Judged by tests/inference/exact_test.cpp (brute force) and by the cost that program::cost states.
#include "engine/inference/program.hpp"

#include <algorithm>
#include <limits>

#include "engine/inference/emission.hpp"
#include "engine/inference/ordering.hpp"

namespace posterior::inference {
namespace {

// --- relevance --------------------------------------------------------------------

std::vector<bool> ancestors_of(const network& net, std::span<const node_index> evidence,
                               std::span<const node_index> targets) {
  const auto n = static_cast<std::size_t>(net.size());
  std::vector<std::vector<node_index>> parents(n);
  for (const auto& l : net.links)
    parents[static_cast<std::size_t>(l.to)].push_back(l.from);
  std::vector<bool> needed(n);
  std::vector<node_index> stack;
  const auto need = [&](node_index v) {
    if (!needed[static_cast<std::size_t>(v)]) {
      needed[static_cast<std::size_t>(v)] = true;
      stack.push_back(v);
    }
  };
  for (node_index v : evidence)
    need(v);
  for (node_index v : targets)
    need(v);
  while (!stack.empty()) {
    const node_index v = stack.back();
    stack.pop_back();
    for (node_index p : parents[static_cast<std::size_t>(v)])
      need(p);
  }
  return needed;
}

// Parents before children, ties by number; empty if there is a loop.
std::vector<node_index> topological(const network& net, const std::vector<bool>& needed) {
  const auto n = static_cast<std::size_t>(net.size());
  std::vector<std::vector<node_index>> children(n);
  std::vector<int> waiting(n);
  for (const auto& l : net.links) {
    if (!needed[static_cast<std::size_t>(l.from)] || !needed[static_cast<std::size_t>(l.to)])
      continue;
    children[static_cast<std::size_t>(l.from)].push_back(l.to);
    ++waiting[static_cast<std::size_t>(l.to)];
  }
  std::vector<node_index> order;
  std::size_t count = 0;
  for (std::size_t v = 0; v < n; ++v) {
    count += needed[v];
    if (needed[v] && waiting[v] == 0)
      order.push_back(static_cast<node_index>(v));
  }
  for (std::size_t i = 0; i < order.size(); ++i)
    for (node_index c : children[static_cast<std::size_t>(order[i])])
      if (--waiting[static_cast<std::size_t>(c)] == 0)
        order.push_back(c);
  if (order.size() != count)
    order.clear();
  return order;
}

graph local_graph(const network& net, program& p) {
  graph g(p.nodes.size());
  const auto local = [&](node_index v) { return p.local_of[static_cast<std::size_t>(v)]; };
  for (std::size_t k = 0; k < net.links.size(); ++k) {
    const node_index from = local(net.links[k].from), to = local(net.links[k].to);
    if (from < 0 || to < 0)
      continue;
    const auto id = static_cast<node_index>(g.links.size());
    g.links.push_back({from, to});
    p.links.push_back(static_cast<node_index>(k));
    g.out[static_cast<std::size_t>(from)].push_back(id);
    g.in[static_cast<std::size_t>(to)].push_back(id);
    ++g.pending_out[static_cast<std::size_t>(from)];
    ++g.pending_in[static_cast<std::size_t>(to)];
  }
  for (std::size_t k = 0; k < net.shocks.size(); ++k) {
    const node_index a = local(net.shocks[k].a), b = local(net.shocks[k].b);
    if (a < 0 && b < 0)
      continue;
    const auto id = static_cast<node_index>(g.shocks.size());
    g.shocks.push_back({a, b});
    p.shocks.push_back(static_cast<node_index>(k));
    if (a < 0 || b < 0) {
      p.lone_shocks.push_back({a < 0 ? b : a, id});
      continue;
    }
    g.pair[static_cast<std::size_t>(a)].push_back(id);
    g.pair[static_cast<std::size_t>(b)].push_back(id);
  }
  g.done.assign(g.links.size(), false);
  return g;
}

// --- peeling ----------------------------------------------------------------------

node_index first_pending(const graph& g, const std::vector<node_index>& list) {
  for (node_index l : list)
    if (!g.done[static_cast<std::size_t>(l)])
      return l;
  return -1;
}

// Folds and absorbs until no node qualifies, marking those that are gone.
void peel(graph& g, program& p, std::vector<bool>& gone) {
  std::vector<node_index> work;
  for (node_index v = 0; v < g.size(); ++v)
    work.push_back(v);
  const auto finish = [&](node_index l) {
    g.done[static_cast<std::size_t>(l)] = true;
    --g.pending_out[static_cast<std::size_t>(g.links[static_cast<std::size_t>(l)].from)];
    --g.pending_in[static_cast<std::size_t>(g.links[static_cast<std::size_t>(l)].to)];
  };
  for (std::size_t i = 0; i < work.size(); ++i) {
    const node_index v = work[i];
    const auto u = static_cast<std::size_t>(v);
    if (gone[u] || !g.pair[u].empty())
      continue;
    if (g.pending_in[u] == 0 && g.pending_out[u] == 0) {
      p.ops.push_back({op_kind::isolate, 0, 0, v, -1, -1, -1});
      gone[u] = true;
    } else if (g.pending_in[u] == 0 && g.pending_out[u] == 1) {
      const node_index l = first_pending(g, g.out[u]);
      const node_index child = g.links[static_cast<std::size_t>(l)].to;
      finish(l);
      gone[u] = true;
      p.ops.push_back({op_kind::fold, 0, 0, v, child, l, -1});
      work.push_back(child);
    } else if (g.pending_out[u] == 0 && g.pending_in[u] == 1) {
      const node_index l = first_pending(g, g.in[u]);
      const node_index parent = g.links[static_cast<std::size_t>(l)].from;
      finish(l);
      gone[u] = true;
      p.ops.push_back({op_kind::absorb, 0, 0, v, parent, l, -1});
      work.push_back(parent);
    }
  }
}

// Connected parts of what peeling left, members in topological order.
std::vector<std::vector<node_index>> components(const graph& g, const std::vector<bool>& gone) {
  std::vector<std::vector<node_index>> out;
  std::vector<bool> seen(gone.size());
  for (node_index v = 0; v < g.size(); ++v) {
    if (gone[static_cast<std::size_t>(v)] || seen[static_cast<std::size_t>(v)])
      continue;
    std::vector<node_index> members{v};
    seen[static_cast<std::size_t>(v)] = true;
    const auto visit = [&](node_index u) {
      if (!seen[static_cast<std::size_t>(u)]) {
        seen[static_cast<std::size_t>(u)] = true;
        members.push_back(u);
      }
    };
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto m = static_cast<std::size_t>(members[i]);
      for (node_index l : g.in[m])
        if (!g.done[static_cast<std::size_t>(l)])
          visit(g.links[static_cast<std::size_t>(l)].from);
      for (node_index l : g.out[m])
        if (!g.done[static_cast<std::size_t>(l)])
          visit(g.links[static_cast<std::size_t>(l)].to);
      for (node_index s : g.pair[m]) {
        visit(g.shocks[static_cast<std::size_t>(s)].from);
        visit(g.shocks[static_cast<std::size_t>(s)].to);
      }
    }
    std::sort(members.begin(), members.end());
    out.push_back(std::move(members));
  }
  return out;
}

// The cheapest of a few orders; trying one more must not cost more than the runs it may shorten.
void add_core(const graph& g, const std::vector<node_index>& members, int attempts, program& p) {
  const double steps_per_attempt = 30.0 * static_cast<double>(members.size() * members.size());
  program best = p;
  emit(g, elimination_order(g, members, 0), best);
  for (int attempt = 1; attempt < attempts; ++attempt) {
    if (best.cost - p.cost < steps_per_attempt * attempt / 16)
      break;
    program other = p;
    emit(g, elimination_order(g, members, attempt), other);
    if (other.cost < best.cost)
      best = std::move(other);
  }
  p = std::move(best);
}

// Leaves known to be absent leave the graph; each of their links becomes a factor on the parent.
void deny(graph& g, program& p, const std::vector<bool>& absent, std::vector<bool>& gone) {
  for (node_index v = 0; v < g.size(); ++v) {
    const auto u = static_cast<std::size_t>(v);
    if (!absent[static_cast<std::size_t>(p.nodes[u])] || g.pending_out[u] > 0)
      continue;
    for (node_index l : g.in[u]) {
      const node_index parent = g.links[static_cast<std::size_t>(l)].from;
      g.done[static_cast<std::size_t>(l)] = true;
      --g.pending_in[u];
      --g.pending_out[static_cast<std::size_t>(parent)];
      p.ops.push_back({op_kind::deny, 0, 0, v, parent, l, -1});
    }
    for (node_index s : g.pair[u]) {
      const edge& e = g.shocks[static_cast<std::size_t>(s)];
      std::erase(g.pair[static_cast<std::size_t>(e.from == v ? e.to : e.from)], s);
      p.unstruck.push_back(s);
    }
    g.pair[u].clear();
    p.denied.push_back(v);
    gone[u] = true;
  }
}

} // namespace

std::optional<program> compile(const network& net, std::span<const node_index> evidence,
                               std::span<const node_index> targets, std::span<const node_index> absent,
                               int attempts) {
  program p;
  p.nodes = topological(net, ancestors_of(net, evidence, targets));
  if (p.nodes.empty() && !(evidence.empty() && targets.empty()))
    return std::nullopt;
  p.local_of.assign(static_cast<std::size_t>(net.size()), -1);
  for (std::size_t i = 0; i < p.nodes.size(); ++i)
    p.local_of[static_cast<std::size_t>(p.nodes[i])] = static_cast<node_index>(i);
  graph g = local_graph(net, p);
  std::vector<bool> gone(p.nodes.size()), known_absent(net.leak.size());
  for (node_index v : absent)
    known_absent[static_cast<std::size_t>(v)] = true;
  for (node_index v : targets)
    known_absent[static_cast<std::size_t>(v)] = false;
  deny(g, p, known_absent, gone);
  peel(g, p, gone);
  for (const auto& members : components(g, gone))
    add_core(g, members, attempts, p);
  if (p.width > most_bits)
    p.cost = std::numeric_limits<double>::infinity();
  return p;
}

} // namespace posterior::inference
