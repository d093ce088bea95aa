// A file system in memory for tests. Folders exist where something lies below them. The n-th call from now
// can be made to fail. One thread.
#pragma once

#include <cerrno>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "kb/files.hpp"

namespace posterior::kb {

class memory_files final : public file_system {
public:
  std::map<std::string, std::string> files;
  std::set<std::string> symlinks;
  std::map<std::string, file_info> stamps; // given to single files
  int calls = 0;
  int fail_at = 0; // 1: the next call; 0: never
  int fail_with = EIO;
  int reads = 0;

  file_result<file_info> status(const std::string& path) override {
    if (failing())
      return {std::nullopt, fail_with};
    file_info info;
    if (const auto at = files.find(path); at != files.end()) {
      if (const auto stamp = stamps.find(path); stamp != stamps.end())
        return {stamp->second};
      info.kind = symlinks.contains(path) ? file_kind::symlink : file_kind::regular;
      info.size = at->second.size();
      info.mode = 0644;
      return {info};
    }
    info.kind = file_kind::folder;
    return is_folder(path) ? file_result<file_info>{info} : file_result<file_info>{std::nullopt, ENOENT};
  }

  file_result<std::string> read(const std::string& path, std::uint64_t limit) override {
    ++reads;
    if (failing())
      return {std::nullopt, fail_with};
    const auto at = files.find(path);
    if (at == files.end())
      return {std::nullopt, is_folder(path) ? EISDIR : ENOENT};
    if (at->second.size() > limit)
      return {std::nullopt, EFBIG};
    return {at->second};
  }

  file_result<std::vector<std::string>> list(const std::string& given) override {
    if (failing())
      return {std::nullopt, fail_with};
    const std::string folder = without_slash(given);
    if (!is_folder(folder))
      return {std::nullopt, ENOENT};
    std::set<std::string> names;
    for (const auto& [path, bytes] : files)
      if (path.starts_with(folder + "/")) {
        const std::string rest = path.substr(folder.size() + 1);
        names.insert(rest.substr(0, rest.find('/')));
      }
    return {std::vector<std::string>(names.begin(), names.end())};
  }

  file_result<std::string> resolve(const std::string& path) override {
    if (failing())
      return {std::nullopt, fail_with};
    const bool there = files.contains(path) || is_folder(path);
    return there ? file_result<std::string>{path} : file_result<std::string>{std::nullopt, ENOENT};
  }

  int write(const std::string& path, std::string_view bytes, std::uint32_t) override {
    if (failing())
      return fail_with;
    files[path] = bytes;
    return 0;
  }
  int make_folder(const std::string&, std::uint32_t) override { return failing() ? fail_with : 0; }
  int remove(const std::string& path) override { return files.erase(path) ? 0 : ENOENT; }
  std::int64_t now_ns() override { return 0; }

private:
  static std::string without_slash(std::string path) {
    while (path.size() > 1 && path.back() == '/')
      path.pop_back();
    return path;
  }
  bool is_folder(const std::string& given) const {
    const std::string path = without_slash(given) + "/";
    const auto at = files.lower_bound(path);
    return at != files.end() && at->first.starts_with(path);
  }
  bool failing() {
    ++calls;
    return fail_at > 0 && --fail_at == 0;
  }
};

} // namespace posterior::kb
