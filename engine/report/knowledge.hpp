// What the knowledge base holds, for programs and for people: one item, a list of one kind, what a search
// found. Draws what kb/show.hpp and kb/search.hpp return. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/report/sheet.hpp"
#include "kb/search.hpp"
#include "kb/show.hpp"
#include "kb/snapshot.hpp"

namespace posterior::report {

// Schema posterior.kb-show/1.
std::string show_json(const kb::item_card& card, const kb::snapshot& knowledge);
sheet show_sheet(const kb::item_card& card);

// Schema posterior.kb-list/1.
std::string list_json(std::string_view kind, const std::vector<kb::listed>& items,
                      const kb::snapshot& knowledge);
sheet list_sheet(std::string_view kind, const std::vector<kb::listed>& items);

// What a search found. Schema posterior.kb-search/1.
std::string search_json(const kb::search_query& asked, const kb::search_result& found,
                        const kb::snapshot& knowledge);
sheet search_sheet(std::string_view text, const kb::search_result& found);

} // namespace posterior::report
