// Seeded random networks and cases for the judges: any acyclic shape, zero leaks, probabilities 0 and 1,
// shocks, virtual evidence.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/inference/network.hpp"

namespace posterior::inference::judge {

class dice {
public:
  explicit dice(std::uint64_t seed)
      : state_(seed) {}
  std::uint64_t next() { // SplitMix64
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  int below(int n) { return static_cast<int>(unit() * n); }

private:
  std::uint64_t state_;
};

inline double probability(dice& d) {
  const int kind = d.below(12);
  return kind == 0 ? 0.0 : kind == 1 ? 1.0 : kind == 2 ? d.unit() * 1e-6 : d.unit();
}

inline network random_network(dice& d, int most) {
  network net;
  const int n = 2 + d.below(most - 1);
  for (int v = 0; v < n; ++v)
    net.leak.push_back(d.below(6) == 0 ? 0.0 : d.unit() * d.unit());
  const double density = d.unit() * 0.6;
  for (int to = 1; to < n; ++to)
    for (int from = 0; from < to; ++from)
      if (d.unit() < density)
        net.links.push_back({from, to, probability(d)});
  const int shocks = n > 3 ? d.below(4) : 0;
  std::vector<int> free;
  for (int v = 0; v < n; ++v)
    free.push_back(v);
  for (int s = 0; s < shocks && free.size() >= 2; ++s) {
    int ends[2];
    for (int& e : ends) {
      const auto at = static_cast<std::size_t>(d.below(static_cast<int>(free.size())));
      e = free[at];
      free.erase(free.begin() + static_cast<std::ptrdiff_t>(at));
    }
    net.shocks.push_back({ends[0], ends[1], d.unit()});
  }
  return net;
}

inline std::vector<likelihood> random_evidence(dice& d, const network& net) {
  std::vector<likelihood> seen;
  for (node_index v = 0; v < net.size(); ++v) {
    switch (d.below(5)) {
    case 0:
      seen.push_back({v, 0, 1});
      break;
    case 1:
      seen.push_back({v, 1, 0});
      break;
    case 2:
      seen.push_back({v, d.unit(), d.unit()});
      break;
    default:
      break;
    }
  }
  return seen;
}

} // namespace posterior::inference::judge
