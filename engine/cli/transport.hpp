// Which service answers: this process, or a daemon behind a socket. One thread.
#pragma once

#include <string>
#include <vector>

#include "engine/cli/context.hpp"

namespace posterior::cli {

struct chosen {
  asker ask;
  std::string name;               // "in this process", or the socket's path
  std::vector<std::string> notes; // sockets that were passed over
};

// --local, or POSTERIOR_HOME or POSTERIOR_PLUGIN_PATH without POSTERIOR_SOCKET: in this process. --socket or
// POSTERIOR_SOCKET: that one, or exit 10. Else the usual sockets in order; one that is stale or foreign is
// passed over with a note; none: in this process.
chosen choose_transport(const common_options& options, const service::environment& variables,
                        const service::places& at);

// A daemon and nothing else, by --socket or the usual sockets; exit 10 where none answers.
chosen choose_daemon(const common_options& options, const service::environment& variables,
                     const service::places& at);

} // namespace posterior::cli
