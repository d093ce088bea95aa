// What explaining costs on models of realistic size: the most probable joint states and the balance sheet.
//   explain_bench [--benchmark_filter=...]
#include <algorithm>
#include <benchmark/benchmark.h>

#include "engine/inference/probable_sets.hpp"
#include "engine/inference/shapley.hpp"
#include "tests/inference/clinic_network.hpp"

using namespace posterior::inference;

namespace {

constexpr int cases = 20;

void most_probable_states(benchmark::State& state) {
  const judge::clinic_shape shape = judge::clinic_50x500;
  const network net = judge::clinic_network(shape, 1);
  std::vector<std::vector<likelihood>> seen;
  for (std::uint64_t k = 1; k <= cases; ++k)
    seen.push_back(judge::clinic_patient(net, shape.causes, static_cast<int>(state.range(0)), 50, k));
  std::size_t at = 0;
  double refused = 0, cells = 0;
  for (auto _ : state) {
    const auto got = most_probable(net, seen[at++ % cases], 3);
    refused += got.what != outcome::answered;
    cells = std::max(cells, got.cost);
    benchmark::DoNotOptimize(got.best.size());
  }
  state.counters["refused"] = refused;
  state.counters["most_cells"] = cells;
}

// Exact shares of 8 present and 4 absent findings for the three likeliest causes of the case.
void balance_of_twelve(benchmark::State& state) {
  const judge::clinic_shape shape = judge::clinic_50x500;
  const network net = judge::clinic_network(shape, 1);
  std::vector<std::vector<likelihood>> seen;
  std::vector<std::vector<node_index>> leaders;
  for (std::uint64_t k = 1; k <= cases; ++k) {
    seen.push_back(judge::clinic_patient(net, shape.causes, 8, 4, k));
    const auto now = solve(net, seen.back(), {});
    std::vector<std::pair<double, node_index>> order;
    for (node_index c = 0; c < shape.causes; ++c)
      order.emplace_back(-now.posterior[static_cast<std::size_t>(c)], c);
    std::sort(order.begin(), order.end());
    leaders.push_back({order[0].second, order[1].second, order[2].second});
    leaders.back().resize(static_cast<std::size_t>(state.range(0)));
  }
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t g = 0; g < 12; ++g)
    groups.push_back({g});
  std::size_t at = 0;
  double heard = 0, runs = 0;
  for (auto _ : state) {
    const auto sheets = balance_sheets(net, seen[at % cases], groups, leaders[at % cases]);
    ++at;
    for (double s : sheets[0].share)
      heard += s != 0;
    ++runs;
    benchmark::DoNotOptimize(sheets[0].share[0]);
  }
  state.counters["groups_heard"] = heard / runs;
}

} // namespace

BENCHMARK(balance_of_twelve)->Arg(1)->Arg(3)->Unit(benchmark::kMillisecond);
BENCHMARK(most_probable_states)->Arg(10)->Arg(20)->Arg(30)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
