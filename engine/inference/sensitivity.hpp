// Which number of the knowledge would have to be how far off for another cause to come first, and which ones
// move the leading cause most.
//
// In a single parameter x the odds of two causes are a ratio of linear functions, (a + b x) / (c + d x), as
// long as x stands in one place of the schedule and no contested theory is mixed in: three runs give the
// ratio, and the crossing follows. Where x stands in several places (both sides share a parameter) or
// theories are mixed, that value is a first guess, and the crossing is searched between runs on either side
// of it. Each crossing is then checked: with the parameter a little short of it the same cause leads, a
// little beyond it another one does. Pure; one thread.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/inference/lane_runner.hpp"

namespace posterior::inference {

enum class parameter_kind : std::uint8_t {
  prior,
  link,
  sensitivity,
  specificity,
  present_ratio,
  absent_ratio,
  credence
};
std::string_view to_string(parameter_kind k); // "prior", "link", ..., "present-ratio"

struct parameter_ref {
  parameter_kind kind = parameter_kind::prior;
  stream name = 0;
  kb::estimate now;
  std::string statement; // id of the state, link, reading or plugin
  std::string from, to; // prior: the state in `to`; link: both; readings: finding and state; credence: plugin
  bool tied = false;    // stands in several places, on both sides for example
  bool bounded() const {
    return kind != parameter_kind::present_ratio && kind != parameter_kind::absent_ratio;
  }
};

// Every parameter that the posteriors rest on: of the schedule's nodes and links, of what was recorded, and
// the theories' credences. Each once, ordered by kind and statement.
std::vector<parameter_ref> parameters_behind(const grounding& ground, const evidence& seen, const program& p,
                                             const std::vector<theory_nodes>& theories);

struct turning_point {
  double value = 0;      // where the leader and `rival` are equally likely
  std::size_t rival = 0; // into the beliefs
  bool inside = false;   // within the parameter's own 5 % to 95 % interval
  double distance = 0;   // from its mean, in standard deviations of its own uncertainty
  bool searched = false; // the closed form did not hold: found by search
  bool checked = false;  // re-runs short of it and beyond it agree
};

struct parameter_effect {
  parameter_ref parameter;
  double leader_low = 0, leader_high = 0; // posterior of the leader at the interval's ends
  std::optional<turning_point> turns;     // the nearer one if there are two
};

// Posteriors of all beliefs with one parameter fixed, for several of them at once.
using re_run = std::function<std::vector<std::vector<double>>(std::span<const fixed_number>)>;

// `ranked` are the beliefs that compete for the first rank; `now` the posteriors as they are. Ordered:
// turning points inside their interval first, by distance; then the rest by how far they move the leader.
std::vector<parameter_effect> find_sensitivity(const std::vector<parameter_ref>& all,
                                               const std::vector<std::size_t>& ranked,
                                               const std::vector<double>& now, const re_run& run);

} // namespace posterior::inference
