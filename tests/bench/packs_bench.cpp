// A thousand data-only packs beside all that Posterior brings: found, read, merged and made a snapshot in
// memory; imported into a new store; opened again from the store; opened again with one pack changed. Beside
// them the yardsticks of the same run: a million dependent multiply-adds, and reading the same files without
// a look at them.
//   packs_bench [--benchmark_filter=...]   prints
//   packs_bench check                      asserts the best of three in memory as a ratio to the yardstick

#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include "kb/knowledge_base.hpp"

using namespace posterior;
namespace fs = std::filesystem;

namespace {

constexpr int packs = 1000;
// Two seconds where a million dependent multiply-adds take 4 ms.
constexpr double yardsticks_max = 500;

std::string head_of(const std::string& prefix) {
  return "schema = \"posterior.pack/1\"\n\n[plugin]\nid = \"org.example." + prefix +
         "\"\nversion = \"1.0.0\"\nname = \"Pack " + prefix +
         "\"\nsummary = \"A state, three findings, what they mean, and one exercise.\"\nvendor = \"A "
         "clinic\"\n"
         "license = \"CC0-1.0\"\nrequires = [\"org.posterior.core\"]\nprefix = \"" +
         prefix + "\"\n\n[[source]]\nid = \"" + prefix + ":audit\"\ntitle = \"Audit of clinic " + prefix +
         "\"\nauthors = \"The clinic\"\nyear = 2020\nlocator = \"its own file\"\nkind = \"audit\"\nseen = "
         "\"judgement\"\n";
}

// A state of the pack's own, how common it is, and what brings it about.
std::string state_of(const std::string& prefix) {
  const std::string id = prefix + ":guarding";
  return "\n[[state]]\nid = \"" + id +
         "\"\nname = \"Guarding\"\nkind = \"impairment\"\nlateral = true\n"
         "present_when = \"The thigh tightens before the leg is moved.\"\nleak = [0.05, 0.01, 0.2]\n"
         "judgement = \"By the clinic's own count.\"\n\n[[prior]]\nstate = \"" +
         id +
         "\"\nage = [65, 120]\nleak = [0.1, 0.02, 0.3]\njudgement = \"By the clinic's own count.\"\n\n"
         "[[link]]\nfrom = \"neural-tension\"\nto = \"" +
         id +
         "\"\np = \"occasionally\"\nbecause = \"A nerve that hurts is protected.\"\n"
         "judgement = \"By the clinic's own count.\"\n";
}

std::string finding_of(const std::string& prefix, int number, const std::string& state,
                       const std::string& weight) {
  const std::string id = prefix + ":sign-" + std::to_string(number);
  return "\n[[finding]]\nid = \"" + id + "\"\nname = \"Sign " + std::to_string(number) + " of " + prefix +
         "\"\nkind = \"sign\"\nquestion = \"Is sign " + std::to_string(number) +
         " there?\"\nhow = \"Supine, the leg resting. Look from the side, then lift the heel a hand's "
         "breadth.\"\n"
         "lateral = true\nposition = \"supine\"\nminutes = 1\nsources = [\"" +
         prefix + ":audit: p. " + std::to_string(number) +
         "\"]\njudgement = \"How this clinic looks for it.\"\n\n[[observes]]\nfinding = \"" + id +
         "\"\nstate = \"" + state + "\"\n" + weight + "\nsources = [\"" + prefix +
         ":audit\"]\njudgement = \"Seen more often with this state, by the clinic's own count.\"\n";
}

std::string exercise_of(const std::string& prefix) {
  return "\n[[exercise]]\nid = \"" + prefix +
         ":sit-tall\"\nname = \"Sitting tall\"\npurpose = \"Less time in the position that provokes\"\n"
         "targets = [\"posture\"]\nphase = \"protection\"\nequipment = [[\"chair\"]]\n"
         "dose = { reps = { min = 3, max = 5 }, per_day = { min = 4, max = 8 }, basis = \"none: a habit\" }\n"
         "depth = 1\nirritability = \"high\"\ncues = [\"Grow tall, breathe three times.\"]\n"
         "stop = [\"Symptoms spread further down the leg\"]\njudgement = \"It has no source.\"\n\n"
         "[[indication]]\nexercise = \"" +
         prefix +
         ":sit-tall\"\ncause = \"neural-tension\"\nrole = \"supporting\"\npurpose = \"Takes load off.\"\n"
         "judgement = \"Rest from the provoking position.\"\n";
}

std::string pack_of(int number) {
  const std::string prefix = "clinic" + std::to_string(number);
  return head_of(prefix) + state_of(prefix) +
         finding_of(prefix, 1, prefix + ":guarding",
                    "accuracy = { sensitivity = [0.78, 0.6, 0.9], specificity = [0.8, 0.65, 0.9] }") +
         finding_of(prefix, 2, "hamstring-shortness", "opinion = \"weakly-supports\"") +
         finding_of(prefix, 3, "lumbar-radiculopathy", "opinion = \"weakly-supports\"") + exercise_of(prefix);
}

// The packs in a folder of their own, gone with this object.
class pack_folder {
public:
  pack_folder() {
    char name[] = "/tmp/posterior-packs-XXXXXX";
    root_ = mkdtemp(name);
    fs::create_directory(root_ / "plugins");
    for (int i = 0; i < packs; ++i)
      write(i, pack_of(i));
  }
  pack_folder(const pack_folder&) = delete;
  pack_folder& operator=(const pack_folder&) = delete;
  ~pack_folder() { fs::remove_all(root_); }

