#include "kb/values/sha256_x86.hpp"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#include <cstdint>
#include <cstring>

namespace posterior {
namespace {

#define POSTERIOR_SHA __attribute__((target("sha,sse4.1,ssse3")))

constexpr std::size_t block = 64;

alignas(16) constexpr std::uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The instructions keep the eight words as two halves, ABEF and CDGH.
struct halves {
  __m128i abef, cdgh;
};

POSTERIOR_SHA halves load(const std::uint32_t* words) {
  const __m128i low = _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(words)), 0xB1),
                high = _mm_shuffle_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(words + 4)), 0x1B);
  return {_mm_alignr_epi8(low, high, 8), _mm_blend_epi16(high, low, 0xF0)};
}

POSTERIOR_SHA void save(const halves& from, std::uint32_t* words) {
  const __m128i low = _mm_shuffle_epi32(from.abef, 0x1B), high = _mm_shuffle_epi32(from.cdgh, 0xB1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(words), _mm_blend_epi16(low, high, 0xF0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(words + 4), _mm_alignr_epi8(high, low, 8));
}

// Four rounds at a time; the message words of the rounds to come take the place of those used up.
POSTERIOR_SHA void one_block(halves& state, const unsigned char* bytes) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  const halves before = state;
  __m128i w[4];
  for (int i = 0; i < 4; ++i)
    w[i] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i)), big_endian);
  for (int i = 0; i < 16; ++i) {
    const __m128i sum =
        _mm_add_epi32(w[i & 3], _mm_load_si128(reinterpret_cast<const __m128i*>(constants + 4 * i)));
    state.cdgh = _mm_sha256rnds2_epu32(state.cdgh, state.abef, sum);
    state.abef = _mm_sha256rnds2_epu32(state.abef, state.cdgh, _mm_shuffle_epi32(sum, 0x0E));
    const __m128i last = w[(i + 3) & 3];
    const __m128i next = _mm_add_epi32(_mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]),
                                       _mm_alignr_epi8(last, w[(i + 2) & 3], 4));
    w[i & 3] = _mm_sha256msg2_epu32(next, last);
  }
  state.abef = _mm_add_epi32(state.abef, before.abef);
  state.cdgh = _mm_add_epi32(state.cdgh, before.cdgh);
}

void put_big_endian(std::uint64_t value, std::size_t count, unsigned char* out) {
  for (std::size_t i = 0; i < count; ++i)
    out[i] = static_cast<unsigned char>(value >> (8 * (count - 1 - i)));
}

POSTERIOR_SHA void all_blocks(std::uint32_t* words, const unsigned char* bytes, std::size_t count) {
  halves state = load(words);
  for (std::size_t i = 0; i < count; ++i)
    one_block(state, bytes + i * block);
  save(state, words);
}

} // namespace

bool has_sha256_instructions() {
  // Asked once: on a virtual machine the question itself takes longer than a small file.
  static const bool there = [] {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0 &&
           __builtin_cpu_supports("sse4.1") != 0 && __builtin_cpu_supports("ssse3") != 0;
  }();
  return there;
}

std::array<unsigned char, 32> sha256_by_instructions(std::string_view bytes) {
  std::uint32_t words[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  const std::size_t whole = bytes.size() / block, rest = bytes.size() % block;
  all_blocks(words, from, whole);
  unsigned char end[2 * block] = {};
  if (rest > 0)
    std::memcpy(end, from + whole * block, rest);
  end[rest] = 0x80;
  const std::size_t ends = rest < block - 8 ? 1 : 2;
  put_big_endian(std::uint64_t{bytes.size()} * 8, 8, end + ends * block - 8);
  all_blocks(words, end, ends);
  std::array<unsigned char, 32> out{};
  for (std::size_t i = 0; i < 8; ++i)
    put_big_endian(words[i], 4, out.data() + 4 * i);
  return out;
}

} // namespace posterior

#else

#include "kb/values/digest.hpp"

namespace posterior {

bool has_sha256_instructions() {
  return false;
}

std::array<unsigned char, 32> sha256_by_instructions(std::string_view bytes) {
  return sha256(bytes);
}

} // namespace posterior

#endif
