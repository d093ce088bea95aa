// Questions for the lower rungs: networks with evidence, and the nodes that are not known for certain.
#pragma once

#include <vector>

#include "tests/inference/dense_network.hpp"
#include "tests/inference/random_network.hpp"

namespace posterior::inference::judge {

struct question {
  network net;
  std::vector<likelihood> seen;
  std::vector<node_index> targets;
};

inline question random_question(std::uint64_t seed, int most) {
  dice d(seed);
  question q;
  q.net = random_network(d, most);
  q.seen = random_evidence(d, q.net);
  std::vector<bool> known(q.net.leak.size());
  for (const likelihood& l : q.seen)
    if (l.absent == 0 || l.present == 0)
      known[static_cast<std::size_t>(l.node)] = true;
  for (node_index v = 0; v < q.net.size(); ++v)
    if (!known[static_cast<std::size_t>(v)])
      q.targets.push_back(v);
  return q;
}

// Seven causes and six findings, four links each: small enough for brute force.
inline question small_dense(std::uint64_t seed) {
  const auto c = dense(seed, 5, {7, 6, 4, 1});
  return {c.net, c.seen, c.causes};
}

inline question large_dense(std::uint64_t seed, int positives) {
  const auto c = dense(seed, positives);
  return {c.net, c.seen, c.causes};
}

} // namespace posterior::inference::judge
