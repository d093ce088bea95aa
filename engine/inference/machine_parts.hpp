// Inside of machine: what both directions use. Not for other folders.
#pragma once

#include "engine/inference/machine.hpp"

namespace posterior::inference {

constexpr std::size_t bit_size(int bit) {
  return std::size_t{1} << bit;
}
inline std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

// Where `value` is positive and below 2^-32, a power of two that lifts it above, and minus its exponent;
// elsewhere 1 and 0. Powers of two change no digit.
inline void lift(double value, double& factor, double& exponent) {
  factor = 1;
  exponent = 0;
  if (!(value > 0))
    return;
  while (value < 0x1p-32 && exponent > -992) {
    value *= 0x1p32;
    factor *= 0x1p32;
    exponent -= 32;
  }
}
template <typename T>
void lift(const T& value, T& factor, T& exponent) {
  for (int i = 0; i < lane_count<T>; ++i) {
    double f = 1, e = 0;
    lift(value[i], f, e);
    factor[i] = f;
    exponent[i] = e;
  }
}

template <typename T>
bool any_below_nought(const T& x) {
  if constexpr (lane_count<T> == 1) {
    return x < 0;
  } else {
    bool any = false;
    for (int i = 0; i < lane_count<T>; ++i)
      any = any || x[i] < 0;
    return any;
  }
}

// Factors of one table between which it is lifted, if need be.
constexpr int factors_between_lifts = 4;

} // namespace posterior::inference
