// The order in which the nodes of one core are opened. Nodes are opened (one table bit each) and closed again
// as soon as everything that touches them is open. A node acts on its children only when it is final, that is
// when all of its own parents have acted on it; so closing v needs `must(v)` open: v, its children, all
// remaining ancestors of v, and the shock partners of all those. The order is greedy: close next what leaves
// the smallest tables; several starts, as long as planning stays cheaper than the run.
//
// Example: a -> x <- b with x observed. Open a, open b, open x, link a x, close a, link b x, close b, close
// x: the table never has more than three bits.
#include "engine/inference/ordering.hpp"

#include <bit>
#include <cstdint>
#include <limits>

namespace posterior::inference {
namespace {

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

} // namespace

std::vector<node_index> opening_order(const graph& g, const std::vector<node_index>& members,
                                      std::vector<node_index>& position) {
  const core c = make_core(g, members, position);
  std::vector<node_index> out;
  for (std::size_t v : best_order(c).opened)
    out.push_back(c.members[v]);
  return out;
}

} // namespace posterior::inference
