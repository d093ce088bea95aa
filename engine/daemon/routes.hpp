// What the daemon answers itself, before the service: rights, and the routes that change something.
// Any thread.
#pragma once

#include "engine/daemon/http_server.hpp"
#include "engine/daemon/keeper.hpp"
#include "engine/service/service.hpp"

namespace posterior::daemon {

// 403 for who may not ask; POST /v1/reload for who may administer; everything else to `asked`. `stop` ends
// the daemon (POST /v1/stop). Borrows all three as long as the handler lives.
handler with_rights(const service::service& asked, keeper& knowledge, std::function<void()> stop);

} // namespace posterior::daemon
