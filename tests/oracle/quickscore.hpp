// Quickscore (Heckerman 1989), written from the formula of the paper: for independent causes d and findings
// that are noisy-OR of them,
//   P(F+, F-) = sum over F' of F+ of (-1)^|F'| * prod over f in F' and F- of (1 - leak_f)
//               * prod over d of [ P(no d) + P(d) * prod over f in F' and F- of (1 - p_fd) ].
// The posterior of a cause has its own factor without P(no d). A sum of 2^|F+| terms of changing sign: the
// yardstick for what cancellation does, in any type of number.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/inference/network.hpp"

namespace posterior::inference::judge {

// The first `causes` nodes are roots, the others findings of them.
struct two_layers {
  network net;
  int causes = 0;
  std::vector<node_index> positive, negative;
};

template <typename T>
struct scores {
  T evidence = 0;
  std::vector<T> posterior; // of the causes
};

template <typename T>
scores<T> quickscore(const two_layers& q) {
  const auto n = static_cast<std::size_t>(q.causes);
  const auto silent = [&](node_index f, T& front, std::vector<T>& by_cause) {
    front *= T(1) - T(q.net.leak[static_cast<std::size_t>(f)]);
    for (const auto& l : q.net.links)
      if (l.to == f)
        by_cause[static_cast<std::size_t>(l.from)] *= T(1) - T(l.p);
  };
  T front_negative = 1;
  std::vector<T> negative(n, T(1));
  for (node_index f : q.negative)
    silent(f, front_negative, negative);
  scores<T> out;
  std::vector<T> joint(n, T(0));
  for (std::uint64_t subset = 0; subset < (std::uint64_t{1} << q.positive.size()); ++subset) {
    T term = front_negative;
    std::vector<T> by_cause = negative;
    for (std::size_t i = 0; i < q.positive.size(); ++i)
      if ((subset >> i) & 1) {
        silent(q.positive[i], term, by_cause);
        term = -term;
      }
    for (std::size_t d = 0; d < n; ++d)
      term *= (T(1) - T(q.net.leak[d])) + T(q.net.leak[d]) * by_cause[d];
    out.evidence += term;
    for (std::size_t d = 0; d < n; ++d) {
      const T on = T(q.net.leak[d]) * by_cause[d];
      joint[d] += term * on / ((T(1) - T(q.net.leak[d])) + on);
    }
  }
  for (const T& x : joint)
    out.posterior.push_back(x / out.evidence);
  return out;
}

// The same by the definition: a sum over all sets of causes, with no term below zero.
template <typename T>
scores<T> sum_over_causes(const two_layers& q) {
  const auto n = static_cast<std::size_t>(q.causes);
  std::vector<std::vector<network::link>> into(q.net.leak.size());
  for (const auto& l : q.net.links)
    into[static_cast<std::size_t>(l.to)].push_back(l);
  const auto off = [&](node_index f, std::uint64_t world) {
    T x = T(1) - T(q.net.leak[static_cast<std::size_t>(f)]);
    for (const auto& l : into[static_cast<std::size_t>(f)])
      if ((world >> l.from) & 1)
        x *= T(1) - T(l.p);
    return x;
  };
  scores<T> out;
  out.posterior.assign(n, T(0));
  for (std::uint64_t world = 0; world < (std::uint64_t{1} << n); ++world) {
    T p = 1;
    for (std::size_t d = 0; d < n; ++d)
      p *= ((world >> d) & 1) ? T(q.net.leak[d]) : T(1) - T(q.net.leak[d]);
    for (node_index f : q.negative)
      p *= off(f, world);
    for (node_index f : q.positive)
      p *= T(1) - off(f, world);
    out.evidence += p;
    for (std::size_t d = 0; d < n; ++d)
      if ((world >> d) & 1)
        out.posterior[d] += p;
  }
  for (T& x : out.posterior)
    x /= out.evidence;
  return out;
}

} // namespace posterior::inference::judge
