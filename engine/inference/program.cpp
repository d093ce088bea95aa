// From a network to a schedule, in four steps.
//
// 1. Relevance: only ancestors of evidence and targets matter; what hangs below them, unobserved, sums to
// one.
// 2. Peeling: a node with one remaining link and no shock is folded into its child (if it is a root) or
// absorbed into
//    its parent (if it is a leaf); repeated until only the cores are left. Trees cost nothing more than this.
// 3. Ordering of each core: nodes are opened (one table bit each) and closed again as soon as everything that
// touches
//    them is open. A node acts on its children only when it is final, that is when all of its own parents
//    have acted on it; so closing v needs `must(v)` open: v, its children, all remaining ancestors of v, and
//    the shock partners of all those. The order is greedy: close next what leaves the smallest tables;
//    several starts, as long as planning stays cheaper than the run.
// 4. Emission: the order with bit positions.
//
// Example: a -> x <- b with x observed. Open a, open b, open x, link a x, close a, link b x, close b, close
// x: the table never has more than three bits.
//
// Judged by tests/inference/exact_test.cpp (brute force) and by the cost that program::cost states.
#include "engine/inference/program.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace posterior::inference {
namespace {

struct edge {
  node_index from, to;
};

// The relevant part with local numbering; pending counts shrink as peeling proceeds.
struct graph {
  std::vector<edge> links, shocks;
  std::vector<std::vector<node_index>> in, out, pair; // by node: link or shock numbers
  std::vector<bool> done;                             // links already peeled
  std::vector<int> pending_in, pending_out;

  explicit graph(std::size_t n)
      : in(n)
      , out(n)
      , pair(n)
      , pending_in(n)
      , pending_out(n) {}
  node_index size() const { return static_cast<node_index>(in.size()); }
};

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
    if (a < 0 || b < 0)
      continue;
    const auto id = static_cast<node_index>(g.shocks.size());
    g.shocks.push_back({a, b});
    p.shocks.push_back(static_cast<node_index>(k));
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

// Folds and absorbs until no node qualifies; the nodes that are gone.
std::vector<bool> peel(graph& g, program& p) {
  std::vector<bool> gone(g.in.size());
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
      p.ops.push_back({op_kind::isolate, 0, 0, false, v, -1, -1});
      gone[u] = true;
    } else if (g.pending_in[u] == 0 && g.pending_out[u] == 1) {
      const node_index l = first_pending(g, g.out[u]);
      const node_index child = g.links[static_cast<std::size_t>(l)].to;
      finish(l);
      gone[u] = true;
      p.folded_into[static_cast<std::size_t>(child)] = true;
      p.ops.push_back({op_kind::fold, 0, 0, false, v, child, l});
      work.push_back(child);
    } else if (g.pending_out[u] == 0 && g.pending_in[u] == 1) {
      const node_index l = first_pending(g, g.in[u]);
      const node_index parent = g.links[static_cast<std::size_t>(l)].from;
      finish(l);
      gone[u] = true;
      p.ops.push_back({op_kind::absorb, 0, 0, false, v, parent, l});
      work.push_back(parent);
    }
  }
  return gone;
}

// --- ordering ---------------------------------------------------------------------

// Fixed-width bit sets in one block, one row a node.
class rows {
public:
  rows(std::size_t count, std::size_t bits)
      : words_((bits + 63) / 64)
      , data_(count * words_) {}
  std::uint64_t* operator[](std::size_t r) { return data_.data() + r * words_; }
  const std::uint64_t* operator[](std::size_t r) const { return data_.data() + r * words_; }
  void set(std::size_t r, std::size_t bit) { (*this)[r][bit / 64] |= std::uint64_t{1} << (bit % 64); }
  void unite(std::size_t r, const std::uint64_t* other) {
    for (std::size_t w = 0; w < words_; ++w)
      (*this)[r][w] |= other[w];
  }
  std::size_t words() const { return words_; }

private:
  std::size_t words_;
  std::vector<std::uint64_t> data_;
};

