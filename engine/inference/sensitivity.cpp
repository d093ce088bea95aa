#include "engine/inference/sensitivity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "kb/values/elementary.hpp"

namespace posterior::inference {
namespace {

constexpr double close = 1e-9;   // two posteriors that differ by less are equal
constexpr double guessed = 1e-7; // a first guess that is this near needs no search
constexpr int most_steps = 60;
constexpr double z95 = 1.6448536269514722;

// Ends of what a parameter can be. A likelihood ratio stays on its side of 1: beyond it the word would be
// another one.
std::pair<double, double> range_of(const parameter_ref& p) {
  if (p.bounded())
    return {1e-6, 1 - 1e-6};
  return p.now.mean < 1 ? std::pair(p.now.mean / 1000, 1 - 1e-6) : std::pair(1 + 1e-6, p.now.mean * 1000);
}

// On this scale the parameter's uncertainty is about normal.
double scale(const parameter_ref& p, double x) {
  return p.bounded() ? logit(std::clamp(x, 1e-9, 1 - 1e-9)) : log(std::max(x, 1e-9));
}

double unscale(const parameter_ref& p, double s) {
  return p.bounded() ? logistic(s) : exp(s);
}

double distance(const parameter_ref& p, double x) {
  const double spread = (scale(p, p.now.high) - scale(p, p.now.low)) / (2 * z95);
  const double away = scale(p, x) - scale(p, p.now.mean);
  if (!(spread > 0))
    return 1e9;
  return (away < 0 ? -away : away) / spread;
}

struct standing {
  double lead = 0;       // leader's posterior minus that of the best other one
  std::size_t rival = 0; // that one
};

class search {
public:
  search(const std::vector<std::size_t>& ranked, const std::vector<double>& now, const re_run& run)
      : ranked_(ranked)
      , now_(now)
      , run_(run) {
    leader_ = ranked[0];
    for (std::size_t k : ranked)
      if (now[k] > now[leader_])
        leader_ = k;
  }

  std::vector<parameter_effect> all(const std::vector<parameter_ref>& parameters);

private:
  struct bracket {
    std::size_t effect; // into effects_
    double same, other; // leader leads at `same`, on the scale; not at `other`
    double lead_same, lead_other;
    double guess;
    bool searched = false, done = false;
    double at = 0;
    std::size_t rival = 0;
  };
  standing stand(const std::vector<double>& p) const;
  std::vector<std::vector<double>> at(const std::vector<std::pair<std::size_t, double>>& where);
  void swings();
  void find_brackets();
  double guess(const parameter_ref& p, const std::array<double, 3>& x,
               const std::array<const std::vector<double>*, 3>& y, std::size_t rival) const;
  void close_in();
  void check();

