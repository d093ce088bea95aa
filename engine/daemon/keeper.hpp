// Keeps the knowledge in force: opened at start, replaced as a whole by a reload, kept as it was by one that
// fails. current() may be called from any thread; load() by one at a time (others wait). Owner: main.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/service/local/local.hpp"
#include "engine/service/log.hpp"
#include "engine/service/reload.hpp"

namespace posterior::daemon {

using opener = std::function<service::opened_world()>;

class keeper {
public:
  keeper(opener open, service::log_sink log);

  std::shared_ptr<const service::world> current() const;
  // Opens the knowledge anew and swaps it in; false, with the reasons, if it cannot be used.
  struct result {
    bool loaded = false;
    diagnostics problems;
    std::vector<service::reloaded_plugin> plugins; // what became of each; only when loaded
    std::shared_ptr<const service::world> now;     // only when loaded
  };
  result load();

private:
  opener open_;
  service::log_sink log_;
  std::mutex loading_;
  mutable std::mutex guard_;
  std::shared_ptr<const service::world> now_;
};

} // namespace posterior::daemon
