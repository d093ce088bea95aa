// First every target gets one exercise, the likeliest first; then the places that are left go to the exercise
// that adds most, where a second item for a cause counts half and a third a quarter. Before an exercise is
// taken, the search climbs down its ladder: of the steps of one phase the easiest that plays the same role is
// taken, and the other steps of that ladder in that phase are left for later. A tiny example: squeeze ->
// bridge -> one-leg bridge, all activation; the one-leg bridge wins, the squeeze is given. What a rule of
// sequence does not want to be missing comes after each target has its one. Judged by
// tests/plan/plan_test.cpp and sequence_test.cpp.
#include "engine/plan/choose.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "engine/plan/dose.hpp"
#include "engine/plan/judgement.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::plan {
namespace {

using ladder = std::map<std::string_view, std::set<std::string_view>>; // exercise -> its easier neighbours

ladder ladder_of(const kb::snapshot& knowledge) {
  ladder out;
  for (const kb::exercise& e : knowledge.all.exercises) {
    for (const std::string& easier : e.easier)
      out[e.id].insert(easier);
    for (const std::string& harder : e.harder)
      out[harder].insert(e.id);
  }
  return out;
}

class chooser {
public:
  chooser(const input& in, const aim& goal, const std::vector<candidate>& all,
          std::vector<std::size_t> eligible, const sequencing& rules)
      : in_(in)
      , goal_(goal)
      , all_(all)
      , rules_(rules)
      , open_(std::move(eligible))
      , ladder_(ladder_of(in.knowledge)) {
    for (const candidate& c : all_)
      stage_[c.what->id] = c.stage;
  }

  chosen run() {
    if (!goal_.shared_core)
      cover();
    for (const kb::sequence* rule : rules_.rules())
      if (rule->covers && sequencing::asks_now(*rule->covers))
        for (const kb::exercise_group& group : rule->covers->each)
          add_missing(*rule, group);
    while (!full() && !open_.empty()) {
      const std::size_t best = best_by(open_, [&](std::size_t i) { return gain(i); });
      take(easiest(open_, best, main_target(best)));
    }
    for (const std::size_t i : open_)
      out_.capped[i] = cap(i, "a plan holds " + std::to_string(places()) + " exercises at most");
    for (std::size_t t = 0; t < goal_.targets.size(); ++t)
      if (times_served(t) == 0)
        out_.uncovered.push_back(t);
    return std::move(out_);
  }

private:
  int places() const { return std::clamp(in_.wanted.max_exercises, 1, judgement::most_exercises); }
  bool full() const { return out_.items.size() >= static_cast<std::size_t>(places()); }

  reason cap(std::size_t i, std::string because) const {
    return {"cap", std::move(because), cases::cite(all_[i].what->rests_on, in_.knowledge)};
  }

  int times_served(std::size_t t) const {
    return static_cast<int>(std::count_if(out_.items.begin(), out_.items.end(),
                                          [&](std::size_t i) { return all_[i].for_target(t) != nullptr; }));
  }

  double worth_for(std::size_t i, std::size_t t) const {
    const contribution* c = all_[i].for_target(t);
    return c ? c->worth : 0;
  }

  double gain(std::size_t i) const {
    double sum = 0;
    for (const contribution& s : all_[i].serves)
      sum += s.worth * std::pow(judgement::repeat_factor, times_served(s.target));
    return rounded(goal_.shared_core ? sum * all_[i].utility : sum);
  }

  // Greatest `value`; then utility, the easier one, and the id.
  template <typename Value>
  std::size_t best_by(const std::vector<std::size_t>& list, Value value) const {
    return *std::min_element(list.begin(), list.end(), [&](std::size_t a, std::size_t b) {
      const auto key = [&](std::size_t i) {
        return std::tuple(-value(i), -all_[i].utility, all_[i].what->depth,
                          std::string_view(all_[i].what->id));
      };
      return key(a) < key(b);
    });
  }

  std::size_t main_target(std::size_t i) const {
    const auto& serves = all_[i].serves;
    return std::max_element(serves.begin(), serves.end(),
                            [](const auto& a, const auto& b) { return a.worth < b.worth; })
        ->target;
  }

  // One item for every target, in the order of the targets; a primary one if there is any.
  void cover() {
    for (std::size_t t = 0; t < goal_.targets.size(); ++t)
      while (!full() && !covered(t))
        take(easiest(open_,
                     best_by(open_, [&](std::size_t i) { return worth_for(i, t) + (primary(i, t) ? 1 : 0); }),
                     t));
  }

  // Takes exercises of the group until it is done as often as the rule wants, or none is left.
  void add_missing(const kb::sequence& rule, const kb::exercise_group& group) {
    while (!full() && days_of(group) * rule.covers->weeks < rule.covers->times) {
      std::vector<std::size_t> members;
      for (const std::size_t i : open_)
        if (holds(group, placed_as(all_[i])))
          members.push_back(i);
      if (members.empty())
        return;
      const std::size_t best = best_by(members, [&](std::size_t i) { return gain(i); });
      const std::size_t step = easiest(members, best, main_target(best));
      if (take(step))
        out_.asked_by[step] = &rule;
    }
  }

  double days_of(const kb::exercise_group& group) const {
    double out = 0;
    for (const std::size_t i : out_.items)
      if (holds(group, placed_as(all_[i])))
        out += days_a_week(dose_of(all_[i], rules_));
    return out;
  }

