// Left, right, or neither. `both` exists only in input, where it stands for two observations.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace posterior {

enum class side : std::uint8_t { none = 0, left = 1, right = 2 };

constexpr std::string_view to_string(side s) {
  return s == side::left ? "left" : s == side::right ? "right" : "none";
}

constexpr side opposite(side s) {
  return s == side::left ? side::right : s == side::right ? side::left : side::none;
}

} // namespace posterior
