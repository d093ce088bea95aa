// Hands one case to the detector and collects its findings. One thread; borrows the detector, its class and
// the host table.
#pragma once

#include <posterior/abi.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/wire/frames.hpp"
#include "engine/worker/connection.hpp"
#include "engine/worker/host_table.hpp"

namespace posterior::worker {

// A finding with text of its own, as it was pushed.
struct pushed_finding {
  std::string finding, rule;
  posterior_finding raw{};
};

// What a detector pushed into its sink, and whether it kept to the contract.
class collector {
public:
  explicit collector(std::uint32_t records_max)
      : records_max_{records_max} {}
  collector(const collector&) = delete;
  collector& operator=(const collector&) = delete;

  posterior_sink sink() noexcept { return {sizeof(posterior_sink), 0, this, push}; }
  const std::vector<pushed_finding>& findings() const noexcept { return findings_; }
  // done, too_many or unreadable.
  wire::outcome verdict() const noexcept { return verdict_; }

private:
  static posterior_status push(const posterior_sink* sink, const posterior_record* record) noexcept;
  posterior_status take(const posterior_record* record);
  posterior_status breach(wire::outcome what, posterior_status status);

  std::uint32_t records_max_;
  std::vector<pushed_finding> findings_;
  wire::outcome verdict_ = wire::outcome::done;
};

class evaluator {
public:
  evaluator(const posterior_detector_class& made_by, posterior_detector* detector, host_table& host,
            std::uint32_t records_max)
      : made_by_{made_by}
      , detector_{detector}
      , host_{host}
      , records_max_{records_max} {}

  // Runs evaluate() once and encodes what it gave.
  std::vector<wire::bytes> answer(std::uint32_t request, std::uint32_t deadline_ms,
                                  const std::vector<wire::observation>& observations);

private:
  const posterior_detector_class& made_by_;
  posterior_detector* detector_;
  host_table& host_;
  std::uint32_t records_max_;
};

// Answers requests until the host goes away or sends what is none.
void serve(const connection& host, evaluator& detector);

} // namespace posterior::worker
