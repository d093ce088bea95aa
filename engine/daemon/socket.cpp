#include "engine/daemon/socket.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

namespace posterior::daemon {
namespace {

constexpr int waiting_connections = 128;

listening refused(const std::filesystem::path& path, std::string code, std::string text, std::string hint) {
  listening l;
  l.path = path;
  l.problem.code = "socket." + code;
  l.problem.where.file = path.string();
  l.problem.text = std::move(text);
  l.problem.hint = std::move(hint);
  return l;
}

listening failed(const std::filesystem::path& path, const char* what, int error) {
  return refused(path, "failed", std::string(what) + ": " + std::strerror(error),
                 "look at the folder's owner and mode");
}

listening in_use(const std::filesystem::path& path) {
  return refused(path, "in-use", fault("the socket", "served by another daemon", "free"),
                 "stop the other one, or name another socket with --socket");
}

std::optional<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path.string();
  if (name.size() >= sizeof address.sun_path)
    return std::nullopt;
  std::memcpy(address.sun_path, name.data(), name.size());
  return address;
}

// Two daemons that start at once must not both find the file stale: who holds the lock may replace it.
int take_lock(const std::filesystem::path& path) {
  const std::string name = path.string() + ".lock";
  const int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    ::close(fd);
    errno = error;
    return -1;
  }
  return fd;
}

bool somebody_listens(const sockaddr_un& address) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const bool connected =
      ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 || errno == EAGAIN;
  ::close(fd);
  return connected;
}

// Empty problem text: the path is free now.
listening make_free(const std::filesystem::path& path, const sockaddr_un& address) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0)
    return errno == ENOENT ? listening{} : failed(path, "the socket could not be looked at", errno);
  if (!S_ISSOCK(info.st_mode))
    return refused(path, "not-a-socket",
                   fault("the socket's path", "a file of another kind", "free, or an old socket"),
                   "name another socket with --socket");
  if (somebody_listens(address))
    return in_use(path);
  return ::unlink(path.c_str()) == 0 ? listening{}
                                     : failed(path, "the old socket could not be removed", errno);
}

// The socket is bound with no rights for others and opened to its group only when it has the right one.
int bind_private(int fd, const sockaddr_un& address) {
  const mode_t before = ::umask(0177);
  const int bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int error = errno;
  ::umask(before);
  return bound == 0 ? 0 : error;
}

std::optional<gid_t> group_id(const std::string& name) {
  const group* found = ::getgrnam(name.c_str());
  return found == nullptr ? std::nullopt : std::optional<gid_t>(found->gr_gid);
}

std::string open_to_group(const std::filesystem::path& path, const std::string& name) {
  const auto id = group_id(name);
  if (!id)
    return fault("the group", "\"" + name + "\"", "one that this machine has");
  if (::chown(path.c_str(), static_cast<uid_t>(-1), *id) != 0 || ::chmod(path.c_str(), 0660) != 0)
    return std::string("the socket could not be given to its group: ") + std::strerror(errno);
  return {};
}

listening bind_and_listen(const std::filesystem::path& path, const sockaddr_un& address,
                          const std::string& group) {
  listening l;
  l.path = path;
  l.descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (l.descriptor < 0)
    return failed(path, "no socket could be made", errno);
  if (const int error = bind_private(l.descriptor, address); error != 0) {
    ::close(l.descriptor);
    return failed(path, "the socket could not be made", error);
  }
  l.ours = true;
  const std::string why = group.empty() ? std::string() : open_to_group(path, group);
  if (!why.empty() || ::listen(l.descriptor, waiting_connections) != 0) {
    listening problem = why.empty() ? failed(path, "the socket could not be listened at", errno)
                                    : refused(path, "group", why, "make the group, or leave --group out");
    ::close(l.descriptor);
    ::unlink(path.c_str());
    return problem;
  }
  return l;
}

} // namespace

listening listen_at(const std::filesystem::path& path, const std::string& group) {
  const auto address = address_of(path);
  if (!address)
    return refused(
        path, "too-long",
        fault("the socket's path", std::to_string(path.string().size()) + " bytes long", "at most 107"),
        "name a shorter one with --socket");
  const int lock = take_lock(path);
  if (lock < 0)
    return errno == EWOULDBLOCK ? in_use(path) : failed(path, "the socket's lock could not be taken", errno);
  listening l = make_free(path, *address);
  if (l.problem.text.empty())
    l = bind_and_listen(path, *address, group);
  if (l.descriptor < 0)
    ::close(lock);
  else
    l.lock = lock;
  return l;
}

std::optional<listening> listening_from_systemd() {
  if (::sd_listen_fds(1) < 1)
    return std::nullopt;
  listening l;
  l.descriptor = SD_LISTEN_FDS_START;
  sockaddr_un address{};
  socklen_t size = sizeof address;
  if (::sd_is_socket_unix(l.descriptor, SOCK_STREAM, 1, nullptr, 0) <= 0) {
    l.descriptor = -1;
    l.problem.code = "socket.systemd";
    l.problem.text = fault("the socket from systemd", "of another kind", "a listening Unix stream socket");
    return l;
  }
  if (::getsockname(l.descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0)
    l.path = address.sun_path;
  return l;
}

std::filesystem::path default_socket(const service::environment& variables, const service::places& at) {
  if (const auto named = variables("POSTERIOR_SOCKET"))
    return *named;
  if (::access("/run/posterior", W_OK | X_OK) == 0)
    return "/run/posterior/posterior.sock";
  if (const auto runtime = variables("XDG_RUNTIME_DIR"))
    return std::filesystem::path(*runtime) / "posterior.sock";
  return at.home / "posterior.sock";
}

void remove_socket(const listening& l) {
  // While the lock is held nobody else puts a socket there.
  if (l.ours)
    ::unlink(l.path.c_str());
}

door door_of(const listening& l) {
  door at;
  at.service_user = ::geteuid();
  at.admin_group = group_id("posterior-admin");
  struct stat info {};
  if (::stat(l.path.c_str(), &info) == 0) {
    at.socket_group = info.st_gid;
    at.group_may_ask = (info.st_mode & 0020) != 0;
  }
  return at;
}

} // namespace posterior::daemon
