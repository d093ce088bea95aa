// One query in plain terms: a network, what was observed, and the posteriors wanted. Wraps program and
// machine for callers that need a single lane; lanes.hpp users fill weights themselves. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/inference/machine.hpp"
#include "engine/inference/network.hpp"
#include "engine/inference/planner.hpp"
#include "engine/inference/program.hpp"

namespace posterior::inference {

// A run may touch this many table cells and keep this many bytes; beyond that the answer is not exact any
// more.
inline constexpr double exact_cost_limit = 0x1p26;
inline constexpr double memory_limit = 256.0 * 1024 * 1024;

// The weights of a program for the network's own numbers, in every lane.
template <typename T>
weights<T> base_weights(const network& net, const program& p, std::span<const likelihood> seen);

enum class outcome : std::uint8_t { answered, contradiction, loop, too_wide };

struct answer {
  outcome what = outcome::answered;
  std::vector<double> posterior; // by network node; those that do not matter for evidence or targets hold -1
  double evidence = 0;           // P(evidence) = evidence * 2^exponent
  double exponent = 0;
  int width = 0;
  double cost = 0;
};

answer solve(const network& net, std::span<const likelihood> seen, std::span<const node_index> targets);

// The same for many queries on one network.
answer solve(const layout& map, std::span<const likelihood> seen, std::span<const node_index> targets,
             planner& plans, machine<double>& tables);

// log10 of value * 2^exponent; minus infinity for nothing.
double log10_of(double value, double exponent);

// Numbers of `seen` that together are impossible: a smallest such set where it has few members, as
// smallest_conflict() promises (conflict.hpp, 5,000 tries); empty if the evidence is possible. In
// conflict.cpp.
std::vector<std::size_t> conflicting(const network& net, std::span<const likelihood> seen);

} // namespace posterior::inference
