#include "engine/host/file_check.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include "kb/values/digest.hpp"

namespace posterior::host {
namespace {

constexpr off_t file_bytes_max = 16 * 1024 * 1024;
constexpr unsigned noexec_seal = 8; // MFD_NOEXEC_SEAL, of newer headers: mapping as code is still allowed

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

// Memory with a descriptor, to be filled and then sealed. Owns both.
class sealed_memory {
public:
  explicit sealed_memory(std::size_t bytes)
      : file_{create()}
      , bytes_{bytes} {
    if (!file_ || ftruncate(file_.get(), static_cast<off_t>(bytes)) != 0)
      return;
    void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0);
    begin_ = mapped == MAP_FAILED ? nullptr : static_cast<std::byte*>(mapped);
  }
  ~sealed_memory() { unmap(); }
  sealed_memory(const sealed_memory&) = delete;
  sealed_memory& operator=(const sealed_memory&) = delete;

  // Empty if there is no memory.
  std::span<std::byte> bytes() const noexcept { return {begin_, begin_ == nullptr ? 0 : bytes_}; }

  // From here on nobody can change it, this process included. Gives a descriptor that reads from the front.
  file_descriptor seal() && {
    unmap();
    constexpr int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    return fcntl(file_.get(), F_ADD_SEALS, seals) == 0 ? std::move(file_) : file_descriptor{};
  }

private:
  static file_descriptor create() {
    const int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    const int sealed = memfd_create("detector", static_cast<unsigned>(flags) | noexec_seal);
    return file_descriptor{sealed >= 0 ? sealed : memfd_create("detector", flags)};
  }
  void unmap() noexcept {
    if (begin_ != nullptr)
      munmap(std::exchange(begin_, nullptr), bytes_);
  }

  file_descriptor file_;
  std::size_t bytes_;
  std::byte* begin_ = nullptr;
};

bool read_all(int file, std::span<std::byte> into) {
  while (!into.empty()) {
    const ssize_t got = read(file, into.data(), into.size());
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

file_verdict check_content(const std::string& path, std::span<const std::byte> bytes, std::string_view sha256,
                           const wanted_library& wanted) {
  if (!sha256.empty()) {
    const std::string found =
        sha256_hex(std::string_view{reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    if (found != sha256)
      return no("The detector's file is not the one that its manifest names.", path,
                "SHA-256 was " + found + ", must be " + std::string{sha256});
  }
  const elf_verdict verdict = judge_library(read_elf(bytes), wanted);
  return verdict ? file_verdict{} : no(verdict.fault, path, verdict.reason);
}

file_descriptor open_file(const std::string& path) {
  return file_descriptor{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
}

checked_library take_copy(const std::string& path, const file_descriptor& file, std::size_t size,
                          std::string_view sha256, const wanted_library& wanted) {
  if (size == 0)
    return {check_content(path, {}, sha256, wanted), {}};
  sealed_memory memory{size};
  if (memory.bytes().empty())
    return {no("The detector's file cannot be copied into memory.", path, std::strerror(errno)), {}};
  if (!read_all(file.get(), memory.bytes()))
    return {no("The detector's file cannot be read.", path, "changed while it was read"), {}};
  checked_library out;
  out.verdict = check_content(path, memory.bytes(), sha256, wanted);
  if (!out.verdict)
    return out;
  out.copy = std::move(memory).seal();
  if (!out.copy)
    out.verdict = no("The detector's file cannot be copied into memory.", path, std::strerror(errno));
  return out;
}

} // namespace

file_descriptor::file_descriptor(file_descriptor&& other) noexcept
    : number_{std::exchange(other.number_, -1)} {}

file_descriptor& file_descriptor::operator=(file_descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

file_descriptor::~file_descriptor() {
  if (number_ >= 0)
    close(number_);
}

checked_library check_library(const std::string& path, std::string_view sha256,
                              const wanted_library& wanted) {
  if (path.empty() || path.front() != '/')
    return {no("The detector's path is not absolute.", path, "must begin with /"), {}};
  const file_descriptor file = open_file(path);
  if (!file)
    return {no(errno == ELOOP ? "The detector's file is no regular file."
                              : "The detector's file cannot be opened.",
               path, std::strerror(errno)),
            {}};
  struct stat info {};
  if (fstat(file.get(), &info) != 0)
    return {no("The detector's file cannot be opened.", path, std::strerror(errno)), {}};
  if (auto verdict = check_rights(info, path); !verdict)
    return {verdict, {}};
  if (auto verdict = check_folder(path); !verdict)
    return {verdict, {}};
  return take_copy(path, file, static_cast<std::size_t>(info.st_size), sha256, wanted);
}

file_verdict verify_file(const std::string& path, std::string_view sha256) {
  return check_library(path, sha256, {}).verdict;
}

} // namespace posterior::host
