#include "engine/worker/connection.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "engine/wire/frames.hpp"

namespace posterior::worker {

std::optional<wire::bytes> connection::receive() const {
  wire::bytes frame(wire::frame_bytes_max);
  ssize_t got;
  do
    got = recv(descriptor_, frame.data(), frame.size(), MSG_TRUNC);
  while (got < 0 && errno == EINTR);
  if (got <= 0 || static_cast<std::size_t>(got) > frame.size())
    return std::nullopt;
  frame.resize(static_cast<std::size_t>(got));
  return frame;
}

bool connection::send(const wire::bytes& frame) const {
  ssize_t sent;
  do
    sent = ::send(descriptor_, frame.data(), frame.size(), MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(frame.size());
}

} // namespace posterior::worker
