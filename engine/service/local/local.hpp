// The service in this process: opens the knowledge base and the detectors' workers where the places say, and
// answers with them. What the command line uses without a daemon, and what the daemon serves.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/assess/detectors.hpp"
#include "engine/host/confinement_outlook.hpp"
#include "engine/host/pool.hpp"
#include "engine/service/local/strike_file.hpp"
#include "engine/service/log.hpp"
#include "engine/service/places.hpp"
#include "engine/service/service.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::service {

struct opened_world {
  std::shared_ptr<const world> now; // empty: `problems` say why
  diagnostics problems;
  std::vector<std::string> notes; // for people: what was imported, what could not be stored
};

struct local_options {
  bool plugin_path = true;  // POSTERIOR_PLUGIN_PATH counts (never in the daemon)
  bool with_drafts = false; // drafts that nobody rejected are taken as active
};

// The workers of a process, and who decides which may be started.
struct workforce {
  std::shared_ptr<strike_file> strikes; // what `watch` remembers
  std::shared_ptr<host::supervisor> watch;
  std::shared_ptr<host::worker_pool> pool;
};

// `told` hears of what goes into quarantine.
workforce make_workers(const places& at, host::supervisor::listener told = {});

// Searches `knowledge`, through the home's store as long as that holds it.
std::shared_ptr<const kb::searcher> make_searcher(const places& at,
                                                  std::shared_ptr<const kb::snapshot> knowledge);

// Opens the knowledge and makes its detectors ask `workers`. `silent` hears of detectors without an answer.
opened_world open_world(const places& at, const local_options& options, const workforce& workers,
                        assess::silence_observer silent);

// Loads every detector of this world without a case: what `doctor` shows.
host::detection probe_detectors(const world& now, host::worker_pool& workers);

// What the daemon calls. They share one set of workers.
struct daemon_parts {
  // At start and at each reload: opens the knowledge and starts its detectors; failures go to the log.
  std::function<opened_world()> open;
  // The same with drafts taken as active; starts nothing and ends nothing.
  std::function<opened_world()> open_drafts;
  // Now and then: ends workers that nobody has asked for long.
  std::function<void()> tidy;
  std::shared_ptr<history> past;
};
daemon_parts make_daemon_parts(const places& at, log_sink log);

// What the daemon's service changes plugins with; POSTERIOR_PLUGIN_PATH does not count.
plugin_desk daemon_desk(const places& at);

// The same for what the clinic says about the knowledge.
clinic_desk daemon_clinic_desk(const places& at);

// `now` without the suspensions that are over on `day` (since 1970), as knowledge that was never stored: what
// is answered with where opening anew fails on the day after.
std::shared_ptr<const world> without_suspensions(const world& now, std::int64_t day);

// Gives and takes whole files of the home.
exchange_desk make_exchange_desk(const places& at);

// What the store of these places still knows. `workers` gives those that run the detectors of earlier
// revisions; null without a home.
std::shared_ptr<history> make_history(const places& at, std::function<workforce()> workers);

// One thread; owner: one command. The knowledge is opened by the first request that needs it.
class local_service {
public:
  local_service(places at, local_options options);

  response handle(const request& asked);
  // What opening and answering had to say, once.
  std::vector<std::string> take_notes();

private:
  void open();
  void open_again();
  std::shared_ptr<const world> drafts();
  const workforce& workers();

  places at_;
  workforce workers_;
  local_options options_;
  opened_world opened_;
  bool tried_ = false;
  std::vector<std::string> notes_;
  service answers_;
};

} // namespace posterior::service
