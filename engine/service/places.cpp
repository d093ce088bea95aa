#include "engine/service/places.hpp"

#include <cstdlib>
#include <system_error>

#include "kb/places.hpp"

namespace posterior::service {
namespace {

namespace fs = std::filesystem;

} // namespace

environment process_environment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0')
      return std::nullopt;
    return value;
  };
}

fs::path running_program() {
  std::error_code failed;
  return fs::read_symlink("/proc/self/exe", failed);
}

places find_places(const environment& variables, const fs::path& program) {
  places at;
  at.variables = variables;
  at.home = kb::home_folder(variables);
  at.prefix = kb::prefix_of(program.string()).value_or("");
  at.worker = at.prefix / "libexec/posterior/posterior-worker";
  return at;
}

std::vector<fs::path> socket_candidates(const environment& variables, const places& at) {
  if (const auto named = variables("POSTERIOR_SOCKET"))
    return {*named};
  std::vector<fs::path> out{"/run/posterior/posterior.sock"};
  if (const auto runtime = variables("XDG_RUNTIME_DIR"))
    out.push_back(fs::path(*runtime) / "posterior.sock");
  out.push_back(at.home / "posterior.sock");
  return out;
}

} // namespace posterior::service
