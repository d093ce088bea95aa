// The order in which the nodes of one component are eliminated.
//
// Every node that something brings about appears in two roles: as effect, where contributions of several
// parents still have to be put together, and as given, where it acts on its own children. Tables in which it
// is an effect and tables in which it is given cannot be multiplied, so the roles are two variables, and
// completing the first (which turns it into the second) must come before summing the second out. (Zhang and
// Poole's deputies, JAIR 5, 1996.)
//
// The graph of variables that share a table: link s -> v joins given s with effect v, a shock joins two
// effects. Eliminating a variable makes its neighbours one table, so it makes them a clique; greedily the
// variable is taken whose clique adds the fewest edges (least fill), or whose table is smallest; ties by the
// smaller table, then by number. Scores are kept and only those near the last elimination are counted again.
#include "engine/inference/ordering.hpp"

#include <bit>
#include <cstdint>
#include <limits>

namespace posterior::inference {
namespace {

using word = std::uint64_t;

class bit_rows {
public:
  explicit bit_rows(std::size_t n)
      : words_((n + 63) / 64)
      , data_(n * words_) {}
  word* operator[](std::size_t r) { return data_.data() + r * words_; }
  const word* operator[](std::size_t r) const { return data_.data() + r * words_; }
  std::size_t words() const { return words_; }
  void set(std::size_t r, std::size_t c) { (*this)[r][c / 64] |= word{1} << (c % 64); }
  void clear(std::size_t r, std::size_t c) { (*this)[r][c / 64] &= ~(word{1} << (c % 64)); }
  int count(std::size_t r) const {
    int n = 0;
    for (std::size_t w = 0; w < words_; ++w)
      n += std::popcount((*this)[r][w]);
    return n;
  }
  template <typename F>
  void each(std::size_t r, F f) const {
    for (std::size_t w = 0; w < words_; ++w)
      for (word x = (*this)[r][w]; x; x &= x - 1)
        f(w * 64 + static_cast<std::size_t>(std::countr_zero(x)));
  }

private:
  std::size_t words_;
  std::vector<word> data_;
};

class eliminator {
public:
  eliminator(const graph& g, const std::vector<node_index>& members, int attempt);
  std::vector<step> run();

private:
  static constexpr double never = std::numeric_limits<double>::infinity();
  struct variable {
    node_index node;
    bool given;
    bool ready; // may be eliminated: an effect always, a given once complete
    bool gone = false;
    bool dirty = true;
    double score = 0;
    std::size_t twin; // effect -> given
  };
  double score(std::size_t v);
  double noise();
  void touch(std::size_t v);
  void eliminate(std::size_t v);
  void join(std::size_t a, std::size_t b) {
    near_.set(a, b);
    near_.set(b, a);
  }

  int attempt_;
  std::uint64_t state_;
  std::vector<variable> variables_;
  bit_rows near_;
};

eliminator::eliminator(const graph& g, const std::vector<node_index>& members, int attempt)
    : attempt_(attempt)
    , state_(static_cast<std::uint64_t>(attempt))
    , near_(2 * members.size()) {
  std::vector<std::size_t> effect(g.in.size()), given(g.in.size());
  for (node_index v : members) {
    const auto u = static_cast<std::size_t>(v);
    if (g.is_brought_about(v)) {
      effect[u] = variables_.size();
      variables_.push_back({v, false, true, false, true, 0, variables_.size() + 1});
      given[u] = variables_.size();
      variables_.push_back({v, true, false, false, true, 0, 0});
    } else {
      given[u] = variables_.size();
      variables_.push_back({v, true, true, false, true, 0, 0});
    }
  }
  for (node_index v : members) {
    const auto u = static_cast<std::size_t>(v);
    for (node_index l : g.in[u])
      if (!g.done[static_cast<std::size_t>(l)])
        join(given[static_cast<std::size_t>(g.links[static_cast<std::size_t>(l)].from)], effect[u]);
    for (node_index s : g.pair[u]) {
      const edge& e = g.shocks[static_cast<std::size_t>(s)];
      join(effect[static_cast<std::size_t>(e.from)], effect[static_cast<std::size_t>(e.to)]);
    }
  }
}

double eliminator::score(std::size_t v) {
  const int size = near_.count(v);
  const double table = std::ldexp(1.0, std::min(size, 60));
  int fill = 0;
  near_.each(v, [&](std::size_t u) {
    for (std::size_t w = 0; w < near_.words(); ++w)
      fill += std::popcount(near_[v][w] & ~near_[u][w]);
    --fill; // u itself
  });
  return (fill + 0.5 * size) * noise() + table * 0x1p-40;
}

// 1 on the first attempt, else between 1 and 1.6.
double eliminator::noise() {
  if (attempt_ == 0)
    return 1;
  std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u); // SplitMix64
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return 1 + 0.6 * static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

void eliminator::touch(std::size_t v) {
  variables_[v].dirty = true;
  near_.each(v, [&](std::size_t u) { variables_[u].dirty = true; });
}

void eliminator::eliminate(std::size_t v) {
  std::vector<std::size_t> clique;
  near_.each(v, [&](std::size_t u) { clique.push_back(u); });
  for (std::size_t u : clique)
    near_.clear(u, v);
  variables_[v].gone = true;
  if (!variables_[v].given) {
    clique.push_back(variables_[v].twin);
    variables_[variables_[v].twin].ready = true;
  }
  for (std::size_t i = 0; i < clique.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      join(clique[i], clique[j]);
  for (std::size_t u : clique)
    touch(u);
}

std::vector<step> eliminator::run() {
  std::vector<step> out;
  for (std::size_t left = variables_.size(); left > 0; --left) {
    std::size_t best = 0;
    double least = never;
    for (std::size_t v = 0; v < variables_.size(); ++v) {
      variable& x = variables_[v];
      if (x.gone || !x.ready)
        continue;
      if (x.dirty) {
        x.score = score(v);
        x.dirty = false;
      }
      if (x.score < least) {
        least = x.score;
        best = v;
      }
    }
    out.push_back({variables_[best].node, variables_[best].given});
    eliminate(best);
  }
  return out;
}

} // namespace

std::vector<step> elimination_order(const graph& g, const std::vector<node_index>& members, int attempt) {
  return eliminator(g, members, attempt).run();
}

} // namespace posterior::inference
