// A packed bundle as one file: a .tar.gz that has the same bytes wherever and whenever it is written, and a
// strict reader of such files. Both work on bytes in memory: nothing is ever written where an archive says.
// Pure; any thread.
//
// Layout: one folder named for the bundle, holding plain files, sorted by name; ustar headers with time 0,
// owner 0 and mode 0644; gzip.hpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/values/diagnostic.hpp"

namespace posterior::trust {

struct archive_file {
  std::string name; // inside the bundle: "knowledge/cause.toml"
  std::string bytes;
  bool operator==(const archive_file&) const = default;
};

struct archive {
  std::string folder; // "org.example.hip-1.2.0"
  std::vector<archive_file> files;
  bool operator==(const archive&) const = default;
};

inline constexpr std::size_t archive_bytes_limit = 16u << 20; // of the file, and of all that is in it
inline constexpr std::size_t archive_files_limit = 1000;
inline constexpr std::size_t archive_depth_limit = 8; // folders inside the bundle

struct archive_writing {
  std::string bytes; // empty with a problem
  diagnostics problems;
};

// Whatever the order of `what.files`. Refuses what read_archive() would refuse. `name` is for the problems.
archive_writing write_archive(const archive& what, const std::string& name);

struct archive_reading {
  std::optional<archive> found; // files sorted by name
  diagnostics problems;         // errors with codes "archive.*", at least one if nothing was found
};

// Takes plain files and folders below one folder, and nothing else: no links, devices, extensions, absolute
// names, "..", hidden names, names twice, a file as a folder, or bytes behind the end. `name` is what the
// problems call the archive.
archive_reading read_archive(std::string_view bytes, const std::string& name);

// Why `name` may not be a file's name inside a bundle, in words for FOUND; empty if it may.
std::string_view bad_name(std::string_view name);

} // namespace posterior::trust
