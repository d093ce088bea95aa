// Makes kb/values/beta_table.inc: the quantiles of Beta distributions by mean and worth, from Boost.Math, as
// hexadecimal floats of 16 bits behind the point. One line for each distribution.
#pragma once

#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <cstdio>
#include <string>

#include "kb/values/beta_axes.hpp"

namespace posterior::tests {

// The u-quantile of Beta(mean * worth, (1 - mean) * worth), by bisection on its logarithm: Boost's own
// inverse finds no root for the most skewed ones. Below 2^-61 it is 0.
inline double beta_quantile(double mean, double worth, double u) {
  double low = -61, high = 0; // binary logarithms
  if (boost::math::ibeta(mean * worth, (1 - mean) * worth, std::exp2(low)) >= u)
    return 0;
  while (true) {
    const double middle = (low + high) / 2;
    if (middle <= low || middle >= high)
      return std::exp2(high);
    (boost::math::ibeta(mean * worth, (1 - mean) * worth, std::exp2(middle)) < u ? low : high) = middle;
  }
}

inline std::string short_hexadecimal(double x) {
  if (x < 0x1p-60)
    return "0";
  int exponent = 0;
  const auto digits = std::lround(std::frexp(x, &exponent) * 0x1p17); // 0x1.dddd
  char text[40];
  if (digits >= 0x20000)
    std::snprintf(text, sizeof text, "0x1p%df", exponent);
  else
    std::snprintf(text, sizeof text, "0x1.%04lxp%df", static_cast<unsigned long>(digits - 0x10000),
                  exponent - 1);
  return text;
}

inline std::string beta_table() {
  std::string out;
  for (const double mean : beta_axes::means)
    for (const double worth : beta_axes::worths) {
      for (const double u : beta_axes::quantiles)
        out += short_hexadecimal(beta_quantile(mean, worth, u)) + ",";
      out += '\n';
    }
  return out;
}

} // namespace posterior::tests
