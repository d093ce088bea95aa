// HTTP/1.1 on a Unix socket. One thread does all input and output; answers are made by a small pool of
// threads, so a slow client keeps no answer waiting and a slow answer no client.
//
// Threads: run() belongs to one thread; stop() may be called from any. The handler is called by pool threads,
// several at once. Owner: main.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "engine/daemon/rights.hpp"
#include "engine/service/log.hpp"
#include "engine/service/message.hpp"

namespace posterior::daemon {

struct server_limits {
  std::size_t body_bytes = 1u << 20;
  // Of a target, for who may administer; empty: as `body_bytes`.
  std::function<std::size_t(std::string_view target)> body_bytes_of;
  std::size_t header_bytes = 16 * 1024;
  std::size_t connections = 64;
  std::size_t workers = 2;
  int read_ms = 10000;  // for one whole request
  int write_ms = 30000; // for one whole answer
  int drain_ms = 10000; // for what is under way when stop() is called
};

using handler = std::function<service::response(const service::request&, rights)>;

class http_server {
public:
  // Takes over the listening socket `listener` and closes it. `rights_of` sees the connected socket.
  http_server(int listener, const server_limits& limits, handler answer, std::function<rights(int)> rights_of,
              service::log_sink log);
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;
  ~http_server();

  // Serves until stop(): then accepts nobody, finishes what is under way, and returns.
  void run();
  void stop();

  // Calls `done` on a pool thread.
  void post(std::function<void()> done);
  // Calls `done` on a pool thread again and again, so long after each other, until stop(). Once at most.
  void every(std::chrono::milliseconds pause, std::function<void()> done);
  // Calls `each(signal)` in run()'s thread for SIGTERM, SIGINT and SIGHUP.
  void on_signals(std::function<void(int)> each);

  struct inside; // in the .cpp

private:
  std::shared_ptr<inside> in_;
};

} // namespace posterior::daemon
