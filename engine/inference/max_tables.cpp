// A bucket's table holds the product of every factor and message that mentions its variable. Its message is
// the greater of the two halves, so, read in reverse order, each bucket says exactly how good the best
// completion of what is already decided will be: a best-first search needs no guess and opens no node in
// vain.
#include "engine/inference/max_tables.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <tuple>

namespace posterior::inference {
namespace {

std::size_t at(int v) {
  return static_cast<std::size_t>(v);
}

// Multiplies `by` into `into`, whose scope holds that of `by`.
void multiply(max_factor& into, const max_factor& by) {
  std::vector<std::size_t> place;
  std::size_t touched = 0;
  for (int v : by.scope) {
    const auto k = std::lower_bound(into.scope.begin(), into.scope.end(), v) - into.scope.begin();
    place.push_back(std::size_t{1} << k);
    touched |= place.back();
  }
  const std::size_t rest = (into.cell.size() - 1) & ~touched;
  for (std::size_t m = 0; m < by.cell.size(); ++m) {
    std::size_t spread = 0;
    for (std::size_t k = 0; k < place.size(); ++k)
      if (m >> k & 1)
        spread |= place[k];
    for (std::size_t s = 0;; s = (s - rest) & rest) {
      into.cell[s | spread] *= by.cell[m];
      if (s == rest)
        break;
    }
  }
}

max_factor product(const std::vector<const max_factor*>& parts, int variable) {
  max_factor out;
  out.scope = {variable};
  for (const max_factor* f : parts)
    out.scope.insert(out.scope.end(), f->scope.begin(), f->scope.end());
  std::sort(out.scope.begin(), out.scope.end());
  out.scope.erase(std::unique(out.scope.begin(), out.scope.end()), out.scope.end());
  out.cell.assign(std::size_t{1} << out.scope.size(), 1.0);
  for (const max_factor* f : parts)
    multiply(out, *f);
  return out;
}

// The greater half, lifted by a power of two before it can vanish.
max_factor greater_half(const max_factor& all, int variable) {
  max_factor out;
  out.scope = all.scope;
  const auto k = std::lower_bound(out.scope.begin(), out.scope.end(), variable) - out.scope.begin();
  out.scope.erase(out.scope.begin() + k);
  const std::size_t bit = std::size_t{1} << k;
  double most = 0;
  for (std::size_t c = 0; c < all.cell.size(); ++c)
    if (!(c & bit)) {
      out.cell.push_back(std::max(all.cell[c], all.cell[c | bit]));
      most = std::max(most, out.cell.back());
    }
  if (most > 0 && most < 0x1p-400)
    for (double& x : out.cell)
      x *= 0x1p400;
  return out;
}

max_factor summed(const max_factor& all, int variable) {
  max_factor out;
  out.scope = all.scope;
  const auto k = std::lower_bound(out.scope.begin(), out.scope.end(), variable) - out.scope.begin();
  out.scope.erase(out.scope.begin() + k);
  const std::size_t bit = std::size_t{1} << k;
  for (std::size_t c = 0; c < all.cell.size(); ++c)
    if (!(c & bit))
      out.cell.push_back(all.cell[c] + all.cell[c | bit]);
  return out;
}

// Which variables share a table.
class neighbours {
public:
  explicit neighbours(int n)
      : rows_(at(n), std::vector<bool>(at(n))) {}
  void join(const std::vector<int>& clique) {
    for (int a : clique)
      for (int b : clique)
        if (a != b)
          rows_[at(a)][at(b)] = true;
  }
  std::vector<int> of(int v) const {
    std::vector<int> out;
    for (std::size_t u = 0; u < rows_.size(); ++u)
      if (rows_[at(v)][u])
        out.push_back(static_cast<int>(u));
    return out;
  }
  int fill(const std::vector<int>& near) const {
    int missing = 0;
    for (std::size_t i = 0; i < near.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        missing += !rows_[at(near[i])][at(near[j])];
    return missing;
  }
  void remove(int v) {
    for (auto& row : rows_)
      row[at(v)] = false;
  }

private:
  std::vector<std::vector<bool>> rows_;
};

} // namespace

std::optional<std::vector<int>> max_order(int variables, const std::vector<max_factor>& factors,
                                          double most_cells, double& cost, const std::vector<bool>& kept) {
  neighbours near(variables);
  for (const max_factor& f : factors)
    near.join(f.scope);
  struct counted {
    int fill = -1, size = 0;
  };
  std::vector<int> order;
  std::vector<counted> score(at(variables));
  std::vector<bool> gone = kept;
  gone.resize(at(variables));
  const auto wanted = static_cast<std::size_t>(std::count(gone.begin(), gone.end(), false));
  cost = 0;
  while (order.size() < wanted) {
    std::tuple<int, int, int> best{-1, -1, -1};
    for (int v = 0; v < variables; ++v) {
      if (gone[at(v)])
        continue;
      counted& c = score[at(v)];
      if (c.fill < 0) {
        const auto around = near.of(v);
        c = {near.fill(around), static_cast<int>(around.size())};
      }
      const std::tuple mine{c.fill, c.size, v};
      if (std::get<2>(best) < 0 || mine < best)
        best = mine;
    }
    const int v = std::get<2>(best);
    const auto clique = near.of(v);
    cost += std::ldexp(1.0, static_cast<int>(std::min<std::size_t>(clique.size() + 1, 200)));
    if (cost > most_cells)
      return std::nullopt;
    for (int u : clique) { // only scores near the change are counted again
      score[at(u)].fill = -1;
      for (int w : near.of(u))
        score[at(w)].fill = -1;
    }
    near.join(clique);
    near.remove(v);
    gone[at(v)] = true;
    order.push_back(v);
  }
  return order;
}

std::vector<bucket> eliminate_by_max(const std::vector<int>& order, std::vector<max_factor> factors) {
  std::vector<bucket> out;
  std::vector<std::size_t> rank(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    rank[at(order[i])] = i;
  std::vector<std::vector<max_factor>> waiting(order.size()); // by the variable of the scope that goes first
  const auto hand_over = [&](max_factor f) {
    if (f.scope.empty())
      return;
    std::size_t first = order.size();
    for (int v : f.scope)
      first = std::min(first, rank[at(v)]);
    waiting[first].push_back(std::move(f));
  };
  for (max_factor& f : factors)
    hand_over(std::move(f));
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::vector<const max_factor*> parts;
    for (const max_factor& f : waiting[i])
      parts.push_back(&f);
    out.push_back({order[i], product(parts, order[i])});
    hand_over(greater_half(out.back().all, order[i]));
  }
  return out;
}

max_factor sum_out(const std::vector<int>& order, std::vector<max_factor> factors, max_factor into) {
  for (int v : order) {
    std::vector<const max_factor*> parts;
    for (const max_factor& f : factors)
      if (std::binary_search(f.scope.begin(), f.scope.end(), v))
        parts.push_back(&f);
    max_factor sum = summed(product(parts, v), v);
    std::erase_if(factors,
                  [&](const max_factor& f) { return std::binary_search(f.scope.begin(), f.scope.end(), v); });
    factors.push_back(std::move(sum));
  }
  for (const max_factor& f : factors)
    multiply(into, f);
  return into;
}

std::vector<std::vector<bool>> best_assignments(const std::vector<bucket>& buckets, int most) {
  struct partial {
    double share; // best completion against the best of all
    std::size_t number, decided;
    std::vector<bool> value;
    bool operator<(const partial& o) const {
      return std::tuple(share, decided, o.number) < std::tuple(o.share, o.decided, number);
    }
  };
  std::vector<std::vector<bool>> out;
  std::priority_queue<partial> open;
  open.push({1, 0, 0, std::vector<bool>(buckets.size())});
  for (std::size_t made = 1; !open.empty() && out.size() < at(most);) {
    partial now = open.top();
    open.pop();
    if (now.decided == buckets.size()) {
      out.push_back(std::move(now.value));
      continue;
    }
    const bucket& b = buckets[buckets.size() - 1 - now.decided];
    double value[2] = {0, 0};
    for (const bool present : {false, true}) {
      now.value[at(b.variable)] = present;
      std::size_t cell = 0;
      for (std::size_t k = 0; k < b.all.scope.size(); ++k)
        cell |= std::size_t{now.value[at(b.all.scope[k])]} << k;
      value[present] = b.all.cell[cell];
    }
    const double best = std::max(value[0], value[1]);
    for (const bool present : {false, true}) {
      if (!(value[present] > 0))
        continue;
      now.value[at(b.variable)] = present;
      open.push({now.share * (value[present] / best), made++, now.decided + 1, now.value});
    }
  }
  return out;
}

} // namespace posterior::inference
