// What a detector's process costs, beside yardsticks of the same run: a call with 64 observations on one core
// and across cores (median and p99), five workers scattered against one, a cold start. Medians of many calls,
// in microseconds; the aims are for a quiet machine of two cores.
//   host_bench          prints
//   host_bench check    fails where a ratio to its yardstick is more than three times what it is aimed to be
#include <sched.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string_view>

#include "tests/host/detectors.hpp"

using namespace posterior;
using namespace posterior::host_tests;

namespace {

using timer = std::chrono::steady_clock;

struct figures {
  double median = 0, p99 = 0;
};

double micros(timer::time_point from) {
  return std::chrono::duration<double, std::micro>(timer::now() - from).count();
}

figures measure(int times, const std::function<void()>& call) {
  for (int i = 0; i < times / 10; ++i)
    call();
  std::vector<double> all;
  for (int i = 0; i < times; ++i) {
    const auto start = timer::now();
    call();
    all.push_back(micros(start));
  }
  std::sort(all.begin(), all.end());
  return {all[all.size() / 2], all[all.size() * 99 / 100]};
}

// A set of cores: `count` of them from `first` on.
cpu_set_t cores(int first, int count) {
  cpu_set_t out;
  CPU_ZERO(&out);
  for (int i = first; i < first + count; ++i)
    CPU_SET(static_cast<unsigned>(i), &out);
  return out;
}
void pin(pid_t process, int first, int count = 1) {
  const cpu_set_t set = cores(first, count);
  sched_setaffinity(process, sizeof set, &set);
}

std::vector<pid_t> children() {
  std::vector<pid_t> out;
  for (const auto& task : std::filesystem::directory_iterator{"/proc/self/task"}) {
    std::ifstream in{task.path() / "children"};
    for (pid_t pid = 0; in >> pid;)
      out.push_back(pid);
  }
  return out;
}

// --- yardsticks ---

double multiply_adds() {
  double x = 1;
  const figures found = measure(10, [&] {
    for (int i = 0; i < 1'000'000; ++i)
      x = x * 0.999999 + 1e-9;
  });
  return x > 0 ? found.median : 1;
}

double spawn_true() {
  return measure(100,
                 [] {
                   char name[] = "true";
                   char* const arguments[] = {name, nullptr};
                   char* const environment[] = {nullptr};
                   pid_t pid = -1;
                   if (posix_spawn(&pid, "/bin/true", nullptr, nullptr, arguments, environment) == 0)
                     waitpid(pid, nullptr, 0);
                 })
      .median;
}

// As many bytes there and back as a call sends, through the bare socket, to a process that does nothing else.
figures bare_socket(int core) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return {};
  std::vector<char> bytes(3400);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    while (recv(ends[1], bytes.data(), bytes.size(), 0) > 0)
      send(ends[1], bytes.data(), 160, 0);
    _exit(0);
  }
  close(ends[1]);
  pin(child, core);
  const figures found = measure(5000, [&] {
    if (send(ends[0], bytes.data(), bytes.size(), 0) > 0)
      recv(ends[0], bytes.data(), bytes.size(), 0);
  });
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return found;
}

// --- what is measured ---

// 64 observations, as many as a long examination of what one detector consumes.
std::vector<host::observation> examination() {
  std::vector<host::observation> all;
  for (int i = 0; i < 64; ++i)
    all.push_back(
        {"slr-passive", i % 2 == 0 ? side::left : side::right, host::reading::measured, 60.0 + i, 1, 0, i});
  return all;
}

void must_answer(const host::detection& result) {
  for (const host::detector_answer& one : result.answers)
    if (one.status != host::answer_status::answered) {
      std::printf("no answer: %s %s\n", one.detail.c_str(), one.reason.c_str());
      std::exit(2);
    }
}

// Calls of `detectors` warm workers, pinned to the given cores; {} for wherever the scheduler puts them.
figures warm(std::size_t detectors, std::optional<int> core) {
  const std::vector<host::detector_spec> specs(detectors, good());
  const auto asked = examination();
  auto keep = options();
  keep.idle_max = detectors;
  host::worker_pool pool{keep};
  pool.run(specs, asked);
  for (const pid_t worker : children())
    core ? pin(worker, *core) : pin(worker, 0, 2);
  return measure(5000, [&] { must_answer(pool.run(specs, asked)); });
}

// Until the answer is there: a command goes on while its workers end.
figures cold() {
  const std::vector<host::detector_spec> specs{good()};
  const auto asked = examination();
  std::vector<std::unique_ptr<host::worker_pool>> pools; // ended outside the measured time
  std::vector<double> all;
  for (int i = 0; i < 200; ++i) {
    auto pool = std::make_unique<host::worker_pool>(options());
    const auto start = timer::now();
    must_answer(pool->run(specs, asked));
    all.push_back(micros(start));
    pools.push_back(std::move(pool));
  }
  std::sort(all.begin(), all.end());
  return {all[all.size() / 2], all[all.size() * 99 / 100]};
}

figures check_file() {
  const auto spec = good();
  const std::string hash = std::string(64, '0');
  return measure(200, [&] { host::check_library(spec.library, hash, {spec.plugin, spec.version}); });
}

struct line {
  const char* name;
  figures found;
  double aim; // of the median, in microseconds; 0: none
  double yardstick;
  double ratio_aim; // of the median to the yardstick
};

bool print(const line& one, bool check) {
  constexpr double in_hand = 3;
  const double ratio = one.found.median / one.yardstick;
  const bool good_enough = one.ratio_aim <= 0 || ratio <= one.ratio_aim * in_hand;
  std::printf("%-34s %8.1f %8.1f %8.0f %8.2f %8.2f  %s\n", one.name, one.found.median, one.found.p99, one.aim,
              ratio, one.ratio_aim,
              !check || one.ratio_aim <= 0 ? ""
              : good_enough                ? "ok"
                                           : "too slow");
  return good_enough || !check;
}

} // namespace

int main(int count, char** arguments) {
  const bool check = count > 1 && std::string_view{arguments[1]} == "check";
  pin(0, 0);
  const double adds = multiply_adds(), spawn = spawn_true();
  const figures bare_here = bare_socket(0), bare_there = bare_socket(1);
  std::printf("yardsticks: 1,000,000 multiply-adds %.0f us, posix_spawn of /bin/true %.0f us\n\n", adds,
              spawn);
  std::printf("%-34s %8s %8s %8s %8s %8s\n", "us", "median", "p99", "aim", "ratio", "aim");
  const figures here = warm(1, 0), there = warm(1, 1);
  pin(0, 0, 2);
  const figures one = warm(1, {}), five = warm(5, {});
  const std::vector<line> lines{{"bare socket, one core", bare_here, 0, adds, 0},
                                {"bare socket, two cores", bare_there, 0, adds, 0},
                                {"call, one core / bare socket", here, 15, bare_here.median, 2.5},
                                {"call, two cores / bare socket", there, 100, bare_there.median, 2},
                                {"one worker, unpinned", one, 0, adds, 0},
                                {"five workers / one", five, 0, one.median, 2},
                                {"cold start / spawn of true", cold(), 5000, spawn, 5},
                                {"file read, hashed, judged", check_file(), 0, adds, 0}};
  bool good_enough = true;
  for (const line& each : lines)
    good_enough = print(each, check) && good_enough;
  return good_enough ? 0 : 1;
}
