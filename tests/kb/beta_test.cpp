// The table of Beta quantiles against Boost.Math, which made it.
#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <numeric>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "kb/values/beta.hpp"
#include "tests/kb/beta_table.hpp"

namespace posterior {
namespace {

double mean_of(const std::vector<float>& list) {
  return std::accumulate(list.begin(), list.end(), 0.0) / static_cast<double>(list.size());
}

// Means and worths on and between the points of the table.
std::vector<beta_distribution> some() {
  std::vector<beta_distribution> out;
  for (const double mean :
       {0.0007, 0.004, 0.013, 0.035, 0.09, 0.2, 0.33, 0.47, 0.5, 0.62, 0.875, 0.96, 0.993})
    for (const double worth : {5.0, 6.0, 8.5, 17.0, 31.0, 60.0, 140.0, 800.0, 5000.0})
      out.push_back({mean, worth});
  return out;
}

} // namespace

TEST_CASE("the table of Beta quantiles is what Boost.Math makes, byte for byte") {
  std::ifstream in(std::string(POSTERIOR_SOURCE_DIR) + "/kb/values/beta_table.inc", std::ios::binary);
  const std::string kept{std::istreambuf_iterator<char>(in), {}};
  REQUIRE(!kept.empty());
  CHECK(kept == tests::beta_table());
}

TEST_CASE("5 % and 95 % points are within .002 of the Beta distribution's own") {
  for (const beta_distribution& b : some()) {
    const beta_range r = range_of(b);
    INFO(b.mean << " worth " << b.worth);
    CHECK(std::abs(r.low - tests::beta_quantile(b.mean, b.worth, 0.05)) <= 0.002);
    CHECK(std::abs(r.high - tests::beta_quantile(b.mean, b.worth, 0.95)) <= 0.002);
  }
}

TEST_CASE("slices ascend, lie near the quantiles and have the stated mean") {
  for (const std::size_t count : {std::size_t{64}, std::size_t{256}, std::size_t{4096}}) {
    const beta_slicer slicer(count);
    for (const beta_distribution& b : some()) {
      std::vector<float> out(count);
      slicer.cut(b, out);
      INFO(b.mean << " worth " << b.worth << " in " << count);
      CHECK(std::is_sorted(out.begin(), out.end()));
      CHECK(out.front() >= 0);
      CHECK(out.back() <= 1);
      CHECK(std::abs(mean_of(out) - b.mean) <= 1e-6);
      const double middle = tests::beta_quantile(b.mean, b.worth, 0.5 + 0.5 / static_cast<double>(count));
      CHECK(std::abs(static_cast<double>(out[count / 2]) - middle) <= 0.003);
    }
  }
}

TEST_CASE("a range that is a Beta's own gives back how much that Beta is worth") {
  for (const double mean : {0.02, 0.1, 0.5, 0.7, 0.97})
    for (const double worth : {8.0, 25.0, 90.0, 400.0}) {
      const double low = tests::beta_quantile(mean, worth, 0.05);
      const double high = tests::beta_quantile(mean, worth, 0.95);
      const beta_distribution fitted = beta_from_range(mean, low, high);
      INFO(mean << " worth " << worth);
      CHECK(fitted.mean == mean);
      CHECK(std::abs(std::log(fitted.worth / worth)) < 0.15);
    }
}

TEST_CASE("the words of the scale have the ends that they state") {
  const std::array<std::array<double, 3>, 9> words{{{0.03, 0.01, 0.06},
                                                    {0.08, 0.03, 0.15},
                                                    {0.20, 0.10, 0.32},
                                                    {0.32, 0.18, 0.47},
                                                    {0.50, 0.37, 0.63},
                                                    {0.65, 0.50, 0.78},
                                                    {0.78, 0.65, 0.88},
                                                    {0.91, 0.83, 0.97},
                                                    {0.97, 0.94, 0.99}}};
  for (const auto& [mean, low, high] : words) {
    const beta_range r = range_of(beta_from_range(mean, low, high));
    CHECK(std::abs(r.low - low) < 0.006);
    CHECK(std::abs(r.high - high) < 0.006);
  }
}

TEST_CASE("a range wider or narrower than any Beta of its mean gets the nearest there is") {
  CHECK(std::abs(beta_from_range(0.5, 0.0, 1.0).worth - 5) < 1e-9);
  CHECK(std::abs(beta_from_range(0.5, 0.4999, 0.5001).worth - 5000) < 1e-6);
  // A rare thing with narrow ends is well known, not nearly always absent.
  CHECK(beta_from_range(0.0005, 0.0001, 0.001).worth > 1000);
}

TEST_CASE("counts begin at Jeffreys' prior, so that none and all stay possible") {
  const beta_distribution none = beta_from_counts(0, 20), all = beta_from_counts(20, 20);
  CHECK(none.mean == 0.5 / 21);
  CHECK(all.mean == 20.5 / 21);
  CHECK(none.worth == 21);
  CHECK(range_of(none).low >= 0);
  CHECK(range_of(all).high <= 1);
  CHECK(range_of(beta_from_counts(170, 200)).high - range_of(beta_from_counts(170, 200)).low <
        range_of(beta_from_counts(17, 20)).high - range_of(beta_from_counts(17, 20)).low);
}

} // namespace posterior
