// The worker's life: bound to its parent, told what to load, confined, then serving. Called once, by main.
#pragma once

#include "engine/wire/kernel_support.hpp"

namespace posterior::worker {

// Confines this process as far as `kernel` allows, loads the detector that the host orders and answers until
// the socket closes. Returns the exit status only if there is no host; else it ends the process, without
// running destructors of foreign code.
int run(const wire::kernel_support& kernel);

} // namespace posterior::worker
