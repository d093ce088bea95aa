#include "engine/plan/dose.hpp"

#include "engine/plan/judgement.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::plan {
namespace {

double least(const std::optional<kb::range>& r, double otherwise) {
  return r ? r->min : otherwise;
}

// "2-1-3" is six seconds a repetition; anything else is text for people.
double tempo_seconds(const std::string& tempo) {
  double total = 0;
  bool digit_expected = true;
  for (const char c : tempo) {
    if (digit_expected ? c < '0' || c > '9' : c != '-')
      return 0;
    if (digit_expected)
      total += c - '0';
    digit_expected = !digit_expected;
  }
  return total;
}

double repetition_seconds(const kb::dose& d) {
  if (d.hold_s)
    return d.hold_s->min + judgement::seconds_beside_hold;
  const double tempo = tempo_seconds(d.tempo);
  return tempo > 0 ? tempo : judgement::seconds_per_repetition;
}

template <typename T>
void take(std::optional<T>& to, const std::optional<T>& from) {
  if (from)
    to = from;
}

void take(std::string& to, const std::string& from) {
  if (!from.empty())
    to = from;
}

std::string count(double n, const char* one, const char* many) {
  return format_number(n) + " " + (n == 1 ? one : many);
}

void append(std::string& out, const std::string& part) {
  out += (out.empty() ? "" : ", ") + part;
}

} // namespace

kb::dose overridden(const kb::dose& base, const kb::dose& over) {
  kb::dose out = base;
  take(out.sets, over.sets);
  take(out.reps, over.reps);
  take(out.hold_s, over.hold_s);
  take(out.rest_s, over.rest_s);
  take(out.per_day, over.per_day);
  take(out.per_week, over.per_week);
  take(out.weeks, over.weeks);
  take(out.minutes, over.minutes);
  take(out.tempo, over.tempo);
  take(out.load, over.load);
  take(out.note, over.note);
  take(out.basis, over.basis);
  return out;
}

double session_minutes(const kb::dose& d, bool both_sides) {
  const double sides = both_sides ? 2 : 1;
  if (d.minutes)
    return d.minutes->min * sides;
  const double sets = least(d.sets, 1);
  const double rest = sets > 1 ? (sets - 1) * least(d.rest_s, judgement::default_rest_s) : 0;
  const double work = sets * least(d.reps, 1) * repetition_seconds(d);
  return ((work + rest) * sides + judgement::setup_s) / 60;
}

double days_a_week(const kb::dose& d) {
  return least(d.per_week, 1);
}

double weekly_minutes(const kb::dose& d) {
  return session_minutes(d, false) * least(d.per_day, 1) * days_a_week(d);
}

std::string week_one(const kb::dose& d) {
  std::string out;
  if (d.sets && d.reps)
    out = format_number(d.sets->min) + " x " + format_number(d.reps->min);
  else if (d.sets)
    out = count(d.sets->min, "set", "sets");
  else if (d.reps)
    out = count(d.reps->min, "repetition", "repetitions");
  if (d.hold_s)
    append(out, "hold " + format_number(d.hold_s->min) + " s");
  if (d.minutes)
    append(out, format_number(d.minutes->min) + " min");
  if (d.per_day && d.per_day->min != 1)
    append(out, count(d.per_day->min, "time a day", "times a day"));
  if (d.per_week)
    append(out, count(d.per_week->min, "day a week", "days a week"));
  return out;
}

} // namespace posterior::plan
