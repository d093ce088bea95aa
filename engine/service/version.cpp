#include "engine/service/version.hpp"

namespace posterior::service {

std::string_view engine_version() {
  return POSTERIOR_VERSION;
}

} // namespace posterior::service
