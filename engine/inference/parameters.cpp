#include "engine/inference/parameters.hpp"

#include <algorithm>
#include <array>

#include "engine/inference/splitmix.hpp"
#include "kb/values/elementary.hpp"

namespace posterior::inference {
namespace {

// Standard normal quantile: Newton's method on our own exp, from a logistic start (quantile of the logistic
// / 1.702). The distribution function is summed as 1/2 + phi(x) (x + x^3/3 + x^5/15 + ...), which has only
// positive terms for x > 0.
double distribution_function(double x) {
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
    x -= (distribution_function(x) - u) / (0.3989422804014327 * exp(-x * x / 2));
  return x;
}

constexpr double z95 = 1.6448536269514722; // 95 % point of the standard normal

double middle(std::size_t slice, std::size_t slices) {
  return (static_cast<double>(slice) + 0.5) / static_cast<double>(slices);
}

void log_normal_slices(const kb::estimate& e, const std::vector<double>& scores, std::vector<float>& out) {
  const double low = std::max(e.low, 1e-9);
  const double centre = log(e.mean), spread = (log(e.high) - log(low)) / (2 * z95);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<float>(exp(centre + spread * scores[i]));
}

beta_distribution beta_of(const kb::estimate& e) {
  return e.of > 0 ? beta_from_counts(e.hits, e.of) : beta_from_range(e.mean, e.low, e.high);
}

bool is_sure(const kb::estimate& e) {
  return e.low >= e.high || e.mean <= 0;
}

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

void deal(stream s, std::span<const float> slices, std::span<float> out) {
  std::copy(slices.begin(), slices.end(), out.begin());
  splitmix numbers(s);
  std::uint64_t z = 0;
  for (std::size_t i = out.size(); i > 1; --i) {
    // Half a number for each exchange, scaled instead of divided.
    z = i % 2 == 0 || z == 0 ? numbers.next() : z >> 32;
    std::swap(out[i - 1], out[static_cast<std::size_t>((z & 0xFFFFFFFFu) * i >> 32)]);
  }
}

parameters::parameters(int draws)
    : draws_(draws)
    , slicer_(static_cast<std::size_t>(std::max(0, draws))) {}

const std::vector<float>& parameters::slices_of(const kb::estimate& e, bool bounded) const {
  std::vector<float>& out = slices_[{e.mean, e.low, e.high, e.hits, e.of, bounded}];
  if (!out.empty())
    return out;
  out.resize(static_cast<std::size_t>(draws_));
  if (bounded) {
    slicer_.cut(beta_of(e), out);
    return out;
  }
  for (std::size_t i = scores_.size(); i < out.size(); ++i)
    scores_.push_back(normal_quantile(middle(i, out.size())));
  log_normal_slices(e, scores_, out);
  return out;
}

const parameters::distribution& parameters::dealt(stream s, const std::vector<float>& slices) const {
  const auto [at, fresh] = made_.try_emplace(s);
  if (fresh) {
    at->second.resize(slices.size());
    deal(s, slices, at->second);
  }
  return at->second;
}

const parameters::distribution* parameters::prepare(stream s, const kb::estimate& e) const {
  if (draws_ <= 0 || is_sure(e) || e.mean >= 1)
    return nullptr;
  const auto it = made_.find(s);
  return it != made_.end() ? &it->second : &dealt(s, slices_of(e, true));
}

double parameters::ratio(stream s, const kb::estimate& e, int i) const {
  if (i < 0 || is_sure(e))
    return at_mean(s, e.mean);
  const auto it = made_.find(s);
  const distribution& d = it != made_.end() ? it->second : dealt(s, slices_of(e, false));
  return static_cast<double>(d[static_cast<std::size_t>(i)]);
}

double parameters::beta(stream s, double mean, double worth, int i) const {
  if (i < 0 || mean <= 0 || mean >= 1)
    return at_mean(s, mean);
  auto it = made_.find(s);
  if (it == made_.end()) {
    std::vector<float> slices(static_cast<std::size_t>(draws_));
    slicer_.cut({mean, worth}, slices);
    dealt(s, slices);
    it = made_.find(s);
  }
  return static_cast<double>(it->second[static_cast<std::size_t>(i)]);
}

double parameters::even(stream s, int i) const {
  const auto it = made_.find(s);
  if (it != made_.end())
    return static_cast<double>(it->second[static_cast<std::size_t>(i)]);
  std::vector<float> middles(static_cast<std::size_t>(draws_));
  for (std::size_t k = 0; k < middles.size(); ++k)
    middles[k] = static_cast<float>(middle(k, middles.size()));
  return static_cast<double>(dealt(s, middles)[static_cast<std::size_t>(i)]);
}

} // namespace posterior::inference
