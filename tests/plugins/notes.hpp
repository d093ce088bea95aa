// Cases for the tests of the detectors: a list of records that can be shuffled, mirrored and turned into what
// a detector is given, and what must hold of every answer whatever the case. One thread; owned by the test.
#pragma once

#include <posterior/testing.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace posterior::tests {

using sdk::side;
using sdk::state;

struct note {
  std::string finding;
  side on = side::none;
  state what = state::unknown;
  double value = 0; // measured: the value; graded: the level
  double certainty = 1;
  std::int64_t day = POSTERIOR_UNDATED;
};

using notes = std::vector<note>;

inline note yes(std::string finding, side on, double certainty = 1) {
  return {std::move(finding), on, state::present, 0, certainty, POSTERIOR_UNDATED};
}
inline note no(std::string finding, side on, double certainty = 1) {
  return {std::move(finding), on, state::absent, 0, certainty, POSTERIOR_UNDATED};
}
inline note number(std::string finding, side on, double value) {
  return {std::move(finding), on, state::measured, value, 1, POSTERIOR_UNDATED};
}
inline note age(double years) {
  return number("age", side::none, years);
}
inline note female() {
  return {"sex", side::none, state::graded, 0, 1, POSTERIOR_UNDATED};
}
inline note male() {
  return {"sex", side::none, state::graded, 1, 1, POSTERIOR_UNDATED};
}
inline note on_day(std::int64_t day, note one) {
  one.day = day;
  return one;
}

inline notes with(notes list, note more) {
  list.push_back(std::move(more));
  return list;
}
inline notes without(notes list, const std::string& finding, side on) {
  list.erase(std::remove_if(list.begin(), list.end(),
                            [&](const note& one) { return one.finding == finding && one.on == on; }),
             list.end());
  return list;
}
inline notes mirrored(notes list) {
  for (note& one : list)
    one.on = sdk::opposite(one.on);
  return list;
}

inline void write(const note& one, sdk::testing::fake_case& patient) {
  switch (one.what) {
  case state::present:
    patient.present(one.finding, one.on, one.certainty);
    break;
  case state::absent:
    patient.absent(one.finding, one.on, one.certainty);
    break;
  case state::measured:
    patient.measured(one.finding, one.on, one.value);
    break;
  case state::graded:
    patient.graded(one.finding, one.on, static_cast<std::uint32_t>(one.value));
    break;
  default:
    patient.unknown(one.finding, one.on);
  }
  patient.on_day(one.day);
}

inline sdk::testing::answer ask(const notes& list) {
  sdk::testing::fake_case patient;
  for (const note& one : list)
    write(one, patient);
  patient.unknown_record();
  return sdk::testing::run(posterior_plugin_v1, patient);
}

// One line a finding, sorted: two answers that say the same have the same lines.
inline std::vector<std::string> lines(const sdk::testing::answer& given, bool mirror = false) {
  std::vector<std::string> out;
  for (const auto& one : given.findings) {
    const side on = mirror ? sdk::opposite(one.side) : one.side;
    char numbers[96];
    std::snprintf(numbers, sizeof numbers, " %u %u %a %a %u", static_cast<unsigned>(on),
                  static_cast<unsigned>(one.what), one.value, one.certainty, one.level);
    out.push_back(one.finding + " " + one.rule + numbers);
  }
  std::sort(out.begin(), out.end());
  return out;
}

inline bool says(const sdk::testing::answer& given, std::string_view finding, side on, state what,
                 std::string_view rule) {
  const auto* found = given.find(finding, on);
  return found && found->what == what && found->rule == rule;
}

// The values of `KEY = "..."` in a document.
inline std::set<std::string> values_of(const std::string& path, const std::string& key) {
  std::set<std::string> out;
  std::ifstream file(path);
  const std::string start = key + " = \"";
  for (std::string line; std::getline(file, line);)
    if (line.rfind(start, 0) == 0)
      out.insert(line.substr(start.size(), line.size() - start.size() - 1));
  return out;
}

// What a detector may be told: each consumed finding with values around which its limits lie.
struct subject {
  std::string finding;
  bool lateral = true;
  std::vector<double> values; // none: answered with yes or no
};

