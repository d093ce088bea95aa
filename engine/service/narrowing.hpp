// What a request narrows a list of the knowledge to. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/service/routes.hpp"
#include "kb/narrowing.hpp"

namespace posterior::service {

// From `plugin` (also without "org.posterior."), `source`, `cause`, `grade` and `contested` of the query; a
// problem for what the knowledge does not have.
struct narrowing_read {
  kb::narrowing value;
  std::optional<response> problem;
};
narrowing_read read_narrowing(const call& c);

// "cause" for "causes", "family" for "families": people ask in the plural.
std::string singular(std::string_view asked, const std::vector<std::string_view>& known);
// 400, exit 2, with the nearest kind as hint.
response unknown_kind_problem(const std::string& kind, const std::vector<std::string_view>& known);

// The plugin that is meant; nullptr if none is.
const kb::plugin_entry* plugin_meant(const kb::snapshot& knowledge, std::string_view id);
// 404, exit 1, with the nearest plugin as hint.
response unknown_plugin_problem(const kb::snapshot& knowledge, std::string_view id);
// 404, exit 1, with the nearest state as hint.
response unknown_state_problem(const kb::snapshot& knowledge, std::string_view what, std::string_view id);

} // namespace posterior::service
