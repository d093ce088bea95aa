// What the rules find in a tree. Pure functions of their arguments.
#pragma once

#include "tests/lint/rules.hpp"
#include "tests/lint/tree.hpp"

#include <compare>
#include <cstddef>
#include <string>
#include <vector>

namespace posterior::lint {

// One line of a tree that a rule forbids. `rule_line` names the rule by its place in the rule file.
struct breach {
  std::string path;
  std::size_t line = 0;
  std::string text; // WHAT was FOUND, must be NEEDED
  std::size_t rule_line = 0;
  auto operator<=>(const breach&) const = default;
};

// All breaches, sorted by place. A code file of kb, engine, sdk or plugins that lies in no layer is one, too.
std::vector<breach> find_breaches(const std::vector<rule>& rules, const std::vector<source>& tree);

} // namespace posterior::lint
