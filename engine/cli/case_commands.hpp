// What the commands that take a case share. One thread.
#pragma once

#include "engine/cli/command.hpp"

namespace posterior::cli {

// Reads the case named by the first word and asks `path` with it; the options of assess become the query.
int answer_case(context& ctx, const arguments& given, std::string_view path, query parameters);

// --have, --max-exercises, --minutes, --side and --exit-code as a query.
query wishes_query(const arguments& given);

} // namespace posterior::cli
