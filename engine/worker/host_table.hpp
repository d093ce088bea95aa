// What the plugin sees of its host. Answers [any] calls from any thread; the rest belongs to the worker's one
// thread. Owned by main and alive until the process ends.
#pragma once

#include <posterior/abi.h>

#include <cstdint>
#include <mutex>
#include <string>

namespace posterior::worker {

class host_table {
public:
  host_table();
  host_table(const host_table&) = delete;
  host_table& operator=(const host_table&) = delete;

  const posterior_host* get() const noexcept { return &raw_; }

  // Forgets the last error. Call before each call into the plugin that may set one.
  void clear_error();
  // The text that the plugin gave last, at most 512 bytes of it; empty if it gave none.
  std::string error() const;
  // From now on cancelled() is true after so many milliseconds.
  void set_deadline_ms(std::uint32_t from_now);

private:
  static host_table& self_of(const posterior_host* host) noexcept;
  static void log(const posterior_host* host, std::uint32_t level, posterior_str text) noexcept;
  static void set_error(const posterior_host* host, posterior_status code, posterior_str text) noexcept;
  static std::uint32_t cancelled(const posterior_host* host) noexcept;
  static const void* get_extension(const posterior_host* host, const char* id) noexcept;

  posterior_host raw_;
  mutable std::mutex guard_;
  std::string error_;
  std::int64_t deadline_ns_ = 0;
};

} // namespace posterior::worker
