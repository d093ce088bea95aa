// Golden cases: what must hold of an assessment, in sentences (kb/FORMAT.md section 8), and the holding of
// one against them. They travel with the knowledge and run wherever it changes. Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/assess/assessment.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::check {

// "cause@side" names a cause on a side; a midline one, or either side, has no @.
struct expectation {
  std::optional<std::string> first;
  std::map<std::string, double> above, below;
  std::optional<std::vector<std::string>> flags; // exactly these
  std::optional<std::string> plan;               // status
  std::vector<std::string> plan_has, plan_lacks;
  std::map<std::string, std::string> left_out_because; // exercise -> by
  std::vector<std::string> asks_next_one_of;
  std::vector<std::string> unexplained, tensions, diagnostics, derived;
  std::optional<double> none_of_these_above;
};

struct expectation_reading {
  std::optional<expectation> value;
  posterior::diagnostics problems;
};

expectation_reading read_expectation(std::string_view toml, const std::string& file);

// One sentence for every expectation that does not hold; empty if all do. An id that the assessment cannot
// name fails too, so that a misspelt expectation is not a silent one.
std::vector<std::string> failures(const expectation& wanted, const assess::assessment& got);

} // namespace posterior::check
