// What a case says about causes: posteriors with intervals, what each finding did, what stays unexplained,
// whether anything modelled contributes at all, and what to test next. Pure: no files, clock, log or
// randomness; same inputs, same bits.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/case/settle.hpp"
#include "engine/inference/evidence.hpp"
#include "engine/inference/explain.hpp"
#include "engine/inference/grounding.hpp"
#include "engine/inference/ladder.hpp"
#include "engine/inference/plan_cache.hpp"
#include "engine/inference/sensitivity.hpp"
#include "engine/inference/what_if.hpp"
#include "kb/snapshot.hpp"

namespace posterior::inference {

// What is wanted of the next tests beyond their order.
struct test_wishes {
  bool wanted = true;
  double cells = 0x1p19; // of tables that the candidates together may touch
  int draws = 0;         // of the parameters, for the spread of the bits; 0: none
  std::string focus;     // only what tells of this cause counts; empty: of all of them
  std::optional<side> focus_side;
  std::vector<std::pair<std::string, side>> only; // these findings and no others; empty: all
};

struct reasoning_options {
  bool sensitivity = false; // also find what would change the first rank
  const fixed_number* fixed =
      nullptr;                  // one parameter with another value; intervals and tests do not know of it
  std::vector<held_state> held; // causes known or made to be present or absent; next tests do not know of it
  int draws = 256;              // of the parameter uncertainty
  bool explains = true;         // false: posteriors and next tests only
  test_wishes tests;
  // "Examined": some group of findings, or all of them together, moved it by at least this many decibels.
  double examined_db = 1;
  // Cells that one run may touch before the answer is bounded or sampled instead of exact.
  double exact_cells = 0x1p24;
  ladder_limits wide = {};     // of the answer then
  plan_cache* plans = nullptr; // of this knowledge, lent for the call; null: nothing is kept
  explanation_wish explain;
};

// One node's probability.
struct node_belief {
  const kb::state* state = nullptr;
  side where = side::none;
  double prior = 0, posterior = 0, low = 0, high = 0;
  double either = 0; // on one side or the other; the posterior itself for midline states
  bool examined = false;
  bool theory = false; // a credence is mixed in
};

// What one group of findings did to one belief: 10 log10 of the odds factor, all theories taken as holding.
struct group_weight {
  std::size_t group;  // into reasoning::groups
  std::size_t belief; // into reasoning::beliefs
  double db;
};

struct unexplained_node {
  const kb::state* state = nullptr;
  side where = side::none;
  double leak_share = 0; // P(present by leak alone | evidence) / P(present | evidence)
};

// One way in which a test may turn out.
struct test_result {
  cases::settled answer;
  bool positive = false;
  double probability = 0;
  std::vector<double> posterior; // by belief
};

struct candidate_test {
  const kb::finding* finding = nullptr;
  side where = side::none;
  double bits = 0;
  double bits_spread = 0;          // standard deviation over the parameter draws, where asked for
  double positive = 0;             // P(it turns out on the side of present)
  std::vector<double> if_positive; // by belief
  std::vector<double> if_negative;
  std::vector<test_result> results; // levels and values apart; for a state two
};

// bounded, sampled: too wide for one table; posteriors between hard bounds or with a standard error, no
// weights and no next tests.
enum class reasoning_outcome : std::uint8_t { answered, bounded, sampled, contradiction, loop };

struct reasoning {
  reasoning_outcome what = reasoning_outcome::answered;
  std::vector<node_belief>
      beliefs; // causes, others, and every state that plans speak about; sorted by (state, side)
  std::vector<std::string> groups;   // finding groups that spoke
  std::vector<group_weight> weights; // by belief, then group; only those of at least 0.05 dB
  std::vector<unexplained_node> unexplained;
  std::vector<candidate_test> tests;         // by bits per minute
  std::vector<parameter_effect> sensitivity; // where asked for
  double none_of_these = 1;
  std::vector<std::string> conflicting; // contradiction: groups that cannot all be true
  // log10 P(e) - sum log10 P(e_i) over the groups (conflict.hpp); nought where it was not computed.
  double coherence = 0;
  explanation deep;          // as wished for
  double gap = 0;            // bounded: the widest interval of a cause
  double standard_error = 0; // sampled: the largest of a cause
  int draws = 0;             // of the parameter uncertainty, as made
  int width = 0;
  double cost = 0;
};

reasoning reason(const kb::snapshot& knowledge, const cases::picture& picture, const grounding& ground,
                 const evidence& seen, const reasoning_options& asked);

} // namespace posterior::inference
