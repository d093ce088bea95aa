// The overlay as it lies in a home. Borrows the file system; one thread.
#pragma once

#include <cstdint>
#include <string>

#include "kb/files.hpp"
#include "kb/overlay.hpp"

namespace posterior::kb {

// `overlay.toml`, then `overlay/*.toml` in the order of their names; places carry names inside the home. A
// file that is not there says nothing; one that cannot be read is left out and named. `mark` changes with
// every byte of the files, and with the day on which a suspension begins or ends.
overlay_document read_home_overlay(file_system& files, const std::string& home, std::int64_t today,
                                   std::string& mark);

} // namespace posterior::kb
