// What was wrong with something a person or a plugin handed in, and where.
// Plain values; any thread. A diagnostic may quote the input, so it goes to whoever asked and never to a log
// (logs have their own type, engine/service/log.hpp, without conversion).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace posterior {

// Where something stands in a file. Line and column count from 1; 0 means "not known".
// `pointer` is the RFC 6901 pointer for JSON input, empty for TOML.
struct place {
  std::string file;
  int line = 0;
  int column = 0;
  std::string pointer;

  bool operator==(const place&) const = default;
};

// "case.toml:12:3", "case.json#/observation/2/side", or "case.toml".
std::string to_string(const place& where);

enum class severity { error, warning, note };
std::string_view to_string(severity level);

// `code` is stable ("case.unknown-finding"); `text` is a full sentence part
// "WHAT was FOUND, must be NEEDED"; `hint` says what to do, or is empty.
struct diagnostic {
  severity level = severity::error;
  std::string code;
  place where;
  std::string text;
  std::string hint;

  bool operator==(const diagnostic&) const = default;
};

using diagnostics = std::vector<diagnostic>;

bool has_errors(const diagnostics& list);

// "PLACE: TEXT" and, where there is one, a second line "hint: HINT".
std::string to_string(const diagnostic& d);

// "WHAT was FOUND, must be NEEDED".
std::string fault(std::string_view what, std::string_view found, std::string_view needed);

} // namespace posterior
