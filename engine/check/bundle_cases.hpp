// Runs the golden cases that travel with a bundle (cases/NAME.case.toml and NAME.expected.toml) against the
// knowledge and the detectors that would be in force. One thread.
#pragma once

#include <string>
#include <vector>

#include "engine/assess/assess.hpp"
#include "kb/files.hpp"

namespace posterior::check {

// One golden case, and what of it does not hold.
struct case_outcome {
  std::string name;
  diagnostics problems; // empty: every sentence holds
};

// In the order of names; empty if the bundle has none or is a single file. A case without its expectation, an
// expectation without its case, and what cannot be read or assessed are problems of the case.
std::vector<case_outcome> run_cases(kb::file_system& files, const std::string& location,
                                    const kb::snapshot& knowledge, const assess::detector_port& detectors);

} // namespace posterior::check
