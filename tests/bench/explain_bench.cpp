// What explaining costs on models of realistic size: the most probable joint states and the balance sheet.
//   explain_bench [--benchmark_filter=...]
#include <benchmark/benchmark.h>

#include "engine/inference/probable_sets.hpp"
#include "tests/inference/realistic_model.hpp"

using namespace posterior::inference;

namespace {

constexpr int cases = 20;

void most_probable_states(benchmark::State& state) {
  const auto shape = judge::model_shape{};
  const network net = judge::realistic_model(1, shape);
  std::vector<std::vector<likelihood>> seen;
  for (std::uint64_t k = 1; k <= cases; ++k)
    seen.push_back(judge::realistic_case(k, net, shape.causes, static_cast<int>(state.range(0)), 50));
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

} // namespace

BENCHMARK(most_probable_states)->Arg(10)->Arg(20)->Arg(30)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
