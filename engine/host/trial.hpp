// What can be asked of a trial worker beyond ordinary work, so that `posterior plugin check` sees how a
// detector behaves where the rules bend. A trial is an order in front of the configuration; the program that
// understands it is posterior-trial-worker, confined like the ordinary one. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/host/detector.hpp"

namespace posterior::host {

struct trial {
  bool newer_host = false;      // the host says minor 99 and its table is longer
  bool strange_records = false; // longer observations, and records of unknown kinds between them
  bool cancelled = false;       // cancelled() is true from the start
  bool watched = false;         // signals, descriptors and variables are compared around each call
  bool ends = false; // after create(): destroy(), deinit(), and no answer but whether they returned
  int creations = 0; // create() and destroy() so often before the one that counts
  int calls = 0;     // evaluate() so often first, and bytes that stay allocated are counted
  int failing_allocations =
      0;              // the first, second ... allocation fails, up to so many, in create and evaluate
  int refused_at = 0; // the sink refuses this finding (counted from 1) and all later ones
};

// The configuration that orders it.
std::string config_of(const trial& how, std::string_view config);

enum class trial_breach : std::uint8_t {
  none,
  unsupported,
  ignored_sink,
  left_signals,
  left_descriptors,
  left_variables,
  ended_well,
  created_null,
  odd_status,
  leaked
};

struct trial_finding {
  trial_breach what = trial_breach::none;
  std::int64_t bytes = 0; // leaked, of a thousand calls
};

// What the trial saw, from the answer of a trial worker.
trial_finding finding_of(const detector_answer& answer);

} // namespace posterior::host
