// What the clinic itself said about the shared knowledge, in answers about a case: rules of the safety screen
// that it suspended, drafts that were taken as active, numbers that are its own. Pure; any thread. Holds
// patient data: never log the result.
#pragma once

#include <string>
#include <string_view>

#include "engine/report/letter_parts.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::report {

// What every answer about a case begins with: that drafts took part, and which rules are suspended and
// whether they would have fired here. Nothing where neither is so.
void add_standing(sheet& page, const letter_view& v);

// Behind a number or a dose that the clinic's overlay had a say in: " [clinic]"; else empty.
std::string clinic_mark_of_cause(const letter_view& v, std::string_view cause); // how frequent it is
std::string clinic_mark_of_finding(const letter_view& v, std::string_view finding);
std::string clinic_mark_of_exercise(const letter_view& v, std::string_view exercise);
std::string clinic_mark_of_rule(const letter_view& v, std::string_view rule);
// What the marks mean: each number with what it replaced, by whom and why. Nothing without an overlay.
void add_clinic(sheet& page, const letter_view& v);

// "overlay": [{what, statement, field, before, now, by, when, reason, used}].
void overlay_member(json_writer& w, const assess::assessment& a);
// "suspended": [{rule, name, by, when, reason, until, fires}], "drafts": [ids], right behind "schema".
void standing_members(json_writer& w, const assess::assessment& a);

} // namespace posterior::report
