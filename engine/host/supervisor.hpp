// Decides from what a build of a plugin did before whether its code is started again: at once, after a rest,
// or not until somebody lifts its quarantine.
//
// A strike is a worker that crashed, missed a deadline, sent what is no frame, or left the process changed.
// An answer that is merely refused (a finding that is not declared, a value out of range) is none: it costs
// nobody else anything, and another case may go well.
//
// Any thread. Owner: whoever owns the pool; shared with it.
#pragma once

#include <functional>
#include <memory>

#include "engine/host/detector.hpp"
#include "engine/host/strike_book.hpp"

namespace posterior::host {

struct supervision_rules {
  int strikes = 3; // so many within the window end in quarantine
  std::int64_t window_ms = 10 * 60'000;
  std::vector<std::int64_t> rests_ms = {0, 1000, 5000}; // after the first, second ... failure in a row
};

class supervisor {
public:
  using clock = std::function<std::int64_t()>; // milliseconds since 1970
  // Told of a build that goes into quarantine.
  using listener = std::function<void(const offender&)>;

  supervisor(std::shared_ptr<strike_book> book, clock now, listener told = {}, supervision_rules rules = {});

  // failure::none: may be started; else resting or quarantined, with the reason for the operator.
  struct verdict {
    failure why = failure::none;
    std::string reason;
  };
  // One verdict for each, in the same order.
  std::vector<verdict> judge(const std::vector<const detector_spec*>& wanted);
  // Counts how it went. Answers of detectors that were not started change nothing.
  void note(const detector_spec& spec, const detector_answer& answer);

  std::vector<offender> offenders() const { return book_->read(); }
  // Forgets what the builds of a plugin, or the build of this digest, did. False if there was nothing.
  bool lift(std::string_view plugin_or_digest);

private:
  std::shared_ptr<strike_book> book_;
  clock now_;
  listener told_;
  supervision_rules rules_;
};

// True if the worker broke the contract that keeps others safe.
bool is_strike(failure why);

} // namespace posterior::host
