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

// A node with a table over two or three of the others, and a noisy finding below it; what was seen of both.
inline question question_with_table(std::uint64_t seed, int most) {
  question q = random_question(seed, most);
  dice d(seed + 1'000'000);
  network::table t{q.net.size(), {}, {}};
  for (node_index v = 0; v < q.net.size() && t.parents.size() < 3; ++v)
    if (d.below(2) == 0 || q.net.size() - v <= static_cast<node_index>(2 - t.parents.size()))
      t.parents.push_back(v);
  for (std::size_t c = 0; c < std::size_t{1} << t.parents.size(); ++c)
    t.present.push_back(probability(d));
  q.net.leak.insert(q.net.leak.end(), {0.0, 0.1 * d.unit()});
  q.net.links.push_back({t.node, t.node + 1, 0.2 + 0.7 * d.unit()});
  q.net.tables.push_back(std::move(t));
  q.seen.push_back({q.net.size() - 1, 0.1 * d.unit(), 1});
  q.targets.insert(q.targets.end(), {q.net.size() - 2, q.net.size() - 1});
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
