#include <algorithm>

#include "engine/case/settle.hpp"
#include "engine/case/truth.hpp"

namespace posterior::cases {
namespace {

bool compare(double found, kb::comparison op, double limit) {
  switch (op) {
  case kb::comparison::less:
    return found < limit;
  case kb::comparison::at_most:
    return found <= limit;
  case kb::comparison::equal:
    return found == limit;
  case kb::comparison::at_least:
    return found >= limit;
  case kb::comparison::greater:
    return found > limit;
  case kb::comparison::none:
    break;
  }
  return false;
}

truth compared(const std::optional<double>& found, const kb::condition& c) {
  return found ? as_truth(compare(*found, c.op, c.value)) : truth::unknown;
}

// A sex that is not recorded, or recorded as `other`, decides nothing.
truth sex_is(const patient& who, const std::string& word) {
  if (who.sex_is == sex::unknown || who.sex_is == sex::other)
    return truth::unknown;
  return as_truth(to_string(who.sex_is) == word);
}

truth pregnant(const patient& who) {
  if (who.pregnant)
    return as_truth(*who.pregnant);
  return who.sex_is == sex::male ? truth::absent : truth::unknown;
}

truth attribute_holds(const kb::condition& c, const patient& who) {
  switch (c.of) {
  case kb::attribute::age:
    return compared(who.age, c);
  case kb::attribute::body_mass:
    return compared(who.body_mass, c);
  case kb::attribute::height:
    return compared(who.height, c);
  case kb::attribute::sex:
    return sex_is(who, c.word);
  case kb::attribute::pregnant:
    return pregnant(who);
  case kb::attribute::none:
    break;
  }
  return truth::unknown;
}

// What a recorded state says when the observer's certainty counts. Certainty 0 is the plain opposite. A
// safety finding is present at any certainty above 0; `absent` below 1 is unknown for every finding.
truth state_of(const settled& s, bool safety) {
  if (s.state == truth::unknown || s.certainty == 0)
    return !s.state;
  if (s.state == truth::absent)
    return s.certainty < 1 ? truth::unknown : truth::absent;
  return safety || s.certainty > 0.5 ? truth::present : truth::unknown;
}

truth entry_holds(const settled& s, const kb::condition& c, bool safety) {
  if (c.op == kb::comparison::none)
    return state_of(s, safety);
  if (s.value)
    return compared(s.value, c);
  return s.level ? compared(static_cast<double>(*s.level), c) : truth::unknown;
}

// One side of a finding; a record without a side stands for it as well.
truth side_holds(const kb::condition& c, const picture& p, side where, bool safety) {
  if (const settled* s = p.find(c.finding, where))
    return entry_holds(*s, c, safety);
  const settled* s = p.find(c.finding, side::none);
  return s ? entry_holds(*s, c, safety) : truth::unknown;
}

truth any_side(const kb::condition& c, const picture& p, const kb::finding& f) {
  const settled* unsided = p.find(c.finding, side::none);
  const truth without = unsided ? entry_holds(*unsided, c, f.safety) : truth::unknown;
  if (!f.lateral || without == truth::present)
    return without;
  return either(side_holds(c, p, side::left, f.safety), side_holds(c, p, side::right, f.safety));
}

truth finding_holds(const kb::condition& c, const picture& p, const kb::snapshot& knowledge) {
  const kb::finding* f = knowledge.find_finding(c.finding);
  if (!f)
    return truth::unknown;
  using where = kb::condition::where;
  if (!f->lateral || c.on == where::any)
    return any_side(c, p, *f);
  const truth left = side_holds(c, p, side::left, f->safety);
  const truth right = side_holds(c, p, side::right, f->safety);
  return c.on == where::left ? left : c.on == where::right ? right : both(left, right);
}

truth clause_holds(const std::vector<kb::condition>& clause, const picture& p,
                   const kb::snapshot& knowledge) {
  truth all = truth::present;
  for (const kb::condition& c : clause)
    all = both(all, holds(c, p, knowledge));
  return all;
}

bool concerns(const settled& s, kb::condition::where on) {
  using where = kb::condition::where;
  return s.where == side::none || on == where::any || on == where::both ||
         (on == where::left) == (s.where == side::left);
}

void add_evidence(const kb::condition& c, const picture& p, const kb::snapshot& knowledge,
                  std::vector<const settled*>& out) {
  const kb::finding* f = knowledge.find_finding(c.finding);
  if (!f)
    return;
  const truth wanted = c.negated ? truth::absent : truth::present;
  for (const settled* s : p.of(c.finding))
    if (concerns(*s, c.on) && entry_holds(*s, c, f->safety) == wanted &&
        std::find(out.begin(), out.end(), s) == out.end())
      out.push_back(s);
}

} // namespace

truth holds(const kb::condition& c, const picture& p, const kb::snapshot& knowledge) {
  const truth plain =
      c.of == kb::attribute::none ? finding_holds(c, p, knowledge) : attribute_holds(c, p.who);
  return c.negated ? !plain : plain;
}

truth holds(const kb::clauses& when, const picture& p, const kb::snapshot& knowledge) {
  truth any = truth::absent;
  for (const auto& clause : when)
    any = either(any, clause_holds(clause, p, knowledge));
  return any;
}

std::vector<const settled*> because(const kb::clauses& when, const picture& p,
                                    const kb::snapshot& knowledge) {
  std::vector<const settled*> out;
  for (const auto& clause : when)
    if (clause_holds(clause, p, knowledge) == truth::present)
      for (const kb::condition& c : clause)
        if (c.of == kb::attribute::none)
          add_evidence(c, p, knowledge, out);
  return out;
}

} // namespace posterior::cases
