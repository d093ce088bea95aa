#include "tests/lint/rules.hpp"

#include <algorithm>
#include <array>
#include <fnmatch.h>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace posterior::lint {
namespace {

constexpr std::array<std::string_view, 9> kinds{"layer", "free", "local", "only", "never",
                                                "once",  "word", "lines", "skip"};

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) {
    words.push_back(word);
  }
  return words;
}

// A colon only separates when blanks stand around it: std::exit holds two that do not.
rule parse(const std::string& text, const std::string& place, std::size_t line) {
  const auto colon = (text + " ").find(" : ");
  const auto at = place + ":" + std::to_string(line);
  if (colon == std::string::npos) {
    throw std::runtime_error(at + ": line was '" + text + "', must be RULE LEFT : RIGHT");
  }
  auto left = words_of(text.substr(0, colon));
  auto right = words_of(colon + 3 <= text.size() ? text.substr(colon + 3) : "");
  if (left.empty() || std::find(kinds.begin(), kinds.end(), left.front()) == kinds.end()) {
    throw std::runtime_error(at + ": rule was '" + text +
                             "', must begin with a kind that the head of the file names");
  }
  auto kind = left.front();
  left.erase(left.begin());
  return {std::move(kind), std::move(left), std::move(right), line};
}

} // namespace

std::string rule::text() const {
  std::string joined;
  for (const auto& word : left) {
    joined += joined.empty() ? word : " " + word;
  }
  return joined;
}

std::vector<rule> read_rules(const std::string& path) {
  std::ifstream in(path);
  if (!in) {
    throw std::runtime_error(path + ": file could not be read, must be the rules");
  }
  std::vector<rule> rules;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (!line.empty() && line.front() != '#') {
      rules.push_back(parse(line, path, number));
    }
  }
  return rules;
}

bool fits(const std::string& pattern, const std::string& name) {
  return fnmatch(pattern.c_str(), name.c_str(), FNM_NOESCAPE) == 0;
}

bool fits_any(const std::vector<std::string>& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const auto& pattern) { return fits(pattern, name); });
}

} // namespace posterior::lint
