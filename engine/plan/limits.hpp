// What withholds an exercise from one patient, and what must be said with it: precautions, tensions,
// irritability, equipment, red flags that close loading. Internal to engine/plan; borrows the input; any
// thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/plan/plan.hpp"

namespace posterior::plan {

// Why an exercise is left out. `by` is one of the words of left_out_line.
struct reason {
  std::string by, because;
  std::vector<cases::cited> sources;
};

class limits {
public:
  explicit limits(const input& in);

  // The first reason in the order: red flag, precaution by finding, irritability, precaution by cause,
  // tension, equipment. Empty: the exercise may be given.
  std::optional<reason> withholds(const kb::exercise& e, kb::phase stage) const;

  // Warnings that hold, and one line "ask first: ..." with the findings that would block and were not
  // recorded: unknown does not block. Blocks on every exercise are not repeated there: they concern the plan.
  std::vector<std::string> warnings(const kb::exercise& e, kb::phase stage) const;

  // Precautions that hold. Sorted by id.
  std::vector<std::string> applied() const;

  // Exercises that an active block names although no target asks for them: because of a cause, or indicated
  // for something that was examined. Sorted by id.
  std::vector<const kb::exercise*> named_blocks() const;

private:
  struct active {
    const kb::precaution* rule;
    cases::truth holds;
  };

  cases::truth evaluate(const kb::precaution& p) const;
  double highest(const std::string& state) const;
  reason explain(const kb::precaution& p) const;
  std::string odds_of(const std::string& state) const;
  std::optional<reason> by_red_flag(kb::phase stage) const;
  std::optional<reason> by_precaution(const kb::exercise& e, kb::phase stage, bool by_cause) const;
  std::optional<reason> by_irritability(const kb::exercise& e) const;
  std::optional<reason> by_tension(const kb::exercise& e) const;
  std::optional<reason> by_equipment(const kb::exercise& e) const;
  bool at_hand(const std::string& equipment) const;
  bool examined(const kb::exercise& e) const;
  void add_open_questions(const kb::precaution& p, std::vector<std::string>& names) const;

  const input& in_;
  std::vector<active> precautions_; // present or unknown, by id
  std::optional<kb::irritability> irritable_;
};

// Whether any take of the tension withholds the exercise.
bool withholds(const kb::tension& t, const std::string& exercise);

// Whether a tension is open and its takes would lead to different plans.
bool is_open(const tension_line& t);

} // namespace posterior::plan
