#include "engine/worker/connection.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace posterior::worker {

namespace {

// The one descriptor of a message, or -1. The kernel closes those that found no room.
int descriptor_of(msghdr& message) {
  const cmsghdr* part = CMSG_FIRSTHDR(&message);
  if (part == nullptr || part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS ||
      part->cmsg_len != CMSG_LEN(sizeof(int)))
    return -1;
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(part), sizeof descriptor);
  return descriptor;
}

} // namespace

std::optional<wire::bytes> connection::receive(int& descriptor) const {
  iovec into{room_.get(), wire::frame_bytes_max};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  msghdr message{};
  message.msg_iov = &into;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t got;
  do
    got = recvmsg(descriptor_, &message, MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  if (got <= 0 || (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
    return std::nullopt;
  descriptor = descriptor_of(message);
  return wire::bytes{room_.get(), room_.get() + got};
}

std::optional<wire::bytes> connection::receive() const {
  ssize_t got;
  do
    got = recv(descriptor_, room_.get(), wire::frame_bytes_max, MSG_TRUNC);
  while (got < 0 && errno == EINTR);
  if (got <= 0 || static_cast<std::size_t>(got) > wire::frame_bytes_max)
    return std::nullopt;
  return wire::bytes{room_.get(), room_.get() + got};
}

bool connection::send(const wire::bytes& frame) const {
  ssize_t sent;
  do
    sent = ::send(descriptor_, frame.data(), frame.size(), MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(frame.size());
}

} // namespace posterior::worker
