#include "engine/case/undecided.hpp"

#include <algorithm>
#include <set>

namespace posterior::cases {
namespace {

// One side of two, or `present` where a value is asked for.
bool half_met(const kb::condition& c, const picture& p) {
  const bool whole = c.on == kb::condition::where::any || c.on == kb::condition::where::both;
  const auto seen = p.of(c.finding);
  return whole &&
         std::any_of(seen.begin(), seen.end(), [](const settled* s) { return s->state == truth::present; });
}

// Adds what is open in one alternative, if that is all questions and a finding has met a part of it.
void add_open(const std::vector<kb::condition>& clause, const picture& p, const kb::snapshot& knowledge,
              std::set<std::string>& out) {
  std::set<std::string> open;
  bool met_in_part = false;
  for (const kb::condition& c : clause) {
    const truth now = holds(c, p, knowledge);
    if (now == truth::absent || (now == truth::unknown && !is_question(c, knowledge)))
      return;
    const bool finding = c.of == kb::attribute::none;
    if (now == truth::unknown)
      open.insert(finding ? c.finding : std::string(to_string(c.of)));
    met_in_part = met_in_part || (finding && (now == truth::present || half_met(c, p)));
  }
  if (met_in_part)
    out.insert(open.begin(), open.end());
}

} // namespace

bool is_question(const kb::condition& c, const kb::snapshot& knowledge) {
  if (c.of != kb::attribute::none)
    return true;
  const kb::finding* f = knowledge.find_finding(c.finding);
  return f != nullptr && (f->safety || f->kind == kb::finding_kind::history ||
                          f->kind == kb::finding_kind::symptom || f->kind == kb::finding_kind::attribute);
}

std::vector<std::string> undecided(const picture& p, const kb::snapshot& knowledge) {
  std::set<std::string> out;
  for (const kb::rule& r : knowledge.all.rules)
    if (r.level != kb::urgency::watch && knowledge.find_suspension(r.id) == nullptr &&
        holds(r.when, p, knowledge) == truth::unknown)
      for (const auto& clause : r.when)
        add_open(clause, p, knowledge, out);
  return {out.begin(), out.end()};
}

} // namespace posterior::cases
