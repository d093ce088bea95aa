// States, their priors in parts of the population, and theories.
#include "kb/item.hpp"
#include "kb/values/json_writer.hpp"

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
  s.codes = f.codes();
  s.rests_on = f.rests_on();
  s.from = f.from();
  return s;
}

std::optional<range> read_age(item& f) {
  const node* list = f.array("age");
  if (!list)
    return std::nullopt;
  const auto& n = list->items;
  const bool two = n.size() == 2 && n[0].is_number() && n[1].is_number();
  if (two && 0 <= n[0].number && n[0].number < n[1].number && n[1].number <= 120)
    return range{n[0].number, n[1].number};
  f.problem(*list, "bad-range",
            fault("\"age\" of " + f.what(),
                  two ? "[" + format_number(n[0].number) + ", " + format_number(n[1].number) + "]"
                      : "a list of another form",
                  "[from, to] in completed years, between 0 and 120"));
  return std::nullopt;
}

prior read_prior(item& f) {
  prior p;
  p.state = f.required_reference("state");
  if (const auto i = f.choice("setting", {settings.begin(), settings.end()}))
    p.setting = settings[*i];
  if (const auto i = f.choice("sex", {"female", "male"}))
    p.sex = *i == 0 ? "female" : "male";
  p.age = read_age(f);
  if (!f.has("setting") && !f.has("sex") && !f.has("age"))
    f.problem("no-part", fault(f.what(), "for everybody", "for a \"setting\", a \"sex\" or an \"age\""),
              "what holds for everybody is the leak of the state");
  p.leak = f.required_probability("leak").value_or(estimate{});
  p.rests_on = f.rests_on();
  p.from = f.from();
  return p;
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
  read_reviewed_list(top, "state", context, into, into.states, problems, read_state);
  read_reviewed_list(top, "prior", context, into, into.priors, problems, read_prior);
  read_reviewed_list(top, "theory", context, into, into.theories, problems, [&](item& f) {
    if (!into.theories.empty())
      f.problem("one-theory", fault("[[theory]]", "given twice", "at most one a bundle"));
    return read_theory(f);
  });
}

} // namespace posterior::kb
