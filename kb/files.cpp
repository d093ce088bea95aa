#include "kb/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <utility>

namespace posterior::kb {
namespace {

// Closes on the way out.
class descriptor {
public:
  explicit descriptor(int fd)
      : fd_(fd) {}
  ~descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }
  int close() {
    const int fd = std::exchange(fd_, -1);
    return ::close(fd) == 0 ? 0 : errno;
  }

private:
  int fd_;
};

std::int64_t nanoseconds(const timespec& t) {
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

file_info convert(const struct stat& s) {
  file_info out;
  out.kind = S_ISREG(s.st_mode)   ? file_kind::regular
             : S_ISDIR(s.st_mode) ? file_kind::folder
             : S_ISLNK(s.st_mode) ? file_kind::symlink
                                  : file_kind::other;
  out.size = static_cast<std::uint64_t>(s.st_size);
  out.mode = s.st_mode & 07777u;
  out.owner = s.st_uid;
  out.device = s.st_dev;
  out.inode = s.st_ino;
  out.modified_ns = nanoseconds(s.st_mtim);
  out.changed_ns = nanoseconds(s.st_ctim);
  return out;
}

template <typename T>
file_result<T> failed(int error) {
  return {std::nullopt, error};
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

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

int synchronise_folder(const std::string& path) {
  const descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder && ::fsync(folder.get()) == 0 ? 0 : errno;
}

int write_temporary(const std::string& path, std::string_view bytes, std::uint32_t mode) {
  descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!file)
    return errno;
  if (const int error = write_all(file.get(), bytes))
    return error;
  if (::fsync(file.get()) != 0)
    return errno;
  return file.close();
}

} // namespace

file_result<file_info> real_files::status(const std::string& path) {
  struct stat s {};
  return ::lstat(path.c_str(), &s) == 0 ? file_result<file_info>{convert(s)} : failed<file_info>(errno);
}

file_result<std::string> real_files::read(const std::string& path, std::uint64_t limit) {
  // O_NONBLOCK: opening a pipe that lies where a file should be must not wait.
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file)
    return failed<std::string>(errno);
  struct stat s {};
  if (::fstat(file.get(), &s) != 0)
    return failed<std::string>(errno);
  if (!S_ISREG(s.st_mode))
    return failed<std::string>(S_ISDIR(s.st_mode) ? EISDIR : EINVAL);
  if (static_cast<std::uint64_t>(s.st_size) > limit)
    return failed<std::string>(EFBIG);
  std::string out(static_cast<std::size_t>(s.st_size) + 1, '\0');
  std::size_t used = 0;
  for (;;) {
    const ssize_t n = ::read(file.get(), out.data() + used, out.size() - used);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return failed<std::string>(errno);
    if (n == 0)
      break;
    used += static_cast<std::size_t>(n);
    if (used > limit)
      return failed<std::string>(EFBIG);
    if (used == out.size())
      out.resize(out.size() * 2);
  }
  out.resize(used);
  return {std::move(out)};
}

file_result<std::vector<std::string>> real_files::list(const std::string& folder) {
  struct closer {
    void operator()(DIR* d) const { ::closedir(d); }
  };
  const std::unique_ptr<DIR, closer> dir(::opendir(folder.c_str()));
  if (!dir)
    return failed<std::vector<std::string>>(errno);
  std::vector<std::string> out;
  errno = 0;
  while (const dirent* entry = ::readdir(dir.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..")
      out.push_back(name);
    errno = 0;
  }
  if (errno != 0)
    return failed<std::vector<std::string>>(errno);
  std::sort(out.begin(), out.end());
  return {std::move(out)};
}

file_result<std::string> real_files::resolve(const std::string& path) {
  struct releaser {
    void operator()(char* p) const { std::free(p); }
  };
  const std::unique_ptr<char, releaser> real(::realpath(path.c_str(), nullptr));
  return real ? file_result<std::string>{std::string(real.get())} : failed<std::string>(errno);
}

int real_files::write(const std::string& path, std::string_view bytes, std::uint32_t mode) {
  const std::string temporary = path + ".new-" + std::to_string(::getpid());
  int error = write_temporary(temporary, bytes, mode);
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0)
    error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    return error;
  }
  return synchronise_folder(folder_of(path));
}

int real_files::make_folder(const std::string& path, std::uint32_t mode) {
  if (::mkdir(path.c_str(), mode) == 0)
    return 0;
  if (errno == ENOENT && folder_of(path) != path) {
    if (const int error = make_folder(folder_of(path), mode))
      return error;
    if (::mkdir(path.c_str(), mode) == 0)
      return 0;
  }
  const int error = errno;
  struct stat s {};
  return error == EEXIST && ::stat(path.c_str(), &s) == 0 && S_ISDIR(s.st_mode) ? 0 : error;
}

int real_files::remove(const std::string& path) {
  return ::unlink(path.c_str()) == 0 ? 0 : errno;
}

std::int64_t real_files::now_ns() {
  timespec t{};
  ::clock_gettime(CLOCK_REALTIME, &t);
  return nanoseconds(t);
}

std::string error_text(int error) {
  switch (error) {
  case ENOENT:
    return "missing";
  case EACCES:
  case EPERM:
    return "not readable for this user";
  case ELOOP:
    return "a symbolic link";
  case EISDIR:
    return "a folder";
  case ENOTDIR:
    return "not a folder";
  case EFBIG:
    return "too large";
  case EINVAL:
    return "not a regular file";
  case ENOSPC:
  case EDQUOT:
    return "on a full disk";
  case EROFS:
    return "on a read-only disk";
  case EIO:
    return "not readable: the disk reports an error";
  default:
    return "not usable: error " + std::to_string(error);
  }
}

} // namespace posterior::kb
