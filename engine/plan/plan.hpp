// Causes to exercise programme: what is given, in which order and dose, and what was left out with the
// reason. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/case/screen.hpp"
#include "engine/case/settle.hpp"
#include "kb/snapshot.hpp"

namespace posterior::plan {

// The finding whose level (low, moderate, high) limits exercises by their own irritability; an id or an
// alias.
inline constexpr std::string_view irritability_finding = "irritability";

// What the asker may choose.
struct wishes {
  std::vector<std::string> have; // equipment ids besides what every home has
  int max_exercises = 4;         // at most 6
  std::optional<double> minutes; // a session
  std::optional<side> only;      // one side
};

struct tension_line {
  std::string id, text;
  bool same_plan = false;
  std::vector<std::string> decides;
  std::string taken;      // take id, if the clinician decided
  std::string decided_by; // "clinician", or the recorded finding that decided; empty while it is open
};

struct dose_line {
  kb::dose how_much;    // after merging; week 1 takes the minimum
  std::string week_one; // "3 x 10, hold 5 s, 3 days a week"
};

struct plan_item {
  std::string exercise, name;
  side where = side::none;             // side to train; none for both or not sided
  std::vector<std::string> for_causes; // "cause@side"
  dose_line dose;
  std::string why;
  std::vector<std::string> stop_rules, cues, warnings;
  std::vector<std::string> easier, harder;
  kb::grade level = kb::grade::opinion;
  std::vector<cases::cited> sources;
};

struct plan_phase {
  kb::phase stage = kb::phase::activation;
  std::string entry, exit;
  std::vector<plan_item> items;
};

struct left_out_line {
  std::string exercise, name, because;
  std::string by; // finding | cause | tension | cap | equipment | red-flag
  std::vector<cases::cited> sources;
};

// What a rule of sequence asks of this plan. One that is not met says why not.
struct sequence_line {
  std::string rule, text;
  bool met = true;
  std::vector<cases::cited> sources;
};

// "on 2 days in a week, from week 4 on".
std::string how_often(const kb::coverage& c);
// "48 hours (72 in the first 2 weeks)".
std::string hours_words(const kb::spacing& apart);

struct referral {
  kb::urgency level = kb::urgency::prompt;
  std::string action;
  std::vector<std::string> rules;
};

struct programme {
  std::string status = "closed"; // open | provisional | closed
  std::vector<std::string> because, depends_on;
  std::vector<plan_phase> phases;
  std::vector<left_out_line> left_out;
  double minutes_per_session = 0;
  int reassess_after_days = 14;
  std::optional<referral> refer;
  std::vector<std::string> session;    // exercises in the order of one session
  std::vector<sequence_line> sequence; // rules of sequence that bear on this plan, by id
};

// One state's probability as the planner needs it: every state that an indication, precaution or tension
// names.
struct belief {
  std::string state;
  side where = side::none;
  double posterior = 0;
  bool is_cause = false;
  bool examined = false;
};

struct input {
  const kb::snapshot& knowledge;
  const cases::picture& seen;
  const std::vector<belief>& beliefs; // sorted by (state, side)
  const cases::screen_result& screened;
  const std::vector<tension_line>& tensions;
  const wishes& wanted;
};

// Tensions that matter for this case (a cause they are about has been examined), and what decided them: a
// choice of the clinician or a recorded finding.
std::vector<tension_line> tensions(const kb::snapshot& knowledge, const cases::picture& seen,
                                   const std::vector<belief>& beliefs,
                                   const std::vector<cases::choice>& choices);

// Precautions whose finding and cause hold, by id, whether or not they concern an exercise of the plan.
std::vector<std::string> applied_precautions(const input& in);

// Red flags first: emergency and urgent close the plan (status closed, because names the flags, no phases,
// every exercise that would have been given is in left_out by red-flag); an incomplete screen makes it
// provisional. Then candidates by indication and posterior, precautions, tensions, equipment, caps;
// everything withheld is in left_out with its reason. Phases by rank, their items in the order of the
// session: what rules of sequence put first, then phase rank, depth, id. Same inputs, same plan.
programme make(const input& in);

} // namespace posterior::plan
