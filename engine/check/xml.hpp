// Text in XML. Pure; any thread. Private to engine/check.
#pragma once

#include <string>
#include <string_view>

namespace posterior::check {

// What stands in an attribute or between tags; control characters become '?'.
std::string xml_escaped(std::string_view text);

} // namespace posterior::check
