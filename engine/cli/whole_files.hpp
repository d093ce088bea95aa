// What the commands that write or read one large file share. They work in this process: a daemon takes no
// file of that size, and knows no path. One thread.
#pragma once

#include <optional>
#include <string>

#include "engine/cli/context.hpp"
#include "engine/report/sheet.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::cli {

// Written whole or not at all, for its owner only; prints what went wrong and gives the exit code, 0 if it
// was written.
int write_whole(context& ctx, const std::string& file, const std::string& bytes);

// Nothing, and printed, if it cannot be read.
std::optional<std::string> read_whole(context& ctx, const std::string& file);

// As a sheet for people or the JSON text.
void print(context& ctx, const report::sheet& page, const std::string& json);

} // namespace posterior::cli
