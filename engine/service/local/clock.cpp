#include "engine/service/clock.hpp"

#include <chrono>

namespace posterior::service {

stopwatch steady_stopwatch() {
  return [] {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double, std::micro>(now).count();
  };
}

calendar utc_calendar() {
  return [] {
    return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()).time_since_epoch().count();
  };
}

} // namespace posterior::service
