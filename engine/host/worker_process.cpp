#include "engine/host/worker_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/wire/frames.hpp"

namespace posterior::host {
namespace {

class file_actions {
public:
  file_actions() { posix_spawn_file_actions_init(&raw_); }
  ~file_actions() { posix_spawn_file_actions_destroy(&raw_); }
  file_actions(const file_actions&) = delete;
  file_actions& operator=(const file_actions&) = delete;

  // `socket` becomes descriptor 3; it must not be one of the first four itself.
  bool prepare(int socket) {
    return posix_spawn_file_actions_adddup2(&raw_, socket, wire::connection_fd) == 0 &&
           posix_spawn_file_actions_addopen(&raw_, 0, "/dev/null", O_RDONLY, 0) == 0 &&
           posix_spawn_file_actions_addopen(&raw_, 1, "/dev/null", O_WRONLY, 0) == 0 &&
           posix_spawn_file_actions_addopen(&raw_, 2, "/dev/null", O_WRONLY, 0) == 0 &&
           posix_spawn_file_actions_addclosefrom_np(&raw_, wire::connection_fd + 1) == 0;
  }
  const posix_spawn_file_actions_t* get() const noexcept { return &raw_; }

private:
  posix_spawn_file_actions_t raw_;
};

class attributes {
public:
  attributes() { posix_spawnattr_init(&raw_); }
  ~attributes() { posix_spawnattr_destroy(&raw_); }
  attributes(const attributes&) = delete;
  attributes& operator=(const attributes&) = delete;

  // No signal blocked, each as it is by default, and a session of its own, so that a terminal's signals pass
  // it by.
  bool prepare() {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    return posix_spawnattr_setsigmask(&raw_, &none) == 0 && posix_spawnattr_setsigdefault(&raw_, &all) == 0 &&
           posix_spawnattr_setflags(&raw_,
                                    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID) == 0;
  }
  const posix_spawnattr_t* get() const noexcept { return &raw_; }

private:
  posix_spawnattr_t raw_;
};

// Moves a descriptor out of the way of those that a worker gets, so that none of them overwrites it.
int above_first_four(int descriptor) {
  if (descriptor > wire::connection_fd)
    return descriptor;
  const int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, wire::connection_fd + 1);
  close(descriptor);
  return moved;
}

ending how_it_ended(int status) {
  if (WIFEXITED(status))
    return {"exit " + std::to_string(WEXITSTATUS(status)), false};
  if (!WIFSIGNALED(status) || WTERMSIG(status) == SIGKILL)
    return {};
  const int signal = WTERMSIG(status);
  const char* name = sigabbrev_np(signal);
  return {"signal " + std::to_string(signal) + (name != nullptr ? " (" + std::string{name} + ")" : ""),
          signal == SIGSYS};
}

// A message of one frame, and one descriptor with it.
class message {
public:
  message(const wire::bytes& frame, int descriptor)
      : part_{const_cast<std::byte*>(frame.data()), frame.size()} { // the kernel reads it only
    raw_.msg_iov = &part_;
    raw_.msg_iovlen = 1;
    if (descriptor < 0)
      return;
    raw_.msg_control = control_;
    raw_.msg_controllen = sizeof control_;
    cmsghdr* rights = CMSG_FIRSTHDR(&raw_);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
  }
  message(const message&) = delete;
  message& operator=(const message&) = delete;
  const msghdr* get() const noexcept { return &raw_; }

private:
  iovec part_;
  alignas(cmsghdr) char control_[CMSG_SPACE(sizeof(int))] = {};
  msghdr raw_{};
};

} // namespace

std::optional<worker_process> worker_process::start(const std::string& program, std::string& reason) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    reason = std::string{"no socket: "} + std::strerror(errno);
    return std::nullopt;
  }
  const int theirs = above_first_four(ends[1]);
  file_actions files;
  attributes how;
  char name[] = "posterior-worker";
  char* const arguments[] = {name, nullptr};
  char* const environment[] = {nullptr};
  pid_t pid = -1;
  int error = theirs < 0 || !files.prepare(theirs) || !how.prepare() ? EMFILE : 0;
  if (error == 0)
    error = posix_spawn(&pid, program.c_str(), files.get(), how.get(), arguments, environment);
  close(theirs);
  if (error != 0) {
    close(ends[0]);
    reason = program + ": " + std::strerror(error);
    return std::nullopt;
  }
  return worker_process{pid, ends[0]};
}

worker_process::worker_process(worker_process&& other) noexcept
    : pid_{std::exchange(other.pid_, -1)}
    , socket_{std::exchange(other.socket_, -1)} {}

worker_process& worker_process::operator=(worker_process&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(socket_, other.socket_);
  return *this;
}

worker_process::~worker_process() {
  end();
}

bool worker_process::send(const wire::bytes& frame, int descriptor) const {
  constexpr int how = MSG_NOSIGNAL | MSG_DONTWAIT;
  ssize_t sent;
  do
    sent = descriptor < 0 ? ::send(socket_, frame.data(), frame.size(), how)
                          : sendmsg(socket_, message{frame, descriptor}.get(), how);
  while (sent < 0 && errno == EINTR);
  return sent >= 0;
}

receipt worker_process::receive(std::span<std::byte> buffer, wire::byte_view& frame) const {
  ssize_t got;
  do
    got = recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_TRUNC);
  while (got < 0 && errno == EINTR);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    return receipt::nothing_yet;
  if (got <= 0)
    return receipt::closed;
  const auto length = static_cast<std::size_t>(got);
  frame = length <= buffer.size() ? wire::byte_view{buffer}.first(length) : wire::byte_view{};
  return receipt::frame;
}

void worker_process::kill() noexcept {
  if (pid_ <= 0)
    return;
  ::kill(pid_, SIGKILL);
  ::kill(-pid_, SIGKILL);
}

// A process that was already ending keeps its own exit status, so killing it first loses nothing.
ending worker_process::end() noexcept {
  if (socket_ >= 0)
    close(std::exchange(socket_, -1));
  if (pid_ <= 0)
    return {};
  kill();
  int status = 0;
  pid_t reaped;
  do
    reaped = waitpid(pid_, &status, 0);
  while (reaped < 0 && errno == EINTR);
  const bool known = reaped == pid_;
  pid_ = -1;
  return known ? how_it_ended(status) : ending{};
}

} // namespace posterior::host
