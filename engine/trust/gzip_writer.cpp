// Deflate with stored blocks only (RFC 1951, 3.2.4).
#include <algorithm>
#include <zlib.h>

#include "engine/trust/gzip.hpp"

namespace posterior::trust {
namespace {

constexpr std::size_t block = 65535;

void put(std::string& out, std::uint32_t value, int bytes) { // lowest byte first
  for (int i = 0; i < bytes; ++i)
    out += static_cast<char>((value >> (8 * i)) & 0xFF);
}

} // namespace

std::string gzip(std::string_view bytes) {
  std::string out("\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\xFF", 10); // no time, no name, system unknown
  const auto sum = crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
  const auto length = static_cast<std::uint32_t>(bytes.size());
  do {
    const std::string_view part = bytes.substr(0, block);
    bytes.remove_prefix(part.size());
    const auto size = static_cast<std::uint32_t>(part.size());
    put(out, bytes.empty() ? 1 : 0, 1);
    put(out, size, 2);
    put(out, ~size & 0xFFFF, 2);
    out += part;
  } while (!bytes.empty());
  put(out, static_cast<std::uint32_t>(sum), 4);
  put(out, length, 4);
  return out;
}

} // namespace posterior::trust
