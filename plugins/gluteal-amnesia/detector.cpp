// SPDX-License-Identifier: Apache-2.0
//
// Why code: the strength of the hip extensors matters here only in relation to the hamstrings of the same
// leg, and that relation only together with how the bridge went. Data can weigh each of them, not divide one
// by the other.
//
// The ratio is read with the knee bent in the hip test, where the gluteus has its largest share of the torque
// (hipextpos2022). There is no published norm for it: every limit on it is a judgement. Tested in
// tests/plugins/gluteal_amnesia_test.cpp.
#include "../visit.hpp"

#include <posterior/plugin.hpp>

#include <optional>

namespace {

namespace sdk = posterior::sdk;
using namespace posterior::plugins;

constexpr measure hip_extension{"hip-extension-torque", 0, 600};
// Below 10 N.m a ratio to it is noise (judgement).
constexpr measure knee_flexion{"knee-flexion-torque", 10, 400};
constexpr measure bridge_hold{"single-leg-bridge-hold", 0, 300};

// Hip extensors that do not exceed the knee flexors alone leave next to nothing for the gluteus (judgement).
constexpr double low_ratio = 1.0;
// Hip extension varies by up to 8 % from test to test (thorborg2010), knee flexion by up to 6.3 %
// (mccall2015); their ratio, computed, by sqrt(8^2 + 6.3^2) = 10.2 %, and two such ratios differ by error up
// to 1.96 x sqrt 2 x 10.2 = 28 %.
constexpr double real_difference = 0.28;
// Norms of the hold run from 23 to 81 s (bridgehold2019, butowicz2016, lehecka2021); 25 s is the document's
// own cut-off, a judgement.
constexpr double short_hold_s = 25;

std::optional<double> ratio_on(const sdk::case_view& patient, sdk::side on, std::int64_t day) {
  const auto hip = value_on(patient, hip_extension, on, day);
  const auto knee = value_on(patient, knee_flexion, on, day);
  return hip && knee ? std::optional<double>{*hip / *knee} : std::nullopt;
}

struct strength {
  double ratio;
  bool low; // by itself, or against the other leg of that day
};

std::optional<strength> strength_of(const sdk::case_view& patient, sdk::side on) {
  return newest(patient, [&](std::int64_t day) -> std::optional<strength> {
    const auto here = ratio_on(patient, on, day);
    if (!here)
      return std::nullopt;
    const auto there = ratio_on(patient, sdk::opposite(on), day);
    return strength{*here, *here < low_ratio || (there && *here < *there * (1 - real_difference))};
  });
}

// How the bridge went: what was looked at, and how much of it went to the hamstrings.
struct behaviour {
  int asked = 0;
  int poor = 0;
  double certainty = 1;

  void add(const std::optional<answer>& given) {
    if (!given)
      return;
    ++asked;
    poor += given->present ? 1 : 0;
    certainty = given->certainty < certainty ? given->certainty : certainty;
  }
};

std::optional<answer> held_short(const sdk::case_view& patient, sdk::side on) {
  const auto seconds = newest_value(patient, bridge_hold, on);
  return seconds ? std::optional<answer>{{*seconds < short_hold_s, 1}} : std::nullopt;
}

behaviour behaviour_of(const sdk::case_view& patient, sdk::side on) {
  behaviour seen;
  seen.add(newest_answer(patient, "single-leg-bridge-cramp", on));
  seen.add(newest_answer(patient, "sign-hamstring-dominant-extension", on));
  seen.add(held_short(patient, on));
  return seen;
}

// Present needs a low ratio and a poor bridge, absent a ratio that is not low and a bridge that was looked at
// twice and went well. Anything else is left to its parts.
void combine(const strength& measured, const behaviour& seen, sdk::side on, sdk::finding_sink& out) {
  if (measured.low && seen.poor > 0)
    out.present("glute-handover-pattern", on, "handover-weak-and-poor", seen.certainty);
  else if (!measured.low && seen.poor == 0 && seen.asked >= 2)
    out.absent("glute-handover-pattern", on, "handover-strong-and-good", seen.certainty);
}

class detector {
public:
  void evaluate(const sdk::case_view& patient, sdk::finding_sink& out) {
    const bool child = is_child(patient);
    for (const sdk::side on : sdk::both_sides) {
      const auto measured = strength_of(patient, on);
      if (!measured)
        continue;
      out.measured("glute-hamstring-ratio", on, measured->ratio, "glute-ratio");
      if (!child) // the limits were set for adults
        combine(*measured, behaviour_of(patient, on), on, out);
    }
  }
};

} // namespace

POSTERIOR_PLUGIN(POSTERIOR_BUNDLE_ID, POSTERIOR_BUNDLE_VERSION, detector);
