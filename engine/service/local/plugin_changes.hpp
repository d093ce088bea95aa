// Installs, removes, switches and trusts the plugins of a home: what stands behind service::plugin_desk. Each
// change holds the home's lock (plugins.lock), so that two never mix, and leaves the home as it was if it
// fails. Any thread; owner: whoever owns the service.
#pragma once

#include <memory>

#include "engine/host/supervisor.hpp"
#include "engine/service/places.hpp"
#include "engine/service/plugin_desk.hpp"

namespace posterior::host {
class worker_pool;
}
namespace posterior::trust {
class disk;
}

namespace posterior::service {

struct change_tools {
  places at;
  std::shared_ptr<host::worker_pool> workers; // run the cases of what is installed
  std::shared_ptr<host::supervisor> watch;    // holds the quarantine that trusting lifts; may be null
  bool plugin_path = true;                    // POSTERIOR_PLUGIN_PATH counts (never in the daemon)
  int wait_ms = 10000;                        // for somebody else's change
  trust::disk* disk = nullptr;                // borrowed; null: the real one
};

change_outcome change_plugins(const change_tools& tools, const change_request& asked);

} // namespace posterior::service