// One component of what peeling left, renumbered 0..n-1 in topological order.
struct core {
  std::vector<node_index> members; // -> local node
  rows must;                       // open before the node can close (itself included)
  rows near;                       // linked or shocked
  explicit core(std::vector<node_index> m)
      : members(std::move(m))
      , must(members.size(), members.size())
      , near(members.size(), members.size()) {}
  std::size_t size() const { return members.size(); }
};

core make_core(const graph& g, std::vector<node_index> members, std::vector<node_index>& position) {
  core c(std::move(members));
  const std::size_t n = c.size();
  for (std::size_t i = 0; i < n; ++i)
    position[static_cast<std::size_t>(c.members[i])] = static_cast<node_index>(i);
  const auto at = [&](node_index v) {
    return static_cast<std::size_t>(position[static_cast<std::size_t>(v)]);
  };
  rows final_needs(
      n, n); // what must be open for the node to be final: its remaining ancestors and their partners
  for (std::size_t i = 0; i < n; ++i) {
    const auto v = static_cast<std::size_t>(c.members[i]);
    final_needs.set(i, i);
    for (node_index s : g.pair[v]) {
      const edge& e = g.shocks[static_cast<std::size_t>(s)];
      const std::size_t partner = at(e.from == c.members[i] ? e.to : e.from);
      final_needs.set(i, partner);
      c.near.set(i, partner);
    }
    for (node_index l : g.in[v]) {
      if (g.done[static_cast<std::size_t>(l)])
        continue;
      const std::size_t parent = at(g.links[static_cast<std::size_t>(l)].from);
      final_needs.unite(i, final_needs[parent]);
      c.near.set(i, parent);
      c.near.set(parent, i);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    c.must.unite(i, final_needs[i]);
    for (node_index l : g.out[static_cast<std::size_t>(c.members[i])])
      if (!g.done[static_cast<std::size_t>(l)])
        c.must.set(i, at(g.links[static_cast<std::size_t>(l)].to));
  }
  return c;
}

struct order {
  std::vector<std::size_t> opened;
  double cost = std::numeric_limits<double>::infinity();
};

double cells(int bits) {
  return std::ldexp(1.0, std::min(bits, 200));
}

// Walks one core, opening nodes and closing what can close.
class walk {
public:
  explicit walk(const core& c)
      : c_(c)
      , opened_(1, c.size())
      , closed_(1, c.size())
      , scratch_(1, c.size()) {}

  // Opens greedily, from the cheapest node or (start >= 0) from a given one; stops and returns false once it
  // costs more than `limit`.
  bool run(int start, double limit) {
    close_next(start < 0 ? best() : static_cast<std::size_t>(start));
    while (order_.opened.size() < c_.size()) {
      if (cost_ > limit)
        return false;
      close_next(best());
    }
    order_.cost = cost_;
    return cost_ <= limit;
  }
  order take() { return std::move(order_); }

private:
  static int count(const std::uint64_t* a, const std::uint64_t* without, std::size_t words) {
    int n = 0;
    for (std::size_t w = 0; w < words; ++w)
      n += std::popcount(a[w] & ~without[w]);
    return n;
  }
  bool inside(const std::uint64_t* a, const std::uint64_t* b) const {
    for (std::size_t w = 0; w < opened_.words(); ++w)
      if (a[w] & ~b[w])
        return false;
    return true;
  }
  bool has(const rows& r, std::size_t bit) const { return (r[0][bit / 64] >> (bit % 64)) & 1; }

  // How many open nodes could close if `also` were open too.
  int closings(const std::uint64_t* would_be_open) const {
    int n = 0;
    for (std::size_t w = 0; w < opened_.words(); ++w)
      for (std::uint64_t x = would_be_open[w] & ~closed_[0][w]; x; x &= x - 1)
        n += inside(c_.must[w * 64 + static_cast<std::size_t>(std::countr_zero(x))], would_be_open);
    return n;
  }

  double score(std::size_t v) {
    const std::uint64_t* must = c_.must[v];
    for (std::size_t w = 0; w < opened_.words(); ++w)
      scratch_[0][w] = opened_[0][w] | must[w];
    const int extra = count(must, opened_[0], opened_.words());
    const int closing = closings(scratch_[0]);
    return cells(open_ + extra - (closing > 1 ? 1 : 0)) + 2 * cells(open_ + extra - closing);
  }

  // The node to close next: open ones and their neighbours, or any when nothing is open.
  std::size_t best() {
    std::size_t found = c_.size();
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t v = 0; v < c_.size(); ++v) {
      if (has(closed_, v) || (open_ > 0 && !has(opened_, v) && !touches_open(v)))
        continue;
      const double s = score(v);
      if (s < least) {
        least = s;
        found = v;
      }
    }
    return found;
  }
  bool touches_open(std::size_t v) const {
    for (std::size_t w = 0; w < opened_.words(); ++w)
      if (c_.near[v][w] & opened_[0][w] & ~closed_[0][w])
        return true;
    return false;
  }

  // Opens all that closing v needs, first what lets others close soonest.
  void close_next(std::size_t v) {
    while (count(c_.must[v], opened_[0], opened_.words()) > 0) {
      std::size_t pick = c_.size();
      int least = std::numeric_limits<int>::max();
      for (std::size_t w = 0; w < opened_.words(); ++w)
        for (std::uint64_t x = c_.must[v][w] & ~opened_[0][w]; x; x &= x - 1) {
          const std::size_t u = w * 64 + static_cast<std::size_t>(std::countr_zero(x));
          const int missing = count(c_.must[u], opened_[0], opened_.words());
          if (missing < least) {
            least = missing;
            pick = u;
          }
        }
      open(pick);
    }
  }

  void open(std::size_t v) {
    opened_.set(0, v);
    order_.opened.push_back(v);
    cost_ += cells(++open_);
    for (std::size_t w = 0; w < opened_.words(); ++w)
      for (std::uint64_t x = opened_[0][w] & ~closed_[0][w]; x; x &= x - 1) {
        const std::size_t u = w * 64 + static_cast<std::size_t>(std::countr_zero(x));
        if (inside(c_.must[u], opened_[0])) {
          closed_.set(0, u);
          cost_ += cells(open_--);
        }
      }
  }

  const core& c_;
  rows opened_, closed_, scratch_;
  order order_;
  double cost_ = 0;
  int open_ = 0;
};

