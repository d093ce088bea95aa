// SPDX-License-Identifier: Apache-2.0
//
// Why code: a torque means nothing by itself. It has to be divided by the body mass, and set against the
// other leg of the same day, with the error of the measure in hand; data can do none of the three.
//
// The norm for torque per body mass stands in the document (derived.toml), by sex. The one limit used here is
// the error of a comparison of two legs. Tested in tests/plugins/hip_stabilizer_weakness_test.cpp.
#include "../visit.hpp"

#include <posterior/plugin.hpp>

#include <optional>

namespace {

namespace sdk = posterior::sdk;
using namespace posterior::plugins;

constexpr measure torque{"hip-abduction-torque", 0, 400};
constexpr measure mass{"body-mass", 10, 350};

// Supine abduction varies by 5.6 % from test to test (electromech2018: peak force, scaled by mass to a
// power). Smallest real difference of two such values, computed: 1.96 x sqrt 2 x 5.6 = 15.5 %. Judgement: the
// same for two legs.
constexpr double real_difference_percent = 15.5;

// The norm was taken from students; men and women get weaker with the years (leporace2023, daun2019).
// Judgement: from 60 on only the other leg is a fair comparison.
constexpr double norm_until_years = 60;

void scale_by_mass(const sdk::case_view& patient, sdk::side on, sdk::finding_sink& out) {
  const auto age = newest_value(patient, {"age", 0, 120});
  const auto kilograms = newest_value(patient, mass);
  const auto strength = newest_value(patient, torque, on);
  if (kilograms && strength && !(age && *age >= norm_until_years))
    out.measured("hip-abduction-torque-per-mass", on, *strength / *kilograms, "abduction-per-mass");
}

// Per cent that this leg lacks of the stronger one; nothing if only one was measured that day.
std::optional<double> deficit_on(const sdk::case_view& patient, sdk::side on, std::int64_t day) {
  const auto here = value_on(patient, torque, on, day);
  const auto there = value_on(patient, torque, sdk::opposite(on), day);
  if (!here || !there)
    return std::nullopt;
  const double stronger = *here > *there ? *here : *there;
  return stronger > 0 ? std::optional<double>{100 * (*there - *here) / stronger} : std::nullopt;
}

// Says nothing of the stronger leg of an unequal pair: it may be weak as well.
void compare_legs(const sdk::case_view& patient, sdk::side on, sdk::finding_sink& out) {
  const auto deficit = newest(patient, [&](std::int64_t day) { return deficit_on(patient, on, day); });
  if (!deficit)
    return;
  if (*deficit > real_difference_percent)
    out.present("hip-abduction-side-deficit", on, "abduction-weaker-side");
  else if (*deficit >= -real_difference_percent)
    out.absent("hip-abduction-side-deficit", on, "abduction-sides-alike");
}

class detector {
public:
  void evaluate(const sdk::case_view& patient, sdk::finding_sink& out) {
    for (const sdk::side on : sdk::both_sides) {
      if (is_recorded(patient, "gmed-hhd", on))
        continue; // the clinician's own deficit wins
      scale_by_mass(patient, on, out);
      compare_legs(patient, on, out);
    }
  }
};

} // namespace

POSTERIOR_PLUGIN(POSTERIOR_BUNDLE_ID, POSTERIOR_BUNDLE_VERSION, detector);
