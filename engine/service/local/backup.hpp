// The home as one file, and back. What is taken: the knowledge base (with all its revisions), the home's
// plugins, the copies of builds that worked, the trust file, the clinic's overlay and configuration, and the
// records of strikes and builds. Never anything else: no case, no lock, no socket, no store that is made
// again. One thread.
//
// Restoring is all or nothing (swap.hpp): everything is checked, written beside the home's files and
// synchronised before anything is exchanged.
#pragma once

#include <string>
#include <vector>

#include "engine/service/exchange_desk.hpp"
#include "engine/service/places.hpp"
#include "engine/trust/disk.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::service {

inline constexpr std::string_view backup_schema = "posterior.backup-file/1";

// What of a home is backed up: files and folders by name.
inline constexpr std::string_view home_names[] = {"kb.sqlite",   "plugins",      "kept",
                                                  "trust.toml",  "builds.json",  "strikes.json",
                                                  "config.toml", "overlay.toml", "overlay"};

// Also while others read and write the home: the knowledge base is copied at one moment, plugins are not
// changed meanwhile.
backup_outcome make_backup(trust::disk& d, const places& at);

struct restore_outcome {
  std::size_t files = 0;
  std::string digest;
  bool newer = false;   // refused: of a newer program
  diagnostics problems; // empty: done
};

// `name` is what the problems call the file.
restore_outcome restore_backup(trust::disk& d, const places& at, std::string_view bytes,
                               const std::string& name);

} // namespace posterior::service
