#include "kb/values/odds.hpp"

#include <algorithm>

#include "kb/values/elementary.hpp"

namespace posterior {

double bounded_logit(double p, double least) {
  return logit(std::clamp(p, least, 1 - least));
}

double decibels(double from, double to, double least) {
  return from == to ? 0 : decibel * (bounded_logit(to, least) - bounded_logit(from, least));
}

double entropy_bits(double p) {
  if (p <= 0 || p >= 1)
    return 0;
  return -(p * log(p) + (1 - p) * log(1 - p)) / 0.6931471805599453;
}

} // namespace posterior
