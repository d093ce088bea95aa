// Turns a value into the form that was asked for. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/report/sheet.hpp"
#include "engine/service/message.hpp"
#include "engine/service/routes.hpp"

namespace posterior::service {

enum class form { json, text, html };

// By the Accept header; JSON if nothing else is asked for.
form form_of(std::string_view accept);

// `width` and `colour` of the query.
report::look look_of(const target& where);

// The sheet drawn as text or HTML.
response drawn(const report::sheet& page, const call& c, std::string_view title);
response json_answer(std::string body);
response text_answer(std::string body);

// The status of a change that was asked for.
int status_of(change_verdict how);

// A value of the query as a number; a problem (400, exit 2) if it is something else or out of range.
struct number_read {
  std::optional<double> value;
  std::optional<response> problem;
};
number_read read_number(const target& where, std::string_view name, double low, double high);

// 400, exit 2: "NAME was FOUND, must be NEEDED".
response usage_problem(std::string_view name, std::string_view found, std::string_view needed,
                       std::string hint = {});
// 404, exit 1.
response unknown_problem(std::string_view what, std::string_view found, std::string hint);
// The same for an id of the knowledge base, with the nearest one as hint.
response unknown_id_problem(const std::string& id, const kb::snapshot& knowledge);
// "did you mean "x"?", or empty.
std::string did_you_mean(std::string_view nearest);

} // namespace posterior::service