  fs::path file(int number) const {
    return root_ / "plugins" / ("clinic" + std::to_string(number) + ".pack.toml");
  }
  void write(int number, const std::string& text) const { std::ofstream(file(number)) << text; }
  std::string home(int number) const { return (root_ / ("home" + std::to_string(number))).string(); }

  kb::open_options options(const std::string& home_folder = "") const {
    kb::open_options out;
    out.home = home_folder;
    out.places = {{std::string(POSTERIOR_SOURCE_DIR) + "/kb/core", kb::bundle_origin::program},
                  {std::string(POSTERIOR_SOURCE_DIR) + "/plugins", kb::bundle_origin::program},
                  {(root_ / "plugins").string(), kb::bundle_origin::home}};
    return out;
  }
  // Without what Posterior brings beside its core: much of what the packs and the core say then sleeps.
  kb::open_options sleeping() const {
    kb::open_options out = options();
    out.places.erase(out.places.begin() + 1);
    return out;
  }

private:
  fs::path root_;
};

const pack_folder& folder() {
  static const pack_folder made;
  return made;
}

// Opens and makes sure that every pack takes part.
bool open(const kb::open_options& options) {
  kb::real_files files;
  const kb::opened result = kb::open(files, options);
  const auto left_out = std::find_if(result.notes.begin(), result.notes.end(), [](const std::string& note) {
    return note.find("left out") != std::string::npos;
  });
  if (left_out != result.notes.end())
    std::fprintf(stderr, "%s\n", left_out->c_str());
  return result.knowledge && result.bundles.size() > packs &&
         result.knowledge->plugins.size() == result.bundles.size();
}

void million_multiply_adds(benchmark::State& state) {
  for (auto _ : state) {
    double x = 1;
    for (int i = 0; i < 1'000'000; ++i) {
      x = x * 0.999999 + 1e-6;
      benchmark::DoNotOptimize(x);
    }
  }
}

void read_the_files(benchmark::State& state) {
  kb::real_files files;
  for (auto _ : state)
    for (int i = 0; i < packs; ++i)
      benchmark::DoNotOptimize(files.read(folder().file(i).string(), kb::bundle_bytes_limit));
}

void in_memory(benchmark::State& state) {
  for (auto _ : state)
    if (!open(folder().options()))
      state.SkipWithError("a pack is missing");
}

void in_memory_half_asleep(benchmark::State& state) {
  for (auto _ : state)
    if (!open(folder().sleeping()))
      state.SkipWithError("a pack is missing");
}

void imported(benchmark::State& state) {
  int home = 0;
  for (auto _ : state)
    if (!open(folder().options(folder().home(++home))))
      state.SkipWithError("a pack is missing");
}

void opened_again(benchmark::State& state) {
  const auto options = folder().options(folder().home(0));
  if (!open(options))
    state.SkipWithError("a pack is missing");
  for (auto _ : state)
    if (!open(options))
      state.SkipWithError("a pack is missing");
}

void opened_with_one_changed(benchmark::State& state) {
  const auto options = folder().options(folder().home(0));
  int change = 0;
  for (auto _ : state) {
    folder().write(0, pack_of(0) + "# " + std::to_string(++change) + "\n");
    if (!open(options))
      state.SkipWithError("a pack is missing");
  }
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// A million dependent multiply-adds, the best of five, in seconds.
double yardstick() {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    double x = 1;
    for (int step = 0; step < 1'000'000; ++step) {
      x = x * 0.999999 + 1e-6;
      benchmark::DoNotOptimize(x);
    }
    best = std::min(best, seconds_since(start));
  }
  return best;
}

// The best of three, in seconds; nothing if a pack does not take part.
std::optional<double> best_of_three(const kb::open_options& options) {
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    if (!open(options))
      return std::nullopt;
    best = std::min(best, seconds_since(start));
  }
  return best;
}

int check() {
  for (const auto& [what, options] :
       {std::pair("all awake", folder().options()), std::pair("half asleep", folder().sleeping())}) {
    const double unit = yardstick();
    const auto best = best_of_three(options);
    if (!best) {
      std::fprintf(stderr, "packs_bench: not all of %d packs take part, must be\n", packs);
      return 1;
    }
    std::printf("%d packs found, read and merged, %s: %.3f s, %.0f yardsticks of %.2f ms (at most %.0f)\n",
                packs, what, *best, *best / unit, unit * 1e3, yardsticks_max);
    if (*best > yardsticks_max * unit)
      return 1;
  }
  return 0;
}

} // namespace

BENCHMARK(million_multiply_adds)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(read_the_files)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(in_memory)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(in_memory_half_asleep)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(imported)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(opened_again)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(opened_with_one_changed)->Unit(benchmark::kMillisecond)->UseRealTime();

int main(int count, char** arguments) {
  if (count == 2 && std::string(arguments[1]) == "check")
    return check();
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments))
    return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
