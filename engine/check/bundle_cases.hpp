// Runs golden cases (NAME.case.toml and NAME.expected.toml) against the knowledge and the detectors that
// would be in force: those that travel with a bundle, or any that are handed in as texts. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/assess/assess.hpp"
#include "kb/files.hpp"

namespace posterior::check {

// A golden case as it was read. What is missing or unreadable is a problem.
struct golden_case {
  std::string name;
  std::string case_file, expected_file; // for messages
  std::optional<std::string> patient, expected;
  diagnostics problems;
};

// One golden case, and what of it does not hold.
struct case_outcome {
  std::string name;
  diagnostics problems;                         // empty: every sentence holds
  std::vector<assess::statement_ref> took_part; // only where asked for
};

// Those of a bundle's folder `cases`, in the order of names; empty if it has none or is a single file. A case
// without its expectation, or an expectation without its case, has a problem.
std::vector<golden_case> read_cases(kb::file_system& files, const std::string& location);

// Those that lie in this folder.
std::vector<golden_case> read_case_folder(kb::file_system& files, const std::string& folder);

// Holds one case against its sentences. What cannot be read or assessed is a problem of the case.
case_outcome hold_case(const golden_case& one, const kb::snapshot& knowledge,
                       const assess::detector_port& detectors, const assess::options& how = {});

// read_cases() and hold_case() for each.
std::vector<case_outcome> run_cases(kb::file_system& files, const std::string& location,
                                    const kb::snapshot& knowledge, const assess::detector_port& detectors);

} // namespace posterior::check
