#include "kb/show_fields.hpp"

#include <cmath>

#include "kb/reader.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::kb {

std::string number(double x) {
  return format_number(std::round(x * 1e6) / 1e6);
}

std::string text_of(const estimate& e) {
  const std::string from = e.of > 0 ? number(e.hits) + " of " + number(e.of) : e.word;
  return (from.empty() ? "" : from + " = ") + number(e.mean) + " [" + number(e.low) + " to " +
         number(e.high) + "]";
}

std::string text_of(const range& r) {
  return r.min == r.max ? number(r.min) : number(r.min) + " to " + number(r.max);
}

std::string text_of(const clauses& when) {
  std::string out;
  for (const auto& clause : when) {
    std::string part;
    for (const condition& c : clause)
      part += (part.empty() ? "" : " and ") + to_string(c);
    out += (out.empty() ? "" : "; or ") + part;
  }
  return out;
}

std::string text_of(const cutoff& c) {
  std::string out = c.above ? "above " + number(*c.above) : "below " + number(c.below.value_or(0));
  if (!c.sex.empty())
    out += ", " + c.sex;
  if (c.age_min)
    out += ", from " + number(*c.age_min) + " years";
  if (c.age_max)
    out += ", to " + number(*c.age_max) + " years";
  return out;
}

std::string text_of(const accuracy& a) {
  return "sensitivity " + text_of(a.sensitivity) + ", specificity " + text_of(a.specificity);
}

std::string text_of(const normal_reading& n) {
  return number(n.absent) + " without, " + number(n.present) + " with, sd " + number(n.sd) +
         ", ratio at most " + number(n.clip);
}

std::string text_of(const ratio_reading& r) {
  std::string out;
  for (const auto& point : r.points)
    out += (out.empty() ? "" : ", ") + number(point[1]) + " at " + number(point[0]);
  return out + ", ratio at most " + number(r.clip);
}

std::string joined(const std::vector<std::string>& list, std::string_view between) {
  std::string out;
  for (const std::string& s : list)
    out += (out.empty() ? "" : std::string(between)) + s;
  return out;
}

std::string text_of(const exercise_group& g) {
  std::string out = joined(g.exercises, ", ");
  for (const phase p : g.phases)
    out += (out.empty() ? "all of phase " : ", all of phase ") + std::string(to_string(p));
  return out;
}

std::string label_of(std::string_view key) {
  std::string out(key);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

} // namespace posterior::kb
