// What the engine returns for a case, as plain values (contracts.md calls it the assessment). Built by
// assess(), read by the renderers. Values; any thread. Holds patient data: never log any of it. No time,
// path, pid or duration in it, so that equal inputs give equal bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/assess/explained.hpp"
#include "engine/case/screen.hpp"
#include "engine/plan/plan.hpp"
#include "kb/model.hpp"
#include "kb/values/diagnostic.hpp"
#include "kb/values/side.hpp"

namespace posterior::assess {

using cases::observation_ref;

struct plugin_answer {
  std::string id, version;
  std::string status; // answered | failed | timed-out | quarantined | not-trusted | not-confined | no-code
  std::string detail; // fixed text per status
};

// What one observation does to one cause.
struct reason {
  std::string finding;
  side where = side::none;
  double weight_db = 0; // 10 log10 of the odds factor, leave-one-out by family and both sides together
  std::string text;
  std::vector<cited> sources;
};

struct cause_entry {
  std::string cause, name;
  side where = side::none;
  double prior = 0, posterior = 0, low = 0, high = 0;
  double either_side = 0; // equals posterior for midline causes
  bool examined = false;
  bool hidden = false; // a serious condition below .5: "cannot be excluded" or nothing, never a number
  bool cannot_be_excluded = false;
  std::vector<reason> in_favour, against;
  std::vector<reason> unknown; // not recorded, would speak; weight_db is what presence would do
  kb::grade level = kb::grade::opinion;
  bool contested = false;
  std::string counter_evidence;         // the judgement or claim against, for contested causes
  std::vector<std::string> path;        // states from a risk through the cause to what was observed
  std::optional<balance_sheet> balance; // these three only where asked for
  std::vector<rival_line> rivals;
  std::vector<way_line> ways;
  std::vector<cited> sources;
};

struct unexplained_finding {
  std::string finding;
  side where = side::none;
  std::string why;
};

struct conflict {
  std::string text;
  std::vector<observation_ref> between;
};

struct test_outcome {
  std::string cause;
  side where = side::none;
  double posterior = 0; // of that cause if the test turns out so
};

// What one way in which a test may turn out would do.
struct test_line {
  std::string text; // "present", "about 55 deg", "level moderate"
  bool positive = false;
  double probability = 0;
  std::vector<test_outcome> leaders; // the leading causes, in their order now
};

struct follow_up {
  std::string finding; // empty: nothing would be left to ask
  side where = side::none;
};

struct next_test {
  std::string finding, name;
  side where = side::none;
  double bits = 0, minutes = 1, bits_per_minute = 0;
  bool changes_plan = false;
  double probability_positive = 0;
  test_outcome if_positive, if_negative; // the cause that moves most
  std::string position;
  // Only where tests were asked for in full (options::tests).
  double bits_spread = 0; // standard deviation over draws of the knowledge's own uncertainty
  std::vector<test_line> results;
  std::optional<double> bits_two_steps; // with the best test after each outcome
  follow_up then_positive, then_negative;
};

struct stop_rule {
  bool reached = false;
  std::string why;
};

// A finding that could have been asked and is not among the tests shown.
struct passed_over {
  std::string finding;
  side where = side::none;
  double bits = 0, minutes = 1;
};

// Tests for a given time.
struct test_choice {
  struct line {
    std::string finding, name, position;
    side where = side::none;
    double bits = 0, minutes = 0; // bits: expected beside those before it
  };
  std::vector<line> tests; // in the order in which they were chosen
  double asked_minutes = 0, minutes = 0, bits = 0;
};

// What one number of the knowledge does to the first rank.
struct sensitivity_line {
  std::string kind;      // prior | link | sensitivity | specificity | present-ratio | absent-ratio | credence
  std::string statement; // id of the state, link, reading or plugin
  std::string from, to;  // what it joins; `from` is empty for a prior, `to` for a credence
  double mean = 0, low = 0, high = 0;
  bool tied = false;                      // stands in several places
  double leader_low = 0, leader_high = 0; // posterior of the first cause at the interval's ends
  struct turn {
    double value = 0; // where the first cause and this one are equally likely
    std::string cause;
    side where = side::none;
    bool inside = false;   // of the number's own interval
    double distance = 0;   // standard deviations of its own uncertainty
    bool searched = false; // found by search instead of in closed form
  };
  std::optional<turn> turns; // checked by re-runs
};

// Something that the clinic itself said about the shared knowledge (its overlay).
struct clinic_line {
  std::string what; // changed | added | withdrawn
  std::string statement, field;
  std::string before, now; // canonical JSON, of `changed` alone; `before` may be empty
  std::string by, when, reason;
  bool used = false; // the statement took part in this answer
};

struct method {
  std::string rung = "exact"; // exact | bounded | sampled
  double gap = 0, standard_error = 0;
  int draws = 0;
};

// A statement by its kind ("link") and id.
struct statement_ref {
  std::string kind, id;
  auto operator<=>(const statement_ref&) const = default;
};

struct assessment {
  std::int64_t revision = 0;
  std::string digest, engine_version, case_digest;
  std::string confinement; // of detector code: what the workers could enforce
  std::vector<plugin_answer> plugins;
  std::vector<cases::suspended_rule> suspended; // by the clinic; raised nothing
  std::vector<std::string> drafts;              // taken as active though not accepted, by id; else empty
  cases::safety safe;
  std::vector<cases::watch_line> watch;
  std::vector<cases::red_flag> red_flags;
  std::vector<cause_entry> differential; // causes by rank
  std::vector<cause_entry> outside;      // leading conditions of the differential pack, ranked apart
  std::vector<unexplained_finding> unexplained;
  double none_of_these = 0;
  std::vector<std::pair<std::string, std::string>> inseparable; // "cause@side"
  std::vector<std::string> considered; // causes that the sets tell apart, "cause@side"; only where asked for
  std::vector<cause_set_line> sets;    // most probable first
  std::optional<comparison> compared;  // where asked for
  std::vector<conflict> conflicts;
  bool contradiction = false; // what was recorded, or is held, cannot all be true
  std::vector<plan::tension_line> tensions;
  std::vector<next_test> next_tests;
  stop_rule stop;
  std::vector<passed_over> other_tests; // by rank
  std::optional<test_choice> chosen_tests;
  std::vector<sensitivity_line> sensitivity; // where asked for
  plan::programme programme;
  method how;
  std::vector<clinic_line> clinic;       // by statement and field
  std::vector<observation_ref> recorded; // everything that was taken into account
  std::vector<statement_ref> took_part;  // statements, sorted; only where asked for
  diagnostics problems;
};

} // namespace posterior::assess
