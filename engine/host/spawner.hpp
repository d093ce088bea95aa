// A thread that starts worker processes for others and lives as long as this object.
//
// Rationale: the kernel ends a worker when the thread that started it ends. Were workers started by the
// threads that ask for them, a request thread that ends would take a worker with it that another request is
// using by then.
//
// Any thread may call start(). Owner: the pool. The thread is made by the first start(), with all signals
// blocked.
#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "engine/host/worker_process.hpp"

namespace posterior::host {

// A worker, or why there is none.
struct started_worker {
  std::optional<worker_process> process;
  std::string reason;
};

class spawner {
public:
  explicit spawner(std::string program);
  spawner(const spawner&) = delete;
  spawner& operator=(const spawner&) = delete;
  // Ends the thread, and with it every worker that it started and that still runs.
  ~spawner();

  // Starts a worker soon; does not wait for it.
  std::future<started_worker> start();

private:
  void work(const std::stop_token& stop);
  void begin_thread();

  std::string program_;
  std::mutex guard_;
  std::condition_variable_any arrived_;
  std::deque<std::promise<started_worker>> wanted_;
  std::jthread thread_; // last, so that it ends before what it uses
};

} // namespace posterior::host
