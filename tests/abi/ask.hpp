// Asks one sample detector through a worker, and writes down what came back, every bit of it.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "engine/host/host.hpp"

namespace posterior::abi_tests {

using asked_case = std::vector<host::observation>;

inline std::vector<asked_case> cases() {
  using enum host::reading;
  return {
      {{"slr-passive", side::left, measured, 60, 1, 0, {}},
       {"slr-passive", side::right, measured, 85, 1, 0, {}},
       {"sex", side::none, graded, 0, 1, 2, {}}},
      {{"slr-passive", side::left, measured, 61.7, 0.9, 0, 20100},
       {"slr-passive", side::left, measured, 40, 1, 0, 20000},
       {"slr-passive", side::right, measured, 0.1, 1, 0, 20000}},
      {{"slr-passive", side::left, present, 0, 1, 0, {}}, {"sex", side::none, unknown, 0, 1, 0, {}}},
      {},
  };
}

// The samples are ours, so a system that cannot confine them fully does not keep them from answering.
inline host::detector_spec sample_spec(const std::string& library) {
  host::detector_spec spec;
  spec.plugin = "org.example.sample";
  spec.version = "1.0.0";
  spec.library = library;
  spec.bundled = true;
  spec.limits.evaluate_ms = 2000;
  spec.consumes = {"slr-passive", "sex"};
  spec.produces = {{"slr-difference", {true, true, 0, -180, 180}}, {"grade", {false, false, 4, {}, {}}}};
  spec.rules = {"difference"};
  return spec;
}

inline std::string line_of(const host::derived_finding& one) {
  static constexpr const char* sides[] = {"none", "left", "right"};
  static constexpr const char* readings[] = {"unknown", "present", "absent", "measured", "graded"};
  char numbers[128];
  std::snprintf(numbers, sizeof numbers, " %a %u %a ", one.value, one.level, one.certainty);
  return one.finding + " " + sides[static_cast<int>(one.where)] + " " + readings[static_cast<int>(one.says)] +
         numbers + one.rule + "\n";
}

// The status (with the reason, if it failed) and each finding on a line of its own.
inline std::string ask(const std::string& worker, const std::string& library, const asked_case& asked) {
  host::pool_options options;
  options.worker = worker;
  host::worker_pool pool{options};
  const auto result = pool.run({sample_spec(library)}, asked);
  std::string out = std::string{to_string(result.answers.at(0).status)};
  if (!result.answers[0].detail.empty())
    out += ": " + result.answers[0].detail;
  out += "\n";
  for (const auto& one : result.findings)
    out += line_of(one);
  return out;
}

} // namespace posterior::abi_tests
