// Why a cause stands where it stands, in JSON and in words: balance sheet, rivals, ways through the network,
// sets of causes. Pure; any thread. Hold patient data: never log them.
#pragma once

#include "engine/assess/assessment.hpp"
#include "engine/report/sheet.hpp"
#include "kb/snapshot.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::report {

// "balance": {...}|null, "rivals": [...], "ways": [...].
void explanation_members(json_writer& w, const assess::cause_entry& c);
// "probable_sets": {"considered": [...], "sets": [{"present", "probability"}]}.
void sets_member(json_writer& w, const assess::assessment& a);

// The balance sheet that adds up, the rivals and the ways of one cause; nothing where it was not asked for.
void add_explanation(sheet& page, const assess::cause_entry& c, const kb::snapshot& knowledge);
// The most probable sets of causes; nothing where they were not asked for.
void add_sets(sheet& page, const assess::assessment& a, const kb::snapshot& knowledge);

} // namespace posterior::report
