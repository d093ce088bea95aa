// How far the posteriors of a network may lie apart given how sure its numbers are: every leak, link and
// shock is a Beta distribution with the network's number as its mean; the query is run once for each draw of
// a Latin hypercube over them, several draws at a time, and of each posterior the 5 % and 95 % points are
// taken.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "engine/inference/layout.hpp"
#include "engine/inference/machine.hpp"
#include "engine/inference/parameters.hpp"
#include "engine/inference/planner.hpp"

namespace posterior::inference {

// How many observations a number is worth; 0: it is certain. Numbers of the same name are the same and are
// drawn once (their means must be equal).
struct doubt {
  stream name = 0;
  double worth = 0;
};

// By node, link and shock of the network.
struct doubts {
  std::vector<doubt> leaks, links, shocks;
};

struct end_points {
  double low = 0, high = 1;
};

// 5 % and 95 % points of equally likely values, whose order is changed by this. [0, 1] if there are none.
end_points ends_of(std::vector<double>& values);

// Keeps the draws of every number that a query needed, so that later queries on the same network find them
// made. Borrows the layout; owns its tables. One thread.
class interval_maker {
public:
  interval_maker(const layout& map, doubts how_sure, int draws);

  // By target. Targets that neither evidence nor target bears on have the points of their prior. Empty if the
  // evidence is impossible in every draw, or the network too wide for tables.
  std::vector<end_points> run(std::span<const likelihood> seen, std::span<const node_index> targets);

private:
  struct row {
    const float* values; // by draw; nullptr: certain
    double mean;
  };
  row drawn(const doubt& d, double mean);
  void fill(std::size_t first, weights<lanes>& w) const;
  void collect_rows(const program& p);

  const layout& map_;
  doubts how_sure_;
  beta_slicer slicer_;
  std::vector<float> slices_;
  std::unordered_map<stream, std::vector<float>> made_; // looked up by name only, never walked
  planner plans_;
  machine<lanes> tables_;
  std::vector<row> leaks_, links_, shocks_; // of the program at hand
};

} // namespace posterior::inference
