#include "engine/inference/readings.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "kb/values/elementary.hpp"

namespace posterior::inference {
namespace {

constexpr double adult_age = 18;
// Observations that a column of levels is worth where the statement does not say: a judgement.
constexpr double usual_worth = 20;

bool sex_is_open(const cases::patient& who) {
  return who.sex_is == cases::sex::unknown || who.sex_is == cases::sex::other;
}

double absolute(double x) {
  return x < 0 ? -x : x;
}

double clipped(double l, double clip) {
  const double most = log(clip);
  return std::clamp(l, -most, most);
}

// Logarithm of the likelihood ratio of two normals of equal spread.
double of_normals(const kb::normal_reading& n, double value, double error) {
  const double a = value - n.absent, b = value - n.present;
  return (a * a - b * b) / (2 * (n.sd * n.sd + error * error));
}

// The same on the logarithm of the value; its error is the relative one.
double of_log_normals(const kb::normal_reading& n, double value, double error) {
  const double least = std::min(n.absent, n.present) * 1e-3; // a value of 0 is a very small one
  const double x = std::max(value, least);
  return of_normals({log(n.absent), log(n.present), n.sd, n.clip}, log(x), error / x);
}

double between(const kb::ratio_reading& r, double value) {
  const auto above = std::find_if(r.points.begin(), r.points.end(),
                                  [&](const std::vector<double>& p) { return p[0] >= value; });
  if (above == r.points.begin())
    return log(above->at(1));
  if (above == r.points.end())
    return log(r.points.back()[1]);
  const std::vector<double>&high = *above, &low = *(above - 1);
  const double share = (value - low[0]) / (high[0] - low[0]);
  return (1 - share) * log(low[1]) + share * log(high[1]);
}

// The true value lies about the measured one; five points of Gauss and Hermite stand for where.
double of_ratios(const kb::ratio_reading& r, double value, double error) {
  if (error <= 0)
    return between(r, value);
  constexpr std::array<std::array<double, 2>, 5> points{{{0, 0.5333333333333333},
                                                         {1.355626179974266, 0.2220759220056126},
                                                         {-1.355626179974266, 0.2220759220056126},
                                                         {2.856970013872806, 0.01125741132772069},
                                                         {-2.856970013872806, 0.01125741132772069}}};
  double ratio = 0;
  for (const auto& [away, weight] : points)
    ratio += weight * exp(between(r, value + away * error));
  return log(ratio);
}

// The logarithm by the row of the patient's sex; by the row that says least if the sex is open.
template <typename Row, typename Ratio>
double by_sex(const std::map<std::string, Row>& rows, const cases::patient& who, Ratio ratio) {
  const auto row = [&](const std::string& sex) -> const Row& {
    const auto own = rows.find(sex);
    return own != rows.end() ? own->second : rows.at("");
  };
  const auto said = [&](const Row& r) { return clipped(ratio(r), r.clip); };
  if (!sex_is_open(who))
    return said(row(std::string(to_string(who.sex_is))));
  const double a = said(row("female")), b = said(row("male"));
  return a * b <= 0 ? 0 : absolute(a) <= absolute(b) ? a : b;
}

double log_ratio_of_value(const kb::observes& o, double value, double error, const cases::patient& who) {
  if (!o.normals.empty())
    return by_sex(o.normals, who, [&](const kb::normal_reading& n) { return of_normals(n, value, error); });
  if (!o.log_normals.empty())
    return by_sex(o.log_normals, who,
                  [&](const kb::normal_reading& n) { return of_log_normals(n, value, error); });
  return by_sex(o.ratios, who, [&](const kb::ratio_reading& r) { return of_ratios(r, value, error); });
}

} // namespace

pair value_pair(const kb::observes& o, double value, double error, const cases::patient& who) {
  if (!o.reads_values() || (who.age && *who.age < adult_age))
    return {};
  const double l = log_ratio_of_value(o, value, error, who);
  return l > 0 ? pair{exp(-l), 1} : pair{1, exp(l)};
}

cases::patient in_draw(const cases::patient& who, const parameters& p, int i) {
  if (i < 0 || !sex_is_open(who))
    return who;
  cases::patient out = who;
  static constexpr stream open_sex = 0x7365782069732075u; // one for all findings: a person has one sex
  out.sex_is = p.even(open_sex, i) < 0.5 ? cases::sex::female : cases::sex::male;
  return out;
}

pair level_pair(const kb::observes& o, int level, const parameters& p, int i) {
  if (level < 0 || static_cast<std::size_t>(level) >= o.levels.size())
    return {};
  const std::vector<double>& row = o.levels[static_cast<std::size_t>(level)];
  const double worth = o.worth.value_or(usual_worth);
  const std::string id = o.id(), name = "level." + std::to_string(level);
  return {p.beta(stream_of(id, name + ".absent"), row[0], worth, i),
          p.beta(stream_of(id, name + ".present"), row[1], worth, i)};
}

pair graded_answer_pair(const kb::observes& o, cases::truth answer, const parameters& p, int i) {
  if (answer == cases::truth::unknown)
    return {};
  const pair lowest = level_pair(o, 0, p, i);
  return answer == cases::truth::absent ? lowest : pair{1 - lowest.absent, 1 - lowest.present};
}

cases::truth answer_for(const cases::settled& seen, const kb::finding& f, const cases::patient& recorded,
                        const cases::patient& who) {
  if (seen.state == cases::truth::unknown && seen.level)
    return *seen.level > 0 ? cases::truth::present : cases::truth::absent;
  const bool by_cutoff = seen.value && seen.state != cases::truth::unknown && recorded.sex_is != who.sex_is &&
                         seen.state == cases::state_of_value(f, recorded, *seen.value);
  return by_cutoff ? cases::state_of_value(f, who, *seen.value) : seen.state;
}

std::vector<cases::settled> attributes_of(const cases::picture& picture, const kb::snapshot& knowledge) {
  std::vector<cases::settled> out;
  const auto add = [&](std::string_view id) -> cases::settled* {
    if (!knowledge.find_finding(id) || knowledge.readings_of(id).empty() || !picture.of(id).empty())
      return nullptr;
    out.emplace_back().finding = id;
    return &out.back();
  };
  const auto measured = [&](std::string_view id, const std::optional<double>& value) {
    cases::settled* s = value ? add(id) : nullptr;
    if (!s)
      return;
    s->value = value;
    s->state = cases::state_of_value(*knowledge.find_finding(id), picture.who, *value);
  };
  measured("age", picture.who.age);
  measured("body-mass", picture.who.body_mass);
  measured("height", picture.who.height);
  if (picture.who.sex_is == cases::sex::unknown)
    return out;
  if (cases::settled* s = add("sex")) {
    const auto& levels = knowledge.find_finding("sex")->levels;
    const auto at = std::find(levels.begin(), levels.end(), to_string(picture.who.sex_is));
    if (at == levels.end())
      out.pop_back();
    else
      s->level = static_cast<int>(at - levels.begin());
    if (!out.empty() && out.back().level)
      out.back().state = *out.back().level > 0 ? cases::truth::present : cases::truth::absent;
  }
  return out;
}

} // namespace posterior::inference
