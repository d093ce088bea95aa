// The answers that conditions can tell apart: for each finding and attribute that they name, one of each
// kind. Pure; any thread. Private to engine/check.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/case/case.hpp"
#include "kb/snapshot.hpp"

namespace posterior::check {

// One way to answer one question.
struct answer {
  std::string text; // "red-trauma present", "age unknown"
  std::vector<cases::observation> records;
  std::function<void(cases::patient&)> about; // of an attribute; may be empty
  // Answers of the same question that say less: this one with a side, or all of it, left open.
  std::vector<std::size_t> blurs;
  bool open = false; // nothing was answered, on one side at least
};

// All answers to one finding or attribute.
struct asked {
  kb::condition of;      // the first condition that names it
  bool question = false; // can be answered by asking
  std::vector<answer> answers;
};

// What the alternative asks, each finding and attribute once, in its order. Values lie below, at and above
// each limit, and inside the finding's range.
std::vector<asked> answers_to(const std::vector<kb::condition>& clause, const kb::snapshot& knowledge);

} // namespace posterior::check
