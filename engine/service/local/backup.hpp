// The home as one file, and back. What is taken: the knowledge base (with all its revisions), the home's
// plugins, the copies of builds that worked, the trust file, the clinic's overlay and configuration, and the
// records of strikes and builds. Never anything else: no case, no lock, no socket, no store that is made
// again. One thread.
//
// Restoring is all or nothing: everything is checked, written beside the home's files and synchronised; then
// one file says "from here on forwards", and names are moved. Whoever opens the home after a crash in between
// finishes that first.
#pragma once

#include <string>
#include <vector>

#include "engine/service/places.hpp"
#include "engine/trust/disk.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::service {

inline constexpr std::string_view backup_schema = "posterior.backup-file/1";

// What of a home is backed up: files and folders by name.
inline constexpr std::string_view home_names[] = {"kb.sqlite",   "plugins",      "kept",
                                                  "trust.toml",  "builds.json",  "strikes.json",
                                                  "config.toml", "overlay.toml", "overlay"};

struct backup_outcome {
  std::string bytes;  // of the parcel; empty with problems
  std::string digest; // of the knowledge, empty where there is none yet
  std::size_t files = 0;
  diagnostics problems;
};

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

// Finishes a restore that was cut off after it was decided; 0, or errno. Cheap where there was none.
int finish_restore(trust::disk& d, const std::string& home);

} // namespace posterior::service
