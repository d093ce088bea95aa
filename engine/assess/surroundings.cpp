// The lines of an assessment beside the differential: what is unexplained, what clashes, what cannot be told
// apart.
#include <algorithm>
#include <set>
#include <tuple>

#include "engine/assess/parts.hpp"
#include "kb/values/odds.hpp"

namespace posterior::assess {
namespace {

// A judgement about what is worth a reader's time.
constexpr double separable_from = 0.15;

// How far a probability moved, in decibels, whichever way.
double moved_db(double from, double to) {
  const double db = decibels(from, to, 1e-12);
  return db < 0 ? -db : db;
}

// Bounds and standard errors leave only an order that no overlap blurs; the knowledge's own uncertainty is
// milder, because it moves both causes.
bool touches(const cause_entry& higher, const cause_entry& lower) {
  return lower.high >= higher.low;
}

bool overlaps(const cause_entry& a, const cause_entry& b) {
  return a.low <= b.posterior && b.posterior <= a.high && b.low <= a.posterior && a.posterior <= b.high;
}

} // namespace

std::vector<observation_ref> recorded(const material& m) {
  std::vector<observation_ref> out;
  for (const cases::settled& s : m.picture.findings)
    if (!s.from_screening)
      out.push_back(cases::describe(s, m.knowledge));
  return out;
}

std::vector<unexplained_finding> unexplained(const material& m) {
  std::vector<unexplained_finding> out;
  for (const auto& u : m.reasoned.unexplained) {
    const inference::node_index node =
        u.where == side::none ? m.ground.either(u.state->id) : m.ground.find(u.state->id, u.where);
    for (const auto& s : m.evidence.speakers()) {
      const auto said = m.evidence.speak(s, inference::parameters(0), -1);
      if (s.node != node || !(said.present > said.absent))
        continue;
      const bool home = m.knowledge.links_to(u.state->id).empty();
      out.push_back(
          {s.seen->finding, s.seen->where,
           home ? "no modelled cause brings this about"
                : "none of the causes that could bring this about is likely enough to account for it"});
    }
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.finding, a.where) < std::tie(b.finding, b.where);
  });
  out.erase(
      std::unique(out.begin(), out.end(),
                  [](const auto& a, const auto& b) { return a.finding == b.finding && a.where == b.where; }),
      out.end());
  return out;
}

// Findings of one group that pull one node clearly in opposite directions.
std::vector<conflict> conflicts(const material& m) {
  std::vector<conflict> out;
  const auto& speakers = m.evidence.speakers();
  const inference::parameters means(0);
  const auto pull = [&](const inference::speaker& s) {
    const auto p = m.evidence.speak(s, means, -1);
    return p.present > 2 * p.absent ? 1 : p.absent > 2 * p.present ? -1 : 0;
  };
  for (std::size_t i = 0; i < speakers.size(); ++i)
    for (std::size_t j = i + 1; j < speakers.size(); ++j) {
      const auto &a = speakers[i], &b = speakers[j];
      if (a.node != b.node || a.group != b.group || a.seen == b.seen || pull(a) * pull(b) >= 0)
        continue;
      const auto& state = *m.ground.nodes()[static_cast<std::size_t>(a.node)].state;
      const auto x = cases::describe(*a.seen, m.knowledge), y = cases::describe(*b.seen, m.knowledge);
      out.push_back(
          {x.text + " and " + y.text + " point in opposite directions about \"" + state.name + "\"", {x, y}});
    }
  if (auto clash = incoherence(m))
    out.push_back(std::move(*clash));
  return out;
}

std::vector<std::pair<std::string, std::string>> inseparable(const std::vector<cause_entry>& ranked,
                                                             bool exact) {
  std::vector<std::pair<std::string, std::string>> out;
  for (std::size_t i = 0; i < ranked.size(); ++i)
    for (std::size_t j = i + 1; j < ranked.size(); ++j) {
      const auto &a = ranked[i], &b = ranked[j];
      if (a.cause == b.cause || !a.examined || !b.examined || b.posterior < separable_from || out.size() >= 6)
        continue;
      const bool same_side = a.where == b.where || a.where == side::none || b.where == side::none;
      if (same_side && (exact ? overlaps(a, b) : touches(a, b)))
        out.emplace_back(at_side(a.cause, a.where), at_side(b.cause, b.where));
    }
  return out;
}

std::vector<plan::belief> beliefs(const material& m, const std::vector<double>* outcome) {
  std::vector<plan::belief> out;
  for (std::size_t k = 0; k < m.reasoned.beliefs.size(); ++k) {
    const auto& b = m.reasoned.beliefs[k];
    const double p = outcome ? (*outcome)[k] : b.posterior;
    out.push_back({b.state->id, b.where, p, b.state->kind == kb::state_kind::cause,
                   b.examined || moved_db(b.posterior, p) >= inference::reasoning_options{}.examined_db});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.state, a.where) < std::tie(b.state, b.where);
  });
  return out;
}

std::vector<sensitivity_line> sensitivity(const material& m) {
  std::vector<sensitivity_line> out;
  for (const inference::parameter_effect& e : m.reasoned.sensitivity) {
    const inference::parameter_ref& p = e.parameter;
    sensitivity_line l{std::string(to_string(p.kind)),
                       p.statement,
                       p.from,
                       p.to,
                       p.now.mean,
                       p.now.low,
                       p.now.high,
                       p.tied,
                       e.leader_low,
                       e.leader_high,
                       {}};
    if (e.turns) {
      const inference::node_belief& rival = m.reasoned.beliefs[e.turns->rival];
      l.turns = {e.turns->value,  rival.state->id,   rival.where,
                 e.turns->inside, e.turns->distance, e.turns->searched};
    }
    out.push_back(std::move(l));
  }
  return out;
}

} // namespace posterior::assess
