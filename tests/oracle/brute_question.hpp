// The slow, obvious judge of whole questions: sums over every combination of all nodes, of the hidden common
// causes and of the grades, in 128-bit floats. It knows the definitions and no algorithm.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/inference/question.hpp"
#include "tests/inference/brute.hpp"

namespace posterior::inference::judge {

struct whole_truth {
  wide evidence = 0;
  std::vector<wide> posterior;           // of graded leaves: P(grade 1 or more)
  std::vector<std::vector<wide>> grades; // by graded leaf
};

// P(grade v | world): the highest of independent contributions. Each contribution's grade is enumerated, so
// this is the definition itself.
inline std::vector<wide> grades_in(const graded_leaf& leaf, std::uint64_t world) {
  std::vector<wide> now(leaf.leak.begin(), leaf.leak.end());
  for (const auto& l : leaf.links) {
    if (((world >> l.from) & 1) == 0)
      continue;
    std::vector<wide> next(now.size(), 0);
    for (std::size_t a = 0; a < now.size(); ++a)
      for (std::size_t b = 0; b < now.size(); ++b)
        next[a > b ? a : b] += now[a] * wide(l.p[b]);
    now = next;
  }
  return now;
}

class world_sum {
public:
  explicit world_sum(const network_question& q)
      : q_(q)
      , graded_(q.net.leak.size(), -1)
      , table_(q.net.leak.size(), -1) {
    for (std::size_t g = 0; g < q.graded.size(); ++g)
      graded_[static_cast<std::size_t>(q.graded[g].node)] = static_cast<int>(g);
    for (std::size_t t = 0; t < q.net.tables.size(); ++t)
      table_[static_cast<std::size_t>(q.net.tables[t].node)] = static_cast<int>(t);
    for (const auto& leaf : q.graded)
      out_.grades.emplace_back(leaf.leak.size(), wide(0));
    out_.posterior.assign(q.net.leak.size(), 0);
  }

  whole_truth all() {
    const std::size_t bits = q_.net.leak.size() + q_.net.shocks.size();
    for (std::uint64_t world = 0; world < (std::uint64_t{1} << bits); ++world)
      if (graded_absent(world))
        add(world);
    if (out_.evidence > 0) {
      for (wide& x : out_.posterior)
        x /= out_.evidence;
      for (auto& leaf : out_.grades)
        for (wide& x : leaf)
          x /= out_.evidence;
    }
    return out_;
  }

private:
  // Graded leaves are summed by their grades, so their bit stays off.
  bool graded_absent(std::uint64_t world) const {
    for (const auto& leaf : q_.graded)
      if ((world >> leaf.node) & 1)
        return false;
    return true;
  }

  wide off_by_noisy_or(std::uint64_t world, std::size_t v) const {
    wide off = wide(1) - wide(q_.net.leak[v]);
    for (std::size_t s = 0; s < q_.net.shocks.size(); ++s) {
      const auto& shock = q_.net.shocks[s];
      const bool here = static_cast<std::size_t>(shock.a) == v || static_cast<std::size_t>(shock.b) == v;
      if (here && ((world >> (q_.net.leak.size() + s)) & 1))
        off = 0;
    }
    for (const auto& l : q_.net.links)
      if (static_cast<std::size_t>(l.to) == v && ((world >> l.from) & 1))
        off *= wide(1) - wide(l.p);
    return off;
  }

  wide off_by_table(std::uint64_t world, const network::table& t) const {
    std::size_t cell = 0;
    for (std::size_t i = 0; i < t.parents.size(); ++i)
      cell |= static_cast<std::size_t>((world >> t.parents[i]) & 1) << i;
    return wide(1) - wide(t.present[cell]);
  }

  void add(std::uint64_t world) {
    wide p = 1;
    for (std::size_t s = 0; s < q_.net.shocks.size(); ++s)
      p *= ((world >> (q_.net.leak.size() + s)) & 1) ? wide(q_.net.shocks[s].p)
                                                     : wide(1) - wide(q_.net.shocks[s].p);
    for (std::size_t v = 0; v < q_.net.leak.size(); ++v) {
      if (graded_[v] >= 0)
        continue;
      const wide off = table_[v] >= 0
                           ? off_by_table(world, q_.net.tables[static_cast<std::size_t>(table_[v])])
                           : off_by_noisy_or(world, v);
      p *= ((world >> v) & 1) ? wide(1) - off : off;
    }
    for (const observation& o : q_.seen)
      if (graded_[static_cast<std::size_t>(o.node)] < 0)
        p *= wide(o.likelihood[(world >> o.node) & 1]);
    add_grades(world, p);
  }

  // The leaves are independent given the world: P(world, e) is a product of sums over grades.
  void add_grades(std::uint64_t world, wide p) {
    std::vector<std::vector<wide>> seen;
    std::vector<wide> sums;
    for (const auto& leaf : q_.graded) {
      seen.push_back(grades_in(leaf, world));
      for (const observation& o : q_.seen)
        if (o.node == leaf.node)
          for (std::size_t v = 0; v < seen.back().size(); ++v)
            seen.back()[v] *= wide(o.likelihood[v]);
      sums.push_back(0);
      for (wide x : seen.back())
        sums.back() += x;
    }
    wide all = p;
    for (wide x : sums)
      all *= x;
    out_.evidence += all;
    for (std::size_t v = 0; v < out_.posterior.size(); ++v)
      if ((world >> v) & 1)
        out_.posterior[v] += all;
    for (std::size_t g = 0; g < seen.size(); ++g) {
      wide others = p;
      for (std::size_t h = 0; h < sums.size(); ++h)
        if (h != g)
          others *= sums[h];
      for (std::size_t v = 0; v < seen[g].size(); ++v) {
        out_.grades[g][v] += others * seen[g][v];
        if (v > 0)
          out_.posterior[static_cast<std::size_t>(q_.graded[g].node)] += others * seen[g][v];
      }
    }
  }

  const network_question& q_;
  std::vector<int> graded_, table_; // by node: number, or -1
  whole_truth out_;
};

inline whole_truth brute(const network_question& q) {
  return world_sum(q).all();
}

} // namespace posterior::inference::judge
