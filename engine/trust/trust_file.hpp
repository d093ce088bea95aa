// What the owner of a home decided: whose keys and which builds are trusted, what is revoked, which plugins
// are switched off. HOME/trust.toml, written whole (temporary file, synchronised, renamed), read strictly: a
// file that is not understood to its last word is damaged, and then nothing in it counts.
// Values; functions borrow the disk, one thread.
#pragma once

#include <string>
#include <vector>

#include "engine/trust/disk.hpp"
#include "engine/trust/keys.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::trust {

struct pin {
  std::string plugin, version, digest; // of this build and no other
  bool operator==(const pin&) const = default;
};

// Of a key or of a digest; the other one is empty.
struct revocation {
  std::string key; // base64
  std::string digest;
  std::string reason;
  bool operator==(const revocation&) const = default;
};

struct trust_file {
  std::vector<public_key> keys;
  std::vector<pin> pins;
  std::vector<revocation> revoked;
  std::vector<std::string> disabled; // bundle ids

  bool operator==(const trust_file&) const = default;
};

struct trust_reading {
  trust_file value;     // empty if there is no file, or a damaged one
  diagnostics problems; // an error: damaged
};

// The path of HOME/trust.toml.
std::string trust_path(const std::string& home);

trust_reading read_trust(disk& d, const std::string& home);
// errno; 0 is success.
int write_trust(disk& d, const std::string& home, const trust_file& value);

// The bytes that write_trust() writes, and the reading of them.
std::string to_toml(const trust_file& value);
trust_reading parse_trust(std::string_view text, const std::string& file);

// The system's: keys in FOLDER/*.pub, revocations in FOLDER/revoked (lines `key BASE64` and `digest HEX`).
// Read only from a folder and files that belong to `owner` and that nobody else can change; others are passed
// over with a warning, a damaged `revoked` is an error.
inline constexpr const char* system_trust_folder = "/etc/posterior/trust.d";
trust_reading read_system_trust(disk& d, const std::string& folder, std::uint32_t owner = 0);

} // namespace posterior::trust
