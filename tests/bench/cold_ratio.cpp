// The one figure about speed that is asserted: a cold `posterior assess` against posix_spawn of /bin/true in
// the same run, medians, with a factor of three in hand over what is aimed at (60).
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "tests/bench/command.hpp"

using namespace posterior::bench;

namespace {

double median_ms(const std::vector<std::string>& words, int times) {
  std::vector<double> all;
  for (int i = 0; i < times; ++i) {
    const auto start = std::chrono::steady_clock::now();
    if (!run(words, prepared_home()))
      return -1;
    all.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

} // namespace

int main() {
  constexpr double aim = 60, in_hand = 3;
  int failed = 0;
  for (const char* name : named) {
    median_ms(assess_command(name), 1); // the knowledge base exists from here on
    const double yardstick = median_ms({"/bin/true"}, 101), cold = median_ms(assess_command(name), 21);
    const double ratio = cold / yardstick;
    const bool good = cold > 0 && yardstick > 0 && ratio <= aim * in_hand;
    failed += !good;
    std::printf("%-32s %6.1f ms, /bin/true %.2f ms, ratio %.0f (aim %.0f, at most %.0f): %s\n", name, cold,
                yardstick, ratio, aim, aim * in_hand, good ? "ok" : "too slow");
  }
  return failed ? 1 : 0;
}
