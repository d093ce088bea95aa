// Specs and observations that the tests of the host share.
#pragma once

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "engine/host/host.hpp"

namespace posterior::host_tests {

inline std::string library_of(const std::string& fixture) {
  return std::string{POSTERIOR_FAULTS} + "/" + fixture + "/detector.so";
}

inline host::pool_options options() {
  host::pool_options out;
  out.worker = std::string{POSTERIOR_STAGE} + "/libexec/posterior/posterior-worker";
  return out;
}

inline host::detector_spec good() {
  host::detector_spec spec;
  spec.plugin = "org.example.good";
  spec.version = "0.1.0";
  spec.library = library_of("good");
  spec.limits.evaluate_ms = 2000;
  spec.consumes = {"slr-passive", "sex"};
  spec.produces = {{"slr-difference", {true, true, 0, -180, 180}},
                   {"saw-secret", {false, false, 0, {}, {}}},
                   {"grade", {false, false, 4, {}, {}}}};
  spec.rules = {"difference"};
  return spec;
}

inline host::detector_spec pure() {
  host::detector_spec spec = good();
  spec.plugin = "org.example.pure";
  spec.library = library_of("pure");
  spec.produces = {{"pure-sign", {true, false, 0, {}, {}}}};
  spec.rules = {"pure-rule"};
  return spec;
}

// The plugin of a fixture made from faults/fault.cpp, and what that calls its findings by (at most 24 bytes).
inline std::string hyphened(std::string fixture) {
  std::replace(fixture.begin(), fixture.end(), '_', '-');
  return fixture;
}
inline std::string id_of(const std::string& fixture) {
  return "org.example.fault-" + hyphened(fixture);
}
inline std::string prefix_of(const std::string& fixture) {
  constexpr std::string_view longest = "constructor_";
  return "x-" + hyphened(fixture.rfind(longest, 0) == 0 ? "c_" + fixture.substr(longest.size()) : fixture);
}

inline host::detector_spec faulty(const std::string& fixture) {
  host::detector_spec spec = good();
  spec.plugin = id_of(fixture);
  spec.library = library_of(fixture);
  spec.limits.evaluate_ms = 300;
  spec.limits.memory_mib = 128;
  spec.limits.records = 8;
  const std::string prefix = prefix_of(fixture);
  spec.produces = {{prefix + ":value", {true, true, 0, -1000, 1000}},
                   {prefix + ":midline", {false, false, 0, {}, {}}}};
  spec.rules = {"fault-rule"};
  return spec;
}

inline std::vector<host::observation> patient() {
  return {{"slr-passive", side::left, host::reading::measured, 60, 1, 0, {}},
          {"slr-passive", side::right, host::reading::measured, 85, 1, 0, {}},
          {"secret", side::none, host::reading::present, 0, 1, 0, {}}};
}

// Waits until this process has no child left, adopted grandchildren included; false after two seconds.
inline bool no_child_left() {
  for (int i = 0; i < 400; ++i) {
    if (waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD)
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return false;
}

inline void adopt_grandchildren() {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}

inline std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator{"/proc/self/fd"})
    ++count;
  return count;
}

} // namespace posterior::host_tests
