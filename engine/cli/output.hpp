// Where answers go: standard output and error by descriptor (no stream objects at start), files by temporary
// and rename. One thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace posterior::cli {

// False if nobody reads any more (broken pipe), which is no error of ours.
bool write_out(std::string_view text);
void write_error(std::string_view text);

// "posterior: KIND: TEXT".
void say(std::string_view kind, std::string_view text);

// Writes `text` to `file`, readable by its owner only, whole or not at all; empty, or what went wrong.
std::string write_private_file(const std::filesystem::path& file, std::string_view text);

// Columns of the terminal on standard output; 0 if it is none.
int terminal_width();

} // namespace posterior::cli
