// What would be different: flags first, then causes, safety and plan. Pure; any thread. Holds patient data:
// never log it.
#pragma once

#include <string>

#include "engine/assess/what_if.hpp"
#include "engine/report/sheet.hpp"
#include "kb/snapshot.hpp"

namespace posterior::report {

// Schema posterior.what-if/1.
std::string what_if_json(const assess::what_if& w, const kb::snapshot& knowledge);
sheet what_if_sheet(const assess::what_if& w, const kb::snapshot& knowledge);

} // namespace posterior::report
