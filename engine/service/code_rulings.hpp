// Says of each plugin with code whether it may run here, and which file is loaded. Any thread.
#pragma once

#include "engine/assess/detectors.hpp"
#include "engine/service/places.hpp"

namespace posterior::service {

assess::code_policy code_rulings(const places& at);

} // namespace posterior::service
