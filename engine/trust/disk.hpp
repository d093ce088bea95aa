// What the store, the trust file and installing do to the disk, behind an interface so that tests can fail or
// end the process at any call. As kb::file_system: nothing throws, errors are errno values, 0 is success.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "kb/files.hpp"

namespace posterior::trust {

// An advisory lock on a file or folder, let go when the last copy ends. Locks of one process on different
// descriptors exclude each other too.
using lock = std::shared_ptr<const void>;

struct lock_result {
  lock held; // empty: `error` says why; EWOULDBLOCK if somebody else holds it
  int error = 0;
};

enum class lock_kind : std::uint8_t { shared, exclusive };

class disk : public kb::file_system {
public:
  // A new file with these bytes and this mode and the time 0 (1970), synchronised; EEXIST if there is one.
  virtual int create(const std::string& path, std::string_view bytes, std::uint32_t mode) = 0;
  // One new folder.
  virtual int create_folder(const std::string& path, std::uint32_t mode) = 0;
  virtual int set_mode(const std::string& path, std::uint32_t mode) = 0;
  // Makes what was made and renamed in a folder last.
  virtual int synchronise(const std::string& folder) = 0;
  // Replaces a file; an existing folder that is not empty is EEXIST or ENOTEMPTY.
  virtual int rename(const std::string& from, const std::string& to) = 0;
  virtual int remove_folder(const std::string& path) = 0; // an empty one
  // Tries once. The lock is on what lies at `path` now: whoever got it looks whether it still lies there.
  virtual lock_result try_lock(const std::string& path, lock_kind kind) = 0;
  // As try_lock() for a file that is made if it is missing, waiting up to `wait_ms`.
  virtual lock_result wait_for_lock(const std::string& file, int wait_ms) = 0;
  // A word that no other call gives, for names of temporary things.
  virtual std::string fresh_word() = 0;
  virtual std::uint32_t user() = 0; // effective
};

class real_disk final : public disk {
public:
  kb::file_result<kb::file_info> status(const std::string& path) override { return files_.status(path); }
  kb::file_result<std::string> read(const std::string& path, std::uint64_t limit) override {
    return files_.read(path, limit);
  }
  kb::file_result<std::vector<std::string>> list(const std::string& folder) override {
    return files_.list(folder);
  }
  kb::file_result<std::string> resolve(const std::string& path) override { return files_.resolve(path); }
  int write(const std::string& path, std::string_view bytes, std::uint32_t mode) override {
    return files_.write(path, bytes, mode);
  }
  int make_folder(const std::string& path, std::uint32_t mode) override {
    return files_.make_folder(path, mode);
  }
  int remove(const std::string& path) override { return files_.remove(path); }
  std::int64_t now_ns() override { return files_.now_ns(); }

  int create(const std::string& path, std::string_view bytes, std::uint32_t mode) override;
  int create_folder(const std::string& path, std::uint32_t mode) override;
  int set_mode(const std::string& path, std::uint32_t mode) override;
  int synchronise(const std::string& folder) override;
  int rename(const std::string& from, const std::string& to) override;
  int remove_folder(const std::string& path) override;
  lock_result try_lock(const std::string& path, lock_kind kind) override;
  lock_result wait_for_lock(const std::string& file, int wait_ms) override;
  std::string fresh_word() override;
  std::uint32_t user() override;

private:
  kb::real_files files_;
  unsigned next_ = 0;
};

// Removes a folder with all that is in it, read-only parts included; links are removed, not followed. Goes on
// after an error and gives the first.
int remove_tree(disk& d, const std::string& path);

// Writes files below a folder that exists, making the folders in between, all synchronised; stops at the
// first error. Names must be sound (archive.hpp, bad_name()).
struct named_bytes {
  std::string name;
  std::string_view bytes;
};
int create_tree(disk& d, const std::string& folder, const std::vector<named_bytes>& files,
                std::uint32_t file_mode, std::uint32_t folder_mode);

} // namespace posterior::trust
