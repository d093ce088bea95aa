// What the knowledge base holds, for programs and for people: one statement, or a list of one kind.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/report/sheet.hpp"
#include "kb/search.hpp"
#include "kb/snapshot.hpp"

namespace posterior::report {

// Everything about one id (a state, finding, exercise, rule, precaution, tension, source, claim, equipment,
// family); nothing if no statement has it. Schema posterior.kb-show/1.
std::optional<std::string> show_json(std::string_view id, const kb::snapshot& knowledge);
std::optional<sheet> show_sheet(std::string_view id, const kb::snapshot& knowledge);

// One line of a list.
struct row {
  std::string kind, id, name, plugin;
};

// The kinds that can be listed: "causes", "states", ...
const std::vector<std::string_view>& list_kinds();
// Singular or plural; nothing if there is no such kind.
std::optional<std::vector<row>> list_rows(std::string_view kind, const kb::snapshot& knowledge);
// Schema posterior.kb-list/1; `asked` is the kind.
std::string rows_json(std::string_view asked, const std::vector<row>& rows, const kb::snapshot& knowledge);
sheet rows_sheet(std::string_view title, const std::vector<row>& rows);

// What a search for `text` found. Schema posterior.kb-search/1.
std::string search_json(std::string_view text, const kb::search_result& found, const kb::snapshot& knowledge);
sheet search_sheet(std::string_view text, const kb::search_result& found);

// The id nearest to `text` among all ids of statements, or empty.
std::string nearest_id(std::string_view text, const kb::snapshot& knowledge);

} // namespace posterior::report
