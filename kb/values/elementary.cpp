// exp: x = n ln2 + r with |r| <= ln2/2, Taylor series of e^r to r^13 (next term below 2^-57), scaled by 2^n.
// log: x = m 2^e with m in [sqrt(1/2), sqrt 2), s = (m-1)/(m+1), log m = 2 (s + s^3/3 + s^5/5 + ...) to s^23.
// The part f = m-1 that dominates is added last, so its rounding is the only one that matters.
#include "kb/values/elementary.hpp"

#include <bit>
#include <cstdint>
#include <limits>

namespace posterior {
namespace {

// ln 2 in two parts: the first has 21 trailing zero bits, so n * ln2_high is exact for |n| < 2^20.
constexpr double ln2_high = 0x1.62e42fee00000p-1;
constexpr double ln2_low = 0x1.a39ef35793c76p-33;
constexpr double log2_e = 0x1.71547652b82fep+0;

double power_of_two(int n) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(n + 1023) << 52);
}

double scaled(double value, int n) {
  if (n < -1000)
    return value * power_of_two(n + 100) * power_of_two(-100);
  if (n > 1000)
    return value * power_of_two(n - 100) * power_of_two(100);
  return value * power_of_two(n);
}

} // namespace

double exp(double x) {
  if (x != x)
    return x;
  if (x > 709.782712893384)
    return std::numeric_limits<double>::infinity();
  if (x < -745.2)
    return 0;
  const double turns = x * log2_e;
  const int n = static_cast<int>(turns + (turns < 0 ? -0.5 : 0.5));
  const double r = (x - n * ln2_high) - n * ln2_low;
  constexpr double inverse_factorial[] = {1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800,
                                          1.0 / 362880,     1.0 / 40320,     1.0 / 5040,     1.0 / 720,
                                          1.0 / 120,        1.0 / 24,        1.0 / 6,        0.5};
  double tail = 0;
  for (double c : inverse_factorial)
    tail = tail * r + c;
  return scaled(1 + (r + r * r * tail), n);
}

double log(double x) {
  if (x == 0)
    return -std::numeric_limits<double>::infinity();
  int e = 0;
  if (x < 0x1p-1022) {
    x *= 0x1p54;
    e = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  e += static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0xFFFFFFFFFFFFFu) | (std::uint64_t{1023} << 52));
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++e;
  }
  const double f = m - 1;
  const double s = f / (2 + f);
  const double z = s * s;
  double series = 0;
  for (int k = 23; k >= 3; k -= 2)
    series = (series + 2.0 / k) * z;
  // log(1+f) = f - s (f - series): since 2s = f - s f.
  const double correction = s * (f - series);
  return e * ln2_high + (f - (correction - e * ln2_low));
}

double logit(double p) {
  return log(p) - log(1 - p);
}

double logistic(double x) {
  if (x >= 0)
    return 1 / (1 + exp(-x));
  const double y = exp(x);
  return y / (1 + y);
}

double power(double x, double y) {
  return exp(y * log(x));
}

} // namespace posterior
