#include "engine/report/words.hpp"

#include <array>
#include <cmath>
#include <cstdio>

#include "kb/values/json_writer.hpp"

namespace posterior::report {
namespace {

constexpr std::string_view judgement = "judgement"; // how assessments cite somebody's own judgement

std::string decimals(double value, int places) {
  std::array<char, 64> buffer;
  std::snprintf(buffer.data(), buffer.size(), "%.*f", places, value);
  return buffer.data();
}

// The end of a range, rounded outward where two digits would say nought or one.
std::string outward(double p) {
  if (p < 0.005)
    return "0";
  return p >= 0.995 ? "1" : decimals(p, 2);
}

std::string_view strength(double size) {
  if (size < 1)
    return "hardly";
  if (size < 3)
    return "a little";
  if (size < 7)
    return "somewhat";
  return size < 10 ? "clearly" : "strongly";
}

void add(std::string& out, const std::optional<kb::range>& r, std::string_view before, std::string_view one,
         std::string_view many) {
  if (!r)
    return;
  if (!out.empty())
    out += ", ";
  out += before;
  out += range_words(*r);
  out += r->min == 1 && r->max == 1 ? one : many;
}

void add(std::string& out, std::string_view text) {
  if (text.empty())
    return;
  if (!out.empty())
    out += "; ";
  out += text;
}

} // namespace

std::string probability(double p) {
  if (p > 0 && p < 0.005)
    return "<0.01";
  if (p < 1 && p >= 0.995)
    return ">0.99";
  return decimals(p, 2);
}

std::string with_interval(double p, double low, double high) {
  return probability(p) + " [" + outward(low) + "-" + outward(high) + "]";
}

std::string weight(double decibans) {
  std::string out(strength(std::fabs(decibans)));
  out += decibans < 0 ? " against it, " : " for it, +";
  return out + decimals(decibans, 1) + " dB";
}

std::string short_number(double value) {
  const double rounded = std::round(value * 10) / 10;
  return format_number(rounded);
}

std::string with_side(std::string_view name, side where) {
  std::string out(name);
  if (where != side::none)
    (out += ", ") += to_string(where);
  return out;
}

std::string state_name(std::string_view ref, const kb::snapshot& knowledge) {
  const std::size_t at = ref.find('@');
  const std::string_view id = ref.substr(0, at);
  const kb::state* s = knowledge.find_state(id);
  std::string out(s != nullptr && !s->name.empty() ? std::string_view(s->name) : id);
  if (at != std::string_view::npos)
    (out += ", ") += ref.substr(at + 1);
  return out;
}

std::string finding_name(std::string_view id, const kb::snapshot& knowledge) {
  const kb::finding* f = knowledge.find_finding(id);
  return f != nullptr && !f->name.empty() ? f->name : std::string(id);
}

std::string exercise_name(std::string_view id, const kb::snapshot& knowledge) {
  const kb::exercise* e = knowledge.find_exercise(id);
  return e != nullptr && !e->name.empty() ? e->name : std::string(id);
}

std::string grade_words(kb::grade level, bool contested) {
  std::string out = "evidence: ";
  out += level == kb::grade::opinion ? "somebody's opinion" : to_string(level);
  return contested ? out + ", contested" : out;
}

std::string citations(const std::vector<cases::cited>& list) {
  std::string out;
  bool judged = false;
  for (const cases::cited& c : list) {
    if (c.source == judgement) {
      judged = true;
      continue;
    }
    add(out, c.source);
    const std::string_view seen = to_string(c.seen);
    const bool said = c.place.find(seen) != std::string::npos;
    out += " (" + c.place + (c.place.empty() || said ? "" : ", ") + (said ? "" : std::string(seen)) + ")";
  }
  if (judged)
    add(out, judgement);
  return out;
}

std::string basis_words(const kb::basis& rests_on) {
  std::string out;
  for (const std::string& id : rests_on.claims)
    add(out, "claim " + id);
  for (const kb::citation& c : rests_on.sources)
    add(out, c.place.empty() ? c.source : c.source + " (" + c.place + ")");
  if (!rests_on.judgement.empty())
    add(out, "judgement: " + rests_on.judgement);
  return out;
}

std::string listing(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0)
      out += i + 1 == words.size() ? " and " : ", ";
    out += words[i];
  }
  return out;
}

std::string range_words(const kb::range& r) {
  return r.min == r.max ? short_number(r.min) : short_number(r.min) + "-" + short_number(r.max);
}

std::string dose_words(const kb::dose& d) {
  std::string out;
  add(out, d.sets, "", " set", " sets");
  add(out, d.reps, "", " repetition", " repetitions");
  add(out, d.hold_s, "hold ", " s", " s");
  add(out, d.rest_s, "rest ", " s", " s");
  add(out, d.minutes, "", " minute", " minutes");
  add(out, d.per_day, "", " time a day", " times a day");
  add(out, d.per_week, "", " day a week", " days a week");
  add(out, d.weeks, "for ", " week", " weeks");
  add(out, d.tempo.empty() ? std::string() : "tempo " + d.tempo);
  add(out, d.load.empty() ? std::string() : "load " + d.load);
  add(out, d.note);
  return out;
}

std::string grouped(std::size_t n) {
  const std::string digits = std::to_string(n);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0)
      out += ',';
    out += digits[i];
  }
  return out;
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string counted(std::size_t n, std::string_view one, std::string_view many) {
  return std::to_string(n) + " " + std::string(n == 1 ? one : many);
}

std::string texts_of(const std::vector<cases::observation_ref>& list) {
  std::string out;
  for (const cases::observation_ref& o : list)
    out += (out.empty() ? "" : "; ") + o.text;
  return out;
}

} // namespace posterior::report
