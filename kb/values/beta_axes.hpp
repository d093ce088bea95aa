// Inside of beta.cpp and of the program that makes its table: where the table has its points.
#pragma once

#include <array>
#include <cstddef>

namespace posterior::beta_axes {

// Means up to one half; a mean beyond it is the reflection of one below.
inline constexpr std::array<double, 24> means{0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015,
                                              0.02,   0.03,  0.04,  0.05,  0.06,  0.08,   0.10, 0.12,
                                              0.15,   0.20,  0.25,  0.30,  0.35,  0.40,   0.45, 0.50};

// How many observations the distribution is worth (the sum of the two parameters).
inline constexpr std::array<double, 12> worths{5, 7, 10, 14, 20, 50, 100, 200, 500, 1000, 2000, 5000};

// Probabilities of the quantiles, denser towards the ends; 5 % and 95 % are among them.
inline constexpr std::array<double, 47> quantiles{
    0.0005, 0.001, 0.002, 0.004, 0.007, 0.01, 0.015, 0.02,  0.03,  0.04,  0.05,  0.065,
    0.08,   0.1,   0.125, 0.15,  0.175, 0.2,  0.25,  0.3,   0.35,  0.4,   0.45,  0.5,
    0.55,   0.6,   0.65,  0.7,   0.75,  0.8,  0.825, 0.85,  0.875, 0.9,   0.92,  0.935,
    0.95,   0.96,  0.97,  0.98,  0.985, 0.99, 0.993, 0.996, 0.998, 0.999, 0.9995};
inline constexpr std::size_t at_5 = 10, at_95 = 36;
static_assert(quantiles[at_5] == 0.05 && quantiles[at_95] == 0.95);

inline constexpr std::size_t cells = means.size() * worths.size() * quantiles.size();

} // namespace posterior::beta_axes
