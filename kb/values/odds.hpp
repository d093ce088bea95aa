// Odds and information on the scales that people read. Pure functions; any thread.
#pragma once

namespace posterior {

// One unit of log-odds in decibels: 10 / ln 10.
inline constexpr double decibel = 4.3429448190325175;

// log(p / (1 - p)) of p kept at least `least` away from 0 and 1.
double bounded_logit(double p, double least = 1e-15);

// 10 log10 of the factor between the odds of two probabilities, each kept `least` away from 0 and 1.
double decibels(double from, double to, double least = 1e-15);

// What the answer to a yes-or-no question of this probability tells, in bits; 0 for what is certain.
double entropy_bits(double p);

} // namespace posterior
