// Prints how long opening the knowledge takes: time_open PLUGIN_FOLDER HOME [RUNS]. The first run imports if
// HOME is new.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "kb/knowledge_base.hpp"
#include "kb/search.hpp"

namespace kb = posterior::kb;

int main(int argc, char** argv) {
  if (argc < 3)
    return 2;
  const int runs = argc > 3 ? std::atoi(argv[3]) : 11;
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) {
    kb::real_files files;
    kb::open_options options;
    options.home = argv[2];
    options.places = {{argv[1], kb::bundle_origin::program}};
    const auto start = std::chrono::steady_clock::now();
    const auto result = kb::open(files, options);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    for (const auto& n : result.notes)
      std::printf("note: %s\n", n.c_str());
    for (const auto& p : result.problems)
      std::printf("%s\n", to_string(p).c_str());
    if (!result.knowledge)
      return 11;
    if (i == 0)
      std::printf("first: %.2f ms\n%s\n", took.count(), summary(*result.knowledge).c_str());
    else
      times.push_back(took.count());
  }
  std::sort(times.begin(), times.end());
  if (!times.empty())
    std::printf("then: median %.2f ms, least %.2f ms, most %.2f ms\n", times[times.size() / 2], times.front(),
                times.back());
}
