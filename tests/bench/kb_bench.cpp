// The knowledge base at size: 1,000 packs with 10,000 findings and 5,000 exercises beside all that Posterior
// brings. Prints, each as the median of its runs: importing them into a new store (the aim is 5 s), merging
// and compiling what was read to a snapshot (300 ms), opening the stored snapshot, a search (99th percentile
// 5 ms), `kb show` (2 ms, of a hub too), reading an old revision, `kb verify`, and the bundled knowledge
// alone made ready from its store (20 ms). Beside them the yardsticks of the same process: a million
// dependent multiply-adds, the start of /bin/true, and a 4 kB write with fsync.
//   kb_bench          prints
//   kb_bench check    asserts the same figures as ratios to the multiply-adds: three times what was measured
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <vector>

#include "kb/knowledge_base.hpp"
#include "kb/merge.hpp"
#include "kb/search.hpp"
#include "kb/show.hpp"
#include "kb/store.hpp"
#include "tests/bench/many_packs.hpp"

using namespace posterior;

namespace {

constexpr int packs = 1000;
int failures = 0;

double millis_of(const std::function<void()>& act) {
  const auto start = std::chrono::steady_clock::now();
  act();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

double quantile(std::vector<double> list, double q) {
  std::sort(list.begin(), list.end());
  return list[std::min(list.size() - 1, static_cast<std::size_t>(q * static_cast<double>(list.size())))];
}

double median_of(int runs, const std::function<void()>& act) {
  std::vector<double> times;
  for (int i = 0; i < runs; ++i)
    times.push_back(millis_of(act));
  return quantile(times, 0.5);
}

double multiply_adds() {
  double best = 1e9, x = 1;
  for (int i = 0; i < 5; ++i)
    best = std::min(best, millis_of([&] {
                      for (int step = 0; step < 1'000'000; ++step)
                        x = x * 0.999999 + 1e-9;
                    }));
  return x > 0 ? best : 1;
}

void start_true() {
  char name[] = "/bin/true";
  char* words[] = {name, nullptr};
  char* none[] = {nullptr};
  pid_t child = 0;
  int status = 0;
  if (::posix_spawn(&child, name, nullptr, nullptr, words, none) == 0)
    ::waitpid(child, &status, 0);
}

void write_page(const std::string& path) {
  const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  const std::string page(4096, 'x');
  if (fd < 0 || ::write(fd, page.data(), page.size()) != static_cast<ssize_t>(page.size()) ||
      ::fsync(fd) != 0)
    ++failures;
  ::close(fd);
}

void need(bool good, const char* what) {
  if (good)
    return;
  std::fprintf(stderr, "kb_bench: %s\n", what);
  std::exit(1);
}

std::vector<kb::search_place> program_places() {
  const std::string root = POSTERIOR_SOURCE_DIR;
  return {{root + "/kb/core", kb::bundle_origin::program}, {root + "/plugins", kb::bundle_origin::program}};
}

kb::opened open(const std::string& home, const std::vector<kb::search_place>& places) {
  kb::real_files files;
  kb::open_options options;
  options.home = home;
  options.places = places;
  kb::opened out = kb::open(files, options);
  need(out.knowledge != nullptr, "the knowledge could not be opened");
  return out;
}

// Prints a figure beside its aim, both in milliseconds; `check` asserts that it is at most `most` yardsticks.
struct judge {
  double yardstick;
  bool check;

  void figure(const char* what, double found, double aim, double most) const {
    const double ratio = found / yardstick;
    const bool good = !check || ratio <= most;
    std::printf("%-50s %10.3f ms   aim %6.0f   %8.2f yardsticks (at most %6.0f)%s\n", what, found, aim, ratio,
                most, good ? "" : "   TOO SLOW");
    failures += good ? 0 : 1;
  }
};

std::vector<double> search_times(kb::store& kept) {
  std::vector<double> times;
  const char* words[] = {"hamstring",    "sitting tall",  "sign", "clinic7", "guarding",
                         "heel breadth", "ner",           "zzzz", "stretch", "audit clinic12",
                         "straight leg", "tension nerve", "si"};
  for (int i = 0; i < 400; ++i) {
    kb::search_query query;
    query.text = std::string(words[i % std::size(words)]) + (i % 3 == 0 ? " " + std::to_string(i % 10) : "");
    kb::store_result result;
    times.push_back(millis_of([&] { kept.search(query, result); }));
    need(static_cast<bool>(result), result.text.c_str());
  }
  return times;
}

std::vector<double> index_times(kb::search_index& texts) {
  std::vector<double> times;
  for (const char* word : {"hamstring", "sitting tall", "sign 3", "clinic7", "guarding", "zzzz", "nerve"})
    for (int i = 0; i < 30; ++i)
      times.push_back(millis_of([&] { texts.search({word, "", "", std::nullopt, 20}); }));
  return times;
}

// What thousands of statements name. The first question makes the index of who names what.
void hub(const judge& by, const std::shared_ptr<const kb::snapshot>& knowledge) {
  const std::string id = "hamstring-shortness";
  need(knowledge->users().of(id).size() >= 8'000, "it is no hub");
  by.figure("kb show of what 9,000 statements name, a page of it",
            median_of(200, [&] { need(kb::show(*knowledge, id, 40).has_value(), "gone"); }), 2, 6);
  by.figure("kb show of the same, all of it",
            median_of(50, [&] { need(kb::show(*knowledge, id).has_value(), "gone"); }), 20, 60);
}

void all_packs(const bench::many_packs& made, const judge& by) {
  const bool check = by.check;
  auto places = program_places();
  places.insert(places.begin(), {made.plugins(), kb::bundle_origin::home});
  int home = 0;
  by.figure("import of 1,000 packs into a new store",
            median_of(check ? 1 : 3, [&] { open(made.home(++home), places); }), 5000, 5000);

  kb::real_files files;
  diagnostics problems;
  std::vector<double> compiling;
  std::shared_ptr<const kb::snapshot> knowledge;
  for (int i = 0; i < (check ? 2 : 5); ++i) {
    auto bundles = kb::discover(files, places, problems);
    compiling.push_back(millis_of([&] {
      auto merged = kb::merge(std::move(bundles));
      knowledge = kb::index(std::move(merged.content));
    }));
  }
  need(knowledge->all.findings.size() >= 10'000 && knowledge->all.exercises.size() >= 5'000,
       "not every pack takes part");
  by.figure("what was read, merged and compiled to a snapshot", quantile(compiling, 0.5), 300, 1500);

  open(made.home(1), places);
  by.figure("the same, ready again from its store", median_of(5, [&] { open(made.home(1), places); }), 300,
            300);
  kb::store_result result;
  auto kept = kb::store::open(made.home(1) + "/kb.sqlite", kb::store::access::read, 1000, result);
  need(kept.has_value(), result.text.c_str());
  const auto searches = search_times(*kept);
  by.figure("search, 99th percentile", quantile(searches, 0.99), 5, 250);
  kb::search_index texts(*knowledge);
  by.figure("search in memory, 99th percentile", quantile(index_times(texts), 0.99), 5, 100);
  by.figure("kb show",
            median_of(200, [&] { need(kb::show(*knowledge, "clinic500:sign-1").has_value(), "gone"); }), 2,
            6);
  by.figure("the index of who names what, made once", median_of(5, [&] { kb::usage(knowledge->all); }), 20,
            100);
  hub(by, knowledge);
  by.figure("an earlier revision from its rows",
            median_of(3, [&] { need(kept->read(1, result).has_value(), result.text.c_str()); }), 1000, 1000);
  by.figure("kb verify", median_of(1, [&] { need(kept->verify(result).faults.empty(), "faults"); }), 10000,
            8000);
}

void bundled(const bench::many_packs& made, const judge& by) {
  open(made.home(0), program_places());
  by.figure("bundled knowledge, ready from its store",
            median_of(11, [&] { open(made.home(0), program_places()); }), 20, 25);
  kb::store_result result;
  by.figure("  of which: the check of the store at start",
            median_of(51,
                      [&] {
                        auto kept = kb::store::open(made.home(0) + "/kb.sqlite", kb::store::access::read,
                                                    1000, result);
                        need(kept && kept->check_latest(), "the store is damaged");
                      }),
            1, 1);
}

} // namespace

int main(int count, char** words) {
  const bool check = count == 2 && std::string(words[1]) == "check";
  const bench::many_packs made(packs, {10, 5});
  const double unit = multiply_adds();
  std::printf(
      "yardsticks: 1,000,000 multiply-adds %.2f ms, start of /bin/true %.2f ms, 4 kB write and fsync %.2f "
      "ms\n",
      unit, median_of(11, start_true), median_of(11, [&] { write_page(made.plugins() + "/../page"); }));
  const judge by{unit, check};
  bundled(made, by);
  all_packs(made, by);
  return failures == 0 ? 0 : 1;
}
