#include <algorithm>

#include "engine/trust/archive.hpp"
#include "kb/values/text.hpp"

namespace posterior::trust {
namespace {

std::string_view bad_part(std::string_view part) {
  if (part.empty())
    return "with an empty part";
  if (part == "..")
    return "with \"..\" in it";
  return part.front() == '.' ? "hidden" : "";
}

} // namespace

std::string_view bad_name(std::string_view name) {
  if (name.empty())
    return "empty";
  if (name.front() == '/')
    return "absolute";
  if (name.size() > 255)
    return "longer than 255 bytes";
  if (name.find('\\') != std::string_view::npos || name.find('"') != std::string_view::npos)
    return "with a backslash or a quotation mark";
  if (name.find('\n') != std::string_view::npos || !unclean(name).empty())
    return "of characters that cannot be shown";
  if (static_cast<std::size_t>(std::count(name.begin(), name.end(), '/')) > archive_depth_limit)
    return "nested deeper than 8 folders";
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('/', start), name.size());
    if (const auto why = bad_part(name.substr(start, end - start)); !why.empty())
      return why;
    start = end + 1;
  }
  return {};
}

} // namespace posterior::trust
