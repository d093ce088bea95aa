// What it means for a schedule that nodes outside of it are absent.
//
// A node that nothing observed hangs below is not part of the schedule, and need not be: that it is absent
// means that its leak and the links into it did not act, which only weighs on its parents. If all of them are
// in the schedule that is one factor on each:
//   P(v absent | parents) = (1 - leak) * product over present parents of (1 - q).
// A parent u that is itself outside is summed out: not(v brought about by u) = (1 - q) + q * (u absent), so
// each one doubles the number of terms, all of them positive. So one more lane of the schedule gives
// P(cause, v absent | evidence) for every cause, and no table grows.
//
// Borrows everything it is given; one thread.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "engine/inference/evidence.hpp"
#include "engine/inference/grounding.hpp"
#include "engine/inference/program.hpp"

namespace posterior::inference {

// One term: weights to change, and what to multiply P(evidence) with.
struct absence {
  double factor = 1;
  std::vector<likelihood> on;       // on nodes of the schedule
  std::vector<node_index> unstruck; // network shocks that cannot have happened
};

class absences {
public:
  absences(const grounding& ground, const evidence& seen, const program& p);

  // P(all of these absent | nodes of the schedule) as a sum of terms, parameters as in draw `i` of `numbers`.
  // Nothing if there would be more than `most` terms, or if one of the nodes has a table of its own.
  std::optional<std::vector<absence>> of(std::span<const node_index> nodes, const parameters& numbers, int i,
                                         std::size_t most = 8) const;

private:
  struct partial; // a term that still has parents outside to be summed out
  bool inside(node_index v) const { return program_.local_of[static_cast<std::size_t>(v)] >= 0; }
  bool has_table(node_index v) const;
  double risk_factor(node_index v, const parameters& numbers, int i) const;
  void hold(partial& t, node_index v, const parameters& numbers, int i) const;
  node_index next_outside(const partial& t) const;
  absence finished(const partial& t) const;

  const grounding& ground_;
  const program& program_;
  std::vector<likelihood> seen_;                           // at the means
  std::vector<std::vector<std::size_t>> into_, shocks_at_; // links and shocks of each node
  std::vector<std::vector<const risk_link*>> risks_into_;  // by node
  std::vector<int> rank_;                                  // parents before children
};

} // namespace posterior::inference
