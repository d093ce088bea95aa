// Many variations of one query over one schedule, as many at a time as T has lanes: parameter draws, theories
// switched off, findings left out, states held absent. Borrows everything it is given, the machine's tables
// too; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/inference/absence.hpp"
#include "engine/inference/evidence.hpp"
#include "engine/inference/grounding.hpp"
#include "engine/inference/machine.hpp"
#include "engine/inference/parameters.hpp"
#include "engine/inference/program.hpp"
#include "engine/inference/what_if.hpp"

namespace posterior::inference {

// A contested mechanism: the probability that it exists at all, and the nodes that cannot be present if it
// does not.
struct theory_nodes {
  const kb::theory* statement = nullptr;
  std::vector<node_index> causes;
};

// One parameter with another value than its mean; everything that shares the parameter has it.
struct fixed_number {
  stream name = 0;
  double value = 0;
  parameters means{0}; // with the value in it

  fixed_number(stream n, double v)
      : name(n)
      , value(v) {
    means.fix(n, v);
  }
};

// One variation. Node numbers are the network's.
struct variation {
  int draw = -1;                  // of the parameters; -1 the means
  std::uint32_t theories_off = 0; // bit k: theory k does not hold
  bool without_evidence = false;
  std::string_view without_group;                // this group of findings is left out
  std::vector<bool> without_groups;              // by group: left out as well; empty: none (means only)
  bool no_cause_acts = false;                    // no link out of a modelled cause fires
  node_index leak_only = -1;                     // no link into this node fires
  node_index leak_only_too = -1;                 // nor into this one
  node_index absent = -1, absent_too = -1;       // held absent
  std::optional<likelihood> also;                // one more observation
  std::vector<std::pair<node_index, bool>> held; // nodes of the program held present or absent
  int silent_link = -1, silent_risk = -1;        // this link of the network, this risk link does not fire
  std::span<const likelihood> more;    // and more of them; nodes outside of the schedule are passed over
  const absence* below = nullptr;      // nodes outside of the schedule are absent (its factor is not used)
  const fixed_number* fixed = nullptr; // only at the means
};

struct run_result {
  double evidence = 0; // P(evidence) = evidence * 2^exponent
  double exponent = 0;
  std::vector<double> posterior; // of the wanted nodes, in their order
};

// evidence(a) / evidence(b) as a plain number.
double evidence_ratio(const run_result& a, const run_result& b);

template <typename T>
class lane_runner {
public:
  lane_runner(const grounding& ground, const evidence& seen, const program& p, const parameters& numbers,
              const std::vector<theory_nodes>& theories, machine<T>& tables);

  // Every variation from here on has these states held; those outside of the schedule are passed over.
  void hold(std::span<const held_state> held) { held_.assign(held.begin(), held.end()); }

  // Every variation at the means from here on that fixes nothing itself has this; null: nothing.
  void fix(const fixed_number* number) { fixed_ = number; }

  // Results in the order of `what`. `wanted` must be nodes of the program. With `forward_only` no posteriors
  // are made.
  std::vector<run_result> run(std::span<const variation> what, std::span<const node_index> wanted,
                              bool forward_only = false);

  // The numbers of one variation, in every lane.
  weights<T> numbers_of(const variation& v) const;
  // Local links out of modelled causes.
  const std::vector<std::size_t>& from_causes() const { return from_causes_; }

private:
  void fill(weights<T>& w, int lane, const variation& v) const;
  std::vector<likelihood> without(const std::vector<bool>& groups) const;
  void fill_draw(weights<T>& w, int lane, int draw) const;
  void fill_fixed(weights<T>& w, int lane, const fixed_number& fixed) const;
  const fixed_number* fixed_in(const variation& v) const {
    return v.draw >= 0 ? nullptr : v.fixed ? v.fixed : fixed_;
  }
  void fill_evidence(weights<T>& w, int lane, const variation& v, const std::vector<likelihood>& seen) const;
  void fill_risks(weights<T>& w, int lane, const variation& v, const std::vector<likelihood>& seen) const;
  double risk_now(node_index risk, const variation& v, const std::vector<likelihood>& seen) const;
  void release(weights<T>& w, int lane, std::size_t denied) const;
  void fill_below(weights<T>& w, int lane, const absence& below) const;
  void switch_off(weights<T>& w, int lane, node_index cause) const;
  void silence(weights<T>& w, int lane, std::size_t local_link) const;
  std::size_t local(node_index v) const {
    return static_cast<std::size_t>(program_.local_of[static_cast<std::size_t>(v)]);
  }

  std::vector<held_state> held_;
  const fixed_number* fixed_ = nullptr;
  const grounding& ground_;
  const evidence& seen_;
  const program& program_;
  const parameters& numbers_;
  const std::vector<theory_nodes>& theories_;
  machine<T>& machine_;
  weights<T> base_; // means, no evidence
  std::vector<likelihood> mean_evidence_, no_evidence_;
  std::vector<evidence::part> mean_parts_;
  std::vector<const risk_link*> risks_;                    // into nodes of the program
  std::vector<node_index> risk_nodes_;                     // their sources, each once
  std::vector<std::size_t> risk_of_;                       // by risks_, into risk_nodes_
  std::vector<std::vector<std::size_t>> into_, shocks_at_; // local links and shocks of each local node
  std::vector<const parameters::distribution*> leak_of_, link_of_, shock_of_; // of local nodes, links, shocks
  std::vector<const parameters::distribution*> risk_link_of_;                 // by risks_
  std::vector<std::size_t> from_causes_; // local links out of modelled causes
};

extern template class lane_runner<two_lanes>;
extern template class lane_runner<lanes>;

} // namespace posterior::inference
