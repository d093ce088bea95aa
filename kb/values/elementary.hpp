// The only exp and log used for likelihoods, information and decibans: plain arithmetic in a fixed order, so
// that every machine and compiler gives the same bits. Within 2 units in the last place of the true value
// (tests/kb/elementary_test.cpp). Pure functions; any thread.
#pragma once

namespace posterior {

// e^x. 0 below -745, infinity above 709.78.
double exp(double x);

// Natural logarithm. `x` must be positive and finite; log(0) is -infinity.
double log(double x);

// log(p / (1 - p)) for p in (0, 1), and back.
double logit(double p);
double logistic(double x);

// x^y = exp(y log x) for x > 0.
double power(double x, double y);

} // namespace posterior
