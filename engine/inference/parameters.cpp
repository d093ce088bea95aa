#include "engine/inference/parameters.hpp"

#include <algorithm>

#include "kb/values/elementary.hpp"

namespace posterior::inference {
namespace {

// Standard normal quantile: Newton's method on our own exp, from a logistic start (quantile of the logistic
// / 1.702). The distribution function is summed as 1/2 + phi(x) (x + x^3/3 + x^5/15 + ...), which has only
// positive terms for x > 0.
double distribution(double x) {
  double term = x, sum = x;
  for (int k = 1; k < 200 && term > sum * 1e-17; ++k) {
    term *= x * x / (2 * k + 1);
    sum += term;
  }
  return 0.5 + 0.3989422804014327 * exp(-x * x / 2) * sum;
}

double normal_quantile(double u) {
  if (u < 0.5)
    return -normal_quantile(1 - u);
  double x = logit(u) / 1.702;
  for (int i = 0; i < 8; ++i)
    x -= (distribution(x) - u) / (0.3989422804014327 * exp(-x * x / 2));
  return x;
}

constexpr double z95 = 1.6448536269514722; // 95 % point of the standard normal

} // namespace

stream stream_of(std::string_view statement, std::string_view field) {
  stream h = 0xcbf29ce484222325u; // FNV-1a
  const auto add = [&h](unsigned char c) { h = (h ^ c) * 0x100000001b3u; };
  for (char c : statement)
    add(static_cast<unsigned char>(c));
  add(0);
  for (char c : field)
    add(static_cast<unsigned char>(c));
  return h;
}

const std::vector<float>& parameters::scores(stream s) const {
  // slot of quantiles for this number of draws, shared by all parameters
  constexpr stream sorted_key = 0;
  auto& sorted = scores_[sorted_key];
  if (sorted.empty())
    for (int i = 0; i < draws_; ++i)
      sorted.push_back(static_cast<float>(normal_quantile((i + 0.5) / draws_)));
  const auto found = scores_.find(s);
  if (found != scores_.end())
    return found->second;
  std::vector<float> mine = scores_.at(sorted_key);
  std::uint64_t state = s;
  for (std::size_t i = mine.size(); i > 1; --i) {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15u); // SplitMix64
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    const auto j = static_cast<std::size_t>(z % i);
    std::swap(mine[i - 1], mine[j]);
  }
  return scores_.emplace(s, std::move(mine)).first->second;
}

double parameters::normal(stream s, int i) const {
  return static_cast<double>(scores(s)[static_cast<std::size_t>(i)]);
}

double parameters::probability(stream s, const kb::estimate& e, int i) const {
  if (i < 0 || e.low >= e.high || e.mean <= 0 || e.mean >= 1)
    return e.mean;
  const double low = std::max(e.low, 1e-9), high = std::min(e.high, 1 - 1e-9);
  const double spread = (logit(high) - logit(low)) / (2 * z95);
  return logistic(logit(e.mean) + spread * normal(s, i));
}

double parameters::ratio(stream s, const kb::estimate& e, int i) const {
  if (i < 0 || e.low >= e.high || e.mean <= 0)
    return e.mean;
  const double spread = (log(e.high) - log(std::max(e.low, 1e-9))) / (2 * z95);
  return exp(log(e.mean) + spread * normal(s, i));
}

} // namespace posterior::inference
