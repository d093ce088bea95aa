#include "engine/check/golden.hpp"

#include <algorithm>
#include <set>

#include "kb/values/document.hpp"
#include "kb/values/fields.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::check {
namespace {

std::string at_side(std::string_view id, side where) {
  return where == side::none ? std::string(id) : std::string(id) + "@" + std::string(to_string(where));
}

std::map<std::string, double> numbers(fields& f, std::string_view key, diagnostics& problems) {
  std::map<std::string, double> out;
  const node* table = f.table(key);
  if (!table)
    return out;
  fields rows(*table, f.file(), "expected", std::string(key), problems);
  for (const auto& [name, value] : table->members)
    if (const auto p = rows.number_between(name, 0, 1))
      out[name] = *p;
  return out;
}

std::map<std::string, std::string> words(fields& f, std::string_view key, diagnostics& problems) {
  static const std::vector<std::string_view> reasons{"finding", "cause",     "tension",
                                                     "cap",     "equipment", "red-flag"};
  std::map<std::string, std::string> out;
  const node* table = f.table(key);
  if (!table)
    return out;
  fields rows(*table, f.file(), "expected", std::string(key), problems);
  for (const auto& [name, value] : table->members)
    if (const auto k = rows.choice(name, reasons))
      out[name] = reasons[*k];
  return out;
}

class judge {
public:
  judge(const expectation& wanted, const assess::assessment& got)
      : wanted_(wanted)
      , got_(got) {}

  std::vector<std::string> run() {
    ranks();
    safety();
    programme();
    rest();
    return std::move(out_);
  }

private:
  void fail(std::string text) { out_.push_back(std::move(text)); }
  static bool has(const std::set<std::string>& all, const std::string& one) { return all.contains(one); }

  // The posterior of "cause@side"; of "cause" the larger of its sides.
  std::optional<double> posterior_of(const std::string& name) const {
    std::optional<double> found;
    for (const auto* list : {&got_.differential, &got_.outside})
      for (const auto& e : *list)
        if (at_side(e.cause, e.where) == name || e.cause == name)
          found = std::max(found.value_or(0), e.posterior);
    return found;
  }

  void ranks() {
    if (wanted_.first && got_.differential.empty())
      fail("the differential is empty, " + *wanted_.first + " must lead it");
    else if (wanted_.first) {
      const auto& e = got_.differential.front();
      if (at_side(e.cause, e.where) != *wanted_.first && e.cause != *wanted_.first)
        fail("the differential is led by " + at_side(e.cause, e.where) + " (" + format_number(e.posterior) +
             "), must be " + *wanted_.first);
    }
    for (const auto& [name, least] : wanted_.above)
      bound(name, least, true);
    for (const auto& [name, most] : wanted_.below)
      bound(name, most, false);
    if (wanted_.none_of_these_above && got_.none_of_these < *wanted_.none_of_these_above)
      fail("none_of_these is " + format_number(got_.none_of_these) + ", must be at least " +
           format_number(*wanted_.none_of_these_above));
  }

  void bound(const std::string& name, double limit, bool least) {
    const auto p = posterior_of(name);
    if (!p)
      fail("there is no cause " + name + " in the answer");
    else if (least ? *p < limit : *p > limit)
      fail("the posterior of " + name + " is " + format_number(*p) + ", must be at " +
           (least ? "least " : "most ") + format_number(limit));
  }

  void safety() {
    if (!wanted_.flags)
      return;
    std::set<std::string> raised, asked(wanted_.flags->begin(), wanted_.flags->end());
    for (const auto& f : got_.red_flags)
      raised.insert(f.id);
    for (const auto& id : asked)
      if (!has(raised, id))
        fail("the red flag " + id + " was not raised");
    for (const auto& id : raised)
      if (!has(asked, id))
        fail("the red flag " + id + " was raised, but is not expected");
  }

