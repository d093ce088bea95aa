// The main job as a clinic meets it: one command, cold; and its parts in this process. Beside them the
// yardsticks of the same run: a million dependent multiply-adds, posix_spawn of /bin/true, and a 4 kB write
// with fsync.
//   assess_bench [--benchmark_filter=...]
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "engine/inference/reasoner.hpp"
#include "tests/cases/staged_world.hpp"

using namespace posterior;
namespace fs = std::filesystem;

namespace {

const std::array<const char*, 5> named{"neural-tension-alone", "tightness-paradox", "bilateral-complaint",
                                       "red-flag-in-an-ordinary-case", "truly-short-muscle"};

fs::path file_of(const std::string& name) {
  return fs::path(POSTERIOR_SOURCE_DIR) / "tests" / "cases" / name / "case.toml";
}

// Runs a program with its output thrown away; false if it could not be started or failed.
bool run(const std::vector<std::string>& words, const std::string& home) {
  std::vector<char*> arguments;
  for (const std::string& w : words)
    arguments.push_back(const_cast<char*>(w.c_str()));
  arguments.push_back(nullptr);
  std::string variable = "POSTERIOR_HOME=" + home;
  char* environment[] = {variable.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int fd : {1, 2})
    posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_WRONLY, 0);
  pid_t pid = -1;
  const int failed = posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  return failed == 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void million_multiply_adds(benchmark::State& state) {
  for (auto _ : state) {
    double x = 1;
    for (int i = 0; i < 1000000; ++i)
      x = x * 0.999999 + 1e-6;
    benchmark::DoNotOptimize(x);
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

// A fresh home with the knowledge base already created, as on the second command of the day.
std::string prepared_home() {
  static const std::string home = [] {
    char name[] = "/tmp/posterior-bench-home-XXXXXX";
    return std::string(mkdtemp(name));
  }();
  return home;
}

void cold_assess(benchmark::State& state) {
  const std::string name = named[static_cast<std::size_t>(state.range(0))];
  const std::vector<std::string> words{(fs::path(POSTERIOR_STAGE) / "bin" / "posterior").string(), "assess",
                                       "--local", file_of(name).string()};
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
  asked.candidates = static_cast<int>(state.range(2));
  double cost = 0;
  for (auto _ : state) {
    const inference::grounding ground(k);
    const inference::evidence seen(k, picture, ground, {});
    const auto r = inference::reason(k, picture, ground, seen, asked);
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
    ->ArgsProduct({{0, 1, 2, 3, 4}, {0}, {16}})
    ->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
