// The file system as kb uses it, behind an interface so that tests can fail any call. Nothing throws; errors
// are errno values, 0 is success. Implementations may be used by one thread at a time.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posterior::kb {

enum class file_kind : std::uint8_t { regular, folder, symlink, other };

struct file_info {
  file_kind kind = file_kind::other;
  std::uint64_t size = 0;
  std::uint32_t mode = 0; // permission bits
  std::uint32_t owner = 0;
  std::uint64_t device = 0, inode = 0;
  std::int64_t modified_ns = 0, changed_ns = 0; // since 1970
  bool operator==(const file_info&) const = default;
};

template <typename T>
struct file_result {
  std::optional<T> value;
  int error = 0; // errno
  explicit operator bool() const { return value.has_value(); }
  const T& operator*() const { return *value; }
  T& operator*() { return *value; }
  const T* operator->() const { return &*value; }
};

class file_system {
public:
  virtual ~file_system() = default;

  // Of the thing itself: a symbolic link is not followed.
  virtual file_result<file_info> status(const std::string& path) = 0;
  // A regular file, not through a final symbolic link; EFBIG if it holds more than `limit` bytes.
  virtual file_result<std::string> read(const std::string& path, std::uint64_t limit) = 0;
  // Names in a folder, sorted by bytes, without "." and "..".
  virtual file_result<std::vector<std::string>> list(const std::string& folder) = 0;
  // The path without symbolic links; it must exist.
  virtual file_result<std::string> resolve(const std::string& path) = 0;
  // All or nothing: a temporary file beside it, written, synchronised and renamed. `mode` as for open.
  virtual int write(const std::string& path, std::string_view bytes, std::uint32_t mode) = 0;
  // With all missing parents, `mode` for each new one. An existing folder is success.
  virtual int make_folder(const std::string& path, std::uint32_t mode) = 0;
  virtual int remove(const std::string& path) = 0;
  // Nanoseconds since 1970, of the clock that stamps files.
  virtual std::int64_t now_ns() = 0;
};

class real_files final : public file_system {
public:
  file_result<file_info> status(const std::string& path) override;
  file_result<std::string> read(const std::string& path, std::uint64_t limit) override;
  file_result<std::vector<std::string>> list(const std::string& folder) override;
  file_result<std::string> resolve(const std::string& path) override;
  int write(const std::string& path, std::string_view bytes, std::uint32_t mode) override;
  int make_folder(const std::string& path, std::uint32_t mode) override;
  int remove(const std::string& path) override;
  std::int64_t now_ns() override;
};

// "no such file or folder": what errno means, for messages.
std::string error_text(int error);

} // namespace posterior::kb
