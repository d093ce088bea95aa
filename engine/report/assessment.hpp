// The assessment for programs and for people. Pure; any thread. Holds patient data: never log the result.
#pragma once

#include <string>

#include "engine/assess/assessment.hpp"
#include "engine/report/sheet.hpp"
#include "kb/snapshot.hpp"

namespace posterior::report {

// The JSON of schema posterior.assessment/1 (engine/service/schema/assessment.schema.json), keys in schema
// order. A serious condition that stays hidden is left out; one that cannot be excluded has null for numbers.
std::string to_json(const assess::assessment& a);

// A colleague's letter: red flags first, then what probably stands behind it, why, what to test next, the
// plan, what was left out, and what all of it rests on. With an emergency or urgent flag open the
// differential stands below as not for action. `knowledge` is the snapshot that the assessment was made with;
// it gives ids their names.
sheet letter(const assess::assessment& a, const kb::snapshot& knowledge);

// Whether a red flag of level emergency or urgent is open.
bool closed_by_flag(const assess::assessment& a);

} // namespace posterior::report
