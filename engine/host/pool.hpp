// The workers: started when needed, kept warm between cases, ended with the pool.
//
// Threads: run() and probe() may be called by several threads at once. A worker belongs to one call from when
// it is taken out of the pool until it is put back; the lock covers only that. The kernel ends a worker when
// the thread that started it ends; a worker found dead is replaced, so threads may come and go, only more
// slowly. Owner: whoever assesses cases (the daemon keeps one pool, a single command its own).
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/host/detector.hpp"
#include "engine/host/session.hpp"
#include "engine/host/spawner.hpp"
#include "engine/host/supervisor.hpp"

namespace posterior::host {

struct pool_options {
  std::string worker; // absolute path of the posterior-worker program
  deadlines allowed;
  std::size_t idle_max = 4;          // warm workers kept for each detector
  int idle_ms = 10 * 60'000;         // a worker that nobody asked for so long is ended by end_idle(now)
  std::shared_ptr<supervisor> watch; // empty: every detector is started whatever it did before
};

class worker_pool {
public:
  explicit worker_pool(pool_options options);
  worker_pool(const worker_pool&) = delete;
  worker_pool& operator=(const worker_pool&) = delete;
  // Ends all workers and waits for them.
  ~worker_pool();

  // Asks every detector at once and gathers until each has answered or missed its deadline. Each is given
  // only what it consumes, sorted by finding, side and day. A detector whose file is refused, that crashes,
  // hangs or answers what its bundle does not declare is named in its answer, and disturbs no other. Equal
  // input gives equal output whatever the order of `detectors` and `observations` of different finding, side
  // or day, but for `reason`.
  detection run(const std::vector<detector_spec>& detectors, const std::vector<observation>& observations);

  // Loads every detector without a case, and keeps the workers. `answered` then means: loaded.
  detection probe(const std::vector<detector_spec>& detectors);

  // Ends the workers that nobody uses; with a time, those that nobody has used for so long by then.
  void end_idle();
  void end_idle(session::clock::time_point now);
  // From now on only workers of these detectors are kept. Others finish what they are asked and are ended.
  void keep_only(const std::vector<detector_spec>& detectors);
  std::size_t idle_count() const;

private:
  struct conversation;
  struct idle_worker {
    session with;
    session::clock::time_point since;
  };

  detection talk(const std::vector<detector_spec>& detectors, const std::vector<observation>* observations);
  conversation open(const detector_spec& spec, const supervisor::verdict& v);
  void close(conversation& one, detection& into);
  std::optional<session> take_idle(const std::string& key);
  void put_back(const std::string& key, session one);
  template <class Choose>
  void end_if(const Choose& chosen);

  pool_options options_;
  spawner spawner_; // outlives the workers
  mutable std::mutex guard_;
  std::multimap<std::string, idle_worker> idle_;
  std::optional<std::set<std::string>> wanted_; // keys that keep_only() named
};

} // namespace posterior::host
