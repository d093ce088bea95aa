// The best answer that a budget of operations buys: exact by tables, between hard bounds by cutting, or
// sampled with a standard error. The answer names its rung, for every target and as a whole. Pure; any
// thread; budgets are counts, so the same question gets the same bits on every machine.
//
// Targets that nothing observed hangs below, and that many causes may bring about, would tie those causes
// together in one table. They are answered aside, from the same schedule with other weights.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/inference/bounded.hpp"
#include "engine/inference/gibbs.hpp"
#include "engine/inference/network.hpp"
#include "engine/inference/query.hpp"

namespace posterior::inference {

enum class rung : std::uint8_t { exact, bounded, sampled };

// "exact", "bounded" or "sampled".
const char* to_string(rung r);

struct ladder_limits {
  double exact_operations = exact_cost_limit; // cells that one exact run may touch; below 0: no exact answer
  double aside_operations = 0x1p28;           // cells for all targets that are answered aside
  double bytes = memory_limit;                // lanes times tables, and everything kept
  bounded_limits bounded;
  double widest_gap = 0.05; // a wider answer between bounds gives way to a sampled one; below 0: always
  gibbs_limits sampled;
};

struct ladder_question {
  const network& net;
  std::span<const likelihood> seen;
  std::span<const node_index> targets;
  std::span<const node_index> watched = {}; // links, for ladder_answer::none_acts
};

struct ladder_belief {
  rung by = rung::exact;
  double posterior = 0.5;
  double low = 0, high = 1;  // hard bounds; both the posterior itself if exact
  double standard_error = 0; // sampled only
};

// contradiction: the evidence is impossible. undecided: whether it is possible could not be found out within
// the limits. In both cases and for a loop the beliefs mean nothing.
enum class ladder_outcome : std::uint8_t { answered, contradiction, undecided, loop };

struct ladder_answer {
  ladder_outcome what = ladder_outcome::answered;
  rung by = rung::exact;                      // the lowest that any target needed
  std::vector<ladder_belief> beliefs;         // of each target, in their order
  double gap = 0;                             // of the bounded ones: the widest high - low
  double standard_error = 0;                  // of the sampled ones: the largest
  double evidence_low = 0, evidence_high = 1; // P(evidence) = value * 2^exponent; equal if exact
  double exponent = 0;
  ladder_belief none_acts{rung::exact, 1, 1, 1, 0}; // P(no watched link fires | evidence)
  int width = 0;
  double operations = 0;
};

ladder_answer answer_by_ladder(const ladder_question& asked, const ladder_limits& limits = {});

} // namespace posterior::inference
