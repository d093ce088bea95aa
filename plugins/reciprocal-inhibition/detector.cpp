// SPDX-License-Identifier: Apache-2.0
//
// Why code: the finding is a change, and a change needs two values of one leg and one day, the first taken
// before a hip flexor release and the second after it, and an error to exceed. Data sees each value by
// itself.
//
// A gain right after a release of the hip flexors is what the mechanism predicts. It is not proof of it:
// warming up, a second try and a stretch of anything else do the same. Tested in
// tests/plugins/reciprocal_inhibition_test.cpp.
#include "../visit.hpp"

#include <posterior/plugin.hpp>

#include <optional>

namespace {

namespace sdk = posterior::sdk;
using namespace posterior::plugins;

// Degrees short of straight, so a gain is a smaller value.
constexpr measure range_before{"ake", -10, 100};
constexpr measure range_after{"ake-after-hip-flexor-release", -10, 100};
// Below 10 N.m a per cent of it is noise (judgement).
constexpr measure torque_before{"knee-flexion-torque", 10, 400};
constexpr measure torque_after{"knee-flexion-torque-after-hip-flexor-release", 0, 400};

// Smallest real change of active knee extension: 7-8 deg in 102 healthy people (neto2015), 15 in the injured
// (reurink2013).
constexpr double real_change_deg = 8;
constexpr double real_change_injured_deg = 15;
// Isometric knee flexion varies by 4.3-6.3 % from test to test (mccall2015, lying heel press). Smallest real
// change, computed: 1.96 x sqrt 2 x 6.3 = 17.5 %. Judgement: the same for a dynamometer in prone.
constexpr double real_change_percent = 17.5;

enum class change { none, gain, loss };

change beyond(double gain, double error) {
  return gain > error ? change::gain : gain < -error ? change::loss : change::none;
}

std::optional<change> range_change(const sdk::case_view& patient, sdk::side on, std::int64_t day) {
  const auto before = value_on(patient, range_before, on, day);
  const auto after = value_on(patient, range_after, on, day);
  if (!before || !after)
    return std::nullopt;
  const auto sudden = newest_answer(patient, "hx-sudden-onset-sprint", on);
  return beyond(*before - *after, sudden && sudden->present ? real_change_injured_deg : real_change_deg);
}

std::optional<change> torque_change(const sdk::case_view& patient, sdk::side on, std::int64_t day) {
  const auto before = value_on(patient, torque_before, on, day);
  const auto after = value_on(patient, torque_after, on, day);
  if (!before || !after)
    return std::nullopt;
  return beyond(100 * (*after - *before) / *before, real_change_percent);
}

// The pairs of one day; either may be missing, not both.
struct response {
  std::optional<change> range, torque;

  bool any(change what) const { return range == what || torque == what; }
};

std::optional<response> response_on(const sdk::case_view& patient, sdk::side on, std::int64_t day) {
  const response found{range_change(patient, on, day), torque_change(patient, on, day)};
  return found.range || found.torque ? std::optional<response>{found} : std::nullopt;
}

void report(const response& found, sdk::side on, sdk::finding_sink& out) {
  constexpr auto finding = "hip-flexor-release-response";
  if (found.any(change::gain) && found.any(change::loss))
    return; // one better, the other worse: it says neither
  if (found.range == change::gain && found.torque == change::gain)
    out.present(finding, on, "release-both-gained");
  else if (found.range == change::gain)
    out.present(finding, on, "release-range-gained");
  else if (found.torque == change::gain)
    out.present(finding, on, "release-strength-gained");
  else
    out.absent(finding, on, "release-no-gain");
}

class detector {
public:
  void evaluate(const sdk::case_view& patient, sdk::finding_sink& out) {
    for (const sdk::side on : sdk::both_sides) {
      if (newest_answer(patient, "retest-hip-flexor-stretch-helps", on))
        continue; // the clinician's own judgement wins
      const auto found = newest(patient, [&](std::int64_t day) { return response_on(patient, on, day); });
      if (found)
        report(*found, on, out);
    }
  }
};

} // namespace

POSTERIOR_PLUGIN(POSTERIOR_BUNDLE_ID, POSTERIOR_BUNDLE_VERSION, detector);
