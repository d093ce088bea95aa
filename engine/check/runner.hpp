// Makes the checks of a bundle and sums them up. One thread.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/check/check.hpp"
#include "engine/check/subject.hpp"

namespace posterior::check {

struct outcome {
  spec check;
  result how = result::skip;
  diagnostics notes;  // places are relative to the bundle
  std::string reason; // of a skip
  std::string remark; // what was measured
  double seconds = 0;
};

struct summary {
  std::size_t ok = 0, warn = 0, fail = 0, skip = 0, crash = 0;
  bool strict = false;
  // Every check that was asked for gave a result, and none of them is a fault.
  bool sound = false;
};

struct report {
  std::string path, id, version; // of the bundle; id and version may be empty
  std::uint64_t seed = 0;
  std::vector<outcome> outcomes;
  summary total; // counted from the outcomes
};

// Ids of `only` that no check has.
std::vector<std::string> unknown_ids(const std::set<std::string>& only);

// Those named in `only`, all if it is empty. What a check throws is a crash of that check.
report run_checks(const subject& s, const std::set<std::string>& only, bool strict);

// Counts `asked` results; a missing one makes it unsound.
summary sum_up(const std::vector<outcome>& outcomes, std::size_t asked, bool strict);

std::string as_json(const report& r);  // posterior.plugin-check/1
std::string as_junit(const report& r); // JUnit XML, for build servers
std::string list_json();               // posterior.plugin-checks/1: every check with its description

} // namespace posterior::check
