// One running posterior-worker and our end of its socket. Owns both: when this object goes, the process has
// ended and was reaped. Use from one thread at a time. The kernel ends the worker when the thread that
// started it ends.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "engine/wire/bytes.hpp"

namespace posterior::host {

struct ending {
  std::string text;            // "signal 11 (SEGV)", "exit 0"; empty if it was ended by kill()
  bool forbidden_call = false; // by the kernel, for a system call that its filter answers with the end
};

enum class receipt { frame, nothing_yet, closed };

class worker_process {
public:
  // Starts the program with its socket as descriptor 3, the first three as /dev/null, nothing else open, an
  // empty environment and a session of its own. On failure gives nothing and says why in `reason`.
  static std::optional<worker_process> start(const std::string& program, std::string& reason);

  worker_process(worker_process&& other) noexcept;
  worker_process& operator=(worker_process&& other) noexcept;
  ~worker_process();

  int socket() const noexcept { return socket_; }

  // Sends without waiting, and with the frame a descriptor for the worker, unless that is -1. False and errno
  // EAGAIN if the socket is full; else the worker is gone.
  bool send(const wire::bytes& frame, int descriptor = -1) const;
  // Takes the next message into `buffer`, without waiting; `frame` then shows it. One that does not fit gives
  // an empty frame.
  receipt receive(std::span<std::byte> buffer, wire::byte_view& frame) const;

  // Asks the kernel to end it and what it started in its process group; does not wait.
  void kill() noexcept;
  // Ends it, waits for it, and says how it ended.
  ending end() noexcept;

private:
  worker_process(pid_t pid, int socket) noexcept
      : pid_{pid}
      , socket_{socket} {}

  pid_t pid_ = -1;
  int socket_ = -1;
};

} // namespace posterior::host
