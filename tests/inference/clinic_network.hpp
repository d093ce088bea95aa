// Seeded networks of the size and shape that clinics ask about, and patients for them: causes in clusters,
// some brought about by an earlier cause; findings with a few causes each; positive findings that one to four
// causes explain, and findings nearby that are absent.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/inference/network.hpp"
#include "tests/inference/random_network.hpp"

namespace posterior::inference::judge {

struct clinic_shape {
  int causes, findings;
  double mean_parents; // of a finding
  double stop;         // e^(1 - mean_parents), written out: library functions differ in their last bit
  int most_parents;
  double chained; // share of causes that an earlier cause brings about
  int cluster;    // causes a cluster
  double stays;   // share of links that stay in their cluster
};

inline constexpr clinic_shape clinic_5x60{5, 60, 3, 0.1353352832366127, 5, 0.3, 5, 1};
inline constexpr clinic_shape clinic_50x500{50, 500, 3, 0.1353352832366127, 8, 0.5, 10, 0.85};
inline constexpr clinic_shape clinic_1000x10000{1000, 10000, 3, 0.1353352832366127, 8, 0.5, 10, 0.9};
inline constexpr clinic_shape dense_50x500{50, 500, 6, 0, 6, 0, 50, 1};

inline int parents_of_one(dice& d, const clinic_shape& s) {
  if (s.mean_parents >= s.most_parents)
    return s.most_parents;
  int k = 0;
  for (double p = d.unit(); p > s.stop; p *= d.unit())
    ++k;
  return std::min({1 + k, s.most_parents, s.causes});
}

// Causes come first, then findings.
inline network clinic_network(const clinic_shape& s, std::uint64_t seed) {
  dice d(seed);
  network net;
  for (int c = 0; c < s.causes; ++c) {
    net.leak.push_back(0.02 + 0.18 * d.unit());
    if (c > 0 && d.unit() < s.chained) {
      const int first = std::max(0, c - 4);
      net.links.push_back({first + d.below(c - first), c, 0.15 + 0.5 * d.unit()});
    }
  }
  const int clusters = std::max(1, s.causes / s.cluster);
  for (int f = 0; f < s.findings; ++f) {
    net.leak.push_back(0.005 + 0.075 * d.unit());
    const int home = d.below(clusters);
    std::vector<int> chosen;
    const auto wanted = static_cast<std::size_t>(parents_of_one(d, s));
    for (int tries = 0; chosen.size() < wanted && tries < 200; ++tries) {
      const int low = home * s.causes / clusters, high = (home + 1) * s.causes / clusters;
      const int c = d.unit() < s.stays ? low + d.below(high - low) : d.below(s.causes);
      if (std::find(chosen.begin(), chosen.end(), c) == chosen.end())
        chosen.push_back(c);
    }
    std::sort(chosen.begin(), chosen.end());
    for (int c : chosen)
      net.links.push_back({c, net.size() - 1, 0.1 + 0.85 * d.unit()});
  }
  return net;
}

// A patient: some neighbouring causes are present and others as the network has it; the findings they show
// first, then others near by. Where too few are present, the nearest absent ones are taken as present.
inline std::vector<likelihood> clinic_patient(const network& net, int causes, int positive, int negative,
                                              std::uint64_t seed) {
  dice d(seed);
  std::vector<std::vector<std::pair<int, double>>> in(net.leak.size());
  for (const auto& l : net.links)
    in[static_cast<std::size_t>(l.to)].emplace_back(l.from, l.p);
  std::vector<bool> on(net.leak.size());
  const int base = d.below(causes);
  for (int k = 1 + d.below(4); k > 0; --k)
    on[static_cast<std::size_t>((base + d.below(std::min(causes, 8))) % causes)] = true;
  std::vector<std::pair<double, int>> shown, silent;
  for (std::size_t v = 0; v < net.leak.size(); ++v) {
    double off = 1 - net.leak[v] * (v < static_cast<std::size_t>(causes) ? 0.2 : 1);
    bool near = false, acted = false;
    for (const auto& [from, p] : in[v]) {
      near = near || (from - base + causes) % causes < 12;
      if (on[static_cast<std::size_t>(from)]) {
        off *= 1 - p;
        acted = true;
      }
    }
    if (v < static_cast<std::size_t>(causes)) {
      on[v] = on[v] || d.unit() > off;
      continue;
    }
    const double key = d.unit() + (near ? 0 : 2) + (acted ? 0 : 1);
    (d.unit() > off ? shown : silent).emplace_back(key, static_cast<int>(v));
  }
  std::sort(shown.begin(), shown.end());
  std::sort(silent.begin(), silent.end());
  std::vector<likelihood> seen;
  for (std::size_t i = 0; i < shown.size() && i < static_cast<std::size_t>(positive); ++i)
    seen.push_back({shown[i].second, 0, 1});
  std::size_t next = 0;
  for (; next < silent.size() && next < static_cast<std::size_t>(negative); ++next)
    seen.push_back({silent[next].second, 1, 0});
  const auto present = std::min<std::size_t>(shown.size(), static_cast<std::size_t>(positive));
  for (std::size_t k = present; k < static_cast<std::size_t>(positive) && next < silent.size(); ++k, ++next)
    seen.push_back({silent[next].second, 0, 1});
  std::sort(seen.begin(), seen.end(),
            [](const likelihood& a, const likelihood& b) { return a.node < b.node; });
  return seen;
}

} // namespace posterior::inference::judge
