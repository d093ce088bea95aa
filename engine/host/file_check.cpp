#include "engine/host/file_check.hpp"

#include <fcntl.h>
#include <posterior/abi.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <span>

#include "engine/host/elf_reader.hpp"
#include "kb/values/digest.hpp"

namespace posterior::host {
namespace {

constexpr off_t file_bytes_max = 16 * 1024 * 1024;

class descriptor {
public:
  explicit descriptor(int number) noexcept
      : number_{number} {}
  ~descriptor() {
    if (number_ >= 0)
      close(number_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  int get() const noexcept { return number_; }

private:
  int number_;
};

file_verdict no(std::string_view fault, const std::string& path, const std::string& found) {
  return {fault, path + ": " + found};
}

bool ours(const struct stat& info) {
  return info.st_uid == 0 || info.st_uid == geteuid();
}
bool writable_by_others(const struct stat& info) {
  return (info.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

file_verdict check_rights(const struct stat& info, const std::string& path) {
  if (!S_ISREG(info.st_mode))
    return no("The detector's file is no regular file.", path, "was something else, must be a regular file");
  if (!ours(info))
    return no("The detector's file belongs to somebody else.", path,
              "owner was " + std::to_string(info.st_uid) + ", must be root or the user who runs it");
  if (writable_by_others(info))
    return no("The detector's file can be changed by others.", path,
              "was writable by group or others, must be writable by its owner only");
  if (info.st_size > file_bytes_max)
    return no("The detector's file is larger than 16 MiB.", path,
              "was " + std::to_string(info.st_size) + " bytes, must be at most " +
                  std::to_string(file_bytes_max));
  return {};
}

file_verdict check_folder(const std::string& path) {
  const std::string folder = path.substr(0, path.rfind('/'));
  struct stat info {};
  if (stat(folder.c_str(), &info) != 0 || !ours(info) || writable_by_others(info))
    return no("The detector's folder can be changed by others.", folder,
              "must belong to root or the user who runs it, and be writable by its owner only");
  return {};
}

std::optional<std::string> read_all(int file, off_t size) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = read(file, bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return std::nullopt;
    have += static_cast<std::size_t>(got);
  }
  return bytes;
}

file_verdict check_content(const std::string& path, const std::string& bytes, std::string_view sha256) {
  if (!sha256.empty() && sha256_hex(bytes) != sha256)
    return no("The detector's file is not the one that its manifest names.", path,
              "SHA-256 was " + sha256_hex(bytes) + ", must be " + std::string{sha256});
  const std::string_view fault = elf_fault(std::as_bytes(std::span{bytes}), POSTERIOR_PLUGIN_SYMBOL);
  if (!fault.empty())
    return no(fault, path, std::string{fault});
  return {};
}

} // namespace

file_verdict verify_file(const std::string& path, std::string_view sha256) {
  if (path.empty() || path.front() != '/')
    return no("The detector's path is not absolute.", path, "must begin with /");
  const descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (file.get() < 0)
    return no(errno == ELOOP ? "The detector's file is no regular file."
                             : "The detector's file cannot be opened.",
              path, std::strerror(errno));
  struct stat info {};
  if (fstat(file.get(), &info) != 0)
    return no("The detector's file cannot be opened.", path, std::strerror(errno));
  if (auto verdict = check_rights(info, path); !verdict)
    return verdict;
  if (auto verdict = check_folder(path); !verdict)
    return verdict;
  const auto bytes = read_all(file.get(), info.st_size);
  if (!bytes)
    return no("The detector's file cannot be read.", path, "changed while it was read");
  return check_content(path, *bytes, sha256);
}

} // namespace posterior::host
