// Deflate with the fixed code: one block, greedy matches found through a chain of earlier places with the
// same three bytes. A good deal larger than zlib's best, but decided here down to the last bit.
#include <algorithm>
#include <array>
#include <vector>

#include "engine/trust/gzip.hpp"

namespace posterior::trust {
namespace {

constexpr std::size_t window = 32768, shortest = 3, longest = 258;
constexpr int chain_limit = 64; // places that are tried for one match

// The base of each length code 257.. and of each distance code, with the bits that follow it (RFC 1951).
constexpr std::array<unsigned, 29> length_base{3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                               15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                               67, 83, 99, 115, 131, 163, 195, 227, 258};
constexpr std::array<unsigned, 29> length_bits{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                               2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
constexpr std::array<unsigned, 30> distance_base{
    1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
    193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
constexpr std::array<unsigned, 30> distance_bits{0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                                 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};

class bit_writer {
public:
  explicit bit_writer(std::string& out)
      : out_(out) {}

  void put(unsigned value, unsigned count) { // lowest bit first
    held_ |= static_cast<std::uint64_t>(value) << used_;
    for (used_ += count; used_ >= 8; used_ -= 8, held_ >>= 8)
      out_ += static_cast<char>(held_ & 0xFF);
  }
  void put_code(unsigned code, unsigned count) { // Huffman codes go highest bit first
    unsigned turned = 0;
    for (unsigned i = 0; i < count; ++i)
      turned |= ((code >> i) & 1u) << (count - 1 - i);
    put(turned, count);
  }
  void finish() {
    if (used_ > 0)
      put(0, 8 - used_);
  }

private:
  std::string& out_;
  std::uint64_t held_ = 0;
  unsigned used_ = 0;
};

void put_symbol(bit_writer& w, unsigned symbol) {
  if (symbol < 144)
    w.put_code(0x30 + symbol, 8);
  else if (symbol < 256)
    w.put_code(0x190 + symbol - 144, 9);
  else if (symbol < 280)
    w.put_code(symbol - 256, 7);
  else
    w.put_code(0xC0 + symbol - 280, 8);
}

template <std::size_t n>
unsigned code_of(const std::array<unsigned, n>& base, std::size_t value) {
  const auto after = std::upper_bound(base.begin(), base.end(), value);
  return static_cast<unsigned>(after - base.begin()) - 1;
}

void put_match(bit_writer& w, std::size_t length, std::size_t distance) {
  const unsigned l = code_of(length_base, length), d = code_of(distance_base, distance);
  put_symbol(w, 257 + l);
  w.put(static_cast<unsigned>(length) - length_base[l], length_bits[l]);
  w.put_code(d, 5);
  w.put(static_cast<unsigned>(distance) - distance_base[d], distance_bits[d]);
}

// Where the same three bytes stood before, newest first.
class matcher {
public:
  explicit matcher(std::string_view bytes)
      : bytes_(bytes)
      , newest_(1u << 15, none)
      , before_(bytes.size(), none) {}

  struct match {
    std::size_t length = 0, distance = 0;
  };

  match find(std::size_t at) const {
    match best;
    if (at + shortest > bytes_.size())
      return best;
    std::size_t place = newest_[key(at)];
    for (int tried = 0; place != none && at - place <= window && tried < chain_limit; ++tried) {
      const std::size_t length = common(place, at);
      if (length >= shortest && length > best.length)
        best = {length, at - place};
      place = before_[place];
    }
    return best;
  }

  void remember(std::size_t at) {
    if (at + shortest > bytes_.size())
      return;
    std::uint32_t& slot = newest_[key(at)];
    before_[at] = slot;
    slot = static_cast<std::uint32_t>(at);
  }

private:
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  std::size_t key(std::size_t at) const {
    const auto byte = [&](std::size_t i) {
      return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes_[at + i]));
    };
    return (((byte(0) << 16) | (byte(1) << 8) | byte(2)) * 2654435761u) >> 17;
  }
  std::size_t common(std::size_t a, std::size_t b) const {
    const std::size_t most = std::min(longest, bytes_.size() - b);
    std::size_t n = 0;
    while (n < most && bytes_[a + n] == bytes_[b + n])
      ++n;
    return n;
  }

  std::string_view bytes_;
  std::vector<std::uint32_t> newest_, before_;
};

void deflate(std::string_view bytes, std::string& out) {
  bit_writer w(out);
  matcher earlier(bytes);
  w.put(1, 1); // the last block
  w.put(1, 2); // of the fixed code
  for (std::size_t at = 0; at < bytes.size();) {
    const matcher::match m = earlier.find(at);
    const std::size_t taken = std::max<std::size_t>(m.length, 1);
    if (m.length > 0)
      put_match(w, m.length, m.distance);
    else
      put_symbol(w, static_cast<unsigned char>(bytes[at]));
    for (std::size_t i = 0; i < taken; ++i)
      earlier.remember(at + i);
    at += taken;
  }
  put_symbol(w, 256);
  w.finish();
}

std::uint32_t crc32(std::string_view bytes) {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int k = 0; k < 8; ++k)
      c = (c >> 1) ^ ((c & 1) != 0 ? 0xEDB88320u : 0);
    table[i] = c;
  }
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char b : bytes)
    crc = table[(crc ^ static_cast<unsigned char>(b)) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

void put_word(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8)
    out += static_cast<char>((value >> shift) & 0xFF);
}

} // namespace

std::string gzip(std::string_view bytes) {
  std::string out("\x1F\x8B\x08\x00\x00\x00\x00\x00\x00\xFF", 10); // no time, no name, system unknown
  deflate(bytes, out);
  put_word(out, crc32(bytes));
  put_word(out, static_cast<std::uint32_t>(bytes.size()));
  return out;
}

} // namespace posterior::trust
