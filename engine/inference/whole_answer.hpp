// A question answered in full: P(evidence) and the posterior of every node, in steps, so that a caller who
// has a clock can say what each took. Pure; one thread. Borrows the question.
#pragma once

#include <optional>
#include <vector>

#include "engine/inference/graded.hpp"
#include "engine/inference/merge.hpp"
#include "engine/inference/query.hpp"

namespace posterior::inference {

class whole_answer {
public:
  // Indexes the network; graded leaves become noisy-OR, chains of small noisy-ORs one. With `rows` only these
  // observations count.
  explicit whole_answer(const question& asked);
  whole_answer(const question& asked, std::vector<std::size_t> rows);

  // Finds the schedule: answered (so far), loop or too_wide.
  outcome plan();
  // P(evidence) and the posteriors of every node that something was observed about or below. Only after a
  // plan that is answered; answered or contradiction.
  outcome run();
  // Carries the belief on to all other nodes, and to the grades. Only after a run that is answered. Nodes for
  // which that is too wide keep the posterior -1, their grades stay empty.
  void spread();

  // P(evidence) = value * 2^exponent.
  const scaled<double>& evidence() const { return evidence_; }
  double log10_evidence() const;
  const std::vector<double>& posterior() const { return posterior_; } // by node
  // By graded leaf of the question: P(grade | evidence).
  const std::vector<std::vector<double>>& grades() const { return grades_; }
  int width() const { return program_.width; }
  double cost() const { return program_.cost; }
  // The nodes of one directed loop in the order of its links; empty if there is none.
  std::vector<node_index> loop() const;

private:
  const question& asked_;
  std::vector<std::size_t> rows_;
  plain_query plain_;
  merged_network merged_;
  layout map_;
  planner plans_;
  program program_;
  machine<double> machine_;
  scaled<double> evidence_{1, 0};
  std::vector<double> posterior_;
  std::vector<std::vector<double>> grades_;
};

// Numbers of observations that together are impossible and none of which can be left out, found by deletion
// in order; empty if the evidence is possible or too wide.
std::vector<std::size_t> conflicting(const question& asked);

} // namespace posterior::inference
