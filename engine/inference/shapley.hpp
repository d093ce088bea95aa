// The balance sheet: how far each group of findings moved a cause, so that the parts add up to the whole.
//
// v(S) = logit P(cause | the findings of the groups in S), the others not asked. A group's share is what it
// adds to v, averaged over all orders in which the groups could have come (Shapley value). It has what a
// sheet must have: the shares add up to v(all) - v(none); groups that do the same get the same; a group that
// never moves the cause gets nought. The weight of one group left out (the headline) has none of the first
// two. Pure; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "engine/inference/network.hpp"

namespace posterior::inference {

struct balance {
  double nothing = 0, everything = 0; // v of no group and of all, in natural log-odds
  std::vector<double> share;          // by group
  std::vector<double> error;          // standard error of each share; 0 where exact
  bool exact = true;
};

// Which groups are kept, by group.
using group_set = std::vector<bool>;

// v of every set, for every target: value[set * targets + target].
using value_function = std::function<std::vector<double>(std::span<const group_set>)>;

// All sets are tried up to this many groups, 2^12 of them.
inline constexpr std::size_t exact_groups = 12;
// Beyond, this many orders: half of them drawn with a fixed seed, the other half the same ones backwards.
inline constexpr std::size_t orders_tried = 64;
inline constexpr std::size_t all_sets = 0; // in place of a number of orders

// One sheet for each target: exact with `all_sets` and at most exact_groups groups, else from so many orders
// (an even number; orders_tried in place of all_sets).
std::vector<balance> balance_sheets(std::size_t groups, std::size_t targets, const value_function& value,
                                    std::size_t orders = all_sets);

// The same for findings given as likelihoods on a plain network, `groups[g]` holding numbers into `seen`.
// Only groups that a target's part of the network hears of cost anything.
std::vector<balance> balance_sheets(const network& net, std::span<const likelihood> seen,
                                    const std::vector<std::vector<std::size_t>>& groups,
                                    std::span<const node_index> targets);

// For each target the groups that can bear on it, ascending: those with a node in the same part of the
// network, where effects that were recorded as absent tie nothing together. `nodes[g]` are what group g
// speaks about.
std::vector<std::vector<std::size_t>> bearing_groups(const network& net,
                                                     const std::vector<std::vector<node_index>>& nodes,
                                                     std::span<const node_index> absent,
                                                     std::span<const node_index> targets);

} // namespace posterior::inference
