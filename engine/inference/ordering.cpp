// The order in which nodes are eliminated.
//
// Every node that something brings about appears in two roles: as effect, where contributions of several
// parents still have to be put together, and as given, where it acts on its own children. Tables in which it
// is an effect and tables in which it is given cannot be multiplied, so the roles are two variables, and
// completing the first (which turns it into the second) must come before summing the second out. (Zhang and
// Poole's deputies, JAIR 5, 1996.) A leaf acts on nothing, so completing and summing are one step there.
//
// The graph of variables that share a table: link s -> v joins given s with effect v, a shock joins two
// effects, a table of its own joins a node with its parents. Eliminating a variable makes its neighbours one
// table, so it makes them a clique. Greedily the variable is taken whose table is smallest, or whose clique
// adds the fewest edges; ties by number. Scores are kept and only those near the last elimination are counted
// again.
#include "engine/inference/ordering.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace posterior::inference {
namespace {

constexpr double never = std::numeric_limits<double>::infinity();

} // namespace

template <typename F>
void orderer::each(std::size_t v, F f) {
  const word* near = row(v);
  for (std::size_t w = 0; w < words_; ++w)
    for (word x = near[w]; x; x &= x - 1)
      f(w * 64 + static_cast<std::size_t>(std::countr_zero(x)));
}

void orderer::join(std::size_t a, std::size_t b) {
  row(a)[b / 64] |= word{1} << (b % 64);
  row(b)[a / 64] |= word{1} << (a % 64);
}

void orderer::make_variables(const relevant& r) {
  variables_.clear();
  effect_.assign(ix(r.size()), -1);
  given_.assign(ix(r.size()), -1);
  for (node_index v = 0; v < r.size(); ++v) {
    if (r.gone(v))
      continue;
    const auto here = static_cast<std::int32_t>(variables_.size());
    const bool brought_about = r.pending_in(v) > 0 || r.shocks_at(v) > 0;
    const bool acts = r.pending_out(v) > 0 || r.tables_at(v) > 0;
    effect_[ix(v)] = given_[ix(v)] = here;
    if (!brought_about) {
      variables_.push_back({v, step::what::sum});
    } else if (!acts) {
      variables_.push_back({v, step::what::both});
    } else {
      variables_.push_back({v, step::what::complete, here + 1});
      variables_.push_back({v, step::what::sum, -1, false});
      given_[ix(v)] = here + 1;
    }
  }
}

void orderer::connect(const relevant& r) {
  words_ = (variables_.size() + 63) / 64;
  near_.assign(variables_.size() * words_, 0);
  const auto effect = [&](node_index v) { return static_cast<std::size_t>(effect_[ix(v)]); };
  const auto given = [&](node_index v) { return static_cast<std::size_t>(given_[ix(v)]); };
  for (std::size_t l = 0; l < r.links().size(); ++l)
    if (!r.done(static_cast<node_index>(l)))
      join(given(r.links()[l].from), effect(r.links()[l].to));
  for (std::size_t s = 0; s < r.shocks().size(); ++s)
    if (!r.dead(static_cast<node_index>(s)))
      join(effect(r.shocks()[s].from), effect(r.shocks()[s].to));
  for (node_index v = 0; v < r.size(); ++v) {
    const node_index t = r.table_of(v);
    if (t < 0)
      continue;
    const auto parents = r.table_parents(t);
    for (std::size_t i = 0; i < parents.size(); ++i) {
      join(given(parents[i]), given(v));
      for (std::size_t j = 0; j < i; ++j)
        join(given(parents[i]), given(parents[j]));
    }
  }
}

int orderer::degree(std::size_t v) {
  int n = 0;
  for (std::size_t w = 0; w < words_; ++w)
    n += std::popcount(row(v)[w]);
  return n;
}

double orderer::score(std::size_t v) {
  const int size = degree(v);
  if (by_ == rule::smallest_table)
    return size * noise();
  int fill = 0;
  each(v, [&](std::size_t u) {
    for (std::size_t w = 0; w < words_; ++w)
      fill += std::popcount(row(v)[w] & ~row(u)[w]);
    --fill; // u itself
  });
  return (fill + 0.5 * size) * noise() + cells(std::min(size, 60)) * 0x1p-40;
}

// 1 on the first attempt, else between 1 and 1.6.
double orderer::noise() {
  if (attempt_ == 0)
    return 1;
  return 1 + 0.6 * numbers_.unit();
}

void orderer::eliminate(std::size_t v) {
  clique_.assign(row(v), row(v) + words_);
  each(v, [&](std::size_t u) { row(u)[v / 64] &= ~(word{1} << (v % 64)); });
  scores_[v] = never;
  if (const std::int32_t twin = variables_[v].twin; twin >= 0) {
    const auto t = static_cast<std::size_t>(twin);
    clique_[t / 64] |= word{1} << (t % 64);
    variables_[t].ready = true;
  }
  for (std::size_t w = 0; w < words_; ++w)
    for (word x = clique_[w]; x; x &= x - 1) {
      const std::size_t u = w * 64 + static_cast<std::size_t>(std::countr_zero(x));
      for (std::size_t k = 0; k < words_; ++k)
        row(u)[k] |= clique_[k];
      row(u)[u / 64] &= ~(word{1} << (u % 64));
      dirty_[u] = 1;
    }
  if (by_ == rule::least_fill) // fills of neighbours' neighbours change too
    for (std::size_t w = 0; w < words_; ++w)
      for (word x = clique_[w]; x; x &= x - 1)
        each(w * 64 + static_cast<std::size_t>(std::countr_zero(x)), [&](std::size_t u) { dirty_[u] = 1; });
}

const std::vector<step>& orderer::order(const relevant& r, rule by, int attempt, double limit) {
  by_ = by;
  attempt_ = attempt;
  numbers_ = splitmix(static_cast<std::uint64_t>(attempt));
  cost_ = 0;
  steps_.clear();
  make_variables(r);
  connect(r);
  const std::size_t n = variables_.size();
  scores_.assign(n, 0);
  dirty_.assign(n, 1);
  for (std::size_t left = n; left > 0; --left) {
    std::size_t best = 0;
    double least = never;
    for (std::size_t v = 0; v < n; ++v) {
      if (dirty_[v] && variables_[v].ready && scores_[v] != never) {
        scores_[v] = score(v);
        dirty_[v] = 0;
      }
      if (scores_[v] < least && variables_[v].ready) {
        least = scores_[v];
        best = v;
      }
    }
    cost_ += cells(degree(best) + 1);
    if (cost_ > limit) {
      steps_.clear();
      return steps_;
    }
    steps_.push_back({variables_[best].node, variables_[best].kind});
    eliminate(best);
  }
  return steps_;
}

} // namespace posterior::inference
