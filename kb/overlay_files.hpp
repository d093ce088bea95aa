// The overlay as it lies in a home. Borrows the file system; one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kb/files.hpp"
#include "kb/overlay.hpp"

namespace posterior::kb {

// Names inside a home: `overlay.toml`, which need not be there, then the `overlay/*.toml` that are, by name.
std::vector<std::string> overlay_names(file_system& files, const std::string& home);

// Whether a name inside a home is one of an overlay's documents.
bool is_overlay_name(std::string_view name);

// All documents in the order of overlay_names(); places carry names inside the home. A
// file that is not there says nothing; one that cannot be read is left out and named. `mark` changes with
// every byte of the files, and with the day on which a suspension begins or ends.
overlay_document read_home_overlay(file_system& files, const std::string& home, std::int64_t today,
                                   std::string& mark);

} // namespace posterior::kb
