// Checks a bundle in this process, beside what is installed here. The code of the bundle runs in confined
// workers only. One thread.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "engine/check/runner.hpp"
#include "engine/service/places.hpp"

namespace posterior::service {

struct check_request {
  std::string path, against; // a bundle's folder or a pack; an earlier version, or empty
  std::set<std::string> only;
  bool strict = false;
  std::uint64_t seed = 1;
};

struct check_answer {
  std::optional<check::report> done;
  std::optional<diagnostic> refused; // there is nothing that could be checked
};

check_answer check_plugin(const places& at, const check_request& asked);

} // namespace posterior::service
