#include "engine/cli/client.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>

#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace posterior::cli {
namespace {

using steady = std::chrono::steady_clock;

class descriptor {
public:
  explicit descriptor(int fd)
      : fd_(fd) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  int get() const { return fd_; }

private:
  int fd_;
};

int left_ms(steady::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

bool wait_for(int fd, short events, steady::time_point until) {
  pollfd one{fd, events, 0};
  for (;;) {
    const int ready = ::poll(&one, 1, left_ms(until));
    if (ready > 0)
      return true;
    if (ready == 0 || errno != EINTR)
      return false;
  }
}

bool trusted(uid_t owner) {
  if (owner == 0 || owner == ::geteuid())
    return true;
  const passwd* service_user = ::getpwnam("posterior");
  return service_user != nullptr && service_user->pw_uid == owner;
}

// 0, or errno. A full backlog of a Unix socket shows as EAGAIN: try again until the limit.
int connect_within(int fd, const sockaddr_un& address, int limit_ms) {
  const auto until = steady::now() + std::chrono::milliseconds(limit_ms);
  for (;;) {
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
      return 0;
    if (errno != EAGAIN && errno != EINTR)
      return errno;
    if (steady::now() >= until)
      return ETIMEDOUT;
    const timespec pause{0, 5'000'000};
    ::nanosleep(&pause, nullptr);
  }
}

exchange failed(reach how, std::string reason) {
  return {how, std::move(reason), {}};
}

exchange after_connect(int error) {
  if (error == ENOENT || error == ENOTDIR)
    return failed(reach::nothing_there, "there is no such socket");
  if (error == ECONNREFUSED)
    return failed(reach::stale, "nobody listens there");
  if (error == ETIMEDOUT)
    return failed(reach::stale, "it does not accept connections");
  return failed(reach::broken, std::strerror(error));
}

bool send_all(int fd, std::string_view bytes, steady::time_point until) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0)
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    else if (sent < 0 && errno != EAGAIN && errno != EINTR)
      return false;
    else if (!wait_for(fd, POLLOUT, until))
      return false;
  }
  return true;
}

exchange receive(int fd, const exchange_limits& limits, steady::time_point until) {
  std::string bytes;
  char buffer[65536];
  for (;;) {
    if (!wait_for(fd, POLLIN, until))
      return failed(reach::broken, "it did not answer in " + std::to_string(limits.answer_ms / 1000) + " s");
    const ssize_t got = ::recv(fd, buffer, sizeof buffer, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
      continue;
    if (got > 0)
      bytes.append(buffer, static_cast<std::size_t>(got));
    http_reading read = read_http(bytes, limits);
    if (read.response)
      return {reach::answered, {}, std::move(*read.response)};
    if (read.complete || got <= 0)
      return failed(reach::broken, std::move(read.reason));
  }
}

// The file's owner is checked before and the listener's after connecting: the first keeps us from knocking at
// a stranger's door, the second from being fooled by a swapped file.
bool file_trusted(const std::filesystem::path& socket) {
  struct stat info {};
  return ::stat(socket.c_str(), &info) == 0 && S_ISSOCK(info.st_mode) && trusted(info.st_uid);
}

bool peer_trusted(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && trusted(peer.uid);
}

} // namespace

exchange ask_socket(const std::filesystem::path& socket, const service::request& asked,
                    const exchange_limits& limits) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = socket.string();
  if (name.size() >= sizeof address.sun_path)
    return failed(reach::broken,
                  "its path is longer than " + std::to_string(sizeof address.sun_path - 1) + " bytes");
  std::memcpy(address.sun_path, name.data(), name.size());
  struct stat info {};
  if (::stat(name.c_str(), &info) != 0)
    return after_connect(errno);
  if (!file_trusted(socket))
    return failed(reach::foreign, "it is not a socket of root, of the service or of this user");
  const descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.get() < 0)
    return failed(reach::broken, std::strerror(errno));
  if (const int error = connect_within(fd.get(), address, limits.connect_ms); error != 0)
    return after_connect(error);
  if (!peer_trusted(fd.get()))
    return failed(reach::foreign, "who listens there is neither root, the service nor this user");
  const auto until = steady::now() + std::chrono::milliseconds(limits.answer_ms);
  // A daemon that refuses early (too many connections, body too long) answers before all is sent.
  send_all(fd.get(), write_http(asked), until);
  return receive(fd.get(), limits, until);
}

} // namespace posterior::cli
