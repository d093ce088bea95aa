// Writes what the clinic says about the shared knowledge: what stands behind service::clinic_desk. Each
// change holds the home's lock (overlay.lock), is first read and merged in memory, and is written only if it
// then does what was asked; the file is replaced by one rename, so that it is the old one or the new one. Any
// thread; owner: whoever owns the service.
#pragma once

#include "engine/service/clinic_desk.hpp"
#include "engine/service/places.hpp"

namespace posterior::trust {
class disk;
}

namespace posterior::service {

struct clinic_tools {
  places at;
  bool plugin_path = true;     // POSTERIOR_PLUGIN_PATH counts (never in the daemon)
  int wait_ms = 10000;         // for somebody else's change
  trust::disk* disk = nullptr; // borrowed; null: the real one
};

clinic_outcome change_overlay(const clinic_tools& tools, const clinic_request& asked);

} // namespace posterior::service
