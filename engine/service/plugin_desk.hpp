// What changes the plugins of a home, as the routes ask for it and get it back: a port, so that the service
// itself knows no file. Values; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kb/bundle.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::service {

// Largest archive or pack that is taken (engine/trust/archive.hpp has the same limit).
inline constexpr std::size_t install_bytes_limit = std::size_t{16} << 20;

enum class plugin_change : std::uint8_t {
  install,
  remove,
  enable,
  disable,
  trust_plugin,
  revoke_plugin,
  trust_key,
  revoke_key
};

struct change_request {
  plugin_change what = plugin_change::install;
  std::string id;          // of a plugin, or the 44 characters of a key
  std::string name;        // of a key
  std::string bytes;       // install: an archive or a pack
  bool trust = false;      // install: the owner lets its code run
  bool downgrade = false;  // install: also an older version than the one that is there
  bool pin_always = false; // trust_plugin: pin a build that runs anyway, too
};

enum class change_verdict : std::uint8_t {
  done,
  refused,    // what was handed in is not acceptable
  needs_word, // somebody must say that its code may run
  unknown,    // there is no such plugin or key
  busy,       // somebody else is at it
  failed      // the disk, the trust file
};

struct change_outcome {
  change_verdict how = change_verdict::failed;
  std::string change; // "installed", "upgraded", "unchanged", "removed", "pinned" ...
  std::string plugin, version, digest, location;
  std::string trust;              // how its code stands now (report::code_standing), or "data"
  std::string key, key_name;      // of a key
  std::string replaced;           // the version that was there before
  std::vector<kb::dormant> sleep; // statements of others that name what is gone
  std::vector<std::string> notes; // for people
  diagnostics problems;           // warnings when done; else why not
};

using plugin_desk = std::function<change_outcome(const change_request&)>;

} // namespace posterior::service
