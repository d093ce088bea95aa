// The worker's end of its socket: whole frames in and out. One thread. The descriptor belongs to the process.
#pragma once

#include <memory>
#include <optional>

#include "engine/wire/frames.hpp"

namespace posterior::worker {

class connection {
public:
  explicit connection(int descriptor)
      : descriptor_{descriptor}
      , room_{std::make_unique_for_overwrite<std::byte[]>(wire::frame_bytes_max)} {}

  // Waits for the first frame and the descriptor that comes with it; -1 if none does.
  std::optional<wire::bytes> receive(int& descriptor) const;
  // Waits for the next frame. Nothing when the host is gone or the message is longer than a frame may be.
  std::optional<wire::bytes> receive() const;
  // Sends a frame whole. False when the host is gone.
  bool send(const wire::bytes& frame) const;

private:
  int descriptor_;
  std::unique_ptr<std::byte[]> room_; // for one frame
};

} // namespace posterior::worker
