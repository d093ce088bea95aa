// Bundles to one knowledge base, whatever order they came in (FORMAT.md section 7). Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kb/bundle.hpp"
#include "kb/overlay.hpp"
#include "kb/snapshot.hpp"

namespace posterior::kb {

inline constexpr int merge_version = 2; // of the rules: another number makes every store import anew

// What the clinic says, and what else a merge depends on beside the bundles.
struct merge_options {
  overlay_document overlay;
  std::vector<change> word_changes; // of the scale, which bundles were read with
  std::string folder;               // the home that it lies in
  std::int64_t today = 0;           // since 1970: which suspensions are in force
  bool with_drafts = false;         // drafts that nobody rejected reason too
};

struct merge_result {
  snapshot content; // not yet frozen by index(); empty unless `usable`
  // As handed in, sorted by precedence, with what merging found. One with an error contributed nothing. What
  // they say has been moved into the snapshot.
  std::vector<bundle> bundles;
  bool usable = false;                         // the core is there and sound
  overlay_document overlay;                    // with the standing of each entry
  std::optional<std::int64_t> valid_until_day; // the last day on which the result is the same
};

// Shadowed bundles and those with errors are passed over.
merge_result merge(std::vector<bundle> bundles, merge_options options = {});

} // namespace posterior::kb
