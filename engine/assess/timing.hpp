// Where the time of a case goes. The clock is handed in; everything else is what assess() does, step by step.
// One thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/assess/assess.hpp"

namespace posterior::assess {

// One step: how long, in how many runs of the schedule (one a lane), and what those touched.
struct step_time {
  std::string step;
  double micros = 0;
  double runs = 0;
  double operations = 0; // table cells
};

struct timings {
  std::vector<step_time> steps;
  int width = 0;                    // nodes of the largest table
  double cells = 0;                 // that one run touches
  std::size_t nodes = 0, links = 0; // that matter
};

// `now` gives microseconds since some moment; empty: no time is taken.
timings time_case(const cases::patient_case& c, const kb::snapshot& knowledge, const detector_port& detectors,
                  const options& asked, const std::function<double()>& now);

} // namespace posterior::assess
