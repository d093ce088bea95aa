// What a detector's process costs: cold start, a call, five at once; beside posix_spawn of /bin/true in the
// same run.
//   worker_bench [--benchmark_filter=...]
#include <benchmark/benchmark.h>
#include <spawn.h>
#include <sys/wait.h>

#include "tests/host/detectors.hpp"

using namespace posterior;
using namespace posterior::host_tests;

namespace {

// 64 observations, as many as a long examination of what one detector consumes.
std::vector<host::observation> examination() {
  std::vector<host::observation> all;
  for (int i = 0; i < 64; ++i)
    all.push_back(
        {"slr-passive", i % 2 == 0 ? side::left : side::right, host::reading::measured, 60.0 + i, 1, 0, i});
  return all;
}

void spawn_true(benchmark::State& state) {
  for (auto _ : state) {
    char name[] = "true";
    char* const arguments[] = {name, nullptr};
    char* const environment[] = {nullptr};
    pid_t pid = -1;
    if (posix_spawn(&pid, "/bin/true", nullptr, nullptr, arguments, environment) == 0)
      waitpid(pid, nullptr, 0);
  }
}

// Start, load, ask, answer, end, for so many detectors at once.
void cold(benchmark::State& state) {
  const std::vector<host::detector_spec> detectors(static_cast<std::size_t>(state.range(0)), good());
  const auto asked = examination();
  for (auto _ : state) {
    host::worker_pool pool{options()};
    if (pool.run(detectors, asked).findings.empty())
      state.SkipWithError("no answer");
  }
}

// As cold, but only until the answer is there: a command goes on while its workers end.
void cold_until_answer(benchmark::State& state) {
  const std::vector<host::detector_spec> detectors(static_cast<std::size_t>(state.range(0)), good());
  const auto asked = examination();
  for (auto _ : state) {
    auto pool = std::make_unique<host::worker_pool>(options());
    if (pool->run(detectors, asked).findings.empty())
      state.SkipWithError("no answer");
    state.PauseTiming();
    pool.reset();
    state.ResumeTiming();
  }
}

void warm(benchmark::State& state) {
  const std::vector<host::detector_spec> detectors(static_cast<std::size_t>(state.range(0)), good());
  const auto asked = examination();
  auto keep = options();
  keep.idle_max = detectors.size();
  host::worker_pool pool{keep};
  pool.run(detectors, asked);
  for (auto _ : state)
    if (pool.run(detectors, asked).findings.empty())
      state.SkipWithError("no answer");
}

void check_file(benchmark::State& state) {
  const auto path = good().library;
  const std::string any_hash(64, '0');
  for (auto _ : state)
    benchmark::DoNotOptimize(host::verify_file(path, any_hash));
}

} // namespace

BENCHMARK(spawn_true)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(cold)->Arg(1)->Arg(5)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(cold_until_answer)->Arg(1)->Arg(5)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(warm)->Arg(1)->Arg(5)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(check_file)->Unit(benchmark::kMicrosecond);

BENCHMARK_MAIN();
