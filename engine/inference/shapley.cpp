// Exact: every set once; share = sum over sets S without g of |S|! (n-1-|S|)! / n! (v(S+g) - v(S)).
// Estimated: along each order every group is paid what it adds when it comes. An order and its reverse are
// one sample, because what a group gains early it tends to lose late: their mean varies less than either.
#include "engine/inference/shapley.hpp"
#include "engine/inference/splitmix.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

namespace posterior::inference {
namespace {

constexpr std::uint64_t orders_seed = 0x62616C616E636573u;

std::vector<double> set_weights(std::size_t n) {
  std::vector<double> w(n);
  w[0] = 1.0 / static_cast<double>(n);
  for (std::size_t s = 1; s < n; ++s)
    w[s] = w[s - 1] * static_cast<double>(s) / static_cast<double>(n - s);
  return w;
}

group_set set_of(std::size_t mask, std::size_t groups) {
  group_set out(groups);
  for (std::size_t g = 0; g < groups; ++g)
    out[g] = mask >> g & 1;
  return out;
}

std::vector<balance> blank(std::size_t groups, std::size_t targets, bool exact) {
  balance b;
  b.share.assign(groups, 0);
  b.error.assign(groups, 0);
  b.exact = exact;
  return std::vector<balance>(targets, b);
}

std::vector<balance> by_all_sets(std::size_t groups, std::size_t targets, const value_function& value) {
  std::vector<group_set> sets;
  for (std::size_t mask = 0; mask < std::size_t{1} << groups; ++mask)
    sets.push_back(set_of(mask, groups));
  const auto v = value(sets);
  const auto weight = set_weights(groups);
  auto out = blank(groups, targets, true);
  for (std::size_t t = 0; t < targets; ++t) {
    out[t].nothing = v[t];
    out[t].everything = v[(sets.size() - 1) * targets + t];
  }
  std::vector<std::size_t> size(sets.size());
  for (std::size_t mask = 1; mask < sets.size(); ++mask)
    size[mask] = size[mask >> 1] + (mask & 1);
  for (std::size_t g = 0; g < groups; ++g)
    for (std::size_t mask = 0; mask < sets.size(); ++mask) {
      if (mask >> g & 1)
        continue;
      const std::size_t with = (mask | std::size_t{1} << g) * targets, without = mask * targets;
      for (std::size_t t = 0; t < targets; ++t)
        out[t].share[g] += weight[size[mask]] * (v[with + t] - v[without + t]);
    }
  return out;
}

// Orders in pairs: one drawn, then the same backwards.
std::vector<std::vector<std::size_t>> draw_orders(std::size_t groups, std::size_t count) {
  splitmix d(orders_seed);
  std::vector<std::vector<std::size_t>> out;
  while (out.size() < count) {
    std::vector<std::size_t> order;
    for (std::size_t g = 0; g < groups; ++g)
      order.push_back(g);
    for (std::size_t g = groups; g > 1; --g)
      std::swap(order[g - 1], order[d.below(g)]);
    out.push_back(order);
    std::reverse(order.begin(), order.end());
    out.push_back(std::move(order));
  }
  return out;
}

std::vector<balance> by_orders(std::size_t groups, std::size_t targets, const value_function& value,
                               std::size_t orders) {
  const auto tried = draw_orders(groups, orders);
  std::map<group_set, std::size_t> known;
  std::vector<group_set> sets;
  std::vector<std::vector<std::size_t>> steps; // by order: the sets it passes, the empty one first
  for (const auto& order : tried) {
    group_set now(groups);
    steps.emplace_back();
    for (std::size_t k = 0; k <= groups; ++k) {
      const auto [at, fresh] = known.emplace(now, sets.size());
      if (fresh)
        sets.push_back(now);
      steps.back().push_back(at->second);
      if (k < groups)
        now[order[k]] = true;
    }
  }
  const auto v = value(sets);
  auto out = blank(groups, targets, false);
  const double pairs = static_cast<double>(tried.size()) / 2;
  for (std::size_t t = 0; t < targets; ++t) {
    balance& b = out[t];
    b.nothing = v[steps[0].front() * targets + t];
    b.everything = v[steps[0].back() * targets + t];
    std::vector<double> squares(groups);
    for (std::size_t i = 0; i < tried.size(); i += 2) {
      std::vector<double> mean(groups);
      for (std::size_t j = i; j < i + 2; ++j)
        for (std::size_t k = 0; k < groups; ++k)
          mean[tried[j][k]] += (v[steps[j][k + 1] * targets + t] - v[steps[j][k] * targets + t]) / 2;
      for (std::size_t g = 0; g < groups; ++g) {
        b.share[g] += mean[g] / pairs;
        squares[g] += mean[g] * mean[g] / pairs;
      }
    }
    for (std::size_t g = 0; g < groups; ++g)
      b.error[g] = std::sqrt(std::max(0.0, squares[g] - b.share[g] * b.share[g]) / (pairs - 1));
  }
  return out;
}

} // namespace

std::vector<balance> balance_sheets(std::size_t groups, std::size_t targets, const value_function& value,
                                    std::size_t orders) {
  if (groups == 0) {
    const std::vector<group_set> none(1);
    const auto v = value(none);
    auto out = blank(0, targets, true);
    for (std::size_t t = 0; t < targets; ++t)
      out[t].nothing = out[t].everything = v[t];
    return out;
  }
  if (orders == all_sets && groups <= exact_groups)
    return by_all_sets(groups, targets, value);
  return by_orders(groups, targets, value, orders == all_sets ? orders_tried : orders);
}

} // namespace posterior::inference
