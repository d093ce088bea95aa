// The answer of `debug infer` as a sheet and as JSON (posterior.inference/1). Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/inference/question.hpp"
#include "engine/report/sheet.hpp"

namespace posterior::report {

struct inference_answer {
  const inference::question& asked;
  double log10_evidence = 0;
  std::vector<double> posterior;           // by node; -1: too wide to be found
  std::vector<std::vector<double>> grades; // by graded leaf; empty: too wide
  // Numbers of observations that together are impossible; if there are any, nothing above means anything.
  std::vector<std::size_t> conflict;
  int width = 0;         // nodes of the largest table
  double operations = 0; // table cells touched
  struct times {
    double index = 0, plan = 0, run = 0, rest = 0; // microseconds
  };
  times took;
};

std::string inference_json(const inference_answer& a);
sheet inference_sheet(const inference_answer& a);

} // namespace posterior::report
