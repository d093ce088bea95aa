// Lays out a packed bundle from a folder, in memory: chooses its files, writes their hashes and sizes into
// plugin.toml, and signs that. Reads only; borrows the file system; one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/trust/archive.hpp"
#include "engine/trust/keys.hpp"
#include "kb/bundle.hpp"
#include "kb/files.hpp"

namespace posterior::trust {

struct laid_out {
  std::optional<archive> bundle; // in the folder ID-VERSION
  kb::manifest about;
  std::vector<std::string> left_out; // files of a source folder that a bundle does not hold
  diagnostics problems;              // errors if there is no bundle
};

// Of a source folder the manifest, the knowledge, cases/, locale/, README.md, LICENSE*, CHANGELOG* and the
// detector that the manifest names; of a packed one exactly what its manifest lists, which must hold. With
// `key` the bundle is signed anew; without, a signature that holds is kept, and a stale one is left out.
laid_out lay_out(kb::file_system& files, const std::string& folder, const secret_key* key);

// The manifest of a packed bundle: `source` without [[file]], and an entry for each file in the order of
// names. The same bytes as sdk/cmake/PosteriorBundle.cmake writes.
std::string with_files(std::string_view source, const std::vector<archive_file>& files);

// The digest (kb::bundle_digest) of the bundle that a packed manifest describes.
std::string digest_of(const kb::manifest& about, std::string_view manifest);

// The digest of files that are at hand, plugin.toml among them.
std::string digest_of(const std::vector<archive_file>& files);

} // namespace posterior::trust
