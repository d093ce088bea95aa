// Calendar dates as days since 1970-01-01 (proleptic Gregorian). No clock is read here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posterior {

// "2026-11-02" (year 1900 to 2200, a date that exists).
std::optional<std::int64_t> parse_date(std::string_view text);
std::string format_date(std::int64_t day);

} // namespace posterior
