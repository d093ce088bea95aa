// Which number of the knowledge would have to be what for another cause to come first. Pure; any thread.
// Holds patient data: never log it.
#pragma once

#include <string>

#include "engine/assess/assessment.hpp"
#include "engine/report/sheet.hpp"
#include "kb/snapshot.hpp"

namespace posterior::report {

// The assessment must have been made with options::sensitivity. Schema posterior.sensitivity/1.
std::string sensitivity_json(const assess::assessment& a);
sheet sensitivity_sheet(const assess::assessment& a, const kb::snapshot& knowledge);

} // namespace posterior::report
