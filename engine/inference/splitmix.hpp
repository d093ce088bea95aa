// Seeded numbers that are the same on every machine (SplitMix64: Steele, Lea and Flood, Fast splittable
// pseudorandom number generators, OOPSLA 2014; constants as commonly published, from memory). Values; any
// thread may own one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace posterior::inference {

class splitmix {
public:
  explicit splitmix(std::uint64_t seed)
      : state_(seed) {}

  std::uint64_t next() { return scattered(state_ += 0x9E3779B97F4A7C15u); }
  // In [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  // In [0, n).
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(unit() * static_cast<double>(n)); }

  // A number far from those of neighbouring ones.
  static std::uint64_t scattered(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

private:
  std::uint64_t state_;
};

} // namespace posterior::inference
