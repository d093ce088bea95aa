// A distribution between the points of the table is a mixture of the quantiles of its four neighbours: by
// mean in proportion, by worth in proportion to 1 / sqrt(worth + 1), which the spread follows. Slices between
// the table's quantiles are found by monotone cubic interpolation (Fritsch and Butland's slopes); what that
// costs in the mean is given back by scaling.
#include "kb/values/beta.hpp"

#include <algorithm>
#include <cmath>

#include "kb/values/beta_axes.hpp"

namespace posterior {
namespace {

using namespace beta_axes;

constexpr float table[cells] = {
#include "kb/values/beta_table.inc"
};

// The interval [index, index + 1] of an axis and how far along it something lies.
struct position {
  std::size_t index;
  double share;
};

// Below the first mean lies 0, whose quantiles are all 0.
struct mean_position {
  std::size_t below, above;
  double below_share, above_share;
};

mean_position place_of_mean(double mean) {
  const auto above =
      static_cast<std::size_t>(std::upper_bound(means.begin(), means.end() - 1, mean) - means.begin());
  if (above == 0)
    return {0, 0, 0, mean / means[0]};
  const double share = (mean - means[above - 1]) / (means[above] - means[above - 1]);
  return {above - 1, above, 1 - share, share};
}

double spread(double worth) {
  return 1 / std::sqrt(worth + 1);
}

position place_of_worth(double worth) {
  const double w = std::clamp(worth, worths.front(), worths.back());
  const auto above =
      static_cast<std::size_t>(std::upper_bound(worths.begin() + 1, worths.end() - 1, w) - worths.begin());
  const double from = spread(worths[above - 1]), to = spread(worths[above]);
  return {above - 1, (spread(w) - from) / (to - from)};
}

double worth_at(position p) {
  const double from = spread(worths[p.index]), to = spread(worths[p.index + 1]);
  const double s = from + p.share * (to - from);
  return 1 / (s * s) - 1;
}

// Quantile number k of the mixture of two means at a worth of the table.
double at(const mean_position& m, std::size_t worth, std::size_t k) {
  const auto cell = [&](std::size_t mean) {
    return static_cast<double>(table[(mean * worths.size() + worth) * quantiles.size() + k]);
  };
  return m.below_share * cell(m.below) + m.above_share * cell(m.above);
}

// The quantiles of a distribution whose mean is at most one half, with 0 and 1 at the ends.
using curve = std::array<double, quantiles.size() + 2>;

curve curve_of(double mean, double worth) {
  const mean_position m = place_of_mean(mean);
  const position w = place_of_worth(worth);
  curve out{};
  for (std::size_t k = 0; k < quantiles.size(); ++k)
    out[k + 1] = (1 - w.share) * at(m, w.index, k) + w.share * at(m, w.index + 1, k);
  out.back() = 1;
  return out;
}

double knot(std::size_t k) {
  return k == 0 ? 0 : k > quantiles.size() ? 1 : quantiles[k - 1];
}

// Slopes that keep the interpolation monotone: the harmonic mean of the neighbours' inclinations.
curve slopes_of(const curve& y) {
  curve out{};
  const auto inclination = [&](std::size_t k) { return (y[k + 1] - y[k]) / (knot(k + 1) - knot(k)); };
  for (std::size_t k = 1; k + 1 < y.size(); ++k) {
    const double a = inclination(k - 1), b = inclination(k);
    const double left = knot(k) - knot(k - 1), right = knot(k + 1) - knot(k);
    const double w1 = 2 * right + left, w2 = right + 2 * left;
    out[k] = a > 0 && b > 0 ? (w1 + w2) / (w1 / a + w2 / b) : 0;
  }
  out.front() = inclination(0);
  out.back() = inclination(y.size() - 2);
  return out;
}

} // namespace

beta_distribution beta_from_counts(double hits, double of) {
  return {(hits + 0.5) / (of + 1), std::clamp(of + 1, worths.front(), worths.back())};
}

beta_distribution beta_from_range(double mean, double low, double high) {
  if (mean > 0.5) {
    beta_distribution reflected = beta_from_range(1 - mean, 1 - high, 1 - low);
    reflected.mean = mean;
    return reflected;
  }
  const mean_position m = place_of_mean(mean);
  position best{0, 0};
  double least = 0;
  for (std::size_t w = worths.size() - 1; w-- > 0;) {
    const double low0 = at(m, w, at_5) - low, high0 = at(m, w, at_95) - high;
    const double low1 = at(m, w + 1, at_5) - low, high1 = at(m, w + 1, at_95) - high;
    const double by_low = low1 - low0, by_high = high1 - high0;
    const double size = by_low * by_low + by_high * by_high;
    const double share = size > 0 ? std::clamp(-(low0 * by_low + high0 * by_high) / size, 0.0, 1.0) : 0;
    const double off_low = low0 + share * by_low, off_high = high0 + share * by_high;
    const double miss = off_low * off_low + off_high * off_high;
    // The first fit from above: a rare thing worth very little has narrow ends too, but is nearly always 0.
    if (w + 2 < worths.size() && miss >= least)
      break;
    best = {w, share};
    least = miss;
  }
  return {mean, worth_at(best)};
}

beta_range range_of(const beta_distribution& b) {
  if (b.mean > 0.5) {
    const beta_range reflected = range_of({1 - b.mean, b.worth});
    return {1 - reflected.high, 1 - reflected.low};
  }
  const curve y = curve_of(b.mean, b.worth);
  return {y[at_5 + 1], y[at_95 + 1]};
}

beta_slicer::beta_slicer(std::size_t slices) {
  points_.reserve(slices);
  std::size_t k = 0;
  for (std::size_t i = 0; i < slices; ++i) {
    const double u = (static_cast<double>(i) + 0.5) / static_cast<double>(slices);
    while (u > knot(k + 1))
      ++k;
    const double h = knot(k + 1) - knot(k), t = (u - knot(k)) / h, s = 1 - t;
    points_.push_back({k, s * s * (1 + 2 * t), t * t * (1 + 2 * s), s * s * t * h, -t * t * s * h});
  }
}

void beta_slicer::cut(const beta_distribution& b, std::span<float> out) const {
  const bool reflected = b.mean > 0.5;
  const double mean = reflected ? 1 - b.mean : b.mean;
  const curve y = curve_of(mean, b.worth), d = slopes_of(y);
  double sum = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const point& p = points_[i];
    const double x = p.value * y[p.before] + p.next_value * y[p.before + 1] + p.slope * d[p.before] +
                     p.next_slope * d[p.before + 1];
    sum += x;
    out[i] = static_cast<float>(x);
  }
  const double right = mean * static_cast<double>(out.size()) / sum;
  for (float& x : out)
    x = static_cast<float>(std::min(1.0, static_cast<double>(x) * right));
  if (!reflected)
    return;
  std::reverse(out.begin(), out.end());
  for (float& x : out)
    x = 1 - x;
}

} // namespace posterior
