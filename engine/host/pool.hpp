// The workers: started when needed, kept warm between cases, ended with the pool.
//
// Threads: run() and probe() may be called by several threads at once. A worker belongs to one call from when
// it is taken out of the pool until it is put back; the lock covers only that. The kernel ends a worker when
// the thread that started it ends; a worker found dead is replaced, so threads may come and go, only more
// slowly. Owner: whoever assesses cases (the daemon keeps one pool, a single command its own).
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "engine/host/detector.hpp"
#include "engine/host/session.hpp"
#include "engine/host/spawner.hpp"

namespace posterior::host {

struct pool_options {
  std::string worker; // absolute path of the posterior-worker program
  deadlines allowed;
  std::size_t idle_max = 4; // warm workers kept for each detector
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

  // Ends the workers that nobody uses.
  void end_idle();
  std::size_t idle_count() const;

private:
  struct conversation;

  detection talk(const std::vector<detector_spec>& detectors, const std::vector<observation>* observations);
  conversation open(const detector_spec& spec);
  std::optional<session> take_idle(const std::string& key);
  void put_back(const std::string& key, session one);

  pool_options options_;
  spawner spawner_; // outlives the workers
  mutable std::mutex guard_;
  std::multimap<std::string, session> idle_;
};

} // namespace posterior::host