  void programme() {
    const auto& p = got_.programme;
    std::set<std::string> given;
    std::map<std::string, std::set<std::string>> withheld;
    for (const auto& phase : p.phases)
      for (const auto& item : phase.items)
        given.insert(item.exercise);
    for (const auto& l : p.left_out)
      withheld[l.exercise].insert(l.by);
    if (wanted_.plan && p.status != *wanted_.plan)
      fail("the plan is " + p.status + ", must be " + *wanted_.plan);
    for (const auto& id : wanted_.plan_has)
      if (!has(given, id))
        fail("the plan lacks " + id +
             (withheld.contains(id) ? " (left out by " + *withheld[id].begin() + ")" : ""));
    for (const auto& id : wanted_.plan_lacks)
      if (has(given, id))
        fail("the plan holds " + id + ", which it must not");
    for (const auto& [id, by] : wanted_.left_out_because)
      if (!withheld.contains(id) || !withheld[id].contains(by))
        fail(id + " is not left out by " + by +
             (withheld.contains(id) ? " but by " + *withheld[id].begin() : ""));
  }

  void rest() {
    std::set<std::string> asked, puzzling, open, codes, seen;
    for (const auto& t : got_.next_tests)
      asked.insert(t.finding);
    for (const auto& u : got_.unexplained)
      puzzling.insert(u.finding);
    for (const auto& t : got_.tensions)
      open.insert(t.id);
    for (const auto& d : got_.problems)
      codes.insert(d.code);
    for (const auto& r : got_.recorded) {
      seen.insert(r.finding);
      seen.insert(at_side(r.finding, r.where));
    }
    const auto& choices = wanted_.asks_next_one_of;
    if (!choices.empty() &&
        std::none_of(choices.begin(), choices.end(), [&](const auto& id) { return has(asked, id); }))
      fail("none of the next tests is one of those expected (" + choices.front() + " ...)");
    all_of(wanted_.unexplained, puzzling, " is not named as unexplained");
    all_of(wanted_.tensions, open, " is not among the tensions");
    all_of(wanted_.diagnostics, codes, " is not among the diagnostics");
    all_of(wanted_.derived, seen, " was not derived");
  }

  void all_of(const std::vector<std::string>& wanted, const std::set<std::string>& there,
              std::string_view but) {
    for (const auto& id : wanted)
      if (!has(there, id))
        fail(id + std::string(but));
  }

  const expectation& wanted_;
  const assess::assessment& got_;
  std::vector<std::string> out_;
};

} // namespace

expectation_reading read_expectation(std::string_view toml, const std::string& file) {
  expectation_reading out;
  const parsed document = parse_toml(toml, file);
  out.problems = document.problems;
  if (!document.root)
    return out;
  fields f(*document.root, file, "expected", "the expectation", out.problems);
  f.required_choice("schema", {"posterior.expected/1"});
  expectation e;
  e.first = f.text("first");
  e.above = numbers(f, "above", out.problems);
  e.below = numbers(f, "below", out.problems);
  if (f.has("flags"))
    e.flags = f.texts("flags");
  if (const auto k = f.choice("plan", {"open", "provisional", "closed"}))
    e.plan = std::vector<std::string>{"open", "provisional", "closed"}[*k];
  e.plan_has = f.texts("plan_has");
  e.plan_lacks = f.texts("plan_lacks");
  e.left_out_because = words(f, "left_out_because", out.problems);
  e.asks_next_one_of = f.texts("asks_next_one_of");
  e.unexplained = f.texts("unexplained");
  e.tensions = f.texts("tensions");
  e.diagnostics = f.texts("diagnostics");
  e.derived = f.texts("derived");
  e.none_of_these_above = f.number_between("none_of_these_above", 0, 1);
  f.finish();
  if (!has_errors(out.problems))
    out.value = std::move(e);
  return out;
}

std::vector<std::string> failures(const expectation& wanted, const assess::assessment& got) {
  return judge(wanted, got).run();
}

} // namespace posterior::check
