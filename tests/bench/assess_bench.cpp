// The main job as a clinic meets it: one command, cold; and its parts in this process. Beside them the
// yardsticks of the same run: a million dependent multiply-adds, posix_spawn of /bin/true, and a 4 kB write
// with fsync.
//   assess_bench [--benchmark_filter=...]
#include <benchmark/benchmark.h>
#include <unistd.h>

#include "engine/inference/reasoner.hpp"
#include "tests/bench/command.hpp"
#include "tests/cases/staged_world.hpp"

using namespace posterior;
using namespace posterior::bench;

namespace {

void million_multiply_adds(benchmark::State& state) {
  for (auto _ : state) {
    double x = 1;
    for (int i = 0; i < 1000000; ++i) {
      x = x * 0.999999 + 1e-6;
      benchmark::DoNotOptimize(x);
    }
  }
}

void spawn_true(benchmark::State& state) {
  for (auto _ : state)
    if (!run({"/bin/true"}, "/"))
      state.SkipWithError("/bin/true did not run");
}

void write_and_fsync(benchmark::State& state) {
  char name[] = "/tmp/posterior-bench-XXXXXX";
  const int fd = mkstemp(name);
  const std::string block(4096, 'x');
  for (auto _ : state)
    if (pwrite(fd, block.data(), block.size(), 0) != 4096 || fsync(fd) != 0)
      state.SkipWithError("no write");
  close(fd);
  unlink(name);
}

void cold_assess(benchmark::State& state) {
  const std::string name = named[static_cast<std::size_t>(state.range(0))];
  const std::vector<std::string> words = assess_command(name);
  run(words, prepared_home());
  for (auto _ : state)
    if (!run(words, prepared_home()))
      state.SkipWithError("the command failed");
  state.SetLabel(name);
}

void warm_assess(benchmark::State& state) {
  const auto& w = staged::the_world();
  const std::string name = named[static_cast<std::size_t>(state.range(0))];
  const std::string text = staged::slurp(file_of(name));
  for (auto _ : state)
    benchmark::DoNotOptimize(w.assess_text(text, "case.toml"));
  state.SetLabel(name);
}

void reason_only(benchmark::State& state) {
  const auto& k = staged::the_world().knowledge();
  const std::string name = named[static_cast<std::size_t>(state.range(0))];
  const auto read = cases::read(staged::slurp(file_of(name)), "case.toml", k);
  const auto picture = cases::settle(*read.value, k);
  inference::reasoning_options asked;
  asked.draws = static_cast<int>(state.range(1));
  asked.tests.wanted = state.range(2) > 0;
  double cost = 0;
  for (auto _ : state) {
    const inference::grounding ground(k);
    const inference::evidence seen(k, picture, ground, {});
    auto r = inference::reason(k, picture, ground, seen, asked);
    cost = r.cost;
    benchmark::DoNotOptimize(r.none_of_these);
  }
  state.SetLabel(name);
  state.counters["cells"] = cost;
}

} // namespace

BENCHMARK(million_multiply_adds)->Unit(benchmark::kMillisecond);
BENCHMARK(spawn_true)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(write_and_fsync)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(cold_assess)->DenseRange(0, 4)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(warm_assess)->DenseRange(0, 4)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(reason_only)
    ->ArgsProduct({{0, 1, 2, 3, 4}, {0}, {0}})
    ->ArgsProduct({{0, 1, 2, 3, 4}, {256}, {0}})
    ->ArgsProduct({{0, 1, 2, 3, 4}, {0}, {1}})
    ->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
