// The engine's version, as the build was told. Any thread.
#pragma once

#include <string_view>

namespace posterior::service {

std::string_view engine_version();

} // namespace posterior::service
