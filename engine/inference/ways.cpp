// How far a link acted is one lane: with the link silent (its source pays 1-q and its target gets nothing)
// the evidence is that much less probable, P(acted | e) = 1 - P(silent, e) / P(e). A chain is as strong as
// its first link acted, times, for each further link, the share of its source's probability in which it
// acted.
#include <algorithm>
#include <map>
#include <tuple>

#include "engine/inference/explainer.hpp"

namespace posterior::inference {
namespace {

constexpr std::size_t most_steps = 5, ways_told = 3;
constexpr double least_strength = 0.02; // weaker chains are not worth a line
constexpr double likely = 0.5;          // a parent that was not recorded is named from here on
constexpr double ways_cells = 0x1p24;

std::size_t at(node_index v) {
  return static_cast<std::size_t>(v);
}

struct arrow {
  node_index from, to;
  int link = -1, risk = -1; // of the network, of the grounding
  double acted = 0;
};

class tracer {
public:
  tracer(const explained_query& q, const std::vector<std::size_t>& about);
  std::vector<way> of(std::size_t belief) const;

private:
  std::vector<arrow> all_links() const;
  void collect(const std::vector<std::size_t>& about);
  void measure();
  std::vector<way> downward(std::size_t belief) const;
  way upward(std::size_t belief) const;
  way_step step(const arrow& a) const;

