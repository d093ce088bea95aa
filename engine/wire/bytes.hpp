// Little-endian fields of a frame: a writer that grows, and a reader that never leaves its bytes.
// Values; any thread. Nothing here knows what a frame means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace posterior::wire {

using bytes = std::vector<std::byte>;
using byte_view = std::span<const std::byte>;

// Appends fields. Owns what it writes.
class writer {
public:
  void u16(std::uint16_t value) { put(value, 2); }
  void u32(std::uint32_t value) { put(value, 4); }
  void u64(std::uint64_t value) { put(value, 8); }
  void i32(std::int32_t value) { u32(static_cast<std::uint32_t>(value)); }
  void i64(std::int64_t value) { u64(static_cast<std::uint64_t>(value)); }
  void f64(double value);
  void text(std::string_view value);
  // Overwrites four bytes that were written before.
  void patch_u32(std::size_t at, std::uint32_t value);

  std::size_t size() const noexcept { return out_.size(); }
  bytes take() && { return std::move(out_); }

private:
  void put(std::uint64_t value, unsigned width);

  bytes out_;
};

// Reads fields from the front. A read past the end gives 0 and makes ok() false for good.
class reader {
public:
  explicit reader(byte_view from) noexcept
      : from_{from} {}

  std::uint16_t u16() noexcept { return static_cast<std::uint16_t>(get(2)); }
  std::uint32_t u32() noexcept { return static_cast<std::uint32_t>(get(4)); }
  std::uint64_t u64() noexcept { return get(8); }
  std::int32_t i32() noexcept { return static_cast<std::int32_t>(u32()); }
  std::int64_t i64() noexcept { return static_cast<std::int64_t>(u64()); }
  double f64() noexcept;
  bool ok() const noexcept { return ok_; }

private:
  std::uint64_t get(unsigned width) noexcept;

  byte_view from_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

} // namespace posterior::wire
