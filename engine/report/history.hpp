// The history of the knowledge base, for programs and for people. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/report/sheet.hpp"
#include "kb/history.hpp"
#include "kb/store.hpp"

namespace posterior::report {

// Schema posterior.kb-log/1. `id` is what was asked about, or empty.
std::string log_json(const std::string& id, const std::vector<kb::revision_change>& log);
sheet log_sheet(const std::string& id, const std::vector<kb::revision_change>& log);

// Schema posterior.kb-diff/1.
std::string diff_json(const kb::revision_diff& d);
sheet diff_sheet(const kb::revision_diff& d);

// Schema posterior.kb-verify/1.
std::string verify_json(const kb::store_verdict& v);
sheet verify_sheet(const kb::store_verdict& v);

// "2026-11-02 14:05 UTC".
std::string utc_time(std::int64_t seconds);

} // namespace posterior::report