  const std::vector<std::size_t>& ranked_;
  const std::vector<double>& now_;
  const re_run& run_;
  std::size_t leader_ = 0;
  std::vector<parameter_effect> effects_;
  std::vector<bracket> brackets_;
};

standing search::stand(const std::vector<double>& p) const {
  standing s{2, leader_};
  double best = -1;
  for (std::size_t k : ranked_)
    if (k != leader_ && p[k] > best) {
      best = p[k];
      s.rival = k;
    }
  s.lead = p[leader_] - best;
  return s;
}

// Posteriors with parameter `first` at value `second`, for each.
std::vector<std::vector<double>> search::at(const std::vector<std::pair<std::size_t, double>>& where) {
  std::vector<fixed_number> fixed;
  for (const auto& [k, value] : where)
    fixed.emplace_back(effects_[k].parameter.name, value);
  return run_(fixed);
}

void search::swings() {
  std::vector<std::pair<std::size_t, double>> where;
  for (std::size_t k = 0; k < effects_.size(); ++k)
    for (double x : {effects_[k].parameter.now.low, effects_[k].parameter.now.high})
      where.emplace_back(k, x);
  const auto p = at(where);
  for (std::size_t k = 0; k < effects_.size(); ++k) {
    effects_[k].leader_low = p[2 * k][leader_];
    effects_[k].leader_high = p[2 * k + 1][leader_];
  }
}

// Where leader and rival are equally likely, if the ratio of their posteriors is a ratio of linear functions
// of the parameter that has these values at three places.
double search::guess(const parameter_ref& p, const std::array<double, 3>& x,
                     const std::array<const std::vector<double>*, 3>& y, std::size_t rival) const {
  std::array<double, 3> r;
  for (std::size_t k = 0; k < 3; ++k)
    r[k] = (*y[k])[leader_] / std::max((*y[k])[rival], 1e-300);
  // The cross-ratio of four places is that of their values.
  const double c = (1 - r[0]) * (r[1] - r[2]) * (x[1] - x[0]);
  const double d = (1 - r[2]) * (r[1] - r[0]) * (x[1] - x[2]);
  const double at = (c * x[2] - d * x[0]) / (c - d);
  return at > 0 && (!p.bounded() || at < 1) ? at : p.now.mean;
}

// One on either side of the mean where the lead is lost at the end of what the parameter can be.
void search::find_brackets() {
  std::vector<std::pair<std::size_t, double>> where;
  for (std::size_t k = 0; k < effects_.size(); ++k) {
    const auto [low, high] = range_of(effects_[k].parameter);
    where.emplace_back(k, low);
    where.emplace_back(k, high);
  }
  const auto p = at(where);
  const double lead_now = stand(now_).lead;
  for (std::size_t k = 0; k < effects_.size(); ++k) {
    const parameter_ref& x = effects_[k].parameter;
    for (std::size_t end : {2 * k, 2 * k + 1}) {
      const standing there = stand(p[end]);
      if (there.lead >= 0)
        continue;
      const double g = guess(x, {where[2 * k].second, x.now.mean, where[2 * k + 1].second},
                             {&p[2 * k], &now_, &p[2 * k + 1]}, there.rival);
      brackets_.push_back({k, scale(x, x.now.mean), scale(x, where[end].second), lead_now, there.lead,
                           scale(x, g), false, false, 0, there.rival});
    }
  }
}

// Bisection on the scale, all brackets at once; the guess is tried first.
void search::close_in() {
  for (int step = 0; step < most_steps; ++step) {
    std::vector<std::pair<std::size_t, double>> where;
    std::vector<bracket*> open;
    for (bracket& b : brackets_) {
      if (b.done)
        continue;
      const double least = std::min(b.same, b.other), most = std::max(b.same, b.other);
      const bool inside = step == 0 && b.guess > least && b.guess < most;
      b.at = inside ? b.guess : (b.same + b.other) / 2;
      open.push_back(&b);
      where.emplace_back(b.effect, unscale(effects_[b.effect].parameter, b.at));
    }
    if (open.empty())
      return;
    const auto p = at(where);
    for (std::size_t k = 0; k < open.size(); ++k) {
      bracket& b = *open[k];
      const standing s = stand(p[k]);
      b.rival = s.rival;
      b.searched = step > 0;
      const bool met = (s.lead < 0 ? -s.lead : s.lead) < (step == 0 ? guessed : close);
      const double width = b.same > b.other ? b.same - b.other : b.other - b.same;
      if (met || width < 1e-12)
        b.done = true;
      else
        (s.lead >= 0 ? b.same : b.other) = b.at;
    }
  }
}

// A little short of the turning point the leader still leads, a little beyond it another one does.
void search::check() {
  std::vector<std::pair<std::size_t, double>> where;
  for (const bracket& b : brackets_) {
    const parameter_ref& p = effects_[b.effect].parameter;
    const double step = (scale(p, p.now.mean) < b.at ? 1 : -1) * 1e-3;
    where.emplace_back(b.effect, unscale(p, b.at - step));
    where.emplace_back(b.effect, unscale(p, b.at + step));
  }
  const auto p = at(where);
  for (std::size_t k = 0; k < brackets_.size(); ++k) {
    const bracket& b = brackets_[k];
    parameter_effect& e = effects_[b.effect];
    const double value = unscale(e.parameter, b.at);
    const turning_point t{value,
                          b.rival,
                          e.parameter.now.low <= value && value <= e.parameter.now.high,
                          distance(e.parameter, value),
                          b.searched,
                          stand(p[2 * k]).lead > 0 && stand(p[2 * k + 1]).lead < 0};
    if (t.checked && (!e.turns || t.distance < e.turns->distance))
      e.turns = t;
  }
}

std::vector<parameter_effect> search::all(const std::vector<parameter_ref>& parameters) {
  for (const parameter_ref& p : parameters)
    effects_.push_back({p, 0, 0, {}});
  swings();
  find_brackets();
  close_in();
  check();
  const auto swing = [](const parameter_effect& e) {
    const double d = e.leader_high - e.leader_low;
    return static_cast<std::int64_t>((d < 0 ? -d : d) * 1e9 + 0.5);
  };
  const auto far = [](const parameter_effect& e) {
    return e.turns && e.turns->inside ? static_cast<std::int64_t>(e.turns->distance * 1e9 + 0.5)
                                      : std::int64_t{1} << 60;
  };
  std::stable_sort(effects_.begin(), effects_.end(), [&](const auto& a, const auto& b) {
    return std::tuple(far(a), -swing(a)) < std::tuple(far(b), -swing(b));
  });
  return std::move(effects_);
}

} // namespace

std::string_view to_string(parameter_kind k) {
  static constexpr std::array<std::string_view, 7> words{
      "prior", "link", "sensitivity", "specificity", "present-ratio", "absent-ratio", "credence"};
  return words[static_cast<std::size_t>(k)];
}

std::vector<parameter_ref> parameters_behind(const grounding& ground, const evidence& seen, const program& p,
                                             const std::vector<theory_nodes>& theories) {
  std::map<stream, parameter_ref> found;
  const auto add = [&](parameter_ref x) {
    const auto [it, fresh] = found.try_emplace(x.name, std::move(x));
    it->second.tied = it->second.tied || !fresh;
  };
  for (node_index v : p.nodes) {
    const node_meaning& m = ground.nodes()[static_cast<std::size_t>(v)];
    if (!m.either)
      add({parameter_kind::prior, m.leak, *m.before, m.state->id, "", m.state->id, m.state->lateral});
  }
  for (node_index k : p.links)
    if (const link_meaning& l = ground.links()[static_cast<std::size_t>(k)]; l.statement)
      add({parameter_kind::link, l.p, l.statement->p, l.statement->id(), l.statement->source,
           l.statement->target, false});
  for (const risk_link& r : ground.risks())
    if (p.local_of[static_cast<std::size_t>(r.effect)] >= 0)
      add({parameter_kind::link, r.p, r.statement->p, r.statement->id(), r.statement->source,
           r.statement->target, false});
  for (const speaker& s : seen.speakers()) {
    if (s.not_counted || s.seen->state == cases::truth::unknown ||
        (s.seen->value && s.reading->reads_values()))
      continue;
    const auto reading = [&](parameter_kind kind, stream name, const kb::estimate& e) {
      add({kind, name, e, s.reading->id(), s.finding->id, s.reading->state, false});
    };
    if (!s.reading->opinion.empty()) {
      reading(parameter_kind::present_ratio, s.numbers.present, s.reading->ratio_present);
      reading(parameter_kind::absent_ratio, s.numbers.absent, s.reading->ratio_absent);
    } else if (s.accuracy && s.reading->levels.empty()) {
      reading(parameter_kind::sensitivity, s.numbers.sensitivity, s.accuracy->sensitivity);
      reading(parameter_kind::specificity, s.numbers.specificity, s.accuracy->specificity);
    }
  }
  for (const theory_nodes& t : theories)
    add({parameter_kind::credence, stream_of(t.statement->from.plugin, "credence"), t.statement->credence,
         t.statement->from.plugin, t.statement->from.plugin, "", t.causes.size() > 1});
  std::vector<parameter_ref> out;
  for (auto& [name, x] : found)
    out.push_back(std::move(x));
  std::sort(out.begin(), out.end(), [](const parameter_ref& a, const parameter_ref& b) {
    return std::tie(a.kind, a.statement) < std::tie(b.kind, b.statement);
  });
  return out;
}

std::vector<parameter_effect> find_sensitivity(const std::vector<parameter_ref>& all,
                                               const std::vector<std::size_t>& ranked,
                                               const std::vector<double>& now, const re_run& run) {
  if (ranked.size() < 2)
    return {};
  return search(ranked, now, run).all(all);
}

} // namespace posterior::inference
