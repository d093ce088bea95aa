// The worker's end of its socket: whole frames in and out. One thread. The descriptor belongs to the process.
#pragma once

#include <optional>

#include "engine/wire/bytes.hpp"

namespace posterior::worker {

class connection {
public:
  explicit connection(int descriptor) noexcept
      : descriptor_{descriptor} {}

  // Waits for the first frame and the descriptor that comes with it; -1 if none does.
  std::optional<wire::bytes> receive(int& descriptor) const;
  // Waits for the next frame. Nothing when the host is gone or the message is longer than a frame may be.
  std::optional<wire::bytes> receive() const;
  // Sends a frame whole. False when the host is gone.
  bool send(const wire::bytes& frame) const;

private:
  int descriptor_;
};

} // namespace posterior::worker
