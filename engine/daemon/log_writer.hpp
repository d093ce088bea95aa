// The daemon's log: one spdlog logger per category, all on standard error (which systemd keeps). Any thread.
#pragma once

#include <string_view>

#include "engine/service/log.hpp"

namespace posterior::daemon {

// `level` is debug, info, warning or error; entries below it are dropped. With `journal` lines begin with the
// priority that systemd reads instead of a time.
service::log_sink standard_error_log(service::log_level level, bool journal);

} // namespace posterior::daemon