order best_order(const core& c) {
  order best;
  const int starts = static_cast<int>(std::min<std::size_t>(12, c.size()));
  for (int s = -1; s < starts; ++s) {
    walk w(c);
    if (w.run(s < 0 ? -1 : s * static_cast<int>(c.size()) / starts, best.cost))
      best = w.take();
    // One more start costs about n^2 steps; it must not cost more than a third of the run it may save.
    if (best.cost < static_cast<double>(s + 2) * static_cast<double>(c.size() * c.size()) / 3)
      break;
  }
  return best;
}

// --- emission ---------------------------------------------------------------------

class emitter {
public:
  emitter(const graph& g, const core& c, program& p)
      : g_(g)
      , p_(p)
      , is_open_(g.in.size())
      , is_closed_(g.in.size())
      , link_done_(g.done)
      , shock_done_(g.shocks.size())
      , in_(g.pending_in)
      , out_(g.pending_out)
      , pair_(g.in.size()) {
    for (node_index v : c.members)
      pair_[static_cast<std::size_t>(v)] = static_cast<int>(g.pair[static_cast<std::size_t>(v)].size());
  }

  void open(node_index v) {
    bits_.push_back(v);
    is_open_[static_cast<std::size_t>(v)] = true;
    push({op_kind::open, static_cast<std::uint8_t>(bits_.size() - 1), 0, false, v, -1, -1}, cells(width()));
    if (p_.folded_into[static_cast<std::size_t>(v)])
      p_.stored += cells(width() - 1);
    p_.width = std::max(p_.width, width());
    while (advance()) {
    }
  }

private:
  int width() const { return static_cast<int>(bits_.size()); }
  void push(op o, double cost) {
    p_.ops.push_back(o);
    p_.cost += cost;
  }
  std::uint8_t bit(node_index v) const {
    return static_cast<std::uint8_t>(std::find(bits_.begin(), bits_.end(), v) - bits_.begin());
  }
  bool live(node_index v) const {
    return is_open_[static_cast<std::size_t>(v)] && !is_closed_[static_cast<std::size_t>(v)];
  }

