// What the routes that take a case share: reading it, what is wished of the plan, and how an answer ends.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "engine/assess/assess.hpp"
#include "engine/service/routes.hpp"

namespace posterior::service {

// What the asker calls the case; only ever told back to the asker.
std::string label(const target& where);

// `have`, `max_exercises`, `side`, and `minutes` if they are those of a session.
struct wishes_read {
  assess::options options;
  std::optional<response> problem;
};
wishes_read read_wishes(const call& c, bool minutes_of_plan = true);

struct case_read {
  cases::patient_case value;
  diagnostics problems;
  std::optional<response> problem; // 422, exit 4: nothing usable
};
case_read read_case(const call& c);

// Assesses with what the world lends.
assess::assessment assess_read(const call& c, const cases::patient_case& value, const diagnostics& problems,
                               assess::options asked);

struct assessed {
  assess::assessment value;
  std::optional<response> problem;
};
assessed assess_case(const call& c, const assess::options& asked);
// With the wishes of the query.
assessed assess_case(const call& c);

// Exit code and notes as the assessment makes them.
response finish(response given, const assess::assessment& a, const call& c);

} // namespace posterior::service
