// Finds bundles and reads them, by data only: no plugin code is loaded. One bad bundle yields its own
// diagnostics and never hides another. Borrows the file system; one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/bundle.hpp"
#include "kb/files.hpp"

namespace posterior::kb {

inline constexpr std::uint64_t bundle_bytes_limit = 16u << 20;
inline constexpr std::uint64_t knowledge_bytes_limit = 4u << 20;
inline constexpr std::uint64_t manifest_bytes_limit = 64u << 10;
inline constexpr std::size_t bundle_limit = 2000;
inline constexpr std::size_t bundle_files_limit = 1000;

// Of one file.
constexpr std::uint64_t size_limit(std::string_view name) {
  return name == "plugin.toml" ? manifest_bytes_limit : bundle_bytes_limit;
}

// A folder of bundles; or, to try one out, a bundle or a pack itself.
struct search_place {
  std::string folder;
  bundle_origin origin = bundle_origin::program;
};

struct bundle_file {
  std::string name; // inside the bundle
  file_info info;
};

// A bundle as it lies there, before anything in it was read.
struct found_bundle {
  std::string location;
  bundle_origin origin = bundle_origin::program;
  bool pack = false;
  std::vector<bundle_file> files; // sorted by name; of a pack the one file, named as the pack
  diagnostics problems;
  std::string held; // why it is not to be used although it may be sound; empty: it may be used
};

// In the order of the places and, inside them, of names. `problems` is about the places themselves.
std::vector<found_bundle> scan(file_system& files, const std::vector<search_place>& places,
                               diagnostics& problems);

// The digest of a bundle: SHA-256 over one line "SHA256  NAME\n" for each file in the order of their names
// (plugin.sig left out), which is what `sha256sum` prints.
struct file_digest {
  std::string name, sha256;
};
std::string bundle_digest(const std::vector<file_digest>& files);

// Gives the SHA-256 of a file of a bundle, or nothing if it cannot be read.
using file_hasher = std::function<std::optional<std::string>(const found_bundle&, const bundle_file&)>;
file_hasher plain_hasher(file_system& files);
std::optional<std::string> digest_of(const found_bundle& b, const file_hasher& hash);

// Of every id the highest version without errors stays, at equal versions the one found first; the others are
// marked as shadowed.
void settle_versions(std::vector<bundle>& bundles);

// Manifests, digests and statements of all that was found, shadowed ones marked. `adjust` may change the
// words of the core's scale before any statement is read with them.
std::vector<bundle> read_bundles(file_system& files, const std::vector<found_bundle>& found,
                                 const std::function<void(scale&)>& adjust = {});

// scan and read_bundles in one.
std::vector<bundle> discover(file_system& files, const std::vector<search_place>& places,
                             diagnostics& problems);

} // namespace posterior::kb
