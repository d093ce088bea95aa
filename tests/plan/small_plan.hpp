// The small knowledge of tests/case with causes, exercises, precautions and a tension, and a world to plan
// in.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/plan/plan.hpp"
#include "tests/case/small_knowledge.hpp"

namespace posterior::small {

inline kb::state state(std::string id, bool lateral, bool serious = false) {
  kb::state s;
  s.name = id;
  s.id = std::move(id);
  s.lateral = lateral;
  s.serious = serious;
  s.rests_on = judged();
  return s;
}

inline kb::exercise exercise(std::string id, kb::phase stage, int depth = 1,
                             kb::grade level = kb::grade::low) {
  kb::exercise e;
  e.name = "the " + id;
  e.purpose = "for its own sake";
  e.id = std::move(id);
  e.stage = stage;
  e.depth = depth;
  e.how_much.sets = kb::range{2, 3};
  e.how_much.reps = kb::range{10, 12};
  e.how_much.per_week = kb::range{3, 5};
  e.rests_on = judged(level);
  return e;
}

inline kb::indication indicated(std::string exercise, std::string cause, bool primary = true) {
  kb::indication i;
  i.exercise = std::move(exercise);
  i.cause = std::move(cause);
  i.primary = primary;
  i.purpose = "because it helps " + i.cause;
  i.rests_on = judged();
  return i;
}

inline kb::precaution by_cause(std::string id, std::string cause, double above,
                               std::vector<std::string> exercises) {
  kb::precaution p;
  p.name = id;
  p.id = std::move(id);
  p.why = "not while " + cause + " is open";
  p.cause = std::move(cause);
  p.above = above;
  p.exercises = std::move(exercises);
  p.rests_on = judged();
  return p;
}

inline kb::precaution by_finding(std::string id, kb::clauses when, std::vector<std::string> exercises) {
  kb::precaution p = by_cause(std::move(id), "", 1, std::move(exercises));
  p.why = "not with this finding";
  p.when = std::move(when);
  return p;
}

inline kb::equipment tool(std::string id, bool at_home) {
  kb::equipment e;
  e.name = "a " + id;
  e.id = std::move(id);
  e.at_home = at_home;
  return e;
}

inline std::vector<kb::exercise> exercises() {
  using kb::phase;
  auto squeeze = exercise("squeeze", phase::activation, 1, kb::grade::moderate);
  squeeze.harder = {"bridge"};
  auto bridge = exercise("bridge", phase::activation, 2, kb::grade::high);
  bridge.harder = {"one-leg-bridge", "heel-slide"};
  auto one_leg = exercise("one-leg-bridge", phase::activation, 3, kb::grade::high);
  one_leg.sided = true;
  auto slider = exercise("slider", phase::neural, 1, kb::grade::moderate);
  slider.sided = true;
  slider.harder = {"tensioner"};
  auto tensioner = exercise("tensioner", phase::neural, 2, kb::grade::moderate);
  tensioner.sided = true;
  auto stretch = exercise("static-hamstring-stretch", phase::mobility, 1, kb::grade::high);
  stretch.sided = true;
  auto heel_slide = exercise("heel-slide", phase::eccentric, 3, kb::grade::moderate);
  heel_slide.needs = {{"towel", "slider-disc"}};
  auto deadlift = exercise("deadlift", phase::concentric, 4);
  deadlift.needs = {{"barbell", "dumbbell"}};
  auto side_lift = exercise("side-lift", phase::activation, 1);
  side_lift.sided = true;
  side_lift.cap = "side-of-hip";
  auto band_walk = exercise("band-walk", phase::activation, 1, kb::grade::opinion);
  band_walk.cap = "side-of-hip";
  auto plank = exercise("plank", phase::isometric, 2);
  plank.allowed_up_to = kb::irritability::moderate;
  plank.avoid = {"pc-wrist"};
  return {squeeze,    bridge,   one_leg,   slider,    tensioner, stretch,
          heel_slide, deadlift, side_lift, band_walk, plank};
}

inline std::vector<kb::indication> indications() {
  return {indicated("squeeze", "gluteal-amnesia"),
          indicated("bridge", "gluteal-amnesia"),
          indicated("one-leg-bridge", "gluteal-amnesia"),
          indicated("slider", "neural-tension"),
          indicated("tensioner", "neural-tension"),
          indicated("bridge", "neural-tension", false),
          indicated("static-hamstring-stretch", "hamstring-shortness"),
          indicated("heel-slide", "hamstring-shortness", false),
          indicated("deadlift", "hamstring-shortness", false),
          indicated("heel-slide", "gluteal-amnesia", false),
          indicated("plank", "anterior-pelvic-tilt"),
          indicated("bridge", "anterior-pelvic-tilt", false),
          indicated("side-lift", "hip-weakness"),
          indicated("band-walk", "hip-weakness"),
          indicated("plank", "hip-weakness", false)};
}

inline kb::snapshot raw_plan_knowledge() {
  kb::snapshot s = raw_knowledge();
  s.all.states = {state("gluteal-amnesia", true),     state("neural-tension", true),
                  state("hamstring-shortness", true), state("anterior-pelvic-tilt", false),
                  state("hip-weakness", true),        state("tumour", false, true)};
  s.all.exercises = exercises();
  s.all.indications = indications();
  s.all.tools = {tool("mat", true), tool("towel", true), tool("barbell", false), tool("dumbbell", false)};
  s.all.precautions = {by_cause("pc-nerve", "neural-tension", 0.2, {"static-hamstring-stretch"}),
                       by_cause("pc-tilt", "anterior-pelvic-tilt", 0.2, {"static-hamstring-stretch"}),
                       by_finding("pc-wrist", {{on("wrist-pain")}}, {})};
  return s;
}

inline plan::belief belief(std::string state, side where, double posterior, bool examined = true) {
  return {std::move(state), where, posterior, true, examined};
}

// A patient whose screen is clear, as the planner sees one.
struct world {
  kb::snapshot raw = raw_plan_knowledge();
  cases::patient_case patient;
  std::vector<plan::belief> beliefs;
  plan::wishes wanted;

