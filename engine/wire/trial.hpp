// How an order of a trial is written in front of a detector's configuration, and what a trial says in place
// of a detector's status. Only posterior-trial-worker reads it; the ordinary worker knows nothing of trials.
// Constants; any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace posterior::wire {

// "\x1e" "trial calls=1000 newer=1\n", then the configuration. No JSON begins with that byte.
inline constexpr std::string_view trial_mark = "\x1etrial ";

// Statuses that no detector returns by itself: what the trial saw.
enum trial_status : std::int32_t {
  trial_unsupported = -9000,      // this build cannot make the trial
  trial_ignored_sink = -9001,     // the sink refused, and evaluate() returned success
  trial_left_signals = -9003,     // a signal handler was changed
  trial_left_descriptors = -9004, // descriptors were opened or closed
  trial_left_variables = -9005,   // the environment was changed
  trial_ended_well = -9006,       // destroy() and deinit() returned
  trial_created_null = -9007,     // create() returned success and made nothing
  trial_odd_status = -9008,       // cancelled, and another status than success or cancelled
};

// A leak: this, less the bytes that a thousand calls kept (at most as many again).
inline constexpr std::int32_t trial_leak = -(1 << 24);

} // namespace posterior::wire
