// Where things lie: home, plugins, sockets, and the rest relative to the program's own file. The environment
// comes in as a function, so that tests need not change the process. Any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace posterior::service {

// The value of a variable, or nothing if it is not set or empty.
using environment = std::function<std::optional<std::string>(const char*)>;
environment process_environment();

struct places {
  environment variables;
  std::filesystem::path home;   // kb::home_folder; empty if no variable names one
  std::filesystem::path prefix; // what bin/ or libexec/ of the running program lies in
  std::filesystem::path worker; // libexec/posterior/posterior-worker
};

// `program` is the running executable (/proc/self/exe resolved).
places find_places(const environment& variables, const std::filesystem::path& program);
std::filesystem::path running_program();

// The sockets to try, in order: $POSTERIOR_SOCKET alone if set; else /run/posterior/posterior.sock,
// $XDG_RUNTIME_DIR/posterior.sock, HOME/posterior.sock.
std::vector<std::filesystem::path> socket_candidates(const environment& variables, const places& at);

} // namespace posterior::service