  world() { patient.screened.done = true; }

  world& record(std::string finding, cases::truth state, side where = side::none) {
    cases::observation o;
    o.finding = std::move(finding);
    o.state = state;
    o.where = where;
    patient.observations.push_back(std::move(o));
    return *this;
  }

  plan::programme make() const {
    const auto knowledge = kb::index(kb::snapshot(raw));
    const auto seen = cases::settle(patient, *knowledge);
    const auto screened = cases::screen(patient, seen, *knowledge);
    const auto open = plan::tensions(*knowledge, seen, beliefs, patient.choices);
    return plan::make({*knowledge, seen, beliefs, screened, open, wanted});
  }
};

inline std::string items(const plan::programme& p) {
  std::string out;
  for (const auto& phase : p.phases)
    for (const auto& item : phase.items)
      out += (out.empty() ? "" : " ") + item.exercise;
  return out;
}

inline const plan::plan_item* item(const plan::programme& p, std::string_view id) {
  for (const auto& phase : p.phases)
    for (const auto& i : phase.items)
      if (i.exercise == id)
        return &i;
  return nullptr;
}

inline const plan::left_out_line* left_out(const plan::programme& p, std::string_view id) {
  for (const auto& line : p.left_out)
    if (line.exercise == id)
      return &line;
  return nullptr;
}

// Why an exercise is left out: one of the closed words, or "" if it is not listed.
inline std::string left_out_by(const plan::programme& p, std::string_view id) {
  const auto* line = left_out(p, id);
  return line ? line->by : "";
}

// The sentence of a line, or "" if the exercise is not listed.
inline std::string left_out_because(const plan::programme& p, std::string_view id) {
  const auto* line = left_out(p, id);
  return line ? line->because : "";
}

} // namespace posterior::small
