// Why a cause is not higher, an exercise not in the plan, or a test not asked. Pure; any thread. Holds
// patient data: never log it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/assess/assessment.hpp"
#include "engine/report/sheet.hpp"
#include "kb/snapshot.hpp"

namespace posterior::report {

// `without_leader` is the same case with the first cause known to be absent, for what it explains away; null
// where `id` is no cause. Nothing if `id` names no state, exercise or finding. Schema posterior.why-not/1.
std::optional<std::string> why_not_json(const assess::assessment& a, const assess::assessment* without_leader,
                                        const kb::snapshot& knowledge, std::string_view id);
std::optional<sheet> why_not_sheet(const assess::assessment& a, const assess::assessment* without_leader,
                                   const kb::snapshot& knowledge, std::string_view id);

} // namespace posterior::report
