#include "engine/plan/sequencing.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "engine/case/truth.hpp"
#include "engine/plan/judgement.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::plan {
namespace {

constexpr int hours_a_week = 168;
constexpr int hours_a_day = 24;

template <typename T, typename U>
bool lists(const std::vector<T>& list, const U& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

bool comes_before(const std::vector<const kb::sequence*>& rules, const placed& a, const placed& b) {
  return std::any_of(rules.begin(), rules.end(), [&](const kb::sequence* r) {
    const int first = group_of(r->order, a), then = group_of(r->order, b);
    return first >= 0 && then >= 0 && first < then;
  });
}

// Which item comes before which, straight or over others.
std::vector<std::vector<bool>> reach(const std::vector<placed>& items,
                                     const std::vector<const kb::sequence*>& rules) {
  const std::size_t n = items.size();
  std::vector<std::vector<bool>> out(n, std::vector<bool>(n));
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b)
      out[a][b] = comes_before(rules, items[a], items[b]);
  for (std::size_t over = 0; over < n; ++over)
    for (std::size_t a = 0; a < n; ++a)
      for (std::size_t b = 0; b < n; ++b)
        if (out[a][over] && out[over][b])
          out[a][b] = true;
  return out;
}

bool counts(const kb::sequence& rule, const input& in, const aim& goal) {
  const bool aimed =
      rule.cause.empty() || std::any_of(goal.targets.begin(), goal.targets.end(),
                                        [&](const target& t) { return t.state == rule.cause; });
  return aimed &&
         (rule.when.empty() || cases::holds(rule.when, in.seen, in.knowledge) == cases::truth::present);
}

double days_within(int hours) {
  return std::max(1, hours_a_week / std::max(hours, 1));
}

} // namespace

bool holds(const kb::exercise_group& group, const placed& item) {
  return lists(group.exercises, item.exercise) || lists(group.phases, item.stage);
}

bool is_about(const kb::spacing& apart, const placed& item) {
  return lists(apart.exercises, item.exercise) || lists(apart.phases, item.stage);
}

std::string hours_words(const kb::spacing& apart) {
  std::string out = std::to_string(apart.hours) + " hours";
  if (apart.first_weeks > 0)
    out += " (" + std::to_string(apart.first_hours) + " in the first " +
           (apart.first_weeks == 1 ? "week" : std::to_string(apart.first_weeks) + " weeks") + ")";
  return out;
}

std::string how_often(const kb::coverage& c) {
  std::string out = (c.times == 1 ? std::string("once") : "on " + std::to_string(c.times) + " days") +
                    " in " + (c.weeks == 1 ? "a week" : std::to_string(c.weeks) + " weeks");
  return out + (c.from_week > 1 ? ", from week " + std::to_string(c.from_week) + " on" : "");
}

int group_of(const std::vector<kb::exercise_group>& order, const placed& item) {
  int by_phase = -1;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (lists(order[i].exercises, item.exercise))
      return static_cast<int>(i);
    if (lists(order[i].phases, item.stage))
      by_phase = static_cast<int>(i);
  }
  return by_phase;
}

std::vector<std::size_t> session_order(const std::vector<placed>& items,
                                       const std::vector<const kb::sequence*>& rules) {
  const auto before = reach(items, rules);
  std::vector<std::size_t> waiting(items.size()), out;
  std::iota(waiting.begin(), waiting.end(), std::size_t{0});
  std::sort(waiting.begin(), waiting.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(items[a].stage, items[a].depth, items[a].exercise) <
           std::tie(items[b].stage, items[b].depth, items[b].exercise);
  });
  while (!waiting.empty()) {
    const auto next = std::find_if(waiting.begin(), waiting.end(), [&](std::size_t i) {
      return std::none_of(waiting.begin(), waiting.end(),
                          [&](std::size_t other) { return before[other][i] && !before[i][other]; });
    });
    out.push_back(*next);
    waiting.erase(next);
  }
  return out;
}

sequencing::sequencing(const input& in, const aim& goal) {
  for (const kb::sequence& rule : in.knowledge.all.sequences)
    if (counts(rule, in, goal))
      rules_.push_back(&rule);
}

const kb::sequence* sequencing::excludes(const std::string& a, const std::string& b) const {
  const auto at = std::find_if(rules_.begin(), rules_.end(), [&](const kb::sequence* r) {
    return r->at_most_one && lists(r->at_most_one->exercises, a) && lists(r->at_most_one->exercises, b);
  });
  return at == rules_.end() ? nullptr : *at;
}

bool sequencing::asks_now(const kb::coverage& c) {
  return !c.once_begun && (c.from_week - 1) * 7 < judgement::reassess_after_days;
}

void sequencing::space(kb::dose& d, const placed& item) const {
  for (const kb::sequence* r : rules_) {
    if (!r->apart || !is_about(*r->apart, item))
      continue;
    const double later = days_within(r->apart->hours);
    const double first = r->apart->first_weeks > 0 ? days_within(r->apart->first_hours) : later;
    if (d.per_week)
      d.per_week = kb::range{std::min(d.per_week->min, first), std::min(d.per_week->max, later)};
    if (d.per_day && r->apart->hours >= hours_a_day)
      d.per_day = kb::range{std::min(d.per_day->min, 1.0), std::min(d.per_day->max, 1.0)};
  }
}

std::vector<std::string> sequencing::warnings(const placed& item) const {
  std::vector<std::string> out;
  for (const kb::sequence* r : rules_)
    if (r->apart && is_about(*r->apart, item))
      out.push_back("leave " + hours_words(*r->apart) + " before the next time" +
                    (r->apart->event.empty() ? "" : ", and before " + r->apart->event));
  return out;
}

} // namespace posterior::plan
