// Intervals of all causes from 256 draws on a network of 50 causes and 500 findings: milliseconds a case,
// with every number of the network drawn for the first time and with those of earlier cases kept, and how far
// the ends lie from those of 32,768 draws. Asserted: the time of the first query against a million dependent
// multiply-adds of the same process, with a factor of three in hand; the error of the ends as it is.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "engine/inference/intervals.hpp"
#include "tests/inference/clinic_network.hpp"

using namespace posterior::inference;
using namespace posterior::inference::judge;
using timer = std::chrono::steady_clock;

namespace {

double millis(timer::time_point from) {
  return std::chrono::duration<double, std::milli>(timer::now() - from).count();
}

double median(std::vector<double> list) {
  std::sort(list.begin(), list.end());
  return list[list.size() / 2];
}

double yardstick() {
  std::vector<double> times;
  double x = 1;
  for (int repeat = 0; repeat < 5; ++repeat) {
    const auto start = timer::now();
    for (int i = 0; i < 1'000'000; ++i)
      x = x * 0.999999 + 1e-9;
    times.push_back(millis(start));
  }
  return x > 0 ? *std::min_element(times.begin(), times.end()) : 1;
}

// Every number is worth as much.
doubts all_worth(const network& net, double worth) {
  doubts out;
  stream next = 1;
  const auto name = [&](std::vector<doubt>& list, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      list.push_back({next++ * 0x9E3779B97F4A7C15u, worth});
  };
  name(out.leaks, net.leak.size());
  name(out.links, net.links.size());
  name(out.shocks, net.shocks.size());
  return out;
}

struct figures {
  double first, later; // milliseconds
  double error;        // median over causes of the worse end
};

figures measure(int positive, double worth, int patients) {
  const clinic_shape shape = clinic_50x500;
  const network net = clinic_network(shape, 1);
  const layout map(net);
  const doubts how_sure = all_worth(net, worth);
  std::vector<node_index> causes;
  for (node_index c = 0; c < shape.causes; ++c)
    causes.push_back(c);
  interval_maker kept(map, how_sure, 256), many(map, how_sure, 32768);
  std::vector<double> first, later, errors;
  for (int patient = 0; patient < patients; ++patient) {
    const auto seen =
        clinic_patient(net, shape.causes, positive, 50, static_cast<std::uint64_t>(100 + patient));
    std::vector<end_points> ends;
    double cold = 1e300, warm = 1e300;
    kept.run(seen, causes);
    for (int repeat = 0; repeat < 3; ++repeat) {
      interval_maker fresh(map, how_sure, 256);
      auto start = timer::now();
      ends = fresh.run(seen, causes);
      cold = std::min(cold, millis(start));
      start = timer::now();
      kept.run(seen, causes);
      warm = std::min(warm, millis(start));
    }
    first.push_back(cold);
    later.push_back(warm);
    if (patient >= 3)
      continue;
    const auto exact = many.run(seen, causes);
    for (std::size_t c = 0; c < ends.size() && c < exact.size(); ++c)
      errors.push_back(
          std::max(std::abs(ends[c].low - exact[c].low), std::abs(ends[c].high - exact[c].high)));
  }
  return {median(first), median(later), median(errors)};
}

} // namespace

int main() {
  const double unit = yardstick();
  std::printf("yardstick: %.2f ms\n", unit);
  struct {
    int positive;
    double worth, aim; // milliseconds where the yardstick takes 2
  } const rows[] = {{10, 30, 2}, {10, 10, 2}, {30, 30, 10}, {30, 10, 10}};
  int failed = 0;
  for (const auto& row : rows) {
    const figures f = measure(row.positive, row.worth, 20);
    const bool good = f.first / unit <= 3 * row.aim / 2 && f.error <= 0.01;
    failed += !good;
    std::printf(
        "%2d positive, worth %2.0f: first %6.2f ms, later %6.2f ms (aim %2.0f); error of the ends %.4f (aim "
        ".01): %s\n",
        row.positive, row.worth, f.first, f.later, row.aim, f.error,
        good ? "ok" : "beyond three times the aim");
  }
  return failed ? 1 : 0;
}
