// What routes about earlier revisions share. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/service/routes.hpp"

namespace posterior::service {

// 404 (exit 1) for a revision that is not there, 503 (exit 11) for a file that cannot be used, else 500.
response store_problem(const kb::store_result& why);
// 404, exit 11: nothing was ever stored here.
response no_history();

// A number of the query as a revision; neither if it is not given.
struct revision_read {
  std::optional<std::int64_t> number;
  std::optional<response> problem;
};
revision_read read_revision(const target& where, std::string_view name);

} // namespace posterior::service
