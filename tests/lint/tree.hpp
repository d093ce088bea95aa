// The source files of a tree, read once. Plain data, no thread rule; whoever reads them owns them.
#pragma once

#include "tests/lint/rules.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace posterior::lint {

// One `#include` line. `quoted` tells "x" from <x>.
struct include {
  std::string name;
  bool quoted = false;
  std::size_t line = 0;
};

struct source {
  std::string path; // from the root of the tree, with slashes
  std::vector<std::string> lines;
  std::vector<include> includes; // of C and C++ files
};

// Every regular file below `root` that no `skip` rule names, sorted by path. Throws
// std::filesystem::filesystem_error.
std::vector<source> read_tree(const std::string& root, const std::vector<rule>& rules);

} // namespace posterior::lint
