#include "tests/lint/tree.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>

namespace posterior::lint {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> code{"*.cpp", "*.hpp", "*.h", "*.c"};
const std::vector<std::string> looked_at{
    "*.cpp", "*.hpp", "*.h", "*.c", "*.cmake", "*.toml", "*.json", "*CMakeLists.txt", ".ci/*", "packaging/*"};

bool is_skipped(const std::vector<rule>& rules, const std::string& path) {
  return std::any_of(rules.begin(), rules.end(),
                     [&](const rule& one) { return one.kind == "skip" && fits_any(one.right, path); });
}

std::optional<include> include_in(const std::string& line, std::size_t number) {
  static const std::regex form(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)re");
  std::smatch match;
  if (line.find("include") == std::string::npos || !std::regex_match(line, match, form)) {
    return std::nullopt;
  }
  return include{match[2], match[1] == "\"", number};
}

source read_source(const fs::path& file, const std::string& path) {
  source result{path, {}, {}};
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    result.lines.push_back(line);
    if (auto found = fits_any(code, path) ? include_in(line, result.lines.size()) : std::nullopt) {
      result.includes.push_back(*found);
    }
  }
  return result;
}

} // namespace

std::vector<source> read_tree(const std::string& root, const std::vector<rule>& rules) {
  std::vector<source> sources;
  for (auto at = fs::recursive_directory_iterator(root); at != fs::recursive_directory_iterator(); ++at) {
    const auto path = fs::relative(at->path(), root).generic_string();
    if (is_skipped(rules, path)) {
      at.disable_recursion_pending();
    } else if (at->is_regular_file() && fits_any(looked_at, path)) {
      sources.push_back(read_source(at->path(), path));
    }
  }
  std::sort(sources.begin(), sources.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return sources;
}

} // namespace posterior::lint
