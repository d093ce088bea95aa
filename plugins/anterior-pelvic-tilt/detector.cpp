// SPDX-License-Identifier: Apache-2.0
//
// Why code: "feels tight although it is long" sets a feeling against a length, and the length against the
// norm of the sex, for one leg at a time, and both against the tilt of one pelvis. A cut-off knows only the
// short end of a norm.
//
// The engine weighs feeling, length and tilt by themselves already, so this finding carries a small weight:
// only for their falling together in one leg. Tested in tests/plugins/anterior_pelvic_tilt_test.cpp.
#include "../visit.hpp"

#include <posterior/plugin.hpp>

#include <optional>

namespace {

namespace sdk = posterior::sdk;
using namespace posterior::plugins;

// Degrees short of straight at the flexed hip; 123 students of 18-24 years (yildirim2018).
struct norm {
  double mean, spread, short_above;
};
struct length_test {
  measure angle;
  norm female, male;
};
constexpr length_test length_tests[] = {
    {{"pke", -10, 100}, {9.8, 5.7, 19.2}, {17.1, 9.1, 32.2}},
    {{"ake", -10, 100}, {13.4, 6.0, 23.4}, {17.8, 9.1, 33.0}},
};
// No change of hamstring length between 20 and 79 years (youdas2005), so the students' norm serves all
// adults.

constexpr measure tilt{"pelvic-tilt-asis-psis", -30, 45};
// Clearly forward, beyond the spread of pelvic anatomy (preece2008: 13 (5) deg, 0 to 23); the limit of 15 is
// the document's own cut-off, a judgement.
constexpr double clearly_forward_deg = 15;

enum class length { longer, usual, shorter };

// Longer than the norm by one spread or more: about one person in six (judgement).
length compare(double lacking, const norm& n) {
  if (lacking > n.short_above)
    return length::shorter;
  return lacking <= n.mean - n.spread ? length::longer : length::usual;
}

// Sex not known: longer or shorter only if both norms say so.
length compare(double lacking, const length_test& by, sex who) {
  if (who == sex::female)
    return compare(lacking, by.female);
  if (who == sex::male)
    return compare(lacking, by.male);
  const length female = compare(lacking, by.female);
  return female == compare(lacking, by.male) ? female : length::usual;
}

// Passive extension decides; active extension, which needs strength too, only where the passive one is
// missing.
std::optional<length> length_of(const sdk::case_view& patient, sdk::side on, sex who) {
  for (const length_test& by : length_tests)
    if (const auto lacking = newest_value(patient, by.angle, on))
      return compare(*lacking, by, who);
  return std::nullopt;
}

void judge(length found, double degrees, double certainty, sdk::side on, sdk::finding_sink& out) {
  const bool forward = degrees > clearly_forward_deg;
  if (found == length::longer && forward)
    out.present("tight-though-long", on, "tight-long-tilted", certainty);
  else if (found == length::longer)
    out.absent("tight-though-long", on, "tight-long-level", certainty);
  else if (found == length::shorter)
    out.absent("tight-though-long", on, "tight-and-short", certainty);
}

class detector {
public:
  void evaluate(const sdk::case_view& patient, sdk::finding_sink& out) {
    const auto degrees = newest_value(patient, tilt);
    if (!degrees || is_child(patient))
      return;
    const sex who = sex_of(patient);
    for (const sdk::side on : sdk::both_sides) {
      const auto tight = newest_answer(patient, "sx-felt-tightness", on);
      const auto found = length_of(patient, on, who);
      if (tight && tight->present && found)
        judge(*found, *degrees, tight->certainty, on, out);
    }
  }
};

} // namespace

POSTERIOR_PLUGIN(POSTERIOR_BUNDLE_ID, POSTERIOR_BUNDLE_VERSION, detector);
