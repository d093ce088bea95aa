// What a list of the knowledge is narrowed to. A value; any thread.
#pragma once

#include <optional>
#include <string>

#include "kb/model.hpp"

namespace posterior::kb {

// Empty: not at all.
struct narrowing {
  std::string plugin; // id of the bundle that says it
  std::string source; // what rests on this source, directly or through a claim; also on this claim
  std::string cause;  // what is about this state
  std::optional<grade> level;
  bool contested = false; // nothing else
};

} // namespace posterior::kb
