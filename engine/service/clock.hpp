// Time for those who say how long something took. One function, so that tests can hand in their own. Any
// thread.
#pragma once

#include <functional>

namespace posterior::service {

// Microseconds since some moment; only differences mean anything. Empty: no time is taken.
using stopwatch = std::function<double()>;

// The machine's steady clock.
stopwatch steady_stopwatch();

} // namespace posterior::service
