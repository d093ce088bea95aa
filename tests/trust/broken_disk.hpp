// The real disk, whose n-th change fails or ends the process.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <functional>
#include <string>

#include "engine/trust/disk.hpp"

namespace posterior::tests {

class broken_disk final : public trust::disk {
public:
  void fail_at(int step, int error) { step_ = step, error_ = error; }
  void die_at(int step) { step_ = step, error_ = 0; }
  void later(std::int64_t seconds) { later_ns_ = seconds * 1'000'000'000; }
  bool reached() const { return count_ >= step_; }
  const std::string& what() const { return what_; }

  kb::file_result<kb::file_info> status(const std::string& path) override { return d_.status(path); }
  kb::file_result<std::string> read(const std::string& path, std::uint64_t limit) override {
    if (const int e = step("read " + path))
      return {std::nullopt, e};
    return d_.read(path, limit);
  }
  kb::file_result<std::vector<std::string>> list(const std::string& folder) override {
    return d_.list(folder);
  }
  kb::file_result<std::string> resolve(const std::string& path) override { return d_.resolve(path); }
  int write(const std::string& path, std::string_view bytes, std::uint32_t mode) override {
    const int e = step("write " + path);
    return e != 0 ? e : d_.write(path, bytes, mode);
  }
  int make_folder(const std::string& path, std::uint32_t mode) override {
    const int e = step("make_folder " + path);
    return e != 0 ? e : d_.make_folder(path, mode);
  }
  int remove(const std::string& path) override {
    const int e = step("remove " + path);
    return e != 0 ? e : d_.remove(path);
  }
  std::int64_t now_ns() override { return d_.now_ns() + later_ns_; }
  // Half of the bytes are there when it fails.
  int create(const std::string& path, std::string_view bytes, std::uint32_t mode) override {
    if (count_ + 1 == step_)
      d_.create(path, bytes.substr(0, bytes.size() / 2), mode);
    const int e = step("create " + path);
    return e != 0 ? e : d_.create(path, bytes, mode);
  }
  int create_folder(const std::string& path, std::uint32_t mode) override {
    const int e = step("create_folder " + path);
    return e != 0 ? e : d_.create_folder(path, mode);
  }
  int set_mode(const std::string& path, std::uint32_t mode) override {
    const int e = step("set_mode " + path);
    return e != 0 ? e : d_.set_mode(path, mode);
  }
  int synchronise(const std::string& folder) override {
    const int e = step("synchronise " + folder);
    return e != 0 ? e : d_.synchronise(folder);
  }
  int rename(const std::string& from, const std::string& to) override {
    const int e = step("rename " + from);
    return e != 0 ? e : d_.rename(from, to);
  }
  int remove_folder(const std::string& path) override {
    const int e = step("remove_folder " + path);
    return e != 0 ? e : d_.remove_folder(path);
  }
  trust::lock_result try_lock(const std::string& path, trust::lock_kind kind) override {
    return d_.try_lock(path, kind);
  }
  trust::lock_result wait_for_lock(const std::string& file, int wait_ms) override {
    return d_.wait_for_lock(file, wait_ms);
  }
  std::string fresh_word() override { return d_.fresh_word(); }
  std::uint32_t user() override { return d_.user(); }

private:
  int step(std::string what) {
    if (++count_ != step_)
      return 0;
    what_ = std::move(what);
    if (error_ == 0)
      ::_exit(9);
    return error_;
  }

  trust::real_disk d_;
  int step_ = 1 << 30, error_ = 0, count_ = 0;
  std::int64_t later_ns_ = 0;
  std::string what_;
};

} // namespace posterior::tests
