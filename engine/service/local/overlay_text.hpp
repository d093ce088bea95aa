// The text of an overlay document as the program changes it: entries are appended at the end, or taken out
// with all their lines; comments, order and blank lines of everything else stay. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kb/overlay.hpp"
#include "kb/values/document.hpp"

namespace posterior::service {

// A value as TOML on one line, tables inline.
std::string toml_value(const node& value);
std::string toml_text(std::string_view text);

// One `[[DEED]]` with its lines in this order; values are TOML.
using entry_lines = std::vector<std::pair<std::string_view, std::string>>;
std::string with_entry(std::string document, kb::overlay_deed deed, const entry_lines& lines);

// Without the lines of an entry, and the blank lines before it.
std::string without_entry(std::string_view document, const kb::overlay_entry& e);
// With `field` gone from `set` and `was` of an override of several fields; nothing where one of the two is
// not written on a line of its own, as the program writes it.
std::optional<std::string> without_field(std::string_view document, const kb::overlay_entry& e,
                                         std::string_view field);

} // namespace posterior::service
