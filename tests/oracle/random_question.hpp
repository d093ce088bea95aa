// Seeded random questions with everything that a network may hold: any acyclic shape, zero leaks,
// probabilities 0 and 1, pairs, tables, graded leaves, certain and uncertain observations, some of them
// contradictory.
#pragma once

#include <algorithm>
#include <string>

#include "engine/inference/question.hpp"
#include "tests/inference/random_network.hpp"

namespace posterior::inference::judge {

inline std::vector<double> random_distribution(dice& d, std::size_t grades) {
  std::vector<double> p(grades);
  double sum = 0;
  for (double& x : p)
    sum += x = d.below(5) == 0 ? 0 : d.below(8) == 0 ? d.unit() * 1e-9 : d.unit();
  if (!(sum > 0))
    sum = p.front() = 1;
  for (double& x : p)
    x /= sum;
  return p;
}

// Up to `most` different nodes below `end`.
inline std::vector<node_index> random_parents(dice& d, node_index end, int most) {
  std::vector<node_index> all, out;
  for (node_index v = 0; v < end; ++v)
    all.push_back(v);
  for (int k = d.below(most + 1); k > 0 && !all.empty(); --k) {
    const auto at = d.below(static_cast<int>(all.size()));
    out.push_back(all[static_cast<std::size_t>(at)]);
    all.erase(all.begin() + at);
  }
  return out;
}

// Some nodes that no shock strikes get a table instead of leak and links.
inline void add_tables(dice& d, network& net) {
  std::vector<bool> struck(net.leak.size());
  for (const auto& s : net.shocks)
    struck[static_cast<std::size_t>(s.a)] = struck[static_cast<std::size_t>(s.b)] = true;
  for (node_index v = 0; v < net.size(); ++v) {
    if (struck[static_cast<std::size_t>(v)] || d.below(4) != 0)
      continue;
    std::erase_if(net.links, [&](const auto& l) { return l.to == v; });
    net.leak[static_cast<std::size_t>(v)] = 0;
    network::table t{v, random_parents(d, v, 4), {}};
    for (std::size_t c = 0; c < (std::size_t{1} << t.parents.size()); ++c)
      t.present.push_back(probability(d));
    net.tables.push_back(std::move(t));
  }
}

inline void add_graded(dice& d, network_question& q) {
  const node_index plain = q.net.size();
  for (int k = d.below(3); k > 0; --k) {
    q.net.leak.push_back(0);
    const auto grades = static_cast<std::size_t>(2 + d.below(4));
    graded_leaf leaf{q.net.size() - 1, random_distribution(d, grades), {}};
    for (node_index from : random_parents(d, plain, static_cast<int>(most_uncertain_parents)))
      leaf.links.push_back({from, random_distribution(d, grades)});
    q.graded.push_back(std::move(leaf));
  }
}

inline void observe_grades(dice& d, network_question& q) {
  for (const auto& leaf : q.graded)
    for (int rows = d.below(3); rows > 0; --rows) {
      std::vector<double> seen(leaf.grades());
      if (d.below(3) > 0)
        seen[static_cast<std::size_t>(d.below(static_cast<int>(seen.size())))] = 1;
      else
        for (double& x : seen)
          x = d.unit();
      q.seen.push_back({leaf.node, seen});
    }
}

inline network_question random_question(dice& d, int most) {
  network_question q;
  q.net = random_network(d, most);
  if (d.below(3) == 0)
    add_tables(d, q.net);
  for (const likelihood& l : random_evidence(d, q.net))
    q.seen.push_back({l.node, {l.absent, l.present}});
  // What nothing was observed about or below must be common, too.
  if (d.below(3) == 0)
    std::erase_if(q.seen, [&](const observation&) { return d.below(3) > 0; });
  // Links that always fire, and few of them: nodes that only pass on.
  if (d.below(3) == 0) {
    std::erase_if(q.net.links, [&](const auto&) { return d.below(2) == 0; });
    for (auto& l : q.net.links)
      l.p = d.below(3) > 0 ? 1 : l.p;
  }
  if (d.below(2) == 0)
    add_graded(d, q);
  observe_grades(d, q);
  for (node_index v = 0; v < q.net.size(); ++v)
    q.ids.push_back("n" + std::to_string(v));
  return q;
}

} // namespace posterior::inference::judge
