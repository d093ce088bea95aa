// Opens the knowledge so that a build of a plugin that fails never takes the place of one that worked.
//
// What changed in the home's plugin folder is first tried in memory: read, merged, and held against the
// golden cases that travel with it. What passes is copied aside and imported. What fails is held back by its
// digest, with the reason, and the build that passed before is used from its copy until the folder's content
// is another. A bundle that never passed is judged as well; then there is nothing in its place. One thread.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "engine/service/local/builds_file.hpp"

namespace posterior::service {

// What is decided about bundles, and by whom.
struct build_checks {
  // Why a bundle that merged without errors fails its own cases; empty if it passes; nothing if that cannot
  // be said now, for instance because its code is not trusted.
  std::function<std::optional<std::string>(const kb::snapshot&, const kb::bundle&)> judge;
  // Copies a bundle aside, for when a later build fails; the folder, or empty if that cannot be done.
  std::function<std::string(const kb::bundle&)> keep;
  // Told of the digests whose copies are still of use.
  std::function<void(const std::set<std::string>&)> forget;
};

// As kb::open, with the bundles of the home judged. Only bundles whose digest changed are judged again.
kb::opened open_generation(kb::file_system& files, kb::open_options options, const build_checks& checks);

} // namespace posterior::service