  bool primary(std::size_t i, std::size_t t) const {
    const contribution* c = all_[i].for_target(t);
    return c && c->by->primary;
  }

  bool covered(std::size_t t) const {
    const auto serves = [&](std::size_t i) { return all_[i].for_target(t) != nullptr; };
    const auto first = [&](std::size_t i) { return primary(i, t); };
    if (std::any_of(out_.items.begin(), out_.items.end(), first) ||
        std::none_of(open_.begin(), open_.end(), serves))
      return true;
    return std::none_of(open_.begin(), open_.end(), first) &&
           std::any_of(out_.items.begin(), out_.items.end(), serves);
  }

  kb::phase stage(std::string_view id) const {
    if (const auto at = stage_.find(id); at != stage_.end())
      return at->second;
    const kb::exercise* e = in_.knowledge.find_exercise(id);
    return e ? e->stage : kb::phase::integration;
  }

  // All easier steps of the same phase, however far down.
  std::set<std::string_view> below(std::string_view id) const {
    std::set<std::string_view> seen;
    std::vector<std::string_view> open{id};
    while (!open.empty()) {
      const auto at = ladder_.find(open.back());
      open.pop_back();
      if (at == ladder_.end())
        continue;
      for (const std::string_view next : at->second)
        if (stage(next) == stage(id) && seen.insert(next).second)
          open.push_back(next);
    }
    return seen;
  }

  // Of `list` the easiest step of its ladder and phase that plays the same role for the target.
  std::size_t easiest(const std::vector<std::size_t>& list, std::size_t i, std::size_t t) const {
    const auto steps = below(all_[i].what->id);
    std::size_t best = i;
    const auto key = [&](std::size_t x) {
      return std::tuple(all_[x].what->depth, -worth_for(x, t), std::string_view(all_[x].what->id));
    };
    for (const std::size_t x : list)
      if (steps.contains(all_[x].what->id) && all_[x].for_target(t) && primary(x, t) >= primary(i, t) &&
          key(x) < key(best))
        best = x;
    return best;
  }

  // Takes one exercise, or leaves it out for its minutes; either way it is open no more.
  bool take(std::size_t i) {
    std::erase(open_, i);
    const double minutes = minutes_of(all_[i], goal_, in_.wanted.only);
    if (in_.wanted.minutes && minutes_ + minutes > *in_.wanted.minutes + 1e-9) {
      out_.capped[i] =
          cap(i, "the session would be longer than " + format_number(*in_.wanted.minutes) + " minutes");
      return false;
    }
    minutes_ += minutes;
    out_.items.push_back(i);
    leave_rivals(i);
    return true;
  }

  void leave_rivals(std::size_t i) {
    const kb::exercise& e = *all_[i].what;
    const auto easier = below(e.id);
    std::erase_if(open_, [&](std::size_t x) {
      const kb::exercise& other = *all_[x].what;
      const bool harder = below(other.id).contains(e.id);
      if (harder)
        out_.capped[x] = cap(x, "a later step of the same ladder: comes when " + e.name + " is easy");
      else if (easier.contains(other.id))
        out_.capped[x] = cap(x, "an easier step of the same ladder as " + e.name);
      else if (!e.cap.empty() && e.cap == other.cap)
        out_.capped[x] = cap(x, "one exercise of this group is enough: " + e.name);
      else if (const kb::sequence* rule = rules_.excludes(e.id, other.id))
        out_.capped[x] = {"cap", rule->name + " (" + rule->id + "): " + e.name + " is given",
                          cases::cite(rule->rests_on, in_.knowledge)};
      return out_.capped.contains(x);
    });
  }

  const input& in_;
  const aim& goal_;
  const std::vector<candidate>& all_;
  const sequencing& rules_;
  std::vector<std::size_t> open_;
  ladder ladder_;
  std::map<std::string_view, kb::phase> stage_;
  chosen out_;
  double minutes_ = 0;
};

} // namespace

chosen choose(const input& in, const aim& goal, const std::vector<candidate>& all,
              std::vector<std::size_t> eligible, const sequencing& rules) {
  return chooser(in, goal, all, std::move(eligible), rules).run();
}

placed placed_as(const candidate& c) {
  return {c.what->id, c.stage, c.what->depth};
}

kb::dose dose_of(const candidate& c) {
  std::optional<kb::dose> best;
  for (const contribution& s : c.serves) {
    const kb::dose d = s.by->how_much ? overridden(c.what->how_much, *s.by->how_much) : c.what->how_much;
    if (!best || rounded(weekly_minutes(d)) < rounded(weekly_minutes(*best)))
      best = d;
  }
  return best.value_or(c.what->how_much);
}

kb::dose dose_of(const candidate& c, const sequencing& rules) {
  kb::dose out = dose_of(c);
  rules.space(out, placed_as(c));
  return out;
}

side side_of(const candidate& c, const aim& goal, const std::optional<side>& only) {
  if (!c.what->sided)
    return side::none;
  if (only)
    return *only;
  bool left = false, right = false;
  for (const contribution& s : c.serves) {
    const side where = goal.targets[s.target].where;
    left = left || where != side::right;
    right = right || where != side::left;
  }
  return left && right ? side::none : left ? side::left : side::right;
}

double minutes_of(const candidate& c, const aim& goal, const std::optional<side>& only) {
  return session_minutes(dose_of(c), c.what->sided && side_of(c, goal, only) == side::none);
}

} // namespace posterior::plan
