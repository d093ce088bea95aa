// Where a probability comes from: the mean of its estimate, or one of the draws of its uncertainty.
//
// Draws are a Latin hypercube: parameter k takes, over the draws, one value out of each of the equal slices
// of its distribution, in an order that belongs to the parameter alone (a permutation seeded by the hash of
// its statement's id). So a parameter's draws do not depend on what else is in the knowledge, on files, order
// or threads, and a parameter that both sides share is drawn once. A probability is Beta distributed (see
// kb/values/beta.hpp): from counts, or with the estimate's mean and the worth that fits its low and high as
// 5 % and 95 % points. The mean of all draws is the estimate's mean. Likelihood ratios are log-normal with
// the mean as median.
//
// Owns its draws and makes them at first use: one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "kb/model.hpp"
#include "kb/values/beta.hpp"

namespace posterior::inference {

// Names a parameter: hash of statement id and field.
using stream = std::uint64_t;
stream stream_of(std::string_view statement, std::string_view field);

// The values of `slices` in the order that belongs to a stream.
void deal(stream s, std::span<const float> slices, std::span<float> out);

class parameters {
public:
  // `draws` of 0 gives the means only.
  explicit parameters(int draws);

  int draws() const { return draws_; }

  // The value of a probability in draw `i`; i < 0 is the mean. An estimate without width is always its mean.
  double probability(stream s, const kb::estimate& e, int i) const {
    return i < 0 ? at_mean(s, e.mean) : probability(prepare(s, e), e, i);
  }
  // The same for a likelihood ratio (positive, not bounded by 1).
  double ratio(stream s, const kb::estimate& e, int i) const;

  // A Beta distributed probability with this mean that is worth so many observations.
  double beta(stream s, double mean, double worth, int i) const;

  // A number that is even over the draws, between 0 and 1: for a choice that is itself unknown.
  double even(stream s, int i) const;

  // A probability looked up once, for those that are drawn again and again. Valid as long as this lives.
  using distribution = std::vector<float>; // its value in each draw
  // Nothing for an estimate without width, which is always its mean.
  const distribution* prepare(stream s, const kb::estimate& e) const;
  static double probability(const distribution* d, const kb::estimate& e, int i) {
    return !d || i < 0 ? e.mean : static_cast<double>((*d)[static_cast<std::size_t>(i)]);
  }

  // Where means are asked for, this parameter has this value instead.
  void fix(stream s, double value) { fixed_ = {s, value}; }

private:
  double at_mean(stream s, double mean) const { return fixed_ && fixed_->first == s ? fixed_->second : mean; }
  const std::vector<float>& slices_of(const kb::estimate& e, bool bounded) const;
  const distribution& dealt(stream s, const std::vector<float>& slices) const;

  int draws_;
  std::optional<std::pair<stream, double>> fixed_;
  beta_slicer slicer_;
  mutable std::vector<double> scores_; // standard normal, of the middles of the slices; made when needed
  mutable std::unordered_map<stream, distribution> made_; // looked up by key only, never walked
  // Most estimates come from a few words of the scale.
  using shape = std::tuple<double, double, double, double, double, bool>;
  mutable std::map<shape, std::vector<float>> slices_;
};

} // namespace posterior::inference
