// What the commands that write or read one large file share. Paths are this process's own; a daemon is handed
// bytes, and gives bytes. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/cli/context.hpp"
#include "engine/report/sheet.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::cli {

// Written whole or not at all, for its owner only; prints what went wrong and gives the exit code, 0 if it
// was written.
int write_whole(context& ctx, const std::string& file, const std::string& bytes);

// Nothing, and printed, if it cannot be read.
std::optional<std::string> read_whole(context& ctx, const std::string& file);

struct parcel_facts {
  std::string sha256, knowledge;                 // of the file; the digest of the knowledge in it, or empty
  std::size_t bytes = 0, files = 0, folders = 0; // folders two deep: "home/org.example.a"
};
// Asks for a parcel of that schema and writes it; without facts what went wrong is printed.
struct fetched {
  std::optional<parcel_facts> facts;
  int exit_code = 0;
};
fetched fetch_parcel(context& ctx, std::string_view path, const std::string& file, std::string_view schema);

// As a sheet for people or the JSON text.
void print(context& ctx, const report::sheet& page, const std::string& json);

} // namespace posterior::cli
