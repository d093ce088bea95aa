// Where a bundle's code is tried: workers, the observations it is asked about, and what it answered. Every
// call of the code happens in a confined worker of its own. What several checks look at is asked once.
// One thread; owner: the subject.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/host/detector.hpp"
#include "engine/host/pool.hpp"
#include "engine/host/trial.hpp"
#include "kb/snapshot.hpp"

namespace posterior::check {

using observations = std::vector<host::observation>;

// One question and its answer.
struct trial_case {
  std::string name; // "random case 17 of seed 1"
  observations given;
  host::detector_answer got;
  double milliseconds = 0;
};

// A worker that stays while this lives.
using kept_worker = std::unique_ptr<host::worker_pool>;

class lab {
public:
  lab() = default;
  lab(host::detector_spec spec, std::string worker, std::string trial_worker);

  const host::detector_spec& spec() const { return spec_; }

  // In a fresh worker, without a case.
  host::detector_answer load(const std::string& config = {});
  kept_worker load_and_keep();
  // In a warm worker.
  host::detector_answer ask(const observations& given);
  host::detector_answer ask_fresh(const observations& given);
  // In a fresh trial worker, which bends the rules as `how` says.
  host::detector_answer rehearse(const host::trial& how, const observations* given,
                                 const std::string& config = {});
  // Of load(), once.
  const host::detector_answer& first_load();
  // Asks all of them in turn, once; later calls give the answers of the first. Gives up after five failures.
  const std::vector<trial_case>& ask_all(const std::function<std::vector<trial_case>()>& questions);

private:
  host::detector_spec spec_;
  std::string trial_worker_;
  std::shared_ptr<host::worker_pool> warm_;
  std::string worker_;
  std::optional<host::detector_answer> first_;
  std::optional<std::vector<trial_case>> asked_;
};

// Cases that a detector must stand: nothing recorded, unknowns only, a thousand observations, everything
// twice.
std::vector<trial_case> odd_cases(const host::detector_spec& spec, const kb::snapshot& knowledge);

// Cases of plausible observations of what the detector consumes. The same seed gives the same cases.
std::vector<trial_case> random_cases(const host::detector_spec& spec, const kb::snapshot& knowledge,
                                     std::uint64_t seed, int count);

// Left for right.
observations mirrored(observations given);

// In the words of the report: "slr-passive left 62, sex female".
std::string told(const observations& given);

} // namespace posterior::check
