// Inside of reason(): makes the explanation over the schedule of the query. Not for other folders.
#pragma once

#include "engine/inference/explain.hpp"
#include "engine/inference/lane_runner.hpp"
#include "engine/inference/reasoner.hpp"

namespace posterior::inference {

// One combination of contested theories, with the weight that it has whatever the patient shows.
struct theory_case {
  std::uint32_t off = 0; // bit k: theory k does not hold
  double weight = 1;
  const run_result* now = nullptr; // posteriors of the targets under it
};

// Everything that the pieces read; borrowed.
struct explained_query {
  const grounding& ground;
  const evidence& seen;
  const program& schedule;
  lane_runner<lanes>& run;
  const std::vector<theory_nodes>& theories;
  const std::vector<node_index>& targets; // by belief
  const reasoning& said;                  // beliefs, groups
  const run_result &all_hold, &before;    // of the targets: all theories holding; and without evidence
  const std::vector<theory_case>& cases;  // of the theories that are mixed; those with possible evidence
  const std::vector<double>& scale;       // by belief: the credence of a theory that is not mixed, else 1
};

explanation explain(const explained_query& q, const explanation_wish& asked);

// Beliefs about causes by rank.
std::vector<std::size_t> ranked_causes(const reasoning& said);

std::vector<cause_balance> cause_balances(const explained_query& q, const std::vector<std::size_t>& about,
                                          double cells);
// log10 P(e) - sum log10 P(e_i) over the groups of a case (conflict.hpp). `now` is its evidence with nothing
// left out.
double coherence(lane_runner<lanes>& run, std::size_t groups, const run_result& now);

std::vector<rival> rivals(const explained_query& q, const std::vector<std::size_t>& about);
std::vector<way> ways(const explained_query& q, const std::vector<std::size_t>& about);
std::vector<cause_set> cause_sets(const explained_query& q, const std::vector<std::size_t>& considered,
                                  std::size_t most);

} // namespace posterior::inference
