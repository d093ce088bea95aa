// gzip, one member: written without compression, read by zlib within bounds. Pure; any thread.
//
// Rationale: how zlib compresses depends on its version and build, and a bundle packed here and there must
// have the same bytes. Bundles are small; whoever sends many of them can compress them once more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace posterior::trust {

// The same bytes for the same bytes, on every machine. No time, no name, no system is written. At most 4 GiB.
std::string gzip(std::string_view bytes);

enum class gunzip_fault : std::uint8_t {
  none,
  not_gzip,
  damaged,   // no deflate data, or a checksum or length that differs
  truncated, // it ends before its end
  too_large, // more than `limit` bytes would come out
  trailing,  // something follows
};

struct gunzipped {
  std::string bytes; // empty with a fault
  gunzip_fault fault = gunzip_fault::none;
};

// Never makes more than `limit` bytes, whatever the input claims.
gunzipped gunzip(std::string_view bytes, std::size_t limit);

} // namespace posterior::trust
