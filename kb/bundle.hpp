// A plugin as a folder or a single file, as data: what the manifest says and where it was found. No plugin
// code runs to learn this. Values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kb/model.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::kb {

enum class bundle_form : std::uint8_t { pack_file, source_folder, packed_folder };

// Where a bundle came from decides what its code may do (decided by the host).
enum class bundle_origin : std::uint8_t { program, home, path_variable };

struct file_entry {
  std::string path;   // relative, inside the bundle
  std::string sha256; // 64 hex digits
  std::uint64_t size = 0;
};

struct limits {
  int evaluate_ms = 250;
  int memory_mib = 256;
  int records = 256;
};

struct manifest {
  std::string id, version, name, summary, vendor, license, homepage, support, prefix;
  std::vector<std::string> requires_bundles;
  bool has_detector = false;
  std::string detector_file;   // relative
  std::string detector_sha256; // of that file as it was found, listed or not; empty: there is none
  int abi_major = 1, abi_minor = 0;
  std::string detector_reason;
  limits allowed;
  std::vector<file_entry> files; // packed bundles only
};

// One bundle that was found. `problems` with an error mean that it contributes nothing.
struct bundle {
  manifest about;
  bundle_form form = bundle_form::source_folder;
  bundle_origin origin = bundle_origin::program;
  std::string location;  // folder, or the pack file
  std::string digest;    // SHA-256 over its files' names and bytes
  statements says;       // empty when the stored merge is used
  scale words;           // core only
  bool shadowed = false; // another place holds a higher (or the same) version
  std::string shadowed_by;
  bool disabled = false; // somebody switched it off
  diagnostics problems;
};

// A reason why a plugin's statement has no effect: kept, listed, and awake again when `missing` appears.
struct dormant {
  std::string statement; // id
  std::string missing;   // the id it names
  std::string plugin;
};

} // namespace posterior::kb
