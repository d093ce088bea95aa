// SHA-256, as 64 lower-case hexadecimal digits.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace posterior {

std::array<unsigned char, 32> sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);

} // namespace posterior
