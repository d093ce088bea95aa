// Pieces of JSON that several outputs share. Each writes one value, or one member, in the schema's key order.
#pragma once

#include "engine/assess/assessment.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::report {

// "sources": [{source, place, seen}].
void sources(json_writer& w, const std::vector<cases::cited>& list);
// NAME: [{finding, side, text}].
void observations(json_writer& w, std::string_view name, const std::vector<cases::observation_ref>& list);
// NAME: [{finding, side, weight_db, text, sources}].
void reasons(json_writer& w, std::string_view name, const std::vector<assess::reason>& list);

void write(json_writer& w, const assess::cause_entry& c);
// Whether a state is a serious condition whose number stays unsaid.
bool is_hidden(const assess::assessment& a, std::string_view cause, side where);
// Outcomes about a hidden condition have null for the number.
void write(json_writer& w, const assess::next_test& t, const assess::assessment& a);
void write(json_writer& w, const plan::plan_item& item);
void write(json_writer& w, const plan::sequence_line& line);
// {severity, code, place: {line, column, pointer}, text, hint}: no file name, so that equal cases give equal
// bytes.
void write(json_writer& w, const diagnostic& d);
void write(json_writer& w, const kb::dose& d, const std::string& week_one);
// "basis": {grade, seen, contested, claims, sources, judgement}.
void basis_member(json_writer& w, const kb::basis& rests_on);
// "plugin", "version" of the bundle that said so.
void origin_members(json_writer& w, const kb::origin& from);

} // namespace posterior::report
