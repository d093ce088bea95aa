// Opens the knowledge: compares what lies in the plugin folders with what the store holds, and gives back one
// immutable snapshot. Nothing is parsed while nothing has changed. One thread; the snapshot may go to any.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kb/catalogue.hpp"
#include "kb/overlay.hpp"
#include "kb/snapshot.hpp"

namespace posterior::kb {

// A bundle that lies in the home and is not used, because it failed where an earlier build of it had not.
// With other content (another digest) it is no longer meant.
struct held_bundle {
  std::string location, digest;
  std::string why;     // one sentence
  std::string instead; // a folder that holds the build that is used in its place; empty: none is

  bool operator==(const held_bundle&) const = default;
};

struct open_options {
  std::string home; // folder of kb.sqlite; empty: keep everything in memory
  std::vector<search_place> places;
  std::vector<std::string> disabled; // bundle ids that take no part; never the core
  std::vector<held_bundle> held;
  std::string program_version; // a new program imports anew
  bool allow_import = true;    // false: use what is stored, whatever lies in the folders
  int wait_ms = 5000;          // for another process that imports
  // Drafts that nobody rejected reason too; such knowledge is kept in memory and never stored.
  bool with_drafts = false;
  bool in_memory = false; // read everything, store nothing: what would be, tried out
};

enum class open_failure {
  none,
  no_knowledge, // no sound core
  newer_store,  // written by a newer program
  damaged_store,
  not_imported, // nothing stored, and importing was not allowed
};

struct opened {
  std::shared_ptr<const snapshot> knowledge; // empty on failure
  std::vector<bundle> bundles;               // all that were found, without statements, with their problems
  std::vector<std::string> notes;            // lines for standard error: what was imported, what is left out
  diagnostics problems;                      // of the places, and what failed
  open_failure failure = open_failure::none;
  std::string store_path;   // empty: nothing is stored
  overlay_document overlay; // of the home: every entry with its standing, and what disagrees
  // The last day (since 1970) on which this knowledge is what the overlay says; from the day after a
  // suspension is over and opening gives another revision. Nothing: it does not depend on the day.
  std::optional<std::int64_t> valid_until_day;
  bool outdated = false; // what is stored is not what lies in the folders, and nothing was to be imported
};

// Bundles of the path variable join the snapshot of this process and are never stored; revision is 0 then, as
// it is when the home cannot be written. A lock held elsewhere is waited for, then the store is read again.
opened open(file_system& files, const open_options& options);

} // namespace posterior::kb
