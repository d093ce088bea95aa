// The answer of `debug infer` as a sheet and as JSON (posterior.inference/1). Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/inference/ladder.hpp"
#include "engine/inference/probable_sets.hpp"
#include "engine/inference/question.hpp"
#include "engine/report/sheet.hpp"

namespace posterior::report {

struct inference_answer {
  const inference::network_question& asked;
  double log10_evidence = 0;
  std::vector<double> posterior = {};           // by node; -1: too wide to be found
  std::vector<std::vector<double>> grades = {}; // by graded leaf; empty: too wide
  // Numbers of observations that together are impossible; if there are any, nothing above means anything.
  std::vector<std::size_t> conflict = {};
  // How exact it is: the lowest rung that any node needed, and by node what its posterior is worth.
  inference::rung by = inference::rung::exact;
  double gap = 0, standard_error = 0;
  std::vector<inference::ladder_belief> beliefs = {}; // empty: all exact
  bool evidence_known = true;
  int width = 0;         // nodes of the largest table
  double operations = 0; // table cells touched
  struct times {
    double index = 0, plan = 0, run = 0, rest = 0; // microseconds
  };
  times took = {};
  // The most probable joint states, where they were asked for; too_wide: not found within the limits.
  std::optional<inference::probable_states> states = {};
};

std::string inference_json(const inference_answer& a);
sheet inference_sheet(const inference_answer& a);

} // namespace posterior::report
