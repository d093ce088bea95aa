// Time for those who say how long something took. One function, so that tests can hand in their own. Any
// thread.
#pragma once

#include <cstdint>
#include <functional>

namespace posterior::service {

// Microseconds since some moment; only differences mean anything. Empty: no time is taken.
using stopwatch = std::function<double()>;

// The machine's steady clock.
stopwatch steady_stopwatch();

// Days since 1970 in UTC, as suspensions are counted.
using calendar = std::function<std::int64_t()>;
calendar utc_calendar();

} // namespace posterior::service
