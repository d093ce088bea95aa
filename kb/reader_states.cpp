// States and theories.
#include "kb/item.hpp"

namespace posterior::kb {
namespace {

state read_state(item& f) {
  state s;
  s.id = f.own_id();
  s.name = f.required_name();
  s.kind = f.required_word("kind", state_kind::home).value_or(state_kind::cause);
  s.lateral = f.truth("lateral");
  s.present_when = f.required_text("present_when").value_or("");
  s.population = f.text_or("population", "");
  s.leak = f.required_probability("leak").value_or(estimate{});
  s.pair = f.number_between("pair", 0, 1).value_or(0);
  if (f.has("pair") && !s.lateral)
    f.problem(*f.raw("pair"), "bad-pair",
              fault("\"pair\" of " + f.what(), "given without lateral = true", "for lateral states only"));
  s.serious = f.truth("serious");
  s.rule = f.reference("rule");
  s.rests_on = f.rests_on();
  s.from = f.from();
  return s;
}

theory read_theory(item& f) {
  theory t;
  const node* value = f.raw("credence");
  if (value)
    t.credence = read_interval(f, *value, "credence", 0, 1).value_or(estimate{});
  else if (f.context().words)
    t.credence = f.context().words->credence;
  t.causes = f.references("causes");
  if (t.causes.empty())
    f.missing("causes", "a list with at least one state");
  t.rests_on = f.rests_on();
  t.from = f.from();
  return t;
}

} // namespace

void read_states(fields& top, const reading_context& context, statements& into, diagnostics& problems) {
  for (const node* table : top.tables("state")) {
    item f(*table, "state", context, problems);
    into.states.push_back(read_state(f));
    f.finish();
  }
  for (const node* table : top.tables("theory")) {
    item f(*table, "theory", context, problems);
    if (!into.theories.empty())
      f.problem("one-theory", fault("[[theory]]", "given twice", "at most one a bundle"));
    into.theories.push_back(read_theory(f));
    f.finish();
  }
}

} // namespace posterior::kb
