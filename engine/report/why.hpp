// Why the assessment of a case says what it says about one id: a cause (also "cause@left"), an exercise, a
// test, a red-flag rule or a rule of sequence. Pure; any thread. Holds patient data: never log it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/assess/assessment.hpp"
#include "engine/report/sheet.hpp"
#include "kb/snapshot.hpp"

namespace posterior::report {

// Nothing if `id` names no state, exercise, finding or rule (of red flags or of sequence) of the snapshot.
// Schema posterior.why/1.
std::optional<std::string> why_json(const assess::assessment& a, const kb::snapshot& knowledge,
                                    std::string_view id);
std::optional<sheet> why_sheet(const assess::assessment& a, const kb::snapshot& knowledge,
                               std::string_view id);

} // namespace posterior::report
