// Two causes of one assessment side by side. Pure; any thread. Hold patient data: never log it.
#pragma once

#include <string>

#include "engine/assess/assessment.hpp"
#include "engine/report/sheet.hpp"
#include "kb/snapshot.hpp"

namespace posterior::report {

// `a` must have been asked to compare. Schema posterior.comparison/1.
std::string comparison_json(const assess::assessment& a);
sheet comparison_sheet(const assess::assessment& a, const kb::snapshot& knowledge);

} // namespace posterior::report
