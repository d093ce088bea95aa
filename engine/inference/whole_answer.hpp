// A question answered in full: P(evidence) and the posterior of every node, in steps, so that a caller who
// has a clock can say what each took. Pure; one thread. Borrows the question.
#pragma once

#include <optional>
#include <vector>

#include "engine/inference/graded.hpp"
#include "engine/inference/ladder.hpp"
#include "engine/inference/merge.hpp"
#include "engine/inference/query.hpp"

namespace posterior::inference {

class whole_answer {
public:
  // Indexes the network; graded leaves become noisy-OR, chains of small noisy-ORs one. With `rows` only these
  // observations count.
  explicit whole_answer(const network_question& asked);
  whole_answer(const network_question& asked, std::vector<std::size_t> rows);

  // Finds the schedule: answered (so far), loop or too_wide.
  outcome plan();
  // Where the plan is too wide: the answer between bounds, or by samples, of the whole question at once;
  // answered, contradiction, or too_wide if nothing could be found out. Instead of run() and spread().
  outcome climb();
  // P(evidence) and the posteriors of every node that something was observed about or below. Only after a
  // plan that is answered; answered or contradiction.
  outcome run();
  // Carries the belief on to all other nodes, and to the grades. Only after a run that is answered. Nodes for
  // which that is too wide keep the posterior -1, their grades stay empty.
  void spread();

  // Gives what spread() could not find by samples; grades stay unknown.
  void sample_rest();

  // The lowest rung that any posterior needed.
  rung by() const { return by_; }
  // By node: hard bounds (both the posterior itself if it is exact; 0 and 1 if sampled) and standard error.
  const std::vector<ladder_belief>& beliefs() const { return beliefs_; }
  double gap() const { return gap_; }
  double standard_error() const { return standard_error_; }

  // P(evidence) = value * 2^exponent; the value is 0 if nothing is known of it.
  const scaled<double>& evidence() const { return evidence_; }
  double log10_evidence() const;
  const std::vector<double>& posterior() const { return posterior_; } // by node
  // By graded leaf of the question: P(grade | evidence).
  const std::vector<std::vector<double>>& grades() const { return grades_; }
  int width() const { return program_.width; }
  double cost() const { return climbed_ > 0 ? climbed_ : program_.cost; }
  // The nodes of one directed loop in the order of its links; empty if there is none.
  std::vector<node_index> loop() const;

private:
  std::vector<node_index> open_nodes() const;
  void know_certain();

  const network_question& asked_;
  std::vector<std::size_t> rows_;
  plain_query plain_;
  merged_network merged_;
  layout map_;
  planner plans_;
  program program_;
  machine<double> machine_;
  scaled<double> evidence_{1, 0};
  std::vector<double> posterior_;
  std::vector<ladder_belief> beliefs_;
  rung by_ = rung::exact;
  double gap_ = 0, standard_error_ = 0, climbed_ = 0;
  std::vector<std::vector<double>> grades_;
};

// Numbers of observations that together are impossible: a smallest such set among at most 100 that rule
// something out and where it has few members (smallest_conflict() in conflict.hpp), else one of which none
// can be left out; empty if the evidence is possible or too wide.
std::vector<std::size_t> conflicting(const network_question& asked);

} // namespace posterior::inference
