// What this system can do to confine plugin code, in words for who looks after it. Pure; any thread.
#pragma once

#include <string>

#include "engine/wire/kernel_support.hpp"

namespace posterior::host {

enum class confinement_level {
  none,    // no plugin code runs
  partial, // the engine's own runs
  full     // whatever is trusted runs
};

struct confinement_outlook {
  confinement_level level = confinement_level::none;
  std::string text;
  std::string cure; // empty when it is full
};

confinement_outlook foresee_confinement(const wire::kernel_support& kernel);

} // namespace posterior::host