  bool advance() {
    bool changed = false;
    const std::vector<node_index> now = bits_;
    for (node_index v : now)
      if (live(v))
        changed = act(v) || changed;
    return changed;
  }

  bool act(node_index v) {
    const auto u = static_cast<std::size_t>(v);
    bool changed = false;
    for (node_index s : g_.pair[u])
      changed = shock(s) || changed;
    if (in_[u] == 0 && pair_[u] == 0)
      for (node_index l : g_.out[u])
        changed = link(l) || changed;
    if (in_[u] == 0 && out_[u] == 0 && pair_[u] == 0) {
      close(v);
      changed = true;
    }
    return changed;
  }

  bool shock(node_index s) {
    const edge& e = g_.shocks[static_cast<std::size_t>(s)];
    if (shock_done_[static_cast<std::size_t>(s)] || !live(e.from) || !live(e.to))
      return false;
    shock_done_[static_cast<std::size_t>(s)] = true;
    --pair_[static_cast<std::size_t>(e.from)];
    --pair_[static_cast<std::size_t>(e.to)];
    push({op_kind::shock, bit(e.from), bit(e.to), false, e.from, e.to, s}, cells(width()));
    return true;
  }

  bool link(node_index l) {
    const edge& e = g_.links[static_cast<std::size_t>(l)];
    if (link_done_[static_cast<std::size_t>(l)] || !live(e.to))
      return false;
    link_done_[static_cast<std::size_t>(l)] = true;
    --out_[static_cast<std::size_t>(e.from)];
    --in_[static_cast<std::size_t>(e.to)];
    push({op_kind::link, bit(e.from), bit(e.to), false, e.from, e.to, l}, cells(width() - 1));
    return true;
  }

  void close(node_index v) {
    const std::uint8_t at = bit(v);
    is_closed_[static_cast<std::size_t>(v)] = true;
    p_.stored += cells(width());
    push({op_kind::close, at, 0, width() == 1, v, -1, -1}, cells(width()));
    bits_.erase(bits_.begin() + at);
  }

  const graph& g_;
  program& p_;
  std::vector<node_index> bits_;
  std::vector<bool> is_open_, is_closed_, link_done_, shock_done_;
  std::vector<int> in_, out_, pair_;
};

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

} // namespace

std::optional<program> compile(const network& net, std::span<const node_index> evidence,
                               std::span<const node_index> targets) {
  program p;
  p.nodes = topological(net, ancestors_of(net, evidence, targets));
  if (p.nodes.empty() && !(evidence.empty() && targets.empty()))
    return std::nullopt;
  p.local_of.assign(static_cast<std::size_t>(net.size()), -1);
  for (std::size_t i = 0; i < p.nodes.size(); ++i)
    p.local_of[static_cast<std::size_t>(p.nodes[i])] = static_cast<node_index>(i);
  p.folded_into.assign(p.nodes.size(), false);
  graph g = local_graph(net, p);
  const std::vector<bool> gone = peel(g, p);
  std::vector<node_index> position(p.nodes.size(), -1);
  for (auto& members : components(g, gone)) {
    const core c = make_core(g, std::move(members), position);
    emitter emit(g, c, p);
    for (std::size_t v : best_order(c).opened)
      emit.open(c.members[v]);
  }
  return p;
}

} // namespace posterior::inference
