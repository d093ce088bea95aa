#include "engine/case/screen.hpp"

#include <algorithm>
#include <tuple>

#include "engine/case/truth.hpp"
#include "engine/case/undecided.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::cases {
namespace {

observation_ref describe_attribute(const kb::condition& c, const patient& who) {
  switch (c.of) {
  case kb::attribute::age:
    return {"age", side::none, "Age: " + format_number(who.age.value_or(0)) + " years"};
  case kb::attribute::body_mass:
    return {"body-mass", side::none, "Body mass: " + format_number(who.body_mass.value_or(0)) + " kg"};
  case kb::attribute::height:
    return {"height", side::none, "Height: " + format_number(who.height.value_or(0)) + " cm"};
  case kb::attribute::sex:
    return {"sex", side::none, "Sex: " + std::string(to_string(who.sex_is))};
  default:
    return {"pregnant", side::none,
            std::string("Pregnant: ") + (who.pregnant.value_or(false) ? "yes" : "no")};
  }
}

void add(std::vector<observation_ref>& out, observation_ref ref) {
  const bool known = std::any_of(out.begin(), out.end(), [&](const observation_ref& o) {
    return o.finding == ref.finding && o.where == ref.where;
  });
  if (!known)
    out.push_back(std::move(ref));
}

// What made the clauses true, patient attributes included, in the order of the clauses.
std::vector<observation_ref> reasons(const kb::clauses& when, const picture& p,
                                     const kb::snapshot& knowledge) {
  std::vector<observation_ref> out;
  for (const auto& clause : when) {
    if (holds(kb::clauses{clause}, p, knowledge) != truth::present)
      continue;
    for (const kb::condition& c : clause) {
      if (c.of != kb::attribute::none)
        add(out, describe_attribute(c, p.who));
      else
        for (const settled* s : because({{c}}, p, knowledge))
          add(out, describe(*s, knowledge));
    }
  }
  return out;
}

red_flag raise(const kb::rule& r, const picture& p, const kb::snapshot& knowledge) {
  return {r.id,     r.name,   r.level,  reasons(r.when, p, knowledge),
          r.action, r.timing, r.closes, cite(r.rests_on, knowledge)};
}

watch_line watch(const kb::rule& r, const picture& p, const kb::snapshot& knowledge) {
  return {r.id, r.name, r.action, reasons(r.when, p, knowledge), r.asks, cite(r.rests_on, knowledge)};
}

// A value or level answers a question as well as a state does.
bool answered(const kb::finding& f, const picture& p, const kb::snapshot& knowledge) {
  kb::condition plain;
  plain.finding = f.id;
  if (holds(plain, p, knowledge) != truth::unknown)
    return true;
  const auto measured = [&](side where) {
    const settled* s = p.find(f.id, where);
    return s && (s->value || s->level);
  };
  return measured(side::none) || (f.lateral && measured(side::left) && measured(side::right));
}

bool in(const std::vector<std::string>& list, const std::string& id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

suspended_rule suspended(const kb::rule& r, const kb::suspension& s, const picture& p,
                         const kb::snapshot& knowledge) {
  return {r.id,
          r.name,
          r.level,
          s.by,
          s.when,
          s.reason,
          s.until,
          holds(r.when, p, knowledge),
          reasons(r.when, p, knowledge),
          r.action,
          r.timing};
}

bool would_flag(const suspended_rule& s) {
  return s.fires == truth::present && s.level != kb::urgency::watch;
}

safety status_of(const patient_case& c, const screen_result& screened, const picture& p,
                 const kb::snapshot& knowledge) {
  safety out;
  for (const kb::finding& f : knowledge.all.findings)
    if (f.safety && !f.derived && (in(c.unusable_near, f.id) || !answered(f, p, knowledge)))
      out.missing.push_back(f.id);
  for (std::string& id : undecided(p, knowledge))
    out.missing.push_back(std::move(id));
  std::sort(out.missing.begin(), out.missing.end());
  out.missing.erase(std::unique(out.missing.begin(), out.missing.end()), out.missing.end());
  out.unreadable = c.unusable_unknown;
  if (!screened.flags.empty())
    out.status = "flagged";
  else
    out.status = out.missing.empty() && !c.unusable_unknown &&
                         std::none_of(screened.suspended.begin(), screened.suspended.end(), would_flag)
                     ? "clear"
                     : "incomplete";
  return out;
}

} // namespace

screen_result screen(const patient_case& c, const picture& p, const kb::snapshot& knowledge) {
  screen_result out;
  for (const kb::rule& r : knowledge.all.rules) {
    if (const kb::suspension* s = knowledge.find_suspension(r.id)) {
      out.suspended.push_back(suspended(r, *s, p, knowledge));
      continue;
    }
    if (holds(r.when, p, knowledge) != truth::present)
      continue;
    if (r.level == kb::urgency::watch)
      out.watch.push_back(watch(r, p, knowledge));
    else
      out.flags.push_back(raise(r, p, knowledge));
  }
  const auto key = [](const red_flag& f) { return std::tie(f.level, f.id); };
  std::sort(out.flags.begin(), out.flags.end(),
            [&](const red_flag& a, const red_flag& b) { return key(a) < key(b); });
  std::sort(out.watch.begin(), out.watch.end(),
            [](const watch_line& a, const watch_line& b) { return a.id < b.id; });
  std::sort(out.suspended.begin(), out.suspended.end(),
            [](const suspended_rule& a, const suspended_rule& b) { return a.rule < b.rule; });
  out.safe = status_of(c, out, p, knowledge);
  return out;
}

} // namespace posterior::cases
