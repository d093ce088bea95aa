// What to test next, for one case: a table that can be worked through, what each result would do to the
// leading causes, what would be asked after it, and tests for a given time. Pure; any thread. Holds patient
// data: never log it.
#pragma once

#include <string>

#include "engine/assess/assess.hpp"
#include "engine/report/sheet.hpp"
#include "kb/snapshot.hpp"

namespace posterior::report {

// The assessment must have been made with `asked` (test_options::full). Schema posterior.next-tests/1.
std::string next_json(const assess::assessment& a, const assess::test_options& asked);
sheet next_sheet(const assess::assessment& a, const kb::snapshot& knowledge,
                 const assess::test_options& asked);

} // namespace posterior::report
