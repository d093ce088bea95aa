// How a finding may turn out: present or absent, one of its levels, or a measured value in one of a few bins,
// each with what it would say. Pure; any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/inference/evidence.hpp"

namespace posterior::inference {

// What an outcome says of one state.
struct said {
  pair mass;   // how likely the outcome is, without and with the state
  pair counts; // what it changes beside what was recorded
};

struct possible_outcome {
  cases::settled answer;  // for a value: the middle of its bin
  bool positive = false;  // on the side of "present"
  std::vector<said> says; // by node of the question
};

// One finding on one side, and the nodes that its answers speak about.
struct question {
  const kb::finding* finding = nullptr;
  side where = side::none;
  std::vector<node_index> nodes;
  std::vector<possible_outcome> outcomes; // at least two; levels and bins that say the same are one
};

// Every finding that may be asked next and was not answered, sides apart. Safety questions are not among
// them: the screen asks those, all of them, whatever they would tell. Attributes and derived findings cannot
// be asked. Findings whose answers would say nothing now are left out.
// `only` names the ones to consider; empty: all.
using finding_list = std::vector<std::pair<std::string, side>>;
std::vector<question> open_questions(const kb::snapshot& knowledge, const cases::picture& picture,
                                     const evidence& seen, const finding_list& only = {});

// Whether the finding is of a kind that next tests may ask.
bool may_be_asked(const kb::finding& f);

// What the question's outcomes say in draw `i` of `p`: their `says`, made anew.
std::vector<std::vector<said>> said_in(const question& x, const evidence& seen, const parameters& p, int i);

// P(a standard normal is below x), to 1e-9.
double normal_below(double x);

} // namespace posterior::inference
