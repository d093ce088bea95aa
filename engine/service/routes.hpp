// The routes, one function each: given the world and the parsed request, a response. Pure; any thread.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/service/clock.hpp"
#include "engine/service/history.hpp"
#include "engine/service/message.hpp"
#include "engine/service/service.hpp"
#include "engine/service/target.hpp"

namespace posterior::service {

struct call {
  const request& asked;
  const target& where;
  const world& now;
  const counters& counted;
  const stopwatch& time;
  const plugin_desk& plugins;    // may be empty
  const exchange_desk& exchange; // its parts may be empty
  const clinic_desk& clinic;     // may be empty
  history* past = nullptr;       // null where nothing is stored
};

struct route {
  std::string_view method, path;
  std::string_view summary;            // for openapi.json
  std::vector<std::string_view> query; // names that may be given
  std::string_view schema;             // of the JSON answer; empty: text
  response (*answer)(const call&);
  bool needs_knowledge = true;
  std::string_view body = "a case, TOML or JSON"; // of a POST; empty: none
  bool changes = false;                           // administrators only
  bool owner_only = false;                        // administrators only, though it changes nothing
};

std::span<const route> routes();

response assess_route(const call& c);
response why_route(const call& c);
response compare_route(const call& c);
response next_route(const call& c);
response whatif_route(const call& c);
response sensitivity_route(const call& c);
response why_not_route(const call& c);
response check_route(const call& c);
response infer_route(const call& c);
response debug_network_route(const call& c);
response debug_evidence_route(const call& c);
response debug_timings_route(const call& c);
response form_route(const call& c);
response search_route(const call& c);
response show_route(const call& c);
response list_route(const call& c);
response graph_route(const call& c);
response claims_route(const call& c);
response sources_route(const call& c);
response tensions_route(const call& c);
response overlaps_route(const call& c);
response log_route(const call& c);
response diff_route(const call& c);
response verify_route(const call& c);
response kb_check_route(const call& c);
response kb_test_route(const call& c);
response overlay_route(const call& c);
response drafts_route(const call& c);
response override_route(const call& c);
response withdraw_route(const call& c);
response suspend_route(const call& c);
response review_route(const call& c);
response reset_route(const call& c);
response export_route(const call& c);
response import_route(const call& c);
response backup_route(const call& c);
response plugins_route(const call& c);
response plugin_route(const call& c);
response install_route(const call& c);
response remove_route(const call& c);
response enable_route(const call& c);
response disable_route(const call& c);
response trust_route(const call& c);
response health_route(const call& c);
response ready_route(const call& c);
response version_route(const call& c);
response metrics_route(const call& c);
response openapi_route(const call& c);

} // namespace posterior::service
