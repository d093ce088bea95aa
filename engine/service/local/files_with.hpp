// The files as they lie on a disk, but for one that has, or will have, other bytes; nothing can be written.
// For trying something out before it is done. One thread; borrows the disk.
#pragma once

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "engine/trust/disk.hpp"

namespace posterior::service {

class files_with final : public kb::file_system {
public:
  files_with(trust::disk& under, std::string path, std::string bytes)
      : under_(under)
      , path_(std::move(path))
      , bytes_(std::move(bytes)) {}

  kb::file_result<kb::file_info> status(const std::string& path) override {
    if (path != path_)
      return under_.status(path);
    kb::file_info info;
    info.kind = kb::file_kind::regular;
    info.size = bytes_.size();
    info.mode = 0600;
    info.owner = under_.user();
    return {info, 0};
  }
  kb::file_result<std::string> read(const std::string& path, std::uint64_t limit) override {
    if (path != path_)
      return under_.read(path, limit);
    if (bytes_.size() > limit)
      return {{}, EFBIG};
    return {bytes_, 0};
  }
  kb::file_result<std::vector<std::string>> list(const std::string& folder) override {
    return under_.list(folder);
  }
  kb::file_result<std::string> resolve(const std::string& path) override { return under_.resolve(path); }
  int write(const std::string&, std::string_view, std::uint32_t) override { return EROFS; }
  int make_folder(const std::string&, std::uint32_t) override { return EROFS; }
  int remove(const std::string&) override { return EROFS; }
  std::int64_t now_ns() override { return under_.now_ns(); }

private:
  trust::disk& under_;
  std::string path_, bytes_;
};

} // namespace posterior::service
