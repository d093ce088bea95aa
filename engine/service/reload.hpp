// What a reload did to each plugin. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/report/sheet.hpp"
#include "engine/service/service.hpp"

namespace posterior::service {

// `status` is one of unchanged, new, changed, removed, held-back, refused. What is held back or refused is
// not in force; `detail` says why, and `version` and `digest` are those of what lies there.
struct reloaded_plugin {
  std::string id; // of a bundle whose manifest cannot be read: its place
  std::string version, digest, status, detail;
};

// By id, then status. `before` may be null.
std::vector<reloaded_plugin> reloaded(const world* before, const world& now);

// posterior.reload/1. `id` names one plugin, which must be among `all`; empty: all of them.
std::string reload_json(const std::vector<reloaded_plugin>& all, const kb::snapshot& now,
                        std::string_view id);
report::sheet reload_sheet(const std::vector<reloaded_plugin>& all, const kb::snapshot& now,
                           std::string_view id);
// True if `id` is empty or names one of them, with or without the bundled plugins' prefix.
bool is_among(const std::vector<reloaded_plugin>& all, std::string_view id);

} // namespace posterior::service
