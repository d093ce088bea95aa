// What gives and takes whole files of a home, as the routes ask for it: a port, so that the service itself
// knows no file. Values; any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/snapshot.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::service {

// Longest export that a daemon takes; larger ones go in with --local.
inline constexpr std::size_t import_bytes_limit = std::size_t{64} << 20;

struct export_outcome {
  std::string bytes; // empty with problems
  std::string digest;
  std::size_t bundles = 0;
  diagnostics problems;
};

struct imported_bundle {
  std::string plugin, version;
  std::string
      what; // installed, replaced, unchanged, bundled (the program's own), differs (the program's own)
};

struct import_outcome {
  std::string digest; // of the knowledge in the file
  std::string now;    // of the knowledge here, after it; empty where nobody looked
  std::vector<imported_bundle> bundles;
  std::vector<std::string> notes;
  diagnostics problems; // empty: done
};

struct backup_outcome {
  std::string bytes;  // of the parcel; empty with problems
  std::string digest; // of the knowledge, empty where there is none yet
  std::size_t files = 0;
  diagnostics problems;
};

struct exchange_desk {
  std::function<export_outcome(const kb::snapshot& knowledge)> give;
  // `name` is what problems call the file.
  std::function<import_outcome(std::string_view bytes, const std::string& name)> take;
  std::function<backup_outcome()> back_up;
};

} // namespace posterior::service
