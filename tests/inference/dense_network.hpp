// Seeded networks that are hard for tables: every finding may be brought about by six causes anywhere in the
// network, so that positive findings tie all causes together. And cases on them.
#pragma once

#include <algorithm>
#include <vector>

#include "tests/inference/random_network.hpp"

namespace posterior::inference::judge {

struct dense_case {
  network net;
  std::vector<likelihood> seen;
  std::vector<node_index> causes;
};

struct dense_shape {
  int causes = 50, findings = 500, links = 6, negatives = 50;
};

inline double between(dice& d, double low, double high) {
  return low + (high - low) * d.unit();
}

inline network dense_network(dice& d, const dense_shape& s) {
  network net;
  for (int c = 0; c < s.causes; ++c)
    net.leak.push_back(between(d, 0.02, 0.2));
  for (int f = 0; f < s.findings; ++f) {
    net.leak.push_back(between(d, 0.005, 0.08));
    std::vector<int> parents;
    while (static_cast<int>(parents.size()) < s.links)
      if (const int c = d.below(s.causes); std::find(parents.begin(), parents.end(), c) == parents.end())
        parents.push_back(c);
    for (int c : parents)
      net.links.push_back({c, s.causes + f, between(d, 0.1, 0.95)});
  }
  return net;
}

// Which findings a patient with `ill` true causes would have.
inline std::vector<bool> findings_of_patient(dice& d, const network& net, const dense_shape& s, int ill) {
  std::vector<bool> on(net.leak.size());
  for (int k = 0; k < ill; ++k)
    on[static_cast<std::size_t>(d.below(s.causes))] = true;
  for (std::size_t f = static_cast<std::size_t>(s.causes); f < on.size(); ++f)
    on[f] = d.unit() < net.leak[f];
  for (const auto& l : net.links)
    if (on[static_cast<std::size_t>(l.from)] && d.unit() < l.p)
      on[static_cast<std::size_t>(l.to)] = true;
  return on;
}

// `positives` findings present and `s.negatives` absent, taken from a patient with one to four true causes.
inline dense_case dense(std::uint64_t seed, int positives, const dense_shape& s = {}) {
  dice d(seed);
  dense_case out;
  out.net = dense_network(d, s);
  for (node_index c = 0; c < s.causes; ++c)
    out.causes.push_back(c);
  const auto on = findings_of_patient(d, out.net, s, 1 + d.below(4));
  std::vector<node_index> order;
  for (node_index f = s.causes; f < out.net.size(); ++f)
    order.push_back(f);
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[static_cast<std::size_t>(d.below(static_cast<int>(i)))]);
  int present = 0, absent = 0;
  for (node_index f : order) {
    const bool is_on = on[static_cast<std::size_t>(f)];
    int& count = is_on ? present : absent;
    if (count >= (is_on ? positives : s.negatives))
      continue;
    ++count;
    out.seen.push_back({f, is_on ? 0.0 : 1.0, is_on ? 1.0 : 0.0});
  }
  return out;
}

} // namespace posterior::inference::judge