// Cases that a clinic would hardly write: any number of records on any side and day, values at, beside and
// far beyond every limit, answers that contradict each other.
class case_maker {
public:
  explicit case_maker(std::vector<subject> subjects)
      : subjects_(std::move(subjects)) {}

  notes next() {
    notes out;
    const bool wild = pick(3) == 0;
    for (const subject& one : subjects_)
      for (side on : {side::none, side::left, side::right})
        if (one.lateral ? (on != side::none || pick(12) == 0) : on == side::none)
          for (int left = recordings(wild); left > 0; --left)
            out.push_back(record(one, on, wild));
    return out;
  }
  notes shuffled(notes list) {
    std::shuffle(list.begin(), list.end(), random_);
    return list;
  }

private:
  std::size_t pick(std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_);
  }
  int recordings(bool wild) { return wild ? static_cast<int>(pick(4)) : pick(5) != 0 ? 1 : 0; }

  note record(const subject& about, side on, bool wild) {
    note one{about.finding, on, pick(2) == 0 ? state::present : state::absent, 0, certainty(wild), day(wild)};
    if (about.finding == "sex")
      return {about.finding, on, state::graded, static_cast<double>(pick(wild ? 9 : 3)), 1, one.day};
    if (wild && pick(8) == 0)
      one.what = static_cast<state>(pick(4)); // unknown, or the wrong kind of record
    else if (!about.values.empty())
      one.what = state::measured;
    if (one.what == state::measured)
      one.value = value(about, wild);
    return one;
  }
  double value(const subject& about, bool wild) {
    using limits = std::numeric_limits<double>;
    static constexpr double odd[] = {0,
                                     -0.0,
                                     limits::infinity(),
                                     -limits::infinity(),
                                     limits::quiet_NaN(),
                                     1e308,
                                     -1e308,
                                     limits::denorm_min(),
                                     -1,
                                     1e-9};
    if (about.values.empty() || (wild && pick(4) == 0))
      return odd[pick(std::size(odd))];
    return about.values[pick(about.values.size())] + (pick(3) == 0 ? 0.25 : 0);
  }
  double certainty(bool wild) {
    static constexpr double some[] = {1, 0.9, 0.7, 0.5, 0.2, 0};
    return wild ? some[pick(std::size(some))] : 1;
  }
  std::int64_t day(bool wild) {
    static constexpr std::int64_t some[] = {POSTERIOR_UNDATED, 20000, 20001, 0,
                                            std::numeric_limits<std::int64_t>::max()};
    return wild ? some[pick(std::size(some))] : POSTERIOR_UNDATED;
  }

  std::vector<subject> subjects_;
  std::mt19937 random_{20260101};
};

// The first thing wrong with the answers to many made-up cases; empty if nothing is. `heard` gathers the
// rules used.
inline std::string trouble(const std::vector<subject>& subjects, const std::string& document,
                           std::set<std::string>& heard, int cases = 4000) {
  const auto findings = values_of(document, "id");
  const auto rules = values_of(document, "key");
  case_maker maker(subjects);
  for (int i = 0; i < cases; ++i) {
    const notes list = maker.next();
    const auto given = ask(list);
    const std::string where = " in case " + std::to_string(i);
    if (given.status != POSTERIOR_OK || !given.complaints.empty())
      return "refused" + where;
    std::set<std::pair<std::string, side>> places;
    for (const auto& one : given.findings) {
      heard.insert(one.rule);
      if (!findings.count(one.finding) || !rules.count(one.rule))
        return "not in the document: " + one.finding + " " + one.rule + where;
      if (!places.insert({one.finding, one.side}).second)
        return "said twice: " + one.finding + where;
      if (one.side == side::none)
        return "without side: " + one.finding + where;
      if (one.certainty < 0.5)
        return "less sure than a coin: " + one.finding + where;
    }
    if (lines(ask(maker.shuffled(list))) != lines(given))
      return "another order, another answer" + where;
    if (lines(ask(mirrored(list)), true) != lines(given))
      return "the mirror image differs" + where;
  }
  return {};
}

} // namespace posterior::tests
