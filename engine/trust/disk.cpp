#include "engine/trust/disk.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <set>

namespace posterior::trust {
namespace {

class descriptor {
public:
  explicit descriptor(int number)
      : number_(number) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }
  int get() const { return number_; }
  bool open() const { return number_ >= 0; }

private:
  int number_;
};

int result_of(int returned) {
  return returned == 0 ? 0 : errno;
}

int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR)
      return errno;
    if (n > 0)
      bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

int fill(int fd, std::string_view bytes, std::uint32_t mode) {
  if (const int error = write_all(fd, bytes))
    return error;
  const timespec beginning[2] = {{0, 0}, {0, 0}};
  if (::fchmod(fd, mode) != 0 || ::futimens(fd, beginning) != 0 || ::fsync(fd) != 0)
    return errno;
  return 0;
}

lock_result locked(int fd, lock_kind kind) {
  auto held = std::make_shared<const descriptor>(fd);
  if (!held->open())
    return {{}, errno};
  int done = 0;
  do
    done = ::flock(fd, (kind == lock_kind::shared ? LOCK_SH : LOCK_EX) | LOCK_NB);
  while (done != 0 && errno == EINTR);
  if (done != 0)
    return {{}, errno};
  return {std::move(held), 0};
}

} // namespace

int real_disk::create(const std::string& path, std::string_view bytes, std::uint32_t mode) {
  const descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  return file.open() ? fill(file.get(), bytes, mode) : errno;
}

int real_disk::create_folder(const std::string& path, std::uint32_t mode) {
  return result_of(::mkdir(path.c_str(), mode));
}

int real_disk::set_mode(const std::string& path, std::uint32_t mode) {
  return result_of(::chmod(path.c_str(), mode));
}

int real_disk::synchronise(const std::string& folder) {
  const descriptor at(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return at.open() ? result_of(::fsync(at.get())) : errno;
}

int real_disk::rename(const std::string& from, const std::string& to) {
  return result_of(::rename(from.c_str(), to.c_str()));
}

int real_disk::remove_folder(const std::string& path) {
  return result_of(::rmdir(path.c_str()));
}

lock_result real_disk::try_lock(const std::string& path, lock_kind kind) {
  return locked(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), kind);
}

lock_result real_disk::wait_for_lock(const std::string& file, int wait_ms) {
  constexpr int step_ms = 20;
  for (int waited = 0;; waited += step_ms) {
    lock_result now =
        locked(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600), lock_kind::exclusive);
    if (now.error != EWOULDBLOCK || waited >= wait_ms)
      return now;
    const timespec pause{0, step_ms * 1'000'000};
    ::nanosleep(&pause, nullptr);
  }
}

std::string real_disk::fresh_word() {
  return std::to_string(::getpid()) + "-" + std::to_string(now_ns()) + "-" + std::to_string(next_++);
}

std::uint32_t real_disk::user() {
  return ::geteuid();
}

int remove_tree(disk& d, const std::string& path) {
  const auto info = d.status(path);
  if (!info)
    return info.error == ENOENT ? 0 : info.error;
  if (info->kind != kb::file_kind::folder)
    return d.remove(path);
  int first = (info->mode & 0700u) == 0700u ? 0 : d.set_mode(path, 0700);
  const auto names = d.list(path);
  for (const std::string& name : names ? *names : std::vector<std::string>{})
    if (const int error = remove_tree(d, path + "/" + name); first == 0)
      first = error;
  const int error = d.remove_folder(path);
  return first != 0 ? first : error;
}

int create_tree(disk& d, const std::string& folder, const std::vector<named_bytes>& files,
                std::uint32_t file_mode, std::uint32_t folder_mode) {
  std::set<std::string> folders; // a folder comes before those inside it
  for (const named_bytes& f : files) {
    for (std::size_t slash = f.name.find('/'); slash != std::string::npos;
         slash = f.name.find('/', slash + 1))
      if (const std::string inner = f.name.substr(0, slash); folders.insert(inner).second)
        if (const int error = d.create_folder(folder + "/" + inner, 0700))
          return error;
    if (const int error = d.create(folder + "/" + f.name, f.bytes, file_mode))
      return error;
  }
  for (auto inner = folders.rbegin(); inner != folders.rend(); ++inner) {
    const std::string path = folder + "/" + *inner;
    if (const int error = d.set_mode(path, folder_mode))
      return error;
    if (const int error = d.synchronise(path))
      return error;
  }
  if (const int error = d.set_mode(folder, folder_mode))
    return error;
  return d.synchronise(folder);
}

} // namespace posterior::trust
