// Holds golden cases against the knowledge in force, and says which statements none of them touched
// (kb/FORMAT.md section 16). Pure but for the detectors that it asks; one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/check/bundle_cases.hpp"
#include "kb/snapshot.hpp"

namespace posterior::check {

// Golden cases of one origin.
struct case_set {
  std::string from; // the id of a bundle, or the name of a folder
  std::vector<golden_case> cases;
};

struct tested_case {
  std::string from;
  case_outcome how;
};

// The statements of one kind.
struct coverage {
  std::string kind;
  std::size_t statements = 0;
  std::vector<std::string> untouched; // ids, sorted
  std::size_t touched() const { return statements - untouched.size(); }
};

struct kb_test_report {
  std::vector<tested_case> cases; // in the order of the sets
  std::vector<coverage> kinds;
  std::size_t failed = 0;
};

// Kinds whose statements can take part in an answer, in reading order.
std::vector<std::string_view> tested_kinds();

kb_test_report test_knowledge(const kb::snapshot& knowledge, const assess::detector_port& detectors,
                              const std::vector<case_set>& sets, assess::options how);

// Cases as they are handed in: {"schema": "posterior.kb-cases/1", "cases": [{"name", "case", "expected"}]},
// both texts as they stand in a file. `from` names the set.
struct case_set_reading {
  case_set value;
  posterior::diagnostics problems; // with an error there is no use in running them
};
case_set_reading read_case_set(std::string_view json, const std::string& from);
std::string case_set_text(const case_set& set);

std::string as_json(const kb_test_report& r, const kb::snapshot& knowledge); // posterior.kb-test/1
std::string as_junit(const kb_test_report& r);                               // JUnit XML, for build servers

} // namespace posterior::check
