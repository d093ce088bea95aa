#include "engine/wire/bytes.hpp"

#include <bit>

namespace posterior::wire {

void writer::put(std::uint64_t value, unsigned width) {
  for (unsigned i = 0; i < width; ++i)
    out_.push_back(static_cast<std::byte>(value >> (8 * i)));
}

void writer::f64(double value) {
  u64(std::bit_cast<std::uint64_t>(value));
}

void writer::text(std::string_view value) {
  const auto raw = std::as_bytes(std::span{value.data(), value.size()});
  out_.insert(out_.end(), raw.begin(), raw.end());
}

void writer::patch_u32(std::size_t at, std::uint32_t value) {
  for (unsigned i = 0; i < 4; ++i)
    out_[at + i] = static_cast<std::byte>(value >> (8 * i));
}

std::uint64_t reader::get(unsigned width) noexcept {
  if (!ok_ || from_.size() - at_ < width) {
    ok_ = false;
    return 0;
  }
  std::uint64_t value = 0;
  for (unsigned i = 0; i < width; ++i)
    value |= std::to_integer<std::uint64_t>(from_[at_ + i]) << (8 * i);
  at_ += width;
  return value;
}

double reader::f64() noexcept {
  return std::bit_cast<double>(u64());
}

} // namespace posterior::wire
