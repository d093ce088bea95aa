// What the store of this installation still knows: what was in force before, what changed, and whether the
// file is as it was written. Lent to the service by whoever knows where the store lies.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kb/history.hpp"
#include "kb/store.hpp"

namespace posterior::service {

struct world;

// The world of an earlier revision, with the detectors that were in force then as far as their builds are
// still to be found.
struct past_world {
  std::shared_ptr<const world> then; // empty: `why`
  kb::store_result why;
  std::string notes; // lines for people: whose code is gone, which program made the revision
};

// Any thread; each call opens the store for itself.
class history {
public:
  virtual ~history() = default;
  virtual std::vector<kb::revision_change> log(const std::string& id, std::size_t most,
                                               kb::store_result& result) = 0;
  virtual std::optional<kb::revision_diff> diff(std::int64_t from, std::int64_t to,
                                                kb::store_result& result) = 0;
  virtual kb::store_verdict verify(kb::store_result& result) = 0;
  virtual past_world at(std::int64_t revision) = 0;
};

} // namespace posterior::service
