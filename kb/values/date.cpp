#include "kb/values/date.hpp"

#include <chrono>
#include <cstdio>

namespace posterior {

std::optional<std::int64_t> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-')
    return std::nullopt;
  int n[3] = {0, 0, 0};
  int part = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    if (i == 4 || i == 7) {
      ++part;
      continue;
    }
    if (text[i] < '0' || text[i] > '9')
      return std::nullopt;
    n[part] = n[part] * 10 + (text[i] - '0');
  }
  using namespace std::chrono;
  const year_month_day date{year{n[0]}, month{static_cast<unsigned>(n[1])}, day{static_cast<unsigned>(n[2])}};
  if (!date.ok() || n[0] < 1900 || n[0] > 2200)
    return std::nullopt;
  return sys_days{date}.time_since_epoch().count();
}

std::string format_date(std::int64_t count) {
  using namespace std::chrono;
  const year_month_day date{sys_days{days{count}}};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

} // namespace posterior
