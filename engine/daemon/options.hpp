// The command line of posteriord. Pure; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/service/log.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::daemon {

struct daemon_options {
  std::string socket, group;
  service::log_level level = service::log_level::info;
  bool help = false, version = false;
  std::optional<diagnostic> mistake;
};

daemon_options read_options(const std::vector<std::string>& words);

std::string_view daemon_help();

} // namespace posterior::daemon
