#include "engine/cli/case_file.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/service/message.hpp"

namespace posterior::cli {
namespace {

case_bytes refused(const std::string& path, std::string code, std::string text, std::string hint) {
  diagnostic d;
  d.code = "case." + code;
  d.where.file = path;
  d.text = std::move(text);
  d.hint = std::move(hint);
  return {{}, std::move(d)};
}

case_bytes not_opened(const std::string& path, int error) {
  if (error == ENOENT || error == ENOTDIR)
    return refused(path, "missing", fault("the case", "not found", "a file that exists"),
                   "`posterior case new > case.toml` writes a blank form");
  if (error == EACCES || error == EPERM)
    return refused(path, "unreadable",
                   fault("the case", "not readable for this user", "a file that this user may read"),
                   "look at its owner and mode with `ls -l`");
  return refused(path, "unreadable", fault("the case", std::strerror(error), "a file that can be read"), "");
}

case_bytes too_long(const std::string& path) {
  const std::string limit = std::to_string(service::body_bytes_limit);
  return refused(path, "too-long",
                 fault("the case", "longer than " + limit + " bytes", "at most " + limit + " bytes"),
                 "a case holds one person's examination at one time");
}

case_bytes read_all(int fd, const std::string& path) {
  std::string bytes;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return not_opened(path, errno);
    if (got == 0)
      return {std::move(bytes), {}};
    bytes.append(buffer, static_cast<std::size_t>(got));
    if (bytes.size() > service::body_bytes_limit)
      return too_long(path);
  }
}

} // namespace

case_bytes read_case_file(const std::string& path) {
  if (path == "-")
    return read_all(STDIN_FILENO, path);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return not_opened(path, errno);
  struct stat info {};
  case_bytes out;
  if (::fstat(fd, &info) == 0 && S_ISDIR(info.st_mode))
    out = refused(path, "folder", fault("the case", "a folder", "a file"), "name one file in it");
  else
    out = read_all(fd, path);
  ::close(fd);
  return out;
}

} // namespace posterior::cli
