#include "engine/inference/intervals.hpp"

#include <algorithm>

#include "engine/inference/query.hpp"

namespace posterior::inference {
namespace {

std::size_t at(node_index v) {
  return static_cast<std::size_t>(v);
}

// Value at the share `u` of the values in ascending order, each of which stands for the middle of its slice.
double quantile(std::vector<double>& values, double u) {
  const double place = std::max(0.0, u * static_cast<double>(values.size()) - 0.5);
  const auto below = std::min(static_cast<std::size_t>(place), values.size() - 1);
  const auto at_below = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), at_below, values.end());
  const double above =
      at_below + 1 == values.end() ? *at_below : *std::min_element(at_below + 1, values.end());
  const double share = place - static_cast<double>(below);
  return (1 - share) * *at_below + share * above;
}

} // namespace

end_points ends_of(std::vector<double>& values) {
  if (values.empty())
    return {};
  return {quantile(values, 0.05), quantile(values, 0.95)};
}

interval_maker::interval_maker(const layout& map, doubts how_sure, int draws)
    : map_(map)
    , how_sure_(std::move(how_sure))
    , slicer_(static_cast<std::size_t>(draws))
    , slices_(static_cast<std::size_t>(draws)) {}

interval_maker::row interval_maker::drawn(const doubt& d, double mean) {
  if (d.worth <= 0 || mean <= 0 || mean >= 1)
    return {nullptr, mean};
  const auto [known, fresh] = made_.try_emplace(d.name);
  if (fresh) {
    slicer_.cut({mean, d.worth}, slices_);
    known->second.resize(slices_.size());
    deal(d.name, slices_, known->second);
  }
  return {known->second.data(), mean};
}

void interval_maker::collect_rows(const program& p) {
  const network& net = map_.net();
  leaks_.clear();
  links_.clear();
  shocks_.clear();
  for (node_index v : p.nodes)
    leaks_.push_back(drawn(how_sure_.leaks[at(v)], net.leak[at(v)]));
  for (node_index k : p.links)
    links_.push_back(drawn(how_sure_.links[at(k)], net.links[at(k)].p));
  for (node_index k : p.shocks)
    shocks_.push_back(drawn(how_sure_.shocks[at(k)], net.shocks[at(k)].p));
}

// Takes the draws from `first` on as the numbers of the lanes.
void interval_maker::fill(std::size_t first, weights<lanes>& w) const {
  const std::size_t last = slices_.size() - 1;
  const auto take = [&](const std::vector<row>& rows, lane_vector<lanes>& on, lane_vector<lanes>& off) {
    for (std::size_t k = 0; k < rows.size(); ++k) {
      if (!rows[k].values)
        continue;
      lanes x{};
      for (std::size_t l = 0; l < lane_count<lanes>; ++l)
        x[l] = static_cast<double>(rows[k].values[std::min(first + l, last)]);
      on[k] = x;
      off[k] = 1 - x;
    }
  };
  take(leaks_, w.leak_on, w.leak_off);
  take(links_, w.q, w.not_q);
  take(shocks_, w.shock, w.not_shock);
}

std::vector<end_points> interval_maker::run(std::span<const likelihood> seen,
                                            std::span<const node_index> targets) {
  std::vector<node_index> evidence, absent;
  for (const likelihood& l : seen) {
    evidence.push_back(l.node);
    if (l.present == 0)
      absent.push_back(l.node);
  }
  const std::size_t draws = slices_.size();
  const program p = plans_.compile(map_, evidence, targets, absent,
                                   static_cast<double>((draws + lane_count<lanes> - 1) / lane_count<lanes>));
  if (p.cost > exact_cost_limit || p.stored * sizeof(lanes) > memory_limit)
    return {};
  collect_rows(p);
  weights<lanes> w = base_weights<lanes>(map_.net(), p, seen);
  std::vector<std::vector<double>> values(targets.size());
  for (auto& list : values)
    list.reserve(draws);
  for (std::size_t first = 0; first < draws; first += lane_count<lanes>) {
    fill(first, w);
    tables_.run(p, w);
    const std::size_t count = std::min<std::size_t>(lane_count<lanes>, draws - first);
    for (std::size_t t = 0; t < targets.size(); ++t) {
      const lanes x = tables_.posterior(p.local_of[at(targets[t])]);
      for (std::size_t l = 0; l < count; ++l)
        if (tables_.evidence().value[l] > 0)
          values[t].push_back(x[l]);
    }
  }
  std::vector<end_points> out;
  for (auto& list : values) {
    if (list.empty())
      return {};
    out.push_back(ends_of(list));
  }
  return out;
}

} // namespace posterior::inference
