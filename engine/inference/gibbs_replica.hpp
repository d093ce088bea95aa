// One world of a Markov chain, and its moves. Inside of gibbs.cpp, which runs several of them at different
// heats. Borrows network, model and targets; one thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/inference/gibbs_model.hpp"
#include "engine/inference/network.hpp"
#include "engine/inference/splitmix.hpp"

namespace posterior::inference {

// Numbers of one chain. Rationale: the seed is scattered first. Seeds in the generator's own step would give
// one sequence, a few draws apart.
class dice : public splitmix {
public:
  explicit dice(std::uint64_t seed)
      : splitmix(scattered(seed ^ 0x706F73746572696Fu)) {}
};

// Sums over one piece of one chain: of weight * value, and of weight.
struct piece {
  std::vector<double> value, weight;
};

// P(absent), P(present) of a node under its parents.
struct odds {
  double off, on;
};

// `heat` 0 to 3: the evidence counts with the power 1 - heat/4.
class replica {
public:
  replica(const network& net, const gibbs_model& m, std::span<const node_index> targets,
          std::span<const node_index> watched, int heat, std::uint64_t seed);

  // False: the world that allows most does not allow the evidence, so none does.
  bool possible();

  // One sweep; adds what it says about the targets to `into`, if given, and about what hangs below if `wide`.
  void sweep(piece* into, bool wide);

  // Logarithm of what the evidence says about this world.
  double evidence() const;

  // Exchanges the worlds, not the heats.
  void swap_world(replica& other);

private:
  static void note(piece& p, std::size_t k, double value, double weight);

  void find_exchanges();

  // Everything present that can be; the chains part from there by their own dice.
  void start();

  void renew();

  void act(std::size_t u, const gibbs_model::arc& a);

  std::uint32_t config_of(const network::table& t) const;

  std::uint32_t bit_of(node_index parent, node_index child) const;

  odds hard(std::size_t u, double off, int acting, int sure, std::uint32_t config) const;

  double weigh(std::size_t u, const odds& o) const;

  // What the node's own state or evidence says about these parents.
  double factor(node_index v, double off, int acting, int sure, std::uint32_t config) const;

  // The factor of one effect with its cause `v` absent and present.
  odds effect(node_index v, const gibbs_model::arc& a) const;

  // Unnormalised weights of v absent and present, everything else as it is.
  odds both(node_index v) const;

  double chance(node_index v) const;

  void set(node_index v, bool on);

  // How much likelier the world is with v the other way; then turns it. 0 if it cannot be turned.
  double turn(node_index v);

  void exchange(const std::vector<node_index>& causes);

  void flip(const std::vector<node_index>& block);

  double true_over_soft() const;

  // Nodes without evidence below them are drawn parents first; then it is known whether any watched link
  // fired.
  void look_below(piece& into, double weight);

  // P(no watched link fires | this world): every present node is there for another reason.
  double none_fires() const;

  const network& net_;
  const gibbs_model& m_;
  std::span<const node_index> targets_;
  int heat_;
  dice dice_;
  std::vector<std::uint8_t> x_;
  std::vector<int> acting_, sure_; // causes that are present; those of them that bring it about for certain
  std::vector<std::uint32_t> config_;
  std::vector<double> off_;
  std::vector<bool> is_watched_;
  bool has_watched_ = false;
  std::vector<std::int32_t> target_of_;
  std::vector<std::vector<node_index>> exchanges_;
};

} // namespace posterior::inference
