// Inside of most_probable() and balance_sheets(): factors over yes-no variables, eliminated one variable
// after the other by taking the greater half, and the best assignments read back. Not for other folders.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace posterior::inference {

// A non-negative number for each combination of the variables of `scope` (ascending); bit k of a cell's
// number is scope[k].
struct max_factor {
  std::vector<int> scope;
  std::vector<double> cell;
};

// What elimination leaves for reading back: for each variable, the product of everything that mentioned it.
struct bucket {
  int variable = -1;
  max_factor all; // scope holds `variable` and variables that are eliminated later
};

// Least-fill order. Nothing if the tables would have more than `most_cells` cells in all; `cost` is what they
// have (or would have).
// Variables that are `kept` are not eliminated; empty: all are.
std::optional<std::vector<int>> max_order(int variables, const std::vector<max_factor>& factors,
                                          double most_cells, double& cost,
                                          const std::vector<bool>& kept = {});

// Buckets in elimination order.
std::vector<bucket> eliminate_by_max(const std::vector<int>& order, std::vector<max_factor> factors);

// The `most` assignments with the greatest product of all factors, greatest first; none with product zero.
std::vector<std::vector<bool>> best_assignments(const std::vector<bucket>& buckets, int most);

// The sum over the variables of `order` of the product of all factors, multiplied into `into`, whose scope
// holds every other variable.
max_factor sum_out(const std::vector<int>& order, std::vector<max_factor> factors, max_factor into);

} // namespace posterior::inference
