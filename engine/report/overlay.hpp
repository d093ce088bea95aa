// What the clinic says about the shared knowledge, and what waits for its judgement: `kb overlay`, `kb
// drafts`, and what `kb show` adds about one statement. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/report/sheet.hpp"
#include "kb/overlay.hpp"
#include "kb/snapshot.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::report {

// posterior.kb-overlay/1. `document` is what stands in the home's files, with what became of each entry.
std::string overlay_json(const kb::overlay_document& document, const kb::snapshot& knowledge);
sheet overlay_sheet(const kb::overlay_document& document, const kb::snapshot& knowledge);

// posterior.kb-drafts/1. `id`: that draft alone, with its text; empty: all of them.
std::string drafts_json(const kb::snapshot& knowledge, std::string_view id);
sheet drafts_sheet(const kb::snapshot& knowledge, std::string_view id);

// What the clinic said about one statement: "clinic": {changes, suspended, added}; lines behind its card.
void clinic_member(json_writer& w, std::string_view id, const kb::snapshot& knowledge);
void add_clinic_word(sheet& page, std::string_view id, const kb::snapshot& knowledge);

} // namespace posterior::report
