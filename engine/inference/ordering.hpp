// Inside of planner: a good order in which to eliminate the nodes of what peeling left. Not for other
// folders.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/inference/relevant.hpp"
#include "engine/inference/splitmix.hpp"

namespace posterior::inference {

// Cells of a table over this many bits.
inline double cells(int bits) {
  return bits < 63 ? static_cast<double>(std::uint64_t{1} << bits) : 0x1p63;
}

// A step of elimination. A node that something brings about is first completed (everything that brings it
// about has been put together), later summed out; a root, and a node with a table of its own, is only summed;
// a leaf is completed and summed in one step.
struct step {
  node_index node;
  enum class what : std::uint8_t { complete, sum, both } kind;
};

enum class rule : std::uint8_t { smallest_table, least_fill };

// Eliminates on a graph of variables; memory is reused.
class orderer {
public:
  // The steps for everything that peeling left. `attempt` 0 is plain; others weigh the scores by noise seeded
  // with it. Gives up (no steps) once the cost exceeds `limit` cells.
  const std::vector<step>& order(const relevant& r, rule by, int attempt, double limit);
  // Of the last order: sum over steps of cells of its table.
  double cost() const { return cost_; }

private:
  using word = std::uint64_t;
  static std::size_t ix(node_index v) { return static_cast<std::size_t>(v); }
  void make_variables(const relevant& r);
  void connect(const relevant& r);
  word* row(std::size_t v) { return near_.data() + v * words_; }
  void join(std::size_t a, std::size_t b);
  int degree(std::size_t v);
  double score(std::size_t v);
  double noise();
  void eliminate(std::size_t v);
  template <typename F>
  void each(std::size_t v, F f);

  struct variable {
    node_index node;
    step::what kind;
    std::int32_t twin = -1; // of an effect that is completed: the node as given
    bool ready = true;      // may be eliminated: a given only once complete
  };
  std::vector<variable> variables_;
  std::vector<std::int32_t> effect_, given_; // by node; equal for leaves and roots
  std::vector<double> scores_;               // infinite: gone, or not ready
  std::vector<std::uint8_t> dirty_;
  std::vector<word> near_, clique_;
  std::size_t words_ = 0;
  std::vector<step> steps_;
  double cost_ = 0;
  rule by_ = rule::smallest_table;
  int attempt_ = 0;
  splitmix numbers_{0};
};

} // namespace posterior::inference
