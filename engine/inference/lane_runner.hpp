// Many variations of one query over one schedule, eight at a time: parameter draws, theories switched off,
// findings left out, states held absent. Borrows everything it is given, the machine's tables too; one
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/inference/evidence.hpp"
#include "engine/inference/grounding.hpp"
#include "engine/inference/machine.hpp"
#include "engine/inference/parameters.hpp"
#include "engine/inference/program.hpp"

namespace posterior::inference {

// A contested mechanism: the probability that it exists at all, and the nodes that cannot be present if it
// does not.
struct theory_nodes {
  const kb::theory* statement = nullptr;
  std::vector<node_index> causes;
};

// One variation. Node numbers are the network's.
struct variation {
  int draw = -1;                  // of the parameters; -1 the means
  std::uint32_t theories_off = 0; // bit k: theory k does not hold
  bool without_evidence = false;
  std::string_view without_group;          // this group of findings is left out
  bool no_cause_acts = false;              // no link out of a modelled cause fires
  node_index leak_only = -1;               // no link into this node fires
  node_index absent = -1, absent_too = -1; // held absent
  std::optional<likelihood> also;          // one more observation
};

struct run_result {
  double evidence = 0; // P(evidence) = evidence * 2^exponent
  double exponent = 0;
  std::vector<double> posterior; // of the wanted nodes, in their order
};

// evidence(a) / evidence(b) as a plain number.
double evidence_ratio(const run_result& a, const run_result& b);

class lane_runner {
public:
  lane_runner(const grounding& ground, const evidence& seen, const program& p, const parameters& numbers,
              const std::vector<theory_nodes>& theories, machine<lanes>& tables);

  // Results in the order of `what`. `wanted` must be nodes of the program. With `forward_only` no posteriors
  // are made.
  std::vector<run_result> run(std::span<const variation> what, std::span<const node_index> wanted,
                              bool forward_only = false);

private:
  void fill(weights<lanes>& w, int lane, const variation& v) const;
  void fill_draw(weights<lanes>& w, int lane, int draw) const;
  void fill_evidence(weights<lanes>& w, int lane, const variation& v,
                     const std::vector<likelihood>& seen) const;
  void fill_risks(weights<lanes>& w, int lane, const variation& v, const std::vector<likelihood>& seen) const;
  void release(weights<lanes>& w, int lane, std::size_t denied) const;
  void switch_off(weights<lanes>& w, int lane, node_index cause) const;
  void silence(weights<lanes>& w, int lane, std::size_t local_link) const;
  std::size_t local(node_index v) const {
    return static_cast<std::size_t>(program_.local_of[static_cast<std::size_t>(v)]);
  }

  const grounding& ground_;
  const evidence& seen_;
  const program& program_;
  const parameters& numbers_;
  const std::vector<theory_nodes>& theories_;
  machine<lanes>& machine_;
  weights<lanes> base_; // means, no evidence
  std::vector<likelihood> mean_evidence_, no_evidence_;
  std::vector<const risk_link*> risks_; // into nodes of the program
};

} // namespace posterior::inference
