// Holds a bundle against the golden cases that travel with it, its code in a confined worker. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/check/kb_test.hpp"
#include "engine/host/pool.hpp"
#include "engine/service/local/code_rulings.hpp"

namespace posterior::service {

// Why a bundle fails its own cases; empty if it passes; nothing if that cannot be said because its code may
// not run. A bundle with code passes only if its detector loads, too.
std::optional<std::string> fails_its_cases(const kb::snapshot& knowledge, const kb::bundle& b,
                                           code_rulings& code, host::worker_pool& workers);

// The golden cases of every bundle in force, read now; bundles without any are left out.
std::vector<check::case_set> travelling_cases(const kb::snapshot& knowledge);

// Golden cases of any folder: NAME.case.toml with NAME.expected.toml, or NAME/case.toml with
// NAME/expected.toml, in the order of names within each. `refused`: half a case, or none at all.
struct folder_cases {
  check::case_set set;
  std::optional<diagnostic> refused;
};
folder_cases cases_in(const std::string& folder);

} // namespace posterior::service
