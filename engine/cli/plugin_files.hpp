// Files that the plugin commands read and write: keys, archives, folders to pack. One thread.
#pragma once

#include <optional>
#include <string>

#include "engine/trust/keys.hpp"
#include "engine/trust/layout.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::cli {

struct file_text {
  std::optional<std::string> bytes;
  diagnostic problem; // set if there are none
};

// At most `limit` bytes; "-" is standard input.
file_text read_plugin_file(const std::string& path, std::size_t limit);

// A secret key that nobody but its owner can read.
trust::reading_of<trust::secret_key> read_secret_file(const std::string& path);

// What goes over to the service for a file (as it is) or a folder (packed here).
struct to_install {
  std::optional<std::string> bytes;
  diagnostics problems;
};
to_install bytes_to_install(const std::string& path);

bool is_folder(const std::string& path);

} // namespace posterior::cli
