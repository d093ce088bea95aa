// The one path from a case to an assessment. Owner of nothing: knowledge and detectors are lent for the call.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/assess/assessment.hpp"
#include "engine/case/case.hpp"
#include "engine/case/settle.hpp"
#include "engine/inference/plan_cache.hpp"
#include "engine/plan/plan.hpp"
#include "kb/snapshot.hpp"

namespace posterior::assess {

// What is wanted of the next tests beyond the first few.
struct test_options {
  bool none = false; // look for none
  bool full = false; // spread, results, follow-ups; more tests
  std::string focus; // a cause: only what tells of it counts
  std::optional<side> focus_side;
  std::optional<double> minutes; // also choose tests for this time
};

// A cause held present or absent, on the sides that are meant.
struct held_cause {
  std::string cause;
  side where = side::none; // none: of a lateral cause both sides
  bool present = false;
  bool done = false; // made so, not known to be so
};

struct options {
  plan::wishes wanted;
  std::vector<held_cause> held;
  bool sensitivity = false; // also find what would change the first rank
  bool took_part = false;   // also say which statements took part
  bool with_drafts = false; // the knowledge holds drafts as active statements: said with their ids
  test_options tests;
  int draws = 256; // of the parameter uncertainty, for the intervals
  // Schedules made for this knowledge before; lent for the call, may be null. Changes no answer.
  inference::plan_cache* plans = nullptr;
  // Why the leaders stand where they stand costs as much again as the assessment: only where somebody asks.
  struct depth {
    int leaders = 0;               // causes by rank
    std::vector<std::string> also; // causes by id, every side
    bool sets = false;             // the most probable sets of causes
    double cells = 0x1p28;         // table cells that the balance sheets may touch
  };
  depth explain;
  std::optional<std::pair<subject, subject>> compared; // causes of the snapshot
};

// What the detectors said about one case: derived findings as settled values, and one answer per plugin.
struct detected {
  std::vector<cases::settled> findings; // with the rule text in `notes` of the same index
  std::vector<std::string> texts;       // what each finding's rule says to people
  std::vector<plugin_answer> answers;   // code plugins only, sorted by id
  std::string confinement;
  diagnostics problems;
};

// Asks every detector of the snapshot's plugins; lent by whoever owns the workers (the CLI's cold ones, the
// daemon's warm ones). An empty function means that no code runs.
using detector_port =
    std::function<detected(const cases::patient_case&, const cases::picture&, const kb::snapshot&)>;

// Screen, detect, infer, explain, ask, plan. Deterministic: same case, knowledge and plugin answers, same
// bytes.
assessment assess(const cases::patient_case& c, const diagnostics& reading_problems,
                  const kb::snapshot& knowledge, const detector_port& detectors, const options& asked);

} // namespace posterior::assess
