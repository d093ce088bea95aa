#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "kb/values/elementary.hpp"
#include "kb/values/odds.hpp"

namespace {

// Distance in units of the last place of the true value.
double ulps(double got, long double truth) {
  const double nearest = static_cast<double>(truth);
  const double unit =
      std::nextafter(std::fabs(nearest), std::numeric_limits<double>::infinity()) - std::fabs(nearest);
  return static_cast<double>(std::fabs(static_cast<long double>(got) - truth) /
                             static_cast<long double>(unit));
}

} // namespace

TEST_CASE("exp is within two units in the last place over its whole range") {
  double worst = 0;
  for (int i = -700000; i <= 700000; i += 7) {
    const double x = i / 1000.0 + 1e-7 * (i % 13);
    worst = std::max(worst, ulps(posterior::exp(x), std::exp(static_cast<long double>(x))));
  }
  CHECK(worst <= 2);
  CHECK(posterior::exp(0) == 1);
  CHECK(posterior::exp(-800) == 0);
  CHECK(std::isinf(posterior::exp(710)));
}

TEST_CASE("log is within two units in the last place, near one as well as far from it") {
  double worst = 0;
  for (int i = 1; i < 200000; ++i) {
    const double near = 0.5 + i * 1e-5;
    const double far = std::ldexp(near, i % 1900 - 950);
    worst = std::max(worst, ulps(posterior::log(far), std::log(static_cast<long double>(far))));
    worst = std::max(worst, ulps(posterior::log(near), std::log(static_cast<long double>(near))));
    const double close = 1 + (i - 100000) * 1e-12;
    worst = std::max(worst, ulps(posterior::log(close), std::log(static_cast<long double>(close))));
  }
  CHECK(worst <= 2);
  CHECK(posterior::log(1) == 0);
  CHECK(posterior::log(5e-324) < -744);
}

TEST_CASE("logistic undoes logit") {
  for (double p : {1e-12, 0.01, 0.5, 0.75, 1 - 1e-9})
    CHECK(std::fabs(posterior::logistic(posterior::logit(p)) / p - 1) < 1e-13);
}

TEST_CASE("decibels tell a factor of the odds, the same both ways, and stay finite at certainty") {
  CHECK(std::fabs(posterior::decibels(0.5, 10.0 / 11) - 10) < 1e-12); // odds 1 to 10
  CHECK(posterior::decibels(0.2, 0.7) == -posterior::decibels(0.7, 0.2));
  CHECK(posterior::decibels(0.3, 0.3) == 0);
  CHECK(std::isfinite(posterior::decibels(0, 1)));
  CHECK(posterior::decibels(0, 1, 1e-9) < posterior::decibels(0, 1));
}

TEST_CASE("the answer to an even question tells one bit, to a settled one nothing") {
  CHECK(std::fabs(posterior::entropy_bits(0.5) - 1) < 1e-15);
  CHECK(posterior::entropy_bits(0) == 0);
  CHECK(posterior::entropy_bits(1) == 0);
  CHECK(posterior::entropy_bits(0.1) == posterior::entropy_bits(0.9));
}
