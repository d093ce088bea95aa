// What the commands share by which a clinic says something about the knowledge. One thread.
#pragma once

#include "engine/cli/command.hpp"

namespace posterior::cli {

// "--by" and "--reason", for the command's list of options; and both as a query, behind `parameters`.
inline constexpr option_spec by_option{"--by", "NAME", "whose word it is; stands in every answer"};
inline constexpr option_spec reason_option{"--reason", "TEXT", "why, in one sentence"};
query signed_query(const arguments& given, query parameters);

} // namespace posterior::cli
