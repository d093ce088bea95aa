// SPDX-License-Identifier: Apache-2.0
//
// Why code: structural differentiation is a comparison of two raises of the same leg on the same day, and of
// that comparison with the other leg. Data can weigh one angle or one answer; it cannot subtract.
//
// The premise: bending the neck or lifting the foot tensions the nerve and leaves the hamstrings' length at a
// given hip angle as it was. A familiar symptom that comes on only then, or clearly earlier, is not the
// hamstrings' doing. Healthy legs lose range in the same way, so a lost angle alone never makes
// differentiation positive; at most it counts against what the other leg loses. Tested in
// tests/plugins/neural_tension_test.cpp.
#include "../visit.hpp"

#include <posterior/plugin.hpp>

#include <optional>
#include <string_view>

namespace {

namespace sdk = posterior::sdk;
using namespace posterior::plugins;

// Smallest real change of a raise: 6-7 deg in 102 healthy people (neto2015).
constexpr double real_change_deg = 7;
// What healthy legs lose to the first response with the foot up is 5.5 (6.6) deg (boyd2009): mean and two
// spreads.
constexpr double healthy_first_loss_deg = 5.5 + 2 * 6.6;
// The same to the last response, 10.1 (9.7) deg: the limit where the other leg was not measured.
constexpr double healthy_last_loss_deg = 10.1 + 2 * 9.7;
// Healthy side differences are 5.0 (3.5) deg with the foot down and 4.1 (3.2) with the foot up (boyd2012), as
// signed spreads 6.1 and 5.2; the difference between the two has at most a spread of 8.0 unless they run
// against each other. Judgement: two spreads, and the same limit for the neck, for which no figure was found.
constexpr double healthy_loss_gap_deg = 16;

constexpr measure plain{"slr-passive", 0, 130};
constexpr std::string_view plain_symptom = "slr-symptom";

struct sensitiser {
  measure angle;
  std::string_view symptom;
};
constexpr sensitiser sensitisers[] = {
    {{"slr-sensitised-ankle", 0, 130}, "slr-symptom-sensitised-ankle"},
    {{"slr-sensitised-neck", 0, 130}, "slr-symptom-sensitised-neck"},
};

constexpr std::string_view pair_earlier = "slr-pair-earlier";
constexpr std::string_view pair_only_sensitised = "slr-pair-only-sensitised";
constexpr std::string_view pair_unchanged = "slr-pair-unchanged";

struct verdict {
  bool present;
  double certainty;
  std::string_view rule;
};

// Degrees by which the raise stops earlier with the nerve tensioned.
std::optional<double> loss_on(const sdk::case_view& patient, const sensitiser& by, sdk::side on,
                              std::int64_t day) {
  const auto before = value_on(patient, plain, on, day);
  const auto after = value_on(patient, by.angle, on, day);
  return before && after ? std::optional<double>{*before - *after} : std::nullopt;
}

double lesser(double a, double b) {
  return a < b ? a : b;
}

// What one sensitiser says; nothing where angle and symptom do not tell the same story.
std::optional<verdict> judge(double loss, double healthy_loss, const answer& tensioned,
                             const std::optional<answer>& untensioned) {
  if (!tensioned.present) {
    if (loss <= healthy_loss)
      return verdict{false, tensioned.certainty, pair_unchanged};
    return std::nullopt;
  }
  if (untensioned && !untensioned->present && loss >= -real_change_deg)
    return verdict{true, lesser(tensioned.certainty, untensioned->certainty), pair_only_sensitised};
  if (loss >= real_change_deg)
    return verdict{true, tensioned.certainty, pair_earlier};
  return std::nullopt;
}

// What a healthy leg may lose; for children no figure was found, so only the error of the measure is allowed
// for.
double healthy_loss(const sdk::case_view& patient) {
  return is_child(patient) ? real_change_deg : healthy_first_loss_deg;
}

// Both sensitisers of one day together; nothing if one of them, measured or not, answers otherwise.
std::optional<verdict> differentiation_on(const sdk::case_view& patient, sdk::side on, std::int64_t day) {
  std::optional<verdict> found;
  for (const sensitiser& by : sensitisers) {
    const auto symptom = answer_on(patient, by.symptom, on, day);
    const auto loss = loss_on(patient, by, on, day);
    if (!symptom || !loss)
      continue;
    const auto said =
        judge(*loss, healthy_loss(patient), *symptom, answer_on(patient, plain_symptom, on, day));
    if (said && (!found || said->certainty > found->certainty))
      found = said;
  }
  for (const sensitiser& by : sensitisers) {
    const auto symptom = answer_on(patient, by.symptom, on, day);
    if (found && symptom && symptom->present != found->present)
      return std::nullopt;
  }
  return found;
}

// The last day on which either sensitised symptom was recorded: an older pair must not stand in for it.
std::optional<std::int64_t> last_asked(const sdk::case_view& patient, sdk::side on) {
  std::optional<std::int64_t> last;
  for (const sensitiser& by : sensitisers)
    if (const auto one = patient.find(by.symptom, on); one && (!last || one->day > *last))
      last = one->day;
  return last;
}

void differentiate(const sdk::case_view& patient, sdk::side on, sdk::finding_sink& out) {
  if (newest_answer(patient, "slr-structural-differentiation", on))
    return; // the clinician's own judgement wins
  const auto day = last_asked(patient, on);
  const auto found = day ? differentiation_on(patient, on, *day) : std::nullopt;
  if (!found)
    return;
  if (found->present)
    out.present("slr-differentiation-pair", on, found->rule, found->certainty);
  else
    out.absent("slr-differentiation-pair", on, found->rule, found->certainty);
}

// Rule of the excess of one day and sensitiser; empty where it says nothing.
struct excess {
  bool present;
  std::string_view rule;
};
std::optional<excess> excess_on(const sdk::case_view& patient, const sensitiser& by, sdk::side on,
                                std::int64_t day) {
  const auto here = loss_on(patient, by, on, day);
  if (!here)
    return std::nullopt;
  const auto there = loss_on(patient, by, sdk::opposite(on), day);
  if (!there)
    return *here > healthy_last_loss_deg ? std::optional<excess>{{true, "slr-loss-beyond-health"}}
                                         : std::nullopt;
  const double gap = *here - *there;
  if (gap > healthy_loss_gap_deg)
    return excess{true, "slr-loss-one-sided"};
  return gap <= real_change_deg ? std::optional<excess>{{false, "slr-loss-alike"}} : std::nullopt;
}

// Present if either sensitiser takes more than health explains.
void compare_losses(const sdk::case_view& patient, sdk::side on, sdk::finding_sink& out) {
  const auto found = newest(patient, [&](std::int64_t day) {
    const auto foot = excess_on(patient, sensitisers[0], on, day);
    const auto neck = excess_on(patient, sensitisers[1], on, day);
    return foot && (foot->present || !neck) ? foot : neck ? neck : foot;
  });
  if (found && found->present)
    out.present("slr-loss-excess", on, found->rule);
  else if (found)
    out.absent("slr-loss-excess", on, found->rule);
}

// How much less this leg rises than the other, told of both legs.
void compare_raises(const sdk::case_view& patient, sdk::finding_sink& out) {
  for (const sdk::side on : sdk::both_sides)
    if (is_recorded(patient, "slr-side-difference", on))
      return; // somebody worked it out already
  const auto gap = newest(patient, [&](std::int64_t day) -> std::optional<double> {
    const auto left = value_on(patient, plain, sdk::side::left, day);
    const auto right = value_on(patient, plain, sdk::side::right, day);
    return left && right ? std::optional<double>{*right - *left} : std::nullopt;
  });
  if (!gap)
    return;
  out.measured("slr-side-gap", sdk::side::left, *gap, "slr-gap");
  out.measured("slr-side-gap", sdk::side::right, 0 - *gap, "slr-gap");
}

class detector {
public:
  void evaluate(const sdk::case_view& patient, sdk::finding_sink& out) {
    const bool child = is_child(patient);
    for (const sdk::side on : sdk::both_sides) {
      differentiate(patient, on, out);
      if (!child)
        compare_losses(patient, on, out);
    }
    compare_raises(patient, out);
  }
};

} // namespace

POSTERIOR_PLUGIN(POSTERIOR_BUNDLE_ID, POSTERIOR_BUNDLE_VERSION, detector);
