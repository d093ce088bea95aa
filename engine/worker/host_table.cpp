#include "engine/worker/host_table.hpp"

#include <posterior/version.h>

#include <algorithm>
#include <ctime>
#include <string_view>

namespace posterior::worker {
namespace {

constexpr std::string_view host_name = "posterior-worker";
constexpr std::string_view host_version = POSTERIOR_SDK_VERSION;
constexpr std::size_t error_bytes_max = 512;

std::int64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

} // namespace

host_table::host_table()
    : raw_{sizeof(posterior_host),
           POSTERIOR_ABI_MAJOR,
           POSTERIOR_ABI_MINOR,
           0,
           this,
           {host_name.data(), host_name.size()},
           {host_version.data(), host_version.size()},
           log,
           set_error,
           cancelled,
           get_extension} {}

void host_table::clear_error() {
  const std::lock_guard hold{guard_};
  error_.clear();
}

std::string host_table::error() const {
  const std::lock_guard hold{guard_};
  return error_;
}

void host_table::set_deadline_ms(std::uint32_t from_now) {
  deadline_ns_ = now_ns() + static_cast<std::int64_t>(from_now) * 1'000'000;
}

host_table& host_table::self_of(const posterior_host* host) noexcept {
  return *static_cast<host_table*>(host->ctx);
}

// Discarded: what a detector writes could hold what was found in a patient.
void host_table::log(const posterior_host*, std::uint32_t, posterior_str) noexcept {}

void host_table::set_error(const posterior_host* host, posterior_status, posterior_str text) noexcept {
  host_table& self = self_of(host);
  const std::lock_guard hold{self.guard_};
  self.error_.assign(text.data == nullptr ? "" : text.data,
                     text.data == nullptr ? 0 : std::min(text.size, error_bytes_max));
}

std::uint32_t host_table::cancelled(const posterior_host* host) noexcept {
  return now_ns() >= self_of(host).deadline_ns_ ? 1 : 0;
}

const void* host_table::get_extension(const posterior_host*, const char*) noexcept {
  return nullptr;
}

} // namespace posterior::worker
