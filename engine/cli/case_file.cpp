#include "engine/cli/case_file.hpp"

#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/service/message.hpp"

namespace posterior::cli {
namespace {

// What is read, in the words of its messages.
struct document {
  std::string_view code, name; // "case", "the case"
  std::size_t limit;           // bytes
  std::string_view if_missing, if_too_long;
};

constexpr document a_case{"case", "the case", service::body_bytes_limit,
                          "`posterior case new > case.toml` writes a blank form",
                          "a case holds one person's examination at one time"};
constexpr document a_network{"network", "the network", service::network_bytes_limit,
                             "`posterior help debug infer` says what it takes",
                             "leave out nodes that nothing was observed about or below"};

file_bytes refused(const document& what, const std::string& path, std::string_view code, std::string text,
                   std::string_view hint = {}) {
  diagnostic d;
  d.code = std::string(what.code) + "." + std::string(code);
  d.where.file = path;
  d.text = std::move(text);
  d.hint = hint;
  return {{}, std::move(d)};
}

file_bytes not_opened(const document& what, const std::string& path, int error) {
  if (error == ENOENT || error == ENOTDIR)
    return refused(what, path, "missing", fault(what.name, "not found", "a file that exists"),
                   what.if_missing);
  if (error == EACCES || error == EPERM)
    return refused(what, path, "unreadable",
                   fault(what.name, "not readable for this user", "a file that this user may read"),
                   "look at its owner and mode with `ls -l`");
  return refused(what, path, "unreadable", fault(what.name, std::strerror(error), "a file that can be read"));
}

file_bytes too_long(const document& what, const std::string& path) {
  const std::string limit = std::to_string(what.limit);
  return refused(what, path, "too-long",
                 fault(what.name, "longer than " + limit + " bytes", "at most " + limit + " bytes"),
                 what.if_too_long);
}

file_bytes read_all(const document& what, int fd, const std::string& path) {
  std::string bytes;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return not_opened(what, path, errno);
    if (got == 0)
      return {std::move(bytes), {}};
    bytes.append(buffer, static_cast<std::size_t>(got));
    if (bytes.size() > what.limit)
      return too_long(what, path);
  }
}

file_bytes read_file(const document& what, const std::string& path) {
  if (path == "-")
    return read_all(what, STDIN_FILENO, path);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return not_opened(what, path, errno);
  struct stat info {};
  file_bytes out;
  if (::fstat(fd, &info) == 0 && S_ISDIR(info.st_mode))
    out = refused(what, path, "folder", fault(what.name, "a folder", "a file"), "name one file in it");
  else
    out = read_all(what, fd, path);
  ::close(fd);
  return out;
}

} // namespace

file_bytes read_case_file(const std::string& path) {
  return read_file(a_case, path);
}

file_bytes read_network_file(const std::string& path) {
  return read_file(a_network, path);
}

} // namespace posterior::cli
