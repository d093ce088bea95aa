// Why a cause stands where it stands, as plain values: only made when somebody asks (options::explain).
// Values; any thread. Hold patient data: never log them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/case/screen.hpp"
#include "kb/values/side.hpp"

namespace posterior::assess {

using cases::cited;

// A cause as somebody named it: "neural-tension" or "neural-tension@left".
struct subject {
  std::string id;
  std::optional<side> where;
};

// What one group of findings did to one cause, averaged over every order in which they could have come.
struct balance_line {
  std::string finding; // the group's spokesman
  side where = side::none;
  double db = 0, standard_error = 0;
  std::string text;
};

// from + all db + theories = to, in 10 log10 of odds.
struct balance_sheet {
  double from = 0, to = 0;
  std::vector<balance_line> items; // strongest first
  double theories = 0;             // that contested theories may not hold
  bool exact = true;               // else estimated, with standard errors
};

// The posterior of a cause if another were known to be present, and if it were known to be absent.
struct rival_line {
  std::string cause, name;
  side where = side::none;
  double if_present = 0, if_absent = 0;
};

// One link of a way through the network.
struct way_step {
  std::string from, to; // states
  side from_side = side::none, to_side = side::none;
  std::string link; // its id; empty: "on one side or the other"
  std::string word; // of the link's probability, if it was said in a word
  double probability = 1;
  double acted = 0;     // P(it brought `to` about | everything recorded)
  double by_itself = 0; // how often `to` is there without any modelled cause
  std::vector<cited> sources;
};

struct way_line {
  bool upward = false; // from what brings the cause about, else down to something recorded
  double strength = 0; // about P(the whole chain acted | everything recorded)
  std::vector<way_step> steps;
};

// Exactly these of the considered causes, none of the others considered.
struct cause_set_line {
  std::vector<std::string> present; // "cause@side"
  double probability = 0;
};

// --- two causes side by side -------------------------------------------------------

struct compared_cause {
  std::string cause, name;
  side where = side::none;
  double prior = 0, posterior = 0, low = 0, high = 0;
  double if_other_present = 0, if_other_absent = 0;
  bool conditioned = false; // whether the two before are known: only an exact answer tells them
  bool examined = false, contested = false;
};

// What one group of findings does to each of the two, left out alone.
struct compared_finding {
  std::string finding;
  side where = side::none;
  std::string text;
  double first_db = 0, second_db = 0;
};

struct separating_test {
  std::string finding, name;
  side where = side::none;
  double bits = 0, minutes = 1; // about which of the two
  double probability_positive = 0;
  double first_if_positive = 0, second_if_positive = 0, first_if_negative = 0, second_if_negative = 0;
};

struct comparison {
  compared_cause first, second;
  std::vector<compared_finding> for_first, for_second; // by how much more they say for it than for the other
  std::vector<compared_finding> shared;                // that say about as much for both
  std::vector<std::string> shared_states;              // both bring about
  std::vector<separating_test> tests;                  // the best first
  bool inseparable = false;
  std::string why;
};

} // namespace posterior::assess
