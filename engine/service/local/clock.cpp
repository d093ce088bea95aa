#include "engine/service/clock.hpp"

#include <chrono>

namespace posterior::service {

stopwatch steady_stopwatch() {
  return [] {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double, std::micro>(now).count();
  };
}

} // namespace posterior::service
