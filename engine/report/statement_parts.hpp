// How statements of the knowledge base are said and written: shared by `why` and `kb show`. Pure; any thread.
#pragma once

#include "engine/report/sheet.hpp"
#include "kb/snapshot.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::report {

// What a statement rests on: every claim with its words, source, place, grade and plugin; sources; judgement.
// Then which bundle said so.
void add_basis(sheet& page, const kb::basis& rests_on, const kb::origin& from, const kb::snapshot& knowledge,
               int depth);
void add_link(sheet& page, const kb::link& l, const kb::snapshot& knowledge, int depth);
void add_reading(sheet& page, const kb::observes& o, const kb::snapshot& knowledge, int depth);
void add_indication(sheet& page, const kb::indication& i, const kb::snapshot& knowledge, int depth);
// Everything that is said about a state: definition, prior, theory, links both ways, findings that speak
// about it.
void add_state(sheet& page, const kb::state& s, const kb::snapshot& knowledge);
void add_finding(sheet& page, const kb::finding& f, const kb::snapshot& knowledge);
void add_exercise(sheet& page, const kb::exercise& e, const kb::snapshot& knowledge);
void add_rule(sheet& page, const kb::rule& r, const kb::snapshot& knowledge);
void add_sequence(sheet& page, const kb::sequence& s, const kb::snapshot& knowledge);

// "0.65 [0.50-0.78] (often)".
std::string estimate_words(const kb::estimate& e);
// "Back pain present; and age >= 50".
std::string clause_words(const kb::clauses& when, const kb::snapshot& knowledge);

// [lo, hi] members: "p": {mean, low, high, word}.
void estimate_member(json_writer& w, std::string_view name, const kb::estimate& e);
// "claims": [{id, text, source, place, grade, seen, contested, plugin, version}], "sources", "judgement",
// "grade", "seen", "contested", "plugin", "version".
void basis_members(json_writer& w, const kb::basis& rests_on, const kb::origin& from,
                   const kb::snapshot& knowledge);
void state_members(json_writer& w, const kb::state& s, const kb::snapshot& knowledge);
void finding_members(json_writer& w, const kb::finding& f, const kb::snapshot& knowledge);
void exercise_members(json_writer& w, const kb::exercise& e, const kb::snapshot& knowledge);
void rule_members(json_writer& w, const kb::rule& r, const kb::snapshot& knowledge);
void sequence_members(json_writer& w, const kb::sequence& s, const kb::snapshot& knowledge);

} // namespace posterior::report
