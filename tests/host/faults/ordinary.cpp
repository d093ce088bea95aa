// A detector that uses what ordinary C++ uses: threads, exceptions, streams, locales, regular expressions,
// chance, thread-local objects, clocks and allocation in size. It keeps to the contract, and must answer.
#include <posterior/plugin.hpp>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <iostream>
#include <locale>
#include <memory>
#include <mutex>
#include <numeric>
#include <random>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <vector>

namespace {

namespace sdk = posterior::sdk;

struct counted {
  std::vector<int> of_this_thread = std::vector<int>(1000, 1);
};
thread_local counted mine;

double by_threads() {
  std::vector<std::thread> threads;
  std::mutex guard;
  int sum = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      const std::lock_guard hold{guard};
      sum += std::accumulate(mine.of_this_thread.begin(), mine.of_this_thread.end(), 0);
    });
  for (std::thread& one : threads)
    one.join();
  return sum + std::async(std::launch::async, [] { return 1; }).get();
}

double by_text() {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out << 12.5 << ' ' << std::hex << 255;
  std::smatch parts;
  const std::string text = out.str();
  if (!std::regex_match(text, parts, std::regex{"([0-9.]+) ff"}))
    return 0;
  std::cout << "nobody reads this" << std::endl;
  return std::stod(parts[1]);
}

double by_exceptions() {
  try {
    throw std::out_of_range{"inside"};
  } catch (const std::exception& error) {
    return std::string{error.what()} == "inside" ? 1 : 0;
  }
}

double by_chance_and_time() {
  unsigned seed = 0;
  if (getentropy(&seed, sizeof seed) != 0)
    return 0;
  std::mt19937 numbers{seed};
  const auto start = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(std::chrono::milliseconds{1});
  const bool later = std::chrono::steady_clock::now() > start &&
                     std::chrono::system_clock::now().time_since_epoch().count() > 0;
  std::unordered_map<int, std::unique_ptr<std::vector<double>>> many;
  for (int i = 0; i < 100; ++i)
    many[i] = std::make_unique<std::vector<double>>(10'000, numbers() % 2);
  return later && std::thread::hardware_concurrency() > 0 ? 1 : 0;
}

class detector {
public:
  posterior_status evaluate(const sdk::case_view&, sdk::finding_sink& out) {
    const double value = by_threads() + by_text() + by_exceptions() + by_chance_and_time();
    out.measured(FAULT_PREFIX ":value", sdk::side::left, value / 10, "fault-rule"); // 4001 + 12.5 + 1 + 1
    return POSTERIOR_OK;
  }
};

} // namespace

POSTERIOR_PLUGIN(FAULT_ID, "0.1.0", detector);
