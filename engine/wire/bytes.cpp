#include "engine/wire/bytes.hpp"

#include <algorithm>

namespace posterior::wire {

void writer::text(std::string_view value) {
  if (value.empty())
    return;
  if (out_.size() - size_ < value.size())
    grow(value.size());
  std::memcpy(out_.data() + size_, value.data(), value.size());
  size_ += value.size();
}

void writer::grow(std::size_t more) {
  out_.resize(std::max(out_.size() * 2, size_ + more));
}

} // namespace posterior::wire
