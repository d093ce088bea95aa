// Keeps the knowledge in force: opened at start, replaced as a whole by a reload, kept as it was by one that
// fails. The day after a suspension ends it is opened anew by whoever asks first; if that fails, the
// suspension is over all the same. current() and with_drafts() may be called from any thread; load() by one
// at a time (others wait). Owner: main.
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
  // `today` says whether what was opened is still valid; empty: it always is. `drafts` opens the world in
  // which drafts reason.
  keeper(opener open, service::log_sink log, service::calendar today = {}, opener drafts = {});

  std::shared_ptr<const service::world> current();
  // Opened when somebody asks, and anew after each load; empty if it cannot be.
  std::shared_ptr<const service::world> with_drafts();
  // Opens the knowledge anew and swaps it in; false, with the reasons, if it cannot be used.
  struct result {
    bool loaded = false;
    diagnostics problems;
    std::vector<service::reloaded_plugin> plugins; // what became of each; only when loaded
    std::shared_ptr<const service::world> now;     // only when loaded
  };
  result load();

private:
  std::shared_ptr<const service::world> held() const;
  bool is_over(const service::world* w) const;
  void renew();
  result load_alone();

  opener open_;
  service::log_sink log_;
  service::calendar today_;
  opener open_drafts_;
  std::mutex loading_, drafting_;
  mutable std::mutex guard_;
  std::shared_ptr<const service::world> now_;
  std::shared_ptr<const service::world> drafts_, drafts_beside_; // made while the second was in force
};

} // namespace posterior::daemon