  const explained_query& q_;
  std::vector<bool> seen_;    // recorded as present
  std::vector<bool> leads_;   // something recorded as present lies below
  std::vector<arrow> arrows_; // those that may be part of a way
  std::vector<std::vector<std::size_t>> out_, in_;
  std::vector<double> now_; // posteriors, all theories holding
};

tracer::tracer(const explained_query& q, const std::vector<std::size_t>& about)
    : q_(q)
    , seen_(q.ground.nodes().size())
    , leads_(seen_.size())
    , out_(seen_.size())
    , in_(seen_.size())
    , now_(seen_.size()) {
  for (const likelihood& l : q.seen.likelihoods(parameters(0), -1))
    seen_[at(l.node)] = l.present > l.absent;
  collect(about);
  measure();
}

// Every link of the schedule; one that acts through a gate as coming out of the state behind it.
std::vector<arrow> tracer::all_links() const {
  std::map<node_index, node_index> behind;
  for (const auto& t : q_.ground.net().tables)
    if (q_.ground.nodes()[at(t.node)].gate)
      behind.emplace(t.node, t.parents[0]); // the source stands first
  std::vector<arrow> out;
  for (node_index l : q_.schedule.links) {
    const auto& e = q_.ground.net().links[at(l)];
    const auto gate = behind.find(e.from);
    out.push_back({gate == behind.end() ? e.from : gate->second, e.to, l, -1, 0});
  }
  return out;
}

// The links below the causes asked for that lead to something recorded, and all links above them.
void tracer::collect(const std::vector<std::size_t>& about) {
  const std::vector<arrow> all = all_links();
  const auto leads_on = [&](const arrow& e) { return seen_[at(e.to)] || leads_[at(e.to)]; };
  std::vector<bool> below(seen_.size()), above(seen_.size());
  for (std::size_t b : about)
    below[at(q_.targets[b])] = above[at(q_.targets[b])] = true;
  for (std::size_t turn = 0; turn < most_steps; ++turn)
    for (const arrow& e : all)
      if (leads_on(e))
        leads_[at(e.from)] = true;
  for (std::size_t turn = 0; turn < most_steps; ++turn)
    for (const arrow& e : all) {
      if (below[at(e.from)] && leads_on(e))
        below[at(e.to)] = true;
      if (above[at(e.to)])
        above[at(e.from)] = true;
    }
  for (const arrow& e : all)
    if ((below[at(e.from)] && below[at(e.to)]) || above[at(e.to)])
      arrows_.push_back(e);
  for (std::size_t r = 0; r < q_.ground.risks().size(); ++r) {
    const risk_link& e = q_.ground.risks()[r];
    if (above[at(e.effect)] && seen_[at(e.risk)])
      arrows_.push_back({e.risk, e.effect, -1, static_cast<int>(r), 0});
  }
}

void tracer::measure() {
  if (q_.schedule.cost * static_cast<double>(arrows_.size()) > ways_cells)
    arrows_.clear();
  std::vector<variation> silent;
  for (const arrow& a : arrows_) {
    silent.emplace_back();
    silent.back().silent_link = a.link;
    silent.back().silent_risk = a.risk;
  }
  const auto runs = q_.run.run(silent, {}, true);
  for (std::size_t i = 0; i < arrows_.size(); ++i) {
    arrows_[i].acted = std::max(0.0, 1 - evidence_ratio(runs[i], q_.all_hold));
    out_[at(arrows_[i].from)].push_back(i);
    in_[at(arrows_[i].to)].push_back(i);
  }
  const auto now = q_.run.run(std::vector<variation>(1), q_.schedule.nodes);
  for (std::size_t k = 0; k < q_.schedule.nodes.size(); ++k)
    now_[at(q_.schedule.nodes[k])] = now[0].posterior[k];
}

way_step tracer::step(const arrow& a) const {
  const node_meaning &from = q_.ground.nodes()[at(a.from)], &to = q_.ground.nodes()[at(a.to)];
  way_step s;
  s.link = a.risk >= 0 ? q_.ground.risks()[at(a.risk)].statement : q_.ground.links()[at(a.link)].statement;
  s.from = from.state;
  s.to = to.state;
  s.from_side = from.where;
  s.to_side = to.where;
  s.acted = std::min(1.0, a.acted);
  s.by_itself = to.before != nullptr ? to.before->mean : 0;
  return s;
}

std::vector<way> tracer::downward(std::size_t belief) const {
  const node_index start = q_.targets[belief];
  std::vector<double> best(seen_.size());
  std::vector<int> came_by(seen_.size(), -1);
  best[at(start)] = now_[at(start)];
  for (node_index u : q_.schedule.nodes) // parents before children
    for (std::size_t i : out_[at(u)]) {
      const arrow& a = arrows_[i];
      if (!(best[at(u)] > 0) || !(now_[at(u)] > 0) || a.to == start)
        continue;
      const double strength = best[at(u)] * std::min(1.0, a.acted / now_[at(u)]);
      if (strength > best[at(a.to)]) {
        best[at(a.to)] = strength;
        came_by[at(a.to)] = static_cast<int>(i);
      }
    }
  std::vector<way> out;
  for (node_index v : q_.schedule.nodes) {
    if (!seen_[at(v)] || came_by[at(v)] < 0 || best[at(v)] < least_strength)
      continue;
    way w{belief, false, {}, best[at(v)]};
    for (node_index u = v; u != start; u = arrows_[at(came_by[at(u)])].from)
      w.steps.insert(w.steps.begin(), step(arrows_[at(came_by[at(u)])]));
    if (w.steps.size() <= most_steps)
      out.push_back(std::move(w));
  }
  std::stable_sort(out.begin(), out.end(), [](const way& a, const way& b) {
    return static_cast<std::int64_t>(a.strength * 1e9) > static_cast<std::int64_t>(b.strength * 1e9);
  });
  if (out.size() > ways_told)
    out.resize(ways_told);
  return out;
}

// Upwards what acted most, as long as it was recorded or is likely itself.
way tracer::upward(std::size_t belief) const {
  way w{belief, true, {}, 1};
  std::vector<node_index> visited{q_.targets[belief]};
  while (w.steps.size() < most_steps) {
    const arrow* best = nullptr;
    for (std::size_t i : in_[at(visited.back())]) {
      const arrow& a = arrows_[i];
      const bool named = seen_[at(a.from)] || now_[at(a.from)] >= likely;
      const bool again = std::find(visited.begin(), visited.end(), a.from) != visited.end();
      if (named && !again && a.acted >= least_strength && (!best || a.acted > best->acted))
        best = &a;
    }
    if (!best)
      break;
    w.steps.insert(w.steps.begin(), step(*best));
    w.strength = std::min(w.strength, best->acted);
    visited.push_back(best->from);
  }
  return w;
}

std::vector<way> tracer::of(std::size_t belief) const {
  std::vector<way> out;
  if (way up = upward(belief); !up.steps.empty())
    out.push_back(std::move(up));
  for (way& w : downward(belief))
    out.push_back(std::move(w));
  return out;
}

} // namespace

std::vector<way> ways(const explained_query& q, const std::vector<std::size_t>& about) {
  const tracer all(q, about);
  std::vector<way> out;
  for (std::size_t k : about)
    for (way& w : all.of(k))
      out.push_back(std::move(w));
  return out;
}

} // namespace posterior::inference
