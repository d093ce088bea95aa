// Bundles to one knowledge base, whatever order they came in (FORMAT.md section 7). Pure; any thread.
#pragma once

#include <vector>

#include "kb/bundle.hpp"
#include "kb/snapshot.hpp"

namespace posterior::kb {

inline constexpr int merge_version = 1; // of the rules: another number makes every store import anew

struct merge_result {
  snapshot content; // not yet frozen by index(); empty unless `usable`
  // As handed in, sorted by precedence, with what merging found. One with an error contributed nothing. What
  // they say has been moved into the snapshot.
  std::vector<bundle> bundles;
  bool usable = false; // the core is there and sound
};

// Shadowed bundles and those with errors are passed over.
merge_result merge(std::vector<bundle> bundles);

} // namespace posterior::kb
