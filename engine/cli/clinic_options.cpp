#include "engine/cli/clinic_options.hpp"

namespace posterior::cli {

query signed_query(const arguments& given, query parameters) {
  parameters.emplace_back("by", given.option("--by"));
  parameters.emplace_back("reason", given.option("--reason"));
  return parameters;
}

} // namespace posterior::cli
