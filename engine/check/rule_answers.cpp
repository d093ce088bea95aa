#include "engine/check/rule_answers.hpp"

#include <algorithm>
#include <set>

#include "engine/case/undecided.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::check {
namespace {

using cases::truth;

// One entry of a side: what is recorded there.
struct entry {
  std::string text;
  cases::observation record;
  bool open = false;
};

entry plain(truth t) {
  entry out{std::string(t == truth::unknown ? "unknown" : to_string(t)), {}, t == truth::unknown};
  out.record.state = t;
  return out;
}

entry of_value(double v, const std::string& unit) {
  entry out{format_number(v) + (unit.empty() || unit == "1" ? "" : " " + unit), {}, false};
  out.record.value = v;
  return out;
}

entry of_level(int index, const std::string& name) {
  entry out{name, {}, false};
  out.record.level = index;
  return out;
}

// Below, at and above each limit.
std::set<double> around(const std::vector<double>& limits, double step, double least, double most) {
  std::set<double> out;
  for (const double limit : limits)
    for (const double v : {limit - step, limit, limit + step})
      if (v >= least && v <= most)
        out.insert(v);
  return out;
}

std::vector<double> limits_of(const std::vector<kb::condition>& clause, const kb::condition& of) {
  std::vector<double> out;
  for (const kb::condition& c : clause)
    if (c.of == of.of && c.finding == of.finding && c.op != kb::comparison::none)
      out.push_back(c.value);
  return out;
}

std::vector<entry> entries_of(const kb::finding& f, const std::vector<double>& limits) {
  std::vector<entry> out{plain(truth::unknown), plain(truth::present), plain(truth::absent)};
  if (limits.empty())
    return out;
  for (std::size_t i = 0; i < f.levels.size(); ++i)
    out.push_back(of_level(static_cast<int>(i), f.levels[i]));
  if (f.bounds) {
    const double step = (f.bounds->max - f.bounds->min) / 1000;
    std::set<double> values = around(limits, step, f.bounds->min, f.bounds->max);
    values.insert({f.bounds->min, f.bounds->max});
    for (const double v : values)
      out.push_back(of_value(v, f.unit));
  }
  return out;
}

cases::observation at(const cases::observation& o, const kb::finding& f, side where) {
  cases::observation out = o;
  out.finding = f.id;
  out.where = where;
  return out;
}

// Both sides, each with its own entry; then the same said without a side.
void add_lateral(asked& a, const kb::finding& f, const std::vector<entry>& entries) {
  for (const entry& l : entries)
    for (const entry& r : entries) {
      const std::string words =
          l.text == r.text ? l.text + " on both sides" : l.text + " on the left, " + r.text + " on the right";
      a.answers.push_back({f.id + " " + words,
                           {at(l.record, f, side::left), at(r.record, f, side::right)},
                           {},
                           {},
                           l.open || r.open});
    }
  const std::size_t n = entries.size();
  for (std::size_t l = 0; l < n; ++l)
    for (std::size_t r = 0; r < n; ++r)
      for (const auto& [left_open, right_open] : {std::pair{true, false}, {false, true}, {true, true}})
        a.answers[l * n + r].blurs.push_back((left_open ? 0 : l) * n + (right_open ? 0 : r));
  for (const entry& e : entries)
    if (!e.open)
      a.answers.push_back(
          {f.id + " " + e.text + ", side not said", {at(e.record, f, side::none)}, {}, {0}, false});
}

asked of_finding(const kb::condition& c, const std::vector<double>& limits, const kb::snapshot& knowledge) {
  asked out{c, cases::is_question(c, knowledge), {}};
  const kb::finding* f = knowledge.find_finding(c.finding);
  if (f == nullptr)
    return out;
  const std::vector<entry> entries = entries_of(*f, limits);
  if (f->lateral)
    add_lateral(out, *f, entries);
  else
    for (const entry& e : entries)
      out.answers.push_back({f->id + " " + e.text, {at(e.record, *f, side::none)}, {}, {0}, e.open});
  return out;
}

void add(asked& a, std::string text, std::function<void(cases::patient&)> about) {
  const bool open = !about;
  a.answers.push_back(
      {std::string(to_string(a.of.of)) + " " + std::move(text), {}, std::move(about), {0}, open});
}

asked of_number(const kb::condition& c, const std::vector<double>& limits,
                std::optional<double> cases::patient::*field, double most) {
  asked out{c, true, {}};
  add(out, "unknown", {});
  for (const double v : around(limits, 1, 0, most))
    add(out, format_number(v), [field, v](cases::patient& who) { who.*field = v; });
  return out;
}

asked of_attribute(const kb::condition& c, const std::vector<double>& limits) {
  asked out{c, true, {}};
  switch (c.of) {
  case kb::attribute::age:
    return of_number(c, limits, &cases::patient::age, 120);
  case kb::attribute::body_mass:
    return of_number(c, limits, &cases::patient::body_mass, 400);
  case kb::attribute::height:
    return of_number(c, limits, &cases::patient::height, 250);
  case kb::attribute::sex:
    add(out, "unknown", {});
    for (const auto s : {cases::sex::female, cases::sex::male, cases::sex::other})
      add(out, std::string(to_string(s)), [s](cases::patient& who) { who.sex_is = s; });
    break;
  case kb::attribute::pregnant:
    add(out, "unknown", {});
    for (const bool yes : {true, false})
      add(out, yes ? "yes" : "no", [yes](cases::patient& who) { who.pregnant = yes; });
    break;
  case kb::attribute::none:
    break;
  }
  return out;
}

} // namespace

std::vector<asked> answers_to(const std::vector<kb::condition>& clause, const kb::snapshot& knowledge) {
  std::vector<asked> out;
  for (const kb::condition& c : clause) {
    const bool known = std::any_of(
        out.begin(), out.end(), [&](const asked& a) { return a.of.of == c.of && a.of.finding == c.finding; });
    if (known)
      continue;
    const auto limits = limits_of(clause, c);
    out.push_back(c.of == kb::attribute::none ? of_finding(c, limits, knowledge) : of_attribute(c, limits));
  }
  return out;
}

} // namespace posterior::check
