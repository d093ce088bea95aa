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

parameters::parameters(int draws)
    : draws_(draws) {
  for (int i = 0; i < draws; ++i)
    sorted_scores_.push_back(static_cast<float>(normal_quantile((i + 0.5) / draws)));
}

parameters::distribution parameters::make(stream s, const kb::estimate& e, bool bounded) const {
  distribution d{0, 0, sorted_scores_};
  const double low = std::max(e.low, 1e-9);
  if (bounded) {
    d.centre = logit(e.mean);
    d.spread = (logit(std::min(e.high, 1 - 1e-9)) - logit(low)) / (2 * z95);
  } else {
    d.centre = log(e.mean);
    d.spread = (log(e.high) - log(low)) / (2 * z95);
  }
  std::uint64_t state = s;
  for (std::size_t i = d.scores.size(); i > 1; --i) {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15u); // SplitMix64
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    std::swap(d.scores[i - 1], d.scores[static_cast<std::size_t>(z % i)]);
  }
  return d;
}

const parameters::distribution* parameters::prepare(stream s, const kb::estimate& e) const {
  if (draws_ <= 0 || is_sure(e) || e.mean >= 1)
    return nullptr;
  const auto it = made_.find(s);
  return it != made_.end() ? &it->second : &made_.emplace(s, make(s, e, true)).first->second;
}

double parameters::probability(const distribution* d, const kb::estimate& e, int i) {
  if (!d || i < 0)
    return e.mean;
  return logistic(d->centre + d->spread * static_cast<double>(d->scores[static_cast<std::size_t>(i)]));
}

double parameters::drawn(stream s, const kb::estimate& e, int i, bool bounded) const {
  auto it = made_.find(s);
  if (it == made_.end())
    it = made_.emplace(s, make(s, e, bounded)).first;
  const distribution& d = it->second;
  const double x = d.centre + d.spread * static_cast<double>(d.scores[static_cast<std::size_t>(i)]);
  return bounded ? logistic(x) : exp(x);
}

} // namespace posterior::inference
