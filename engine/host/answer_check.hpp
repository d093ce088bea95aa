// Holds what a detector gave against what its bundle declares. Pure; any thread.
//
// One finding that does not fit makes the whole answer invalid.
// Rationale: with the rest of it the answer would look complete, and what is missing would count as not
// found.
#pragma once

#include <vector>

#include "engine/host/detector.hpp"
#include "engine/wire/frames.hpp"

namespace posterior::host {

class answer_check {
public:
  // `spec` is borrowed; its rules may be in any order.
  explicit answer_check(const detector_spec& spec);

  // Takes one finding. Returns failure::none, or why the answer is invalid.
  failure take(const wire::finding& given);

  // What was taken, by finding, then side. failure::repeated_finding is found here.
  failure finish(std::vector<derived_finding>& out) &&;

  // The key if it is one of the bundle's messages, else empty.
  std::string known_key(std::string_view key) const;

private:
  const detector_spec* spec_;
  std::vector<std::string_view> rules_; // sorted
  std::vector<derived_finding> taken_;
};

} // namespace posterior::host
