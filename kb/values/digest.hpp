// SHA-256, as 64 lower-case hexadecimal digits; and a fast checksum against accidents.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace posterior {

std::array<unsigned char, 32> sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);

// SipHash-2-4 with a fixed key: finds damaged bytes, not forged ones.
std::uint64_t checksum(std::string_view bytes);

} // namespace posterior
