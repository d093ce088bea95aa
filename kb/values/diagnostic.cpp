#include "kb/values/diagnostic.hpp"

#include <algorithm>

namespace posterior {

std::string to_string(const place& where) {
  std::string out = where.file;
  if (!where.pointer.empty())
    return out + "#" + where.pointer;
  if (where.line > 0)
    out += ":" + std::to_string(where.line);
  if (where.line > 0 && where.column > 0)
    out += ":" + std::to_string(where.column);
  return out;
}

std::string_view to_string(severity level) {
  switch (level) {
  case severity::error:
    return "error";
  case severity::warning:
    return "warning";
  case severity::note:
    return "note";
  }
  return "error";
}

bool has_errors(const diagnostics& list) {
  return std::any_of(list.begin(), list.end(),
                     [](const diagnostic& d) { return d.level == severity::error; });
}

std::string to_string(const diagnostic& d) {
  const std::string at = to_string(d.where);
  std::string out = at.empty() ? d.text : at + ": " + d.text;
  if (!d.hint.empty())
    out += "\nhint: " + d.hint;
  return out;
}

std::string fault(std::string_view what, std::string_view found, std::string_view needed) {
  return std::string(what) + " was " + std::string(found) + ", must be " + std::string(needed);
}

} // namespace posterior
