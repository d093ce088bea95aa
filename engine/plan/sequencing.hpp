// What the rules of sequence of the knowledge ask of one patient's plan. Internal to engine/plan; borrows the
// input; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/candidates.hpp"

namespace posterior::plan {

// An exercise as an order of a session sees it.
struct placed {
  std::string_view exercise;
  kb::phase stage = kb::phase::activation;
  int depth = 1;
};

// The group of `order` that the exercise stands in: the one that names it, else the one that names its phase;
// -1 if there is none.
int group_of(const std::vector<kb::exercise_group>& order, const placed& item);

// Places of `items` in the order of one session: what a rule puts first comes first; apart from that by rank
// of phase, depth and id, so that of all orders that follow the rules it is the first by those. Exercises
// that the rules put in a circle (an indication may have moved one to another phase) stand to each other as
// without rules. Neither the order of items nor of rules is seen.
std::vector<std::size_t> session_order(const std::vector<placed>& items,
                                       const std::vector<const kb::sequence*>& rules);

class sequencing {
public:
  // Rules whose cause is aimed at and whose findings were found. By id.
  sequencing(const input& in, const aim& goal);

  const std::vector<const kb::sequence*>& rules() const { return rules_; }

  // The rule by which only one of the two is given; nullptr if there is none.
  const kb::sequence* excludes(const std::string& a, const std::string& b) const;

  // Whether the rule asks for something before the next assessment.
  static bool asks_now(const kb::coverage& c);

  // Fewer days a week and times a day, where a rule wants more hours between.
  void space(kb::dose& d, const placed& item) const;

  // "leave 48 hours before a match": what a person must know who does the exercise.
  std::vector<std::string> warnings(const placed& item) const;

private:
  std::vector<const kb::sequence*> rules_;
};

// Whether the group names the exercise or its phase.
bool holds(const kb::exercise_group& group, const placed& item);
bool is_about(const kb::spacing& apart, const placed& item);

} // namespace posterior::plan
