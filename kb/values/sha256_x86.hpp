// SHA-256 with the instructions that most processors have for it: several times as fast as without, which is
// what a cold command spends on its detectors. Pure; any thread. Private to digest.cpp and its test.
#pragma once

#include <array>
#include <string_view>

namespace posterior {

// Of the processor this runs on; false on anything but x86-64.
bool has_sha256_instructions();

// Only where the processor has them.
std::array<unsigned char, 32> sha256_by_instructions(std::string_view bytes);

} // namespace posterior
