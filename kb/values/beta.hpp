// How sure an estimate of a probability is: a Beta distribution, given by its mean and by how many
// observations it is worth. Quantiles come from a table that was made with Boost.Math (beta_table.inc;
// tests/kb/beta_table_maker.cpp makes it again), so no library function is called and every machine has the
// same bits. Between the points of the table quantiles are mixed: that leaves the mean exact, and the 5 % and
// 95 % points right to .002 (tests/kb/beta_test.cpp). Pure functions; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace posterior {

// Beta(mean * worth, (1 - mean) * worth).
struct beta_distribution {
  double mean = 0.5; // in (0, 1)
  double worth = 5;  // between 5 and 5000; beyond these it is taken as the nearer one
  bool operator==(const beta_distribution&) const = default;
};

// Seen `hits` times in `of` cases (0 <= hits <= of), starting from Jeffreys' Beta(1/2, 1/2): a mean of
// (hits + 1/2) / (of + 1), worth of + 1 observations. So that nothing is ruled out by a small study.
beta_distribution beta_from_counts(double hits, double of);

// Stated as a mean with its 5 % and 95 % points: the mean is kept, and the worth is the one whose two points
// lie nearest to the stated ones (least squares, the first minimum from the surest one down).
// 0 < mean < 1, low <= mean <= high.
beta_distribution beta_from_range(double mean, double low, double high);

struct beta_range {
  double low, high; // 5 % and 95 % points
};
beta_range range_of(const beta_distribution& b);

// Cuts distributions into equally likely slices and gives one value for each, ascending; their mean is the
// distribution's. What depends on the number of slices alone is worked out once. Immutable; any thread.
class beta_slicer {
public:
  explicit beta_slicer(std::size_t slices);

  std::size_t size() const { return points_.size(); }
  // out.size() must be size().
  void cut(const beta_distribution& b, std::span<float> out) const;

private:
  // Where a slice's middle lies between two quantiles of the table, as what their values and slopes count.
  struct point {
    std::size_t before;
    double value, next_value, slope, next_slope;
  };
  std::vector<point> points_;
};

} // namespace posterior
