#include "engine/cli/output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace posterior::cli {
namespace {

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t done = ::write(fd, text.data(), text.size());
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      return false;
    text.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

std::string give_up(const std::string& temporary) {
  const std::string why = std::strerror(errno);
  ::unlink(temporary.c_str());
  return why;
}

} // namespace

bool write_out(std::string_view text) {
  return write_all(STDOUT_FILENO, text);
}

void write_error(std::string_view text) {
  write_all(STDERR_FILENO, text);
}

void say(std::string_view kind, std::string_view text) {
  std::string line = "posterior: ";
  ((line += kind) += ": ") += text;
  write_error(line += '\n');
}

std::string write_private_file(const std::filesystem::path& file, std::string_view text) {
  std::string temporary = file.string() + ".XXXXXX";
  const int fd = ::mkostemp(temporary.data(), O_CLOEXEC); // mode 0600
  if (fd < 0)
    return std::strerror(errno);
  const bool written = write_all(fd, text) && ::fsync(fd) == 0;
  if (!written) {
    std::string why = give_up(temporary);
    ::close(fd);
    return why;
  }
  ::close(fd);
  if (::rename(temporary.c_str(), file.c_str()) != 0)
    return give_up(temporary);
  return {};
}

int terminal_width() {
  winsize size{};
  if (::isatty(STDOUT_FILENO) == 0)
    return 0;
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

} // namespace posterior::cli
