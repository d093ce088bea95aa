// Reads the bytes of a document from a file or, for "-", from standard input. One thread.
#pragma once

#include <optional>
#include <string>

#include "kb/values/diagnostic.hpp"

namespace posterior::cli {

struct file_bytes {
  std::optional<std::string> bytes;
  diagnostic problem; // set if there are none
};

// At most 1 MiB. A folder, a missing or unreadable file and one that is too long give one sentence each.
file_bytes read_case_file(const std::string& path);

// The same for a network, at most 8 MiB.
file_bytes read_network_file(const std::string& path);

} // namespace posterior::cli
