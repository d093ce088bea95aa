#include "engine/assess/timing.hpp"

#include <algorithm>
#include <cmath>

#include "engine/assess/parts.hpp"
#include "engine/case/reader.hpp"
#include "engine/inference/lane_runner.hpp"
#include "engine/inference/planner.hpp"

namespace posterior::assess {
namespace {

using inference::variation;

class stopped {
public:
  explicit stopped(const std::function<double()>& now)
      : now_(now)
      , last_(time()) {}

  // A step that ends here.
  void step(std::string name, double runs = 0, double cells = 0) {
    const double here = time();
    steps.push_back({std::move(name), std::round((here - last_) * 1000) / 1000, runs, runs * cells});
    last_ = time();
  }

  std::vector<step_time> steps;

private:
  double time() const { return now_ ? now_() : 0; }

  const std::function<double()>& now_;
  double last_;
};

// The causes and other conditions: what an answer is about.
std::vector<inference::node_index> targets_of(const inference::grounding& ground) {
  std::vector<inference::node_index> out = ground.causes();
  out.insert(out.end(), ground.others().begin(), ground.others().end());
  return out;
}

std::vector<variation> drawn(int draws) {
  std::vector<variation> out(static_cast<std::size_t>(draws));
  for (int i = 0; i < draws; ++i)
    out[static_cast<std::size_t>(i)].draw = i;
  return out;
}

std::vector<variation> without_each(const inference::evidence& seen) {
  std::vector<variation> out;
  for (const std::string& g : seen.groups()) {
    variation v;
    v.without_group = g;
    out.push_back(v);
  }
  return out;
}

// One run, the draws and the explanation, each over the same schedule.
void time_runs(const inference::grounding& ground, const inference::evidence& seen,
               const inference::program& p, const std::vector<inference::node_index>& targets, int draws,
               stopped& time) {
  const inference::parameters numbers(draws);
  const std::vector<inference::theory_nodes> all_hold;
  inference::machine<inference::lanes> tables;
  inference::lane_runner<inference::lanes> run(ground, seen, p, numbers, all_hold, tables);
  run.run(std::vector<variation>(1), targets);
  time.step("run", 1, p.cost);
  run.run(drawn(draws), targets);
  time.step("draws", draws, p.cost);
  const auto groups = without_each(seen);
  run.run(groups, targets);
  time.step("explanation", static_cast<double>(groups.size()), p.cost);
}

} // namespace

timings time_case(const cases::patient_case& c, const kb::snapshot& knowledge, const detector_port& detectors,
                  const options& asked, const std::function<double()>& now) {
  timings out;
  stopped time(now);
  const cases::picture raw = cases::settle(c, knowledge);
  cases::screen(c, raw, knowledge);
  time.step("settle and screen");
  const detected found = detectors ? detectors(c, raw, knowledge) : detected{};
  time.step("detectors");
  const cases::picture all = with_derived(raw, found);
  const inference::grounding ground(knowledge, {all.who.age, all.who.sex_is, all.in});
  time.step("network");
  const inference::evidence seen(knowledge, all, ground, suspended(all, found, knowledge));
  time.step("evidence");
  const auto targets = targets_of(ground);
  const inference::program p =
      inference::planner().compile(ground.map(), seen.nodes(), targets, seen.certainly_absent());
  time.step("plan");
  out.width = p.width;
  out.cells = std::min(p.cost, 0x1p1000);
  out.nodes = p.nodes.size();
  out.links = p.links.size();
  inference::reasoning_options plain;
  plain.draws = 0;
  plain.explains = false;
  if (p.cost <= plain.exact_cells)
    time_runs(ground, seen, p, targets, asked.draws, time);
  inference::reason(knowledge, all, ground, seen, plain);
  time.step("posteriors and next tests");
  plain.tests.wanted = false;
  inference::reason(knowledge, all, ground, seen, plain);
  time.step("posteriors alone");
  assess(c, {}, knowledge, detectors, asked);
  time.step("the whole assessment");
  out.steps = std::move(time.steps);
  return out;
}

} // namespace posterior::assess
