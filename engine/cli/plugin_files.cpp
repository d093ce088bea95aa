#include "engine/cli/plugin_files.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/service/plugin_desk.hpp"

namespace posterior::cli {
namespace {

file_text refused(const std::string& path, std::string code, std::string text, std::string hint = {}) {
  return {{},
          {severity::error, "file." + std::move(code), {path, 0, 0, ""}, std::move(text), std::move(hint)}};
}

file_text read_all(int fd, const std::string& path, std::size_t limit) {
  std::string bytes;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return refused(path, "unreadable", fault("the file", std::strerror(errno), "a file that can be read"));
    if (got == 0)
      return {std::move(bytes), {}};
    bytes.append(buffer, static_cast<std::size_t>(got));
    if (bytes.size() > limit)
      return refused(path, "too-long",
                     fault("the file", "longer than " + std::to_string(limit) + " bytes", "at most that"));
  }
}

} // namespace

bool is_folder(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

file_text read_plugin_file(const std::string& path, std::size_t limit) {
  if (path == "-")
    return read_all(STDIN_FILENO, path, limit);
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return refused(path, "missing", fault("the file", std::strerror(errno), "a file that can be read"));
  file_text out = read_all(fd, path, limit);
  ::close(fd);
  return out;
}

trust::reading_of<trust::secret_key> read_secret_file(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && (info.st_mode & 0077u) != 0)
    return {
        {},
        refused(path, "readable",
                fault("the secret key", "readable for others", "readable for its owner only"),
                "`chmod 600 " + path + "`; if others may have read it, make another key and revoke this one")
            .problem};
  file_text file = read_plugin_file(path, 4096);
  if (!file.bytes)
    return {{}, std::move(file.problem)};
  return trust::read_secret_key(*file.bytes, path);
}

to_install bytes_to_install(const std::string& path) {
  if (!is_folder(path)) {
    file_text file = read_plugin_file(path, service::install_bytes_limit);
    return file.bytes ? to_install{std::move(file.bytes), {}} : to_install{{}, {std::move(file.problem)}};
  }
  kb::real_files files;
  trust::laid_out out = trust::lay_out(files, path, nullptr);
  if (!out.bundle)
    return {{}, std::move(out.problems)};
  trust::archive_writing packed = trust::write_archive(*out.bundle, path);
  if (packed.bytes.empty())
    return {{}, std::move(packed.problems)};
  return {std::move(packed.bytes), {}};
}

} // namespace posterior::cli
