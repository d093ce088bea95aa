// Copies of the home's plugins as they were when they last worked, in HOME/kept/DIGEST. One thread.
#pragma once

#include <set>
#include <string>

#include "kb/bundle.hpp"

namespace posterior::service {

// Copies a bundle or a pack aside; the folder that holds the copy, or empty if it could not be made.
std::string keep_build(const std::string& home, const kb::bundle& b);

// Removes the copies of other builds than these.
void forget_builds(const std::string& home, const std::set<std::string>& digests);

} // namespace posterior::service
