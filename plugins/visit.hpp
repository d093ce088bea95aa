// SPDX-License-Identifier: Apache-2.0
//
// What was recorded on one visit. A difference of two measurements means something only if both were taken on
// the same day in the same set-up, so the detectors read a case by days. Everything of one day is undone of
// its order: values lie half way between the day's extremes, answers that contradict each other are no
// answer. Recordings without a date are one visit, older than every dated one.
//
// Built on the public SDK alone: copy it into a detector of your own. Allocates nothing; any thread; borrows
// the case.
#pragma once

#include <posterior/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace posterior::plugins {

// A measured finding with the range that its document declares. What lies outside, or is no number, was not
// measured.
struct measure {
  std::string_view finding;
  double low;
  double high;

  constexpr bool takes(double value) const noexcept { return value >= low && value <= high; } // false for NaN
};

// A yes or no, and how sure the observer was of it: above a half, up to 1.
struct answer {
  bool present;
  double certainty;
};

// The value of one day; nothing if none was measured.
inline std::optional<double> value_on(const sdk::case_view& patient, const measure& what, sdk::side on,
                                      std::int64_t day) {
  std::optional<double> least, most;
  for (const sdk::observation& one : patient) {
    if (one.finding != what.finding || one.side != on || one.day != day || !one.is_measured() ||
        !what.takes(one.value))
      continue;
    least = least && *least < one.value ? *least : one.value;
    most = most && *most > one.value ? *most : one.value;
  }
  return least ? std::optional<double>{*least + (*most - *least) / 2} : std::nullopt;
}

// An answer given with a certainty below a half says the opposite; with exactly a half, or none that can be,
// nothing.
inline std::optional<answer> answer_of(const sdk::observation& one) {
  if (!(one.is_present() || one.is_absent()) || !(one.certainty >= 0 && one.certainty <= 1) ||
      one.certainty == 0.5)
    return std::nullopt;
  const bool likely = one.certainty > 0.5;
  return answer{one.is_present() == likely, likely ? one.certainty : 1 - one.certainty};
}

// The answer of one day; nothing if it was not asked, is unknown, or both answers were given. Of equal
// answers the least sure one counts.
inline std::optional<answer> answer_on(const sdk::case_view& patient, std::string_view finding, sdk::side on,
                                       std::int64_t day) {
  std::optional<answer> found;
  for (const sdk::observation& one : patient) {
    if (one.finding != finding || one.side != on || one.day != day)
      continue;
    const std::optional<answer> given = answer_of(one);
    if (!given || (found && found->present != given->present))
      return std::nullopt;
    if (!found || given->certainty < found->certainty)
      found = given;
  }
  return found;
}

// The newest day before `bound` (left out: of all) on which anything was recorded.
inline std::optional<std::int64_t> day_before(const sdk::case_view& patient,
                                              std::optional<std::int64_t> bound) {
  std::optional<std::int64_t> newest;
  for (const sdk::observation& one : patient)
    if ((!bound || one.day < *bound) && (!newest || one.day > *newest))
      newest = one.day;
  return newest;
}

// What `read(day)` gives on the newest day on which it gives anything. `read` returns an optional.
template <class Read>
auto newest(const sdk::case_view& patient, Read read) -> decltype(read(std::int64_t{})) {
  for (auto day = day_before(patient, std::nullopt); day; day = day_before(patient, *day))
    if (auto found = read(*day))
      return found;
  return {};
}

inline std::optional<double> newest_value(const sdk::case_view& patient, const measure& what,
                                          sdk::side on = sdk::side::none) {
  return newest(patient, [&](std::int64_t day) { return value_on(patient, what, on, day); });
}

// The answer of the newest day on which the question was recorded at all, so that an old answer does not
// outlive a newer contradiction.
inline std::optional<answer> newest_answer(const sdk::case_view& patient, std::string_view finding,
                                           sdk::side on = sdk::side::none) {
  const auto last = patient.find(finding, on);
  return last ? answer_on(patient, finding, on, last->day) : std::nullopt;
}

// True if it was recorded on this side at all, whatever it says; `unknown` is no record.
inline bool is_recorded(const sdk::case_view& patient, std::string_view finding, sdk::side on) {
  for (const sdk::observation& one : patient)
    if (one.finding == finding && one.side == on && one.what != sdk::state::unknown)
      return true;
  return false;
}

inline constexpr double adult_from = 18; // years; the norms that the detectors use were taken from adults

// True only if the age is known and below 18.
inline bool is_child(const sdk::case_view& patient) {
  const std::optional<double> age = newest_value(patient, {"age", 0, 120});
  return age && *age < adult_from;
}

enum class sex { female, male, other };

// `other` also where nothing or more than one was recorded: whoever asks takes the norm that makes a finding
// less extreme.
inline sex sex_of(const sdk::case_view& patient) {
  std::optional<std::uint32_t> level;
  for (const sdk::observation& one : patient) {
    if (one.finding != "sex" || !one.is_graded())
      continue;
    if (level && *level != one.level)
      return sex::other;
    level = one.level;
  }
  return level == 0u ? sex::female : level == 1u ? sex::male : sex::other;
}

} // namespace posterior::plugins
