// The sections of the letter, in one file each. Pure; any thread.
#pragma once

#include "engine/assess/assessment.hpp"
#include "engine/report/sheet.hpp"
#include "kb/snapshot.hpp"

namespace posterior::report {

// What every section reads.
struct letter_view {
  const assess::assessment& a;
  const kb::snapshot& knowledge;
};

void add_flags(sheet& page, const letter_view& v);
// What the clinic suspended, and the flags, if one of them closes the plan: every answer about a case leads
// with them.
void add_open_flags(sheet& page, const letter_view& v);
void add_safety(sheet& page, const letter_view& v);
void add_differential(sheet& page, const letter_view& v);
void add_outside(sheet& page, const letter_view& v);
void add_next_tests(sheet& page, const letter_view& v);
void add_plan(sheet& page, const letter_view& v);
void add_left_out(sheet& page, const letter_view& v);
void add_tensions(sheet& page, const letter_view& v);
void add_foundation(sheet& page, const letter_view& v);

// One cause in full: bar, reasons, path, grade. Used by `why`, too. No number for a hidden condition.
void add_cause_body(sheet& page, const assess::cause_entry& c, const letter_view& v);
// One test: what it costs and what each outcome would do.
void add_test_body(sheet& page, const assess::next_test& t, const letter_view& v);
// One exercise of the plan: why, dose, when to stop, neighbours, evidence.
void add_item_body(sheet& page, const plan::plan_item& item, const letter_view& v);
// The order of one session, and what rules of sequence ask of the plan.
void add_session(sheet& page, const letter_view& v);
void add_sequence_line(sheet& page, const plan::sequence_line& line);
// "line 12, column 3: WHAT was FOUND, must be NEEDED" and its hint.
void add_problem(sheet& page, const diagnostic& d, int depth);

} // namespace posterior::report
