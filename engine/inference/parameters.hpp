// Where a probability comes from: the mean of its estimate, or one of the draws of its uncertainty.
//
// Draws are a Latin hypercube: parameter k takes, over the draws, each of the equal slices of its
// distribution once, in an order that belongs to the parameter alone (a permutation seeded by the hash of its
// statement's id). So a parameter's draws do not depend on what else is in the knowledge, on files, order or
// threads, and a parameter that both sides share is drawn once. The distribution is logit-normal with the
// estimate's mean as centre and its low and high as 5 % and 95 % points (a log-normal for likelihood ratios).
//
// Owns its permutations and makes them at first use: one thread at a time.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kb/model.hpp"

namespace posterior::inference {

// Names a parameter: hash of statement id and field.
using stream = std::uint64_t;
stream stream_of(std::string_view statement, std::string_view field);

class parameters {
public:
  // `draws` of 0 gives the means only.
  explicit parameters(int draws);

  int draws() const { return draws_; }

  // The value of a probability in draw `i`; i < 0 is the mean. An estimate without width is always its mean.
  double probability(stream s, const kb::estimate& e, int i) const {
    return i < 0 || is_sure(e) || e.mean >= 1 ? e.mean : drawn(s, e, i, true);
  }
  // The same for a likelihood ratio (positive, not bounded by 1).
  double ratio(stream s, const kb::estimate& e, int i) const {
    return i < 0 || is_sure(e) ? e.mean : drawn(s, e, i, false);
  }

  // A probability looked up once, for those that are drawn again and again. Valid as long as this lives.
  struct distribution {
    double centre, spread;     // on the scale of the logarithm or of the log-odds
    std::vector<float> scores; // standard normal score of each draw
  };
  // Nothing for an estimate without width, which is always its mean.
  const distribution* prepare(stream s, const kb::estimate& e) const;
  static double probability(const distribution* d, const kb::estimate& e, int i);

private:
  static bool is_sure(const kb::estimate& e) { return e.low >= e.high || e.mean <= 0; }
  double drawn(stream s, const kb::estimate& e, int i, bool bounded) const;
  distribution make(stream s, const kb::estimate& e, bool bounded) const;

  int draws_;
  std::vector<float> sorted_scores_;
  mutable std::unordered_map<stream, distribution> made_; // looked up by key only, never walked
};

} // namespace posterior::inference
