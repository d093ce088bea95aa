// Little-endian fields of a frame: a writer that grows, and a reader that never leaves its bytes.
// Values; any thread. Nothing here knows what a frame means.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace posterior::wire {

using bytes = std::vector<std::byte>;
using byte_view = std::span<const std::byte>;

// A number's low bytes, least significant first. The width is a constant, so that this is one move.
template <unsigned Width>
void store(std::byte* to, std::uint64_t value) noexcept {
  if constexpr (std::endian::native == std::endian::little)
    std::memcpy(to, &value, Width);
  else
    for (unsigned i = 0; i < Width; ++i)
      to[i] = static_cast<std::byte>(value >> (8 * i));
}
template <unsigned Width>
std::uint64_t load(const std::byte* from) noexcept {
  std::uint64_t value = 0;
  if constexpr (std::endian::native == std::endian::little)
    std::memcpy(&value, from, Width);
  else
    for (unsigned i = 0; i < Width; ++i)
      value |= std::to_integer<std::uint64_t>(from[i]) << (8 * i);
  return value;
}

// Appends fields. Owns what it writes.
class writer {
public:
  writer() = default;
  // With room for so many bytes; more is made when it is needed.
  explicit writer(std::size_t room)
      : out_(room) {}

  void u16(std::uint16_t value) { put<2>(value); }
  void u32(std::uint32_t value) { put<4>(value); }
  void u64(std::uint64_t value) { put<8>(value); }
  void i32(std::int32_t value) { u32(static_cast<std::uint32_t>(value)); }
  void i64(std::int64_t value) { u64(static_cast<std::uint64_t>(value)); }
  void f64(double value) { u64(std::bit_cast<std::uint64_t>(value)); }
  void text(std::string_view value);
  // Overwrites four bytes that were written before.
  void patch_u32(std::size_t at, std::uint32_t value) noexcept { store<4>(out_.data() + at, value); }

  std::size_t size() const noexcept { return size_; }
  std::string_view written() const noexcept { return {reinterpret_cast<const char*>(out_.data()), size_}; }
  bytes take() && {
    out_.resize(size_);
    return std::move(out_);
  }

private:
  template <unsigned Width>
  void put(std::uint64_t value) {
    if (out_.size() - size_ < Width)
      grow(Width);
    store<Width>(out_.data() + size_, value);
    size_ += Width;
  }
  void grow(std::size_t more);

  bytes out_;
  std::size_t size_ = 0; // of out_, what was written
};

// Reads fields from the front. A read past the end gives 0 and makes ok() false for good.
class reader {
public:
  explicit reader(byte_view from) noexcept
      : from_{from} {}

  std::uint16_t u16() noexcept { return static_cast<std::uint16_t>(get<2>()); }
  std::uint32_t u32() noexcept { return static_cast<std::uint32_t>(get<4>()); }
  std::uint64_t u64() noexcept { return get<8>(); }
  std::int32_t i32() noexcept { return static_cast<std::int32_t>(u32()); }
  std::int64_t i64() noexcept { return static_cast<std::int64_t>(u64()); }
  double f64() noexcept { return std::bit_cast<double>(u64()); }
  bool ok() const noexcept { return ok_; }

private:
  template <unsigned Width>
  std::uint64_t get() noexcept {
    if (!ok_ || from_.size() - at_ < Width) {
      ok_ = false;
      return 0;
    }
    const std::uint64_t value = load<Width>(from_.data() + at_);
    at_ += Width;
    return value;
  }

  byte_view from_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

} // namespace posterior::wire
