// The rules of layers.txt as values. Plain data, no thread rule; whoever reads them owns them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace posterior::lint {

// One line of the rule file. `left` and `right` are the lists before and after the colon.
struct rule {
  std::string kind;
  std::vector<std::string> left;
  std::vector<std::string> right;
  std::size_t line = 0; // in the rule file, from 1

  // The left side as one text, as `word` needs it.
  std::string text() const;
};

// What stands between the words of a rule file. Throws std::runtime_error with file and line for a line that
// is no rule.
std::vector<rule> read_rules(const std::string& path);

// Whether `name` fits `pattern`, in which * stands for any text, slashes included.
bool fits(const std::string& pattern, const std::string& name);
bool fits_any(const std::vector<std::string>& patterns, const std::string& name);

} // namespace posterior::lint
