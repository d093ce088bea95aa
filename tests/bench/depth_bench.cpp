// What explaining costs on the cases of the repository: the reasoning alone, with the three leaders
// explained, and with the most probable sets of causes. Medians of 5, in milliseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "engine/inference/reasoner.hpp"
#include "tests/cases/staged_world.hpp"

using namespace posterior;

namespace {

double median_ms(const kb::snapshot& k, const cases::picture& picture,
                 const inference::explanation_wish& explain) {
  std::vector<double> all;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const inference::grounding ground(k);
    const inference::evidence seen(k, picture, ground, {});
    inference::reasoning_options asked;
    asked.explain = explain;
    const auto said = inference::reason(k, picture, ground, seen, asked);
    all.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

} // namespace

int main() {
  const auto& k = staged::the_world().knowledge();
  std::vector<std::filesystem::path> files;
  for (const auto& e :
       std::filesystem::directory_iterator(std::filesystem::path(POSTERIOR_SOURCE_DIR) / "tests" / "cases"))
    if (std::filesystem::exists(e.path() / "case.toml"))
      files.push_back(e.path() / "case.toml");
  std::sort(files.begin(), files.end());
  std::printf("%-32s %8s %8s %8s %8s\n", "case", "alone", "leaders", "sets", "cells");
  for (const auto& file : files) {
    const auto read = cases::read(staged::slurp(file), "case.toml", k);
    const auto picture = cases::settle(*read.value, k);
    const inference::grounding ground(k);
    const inference::evidence seen(k, picture, ground, {});
    const double cells = inference::reason(k, picture, ground, seen, {}).cost;
    inference::explanation_wish leaders, sets;
    leaders.leaders = 3;
    sets.sets = true;
    const double alone = median_ms(k, picture, {});
    std::printf("%-32s %8.1f %8.1f %8.1f %8.0f\n", file.parent_path().filename().c_str(), alone,
                median_ms(k, picture, leaders) - alone, median_ms(k, picture, sets) - alone, cells);
  }
}
