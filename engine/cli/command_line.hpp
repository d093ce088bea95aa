// The command line, read into one command with its arguments. Reads no file and prints nothing. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/cli/command.hpp"

namespace posterior::cli {

struct command_line {
  std::optional<command> chosen;
  arguments given;
  common_options options;
  bool help = false;                 // --help: about `chosen`, or the overview
  std::optional<diagnostic> mistake; // nothing else is of use then
};

command_line read_command_line(const std::vector<std::string>& words, const std::vector<command>& all);

} // namespace posterior::cli
