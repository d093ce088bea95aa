#include <algorithm>
#include <set>

#include "engine/case/reader.hpp"
#include "kb/values/digest.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::cases {
namespace {

template <typename T>
void member(json_writer& out, std::string_view key, const std::optional<T>& value) {
  out.key(key);
  if (value)
    out.value(*value);
  else
    out.null();
}

std::string one_line(const observation& o) {
  json_writer out(0);
  out.begin_object().member("finding", o.finding).member("side", posterior::to_string(o.where));
  out.member("state", to_string(o.state));
  member(out, "value", o.value);
  member(out, "level", o.level);
  out.member("certainty", o.certainty);
  member(out, "error", o.error);
  member(out, "day", o.day);
  out.end_object();
  return out.take();
}

std::string one_line(const choice& c) {
  json_writer out(0);
  out.begin_object().member("tension", c.tension).member("take", c.take).member("by", c.by);
  member(out, "day", c.day);
  out.end_object();
  return out.take();
}

template <typename T>
std::vector<std::string> lines(const std::vector<T>& list) {
  std::vector<std::string> out;
  for (const T& item : list)
    out.push_back(one_line(item));
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> as_set(const std::vector<std::string>& list) {
  const std::set<std::string> sorted(list.begin(), list.end());
  return {sorted.begin(), sorted.end()};
}

void write_patient(json_writer& out, const patient& who) {
  out.key("patient").begin_object().member("sex", to_string(who.sex_is));
  member(out, "age", who.age);
  member(out, "body_mass", who.body_mass);
  member(out, "height", who.height);
  member(out, "leg_length", who.leg_length);
  member(out, "pregnant", who.pregnant);
  out.end_object();
}

void write_screening(json_writer& out, const screening& s) {
  out.key("screening").begin_object().member("done", s.done).member("by", s.by);
  member(out, "day", s.day);
  out.strings("not_asked", as_set(s.not_asked)).end_object();
}

} // namespace

std::string digest(const patient_case& c) {
  json_writer out(0);
  out.begin_object().member("schema", "posterior.case-digest/1").member("setting", to_string(c.in));
  write_patient(out, c.who);
  write_screening(out, c.screened);
  out.strings("choices", lines(c.choices));
  out.strings("observations", lines(c.observations));
  out.strings("unusable_near", as_set(c.unusable_near));
  out.member("unusable_unknown", c.unusable_unknown).end_object();
  return sha256_hex(out.take());
}

} // namespace posterior::cases
