// The closed list of UCUM units that findings use, and conversion among those of one dimension.
// Pure functions; any thread.
#pragma once

#include <optional>
#include <string_view>

namespace posterior {

bool is_unit(std::string_view unit);

// `value` in `from` expressed in `to`; nothing if either is unknown or the dimensions differ.
std::optional<double> convert(double value, std::string_view from, std::string_view to);

// "deg cm mm ..." for messages.
std::string_view known_units();

} // namespace posterior
