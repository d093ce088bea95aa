// Says whether a detector's file may be loaded, without running any of it. Reads the file once. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace posterior::host {

struct file_verdict {
  std::string_view fault; // a fixed sentence; empty: may be loaded
  std::string reason;     // for the operator, with path, found and needed; empty when there is no fault

  explicit operator bool() const noexcept { return fault.empty(); }
};

// The file must be regular (no symbolic link), belong to root or to this user, be writable by nobody else, as
// must its folder, be at most 16 MiB, hash to `sha256` (64 hex digits; empty: any), and be a shared library
// for this machine that defines posterior_plugin_v1.
file_verdict verify_file(const std::string& path, std::string_view sha256);

} // namespace posterior::host
