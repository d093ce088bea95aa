// What the commands that take a case share. One thread.
#pragma once

#include "engine/cli/command.hpp"

namespace posterior::cli {

// Reads the case named by the first word and asks `path` with it; the options of assess become the query.
int answer_case(context& ctx, const arguments& given, std::string_view path, query parameters);

// --have, --max-exercises, --minutes, --side, --revision, --exit-code and --with-drafts as a query.
inline constexpr option_spec drafts_option{"--with-drafts", "",
                                           "drafts that nobody has rejected take part, too"};
query wishes_query(const arguments& given);

} // namespace posterior::cli
