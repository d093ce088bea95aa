#include "engine/inference/reasoner_wide.hpp"

#include <algorithm>

#include "kb/values/odds.hpp"

namespace posterior::inference {
namespace {

constexpr double interval_reach =
    4; // standard errors, so that ranges that do not touch tell two causes apart
// Proving a contradiction takes little: the bound from above is nothing at once, or after a few decisions.
constexpr double conflict_operations = 0x1p20;

std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

// The network with the numbers of one variation: risks that were recorded act through the leaks.
network with_numbers(const wide_case& c, const weights<two_lanes>& w) {
  network net = c.ground.net();
  for (std::size_t v = 0; v < c.plan.nodes.size(); ++v)
    net.leak[ix(c.plan.nodes[v])] = w.leak_on[v][0];
  for (std::size_t k = 0; k < c.plan.links.size(); ++k)
    net.links[ix(c.plan.links[k])].p = w.q[k][0];
  for (std::size_t k = 0; k < c.plan.shocks.size(); ++k)
    net.shocks[ix(c.plan.shocks[k])].p = w.shock[k][0];
  for (std::size_t k = 0; k < c.plan.tables.size(); ++k) {
    auto& present = net.tables[ix(c.plan.tables[k])].present;
    for (std::size_t cell = 0; cell < present.size(); ++cell)
      present[cell] = w.tables[w.table_at[k] + present.size() + cell][0];
  }
  return net;
}

std::vector<likelihood> what_was_seen(const wide_case& c, const weights<two_lanes>& w) {
  std::vector<likelihood> out;
  for (std::size_t v = 0; v < c.plan.nodes.size(); ++v)
    if (w.absent[v][0] < 1 || w.absent[v][0] > 1 || w.present[v][0] < 1 || w.present[v][0] > 1)
      out.push_back({c.plan.nodes[v], w.absent[v][0], w.present[v][0]});
  return out;
}

double credence_of(const wide_case& c, node_index v) {
  for (const theory_nodes& t : c.theories)
    if (std::find(t.causes.begin(), t.causes.end(), v) != t.causes.end())
      return t.statement->credence.mean;
  return 1;
}

// Recorded groups that together are impossible, none of which can be left out, as far as the limits can
// prove.
std::vector<std::string> conflict_among(const wide_case& c, const network& net, std::vector<likelihood> seen,
                                        ladder_limits limits) {
  limits.bounded.operations = limits.sampled.operations = conflict_operations;
  for (std::size_t at = 0; at < seen.size();) {
    std::vector<likelihood> fewer = seen;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
    if (answer_by_ladder({net, fewer, {}, {}}, limits).what == ladder_outcome::contradiction)
      seen = std::move(fewer);
    else
      ++at;
  }
  std::vector<std::string> out;
  for (const likelihood& l : seen)
    for (const speaker& s : c.seen.speakers())
      if (s.node == l.node && std::find(out.begin(), out.end(), s.group) == out.end())
        out.push_back(s.group);
  return out;
}

// Between the hard bounds; where samples made the answer, also no farther from it than they may err.
std::pair<double, double> interval(const ladder_belief& b) {
  if (b.by != rung::sampled)
    return {b.low, b.high};
  const double reach = interval_reach * b.standard_error;
  return {std::max(b.low, b.posterior - reach), std::min(b.high, b.posterior + reach)};
}

void add_beliefs(const wide_case& c, const ladder_answer& now, const ladder_answer& before, reasoning& out) {
  for (std::size_t k = 0; k < c.targets.size(); ++k) {
    const node_meaning& m = c.ground.nodes()[ix(c.targets[k])];
    const double credence = credence_of(c, c.targets[k]);
    const ladder_belief& b = now.beliefs[k];
    const auto [low, high] = interval(b);
    out.beliefs.push_back({m.state, m.where, before.beliefs[k].posterior * credence, b.posterior * credence,
                           low * credence, high * credence, b.posterior * credence, false, credence < 1});
    if (m.state->kind != kb::state_kind::cause)
      continue;
    if (b.by == rung::sampled)
      out.standard_error = std::max(out.standard_error, b.standard_error * credence);
    if (now.by == rung::bounded)
      out.gap = std::max(out.gap, (b.high - b.low) * credence);
  }
}

// Leaving a finding out would be one more wide question; what each node that was spoken about does alone is
// not.
void mark_examined(const wide_case& c, const network& net, const std::vector<likelihood>& seen,
                   const ladder_answer& before, reasoning& out) {
  ladder_limits small;
  small.bounded.operations = small.sampled.operations = 0x1p16;
  for (const likelihood& l : seen) {
    const ladder_answer alone = answer_by_ladder({net, {&l, 1}, c.targets, {}}, small);
    for (std::size_t k = 0; alone.what == ladder_outcome::answered && k < c.targets.size(); ++k) {
      const double db = decibels(before.beliefs[k].posterior, alone.beliefs[k].posterior);
      if (alone.beliefs[k].by == rung::exact && (db >= c.examined_db || db <= -c.examined_db))
        out.beliefs[k].examined = true;
    }
  }
}

// On one side or the other: at least as probable as the likelier side.
void add_either_sides(reasoning& out) {
  for (std::size_t k = 0; k + 1 < out.beliefs.size(); ++k) {
    node_belief &left = out.beliefs[k], &right = out.beliefs[k + 1];
    if (left.where == side::left && right.state == left.state)
      left.either = right.either = std::max(left.posterior, right.posterior);
  }
}

} // namespace

void reason_wide(const wide_case& c, const ladder_limits& limits, reasoning& out) {
  machine<two_lanes> unused;
  const parameters means(0);
  lane_runner<two_lanes> numbers(c.ground, c.seen, c.plan, means, c.theories, unused);
  numbers.hold(c.held);
  variation blank;
  blank.without_evidence = true;
  const auto with = numbers.numbers_of({}), without = numbers.numbers_of(blank);
  const network net = with_numbers(c, with);
  const auto seen = what_was_seen(c, with);
  std::vector<node_index> watched;
  for (std::size_t k : numbers.from_causes())
    watched.push_back(c.plan.links[k]);
  ladder_answer now = answer_by_ladder({net, seen, c.targets, watched}, limits);
  if (now.what == ladder_outcome::contradiction) {
    out.what = reasoning_outcome::contradiction;
    out.conflicting = conflict_among(c, net, seen, limits);
    return;
  }
  if (now.what != ladder_outcome::answered)
    now.beliefs.assign(c.targets.size(), {rung::sampled, 0.5, 0, 1, 0.5});
  out.what = now.by == rung::sampled || now.what != ladder_outcome::answered ? reasoning_outcome::sampled
                                                                             : reasoning_outcome::bounded;
  out.none_of_these = now.none_acts.posterior;
  out.width = now.width;
  ladder_limits plain = limits;
  plain.exact_operations = exact_cost_limit;
  const network unseen = with_numbers(c, without);
  const auto nothing = what_was_seen(c, without); // but what is held
  const ladder_answer before = answer_by_ladder({unseen, nothing, c.targets, {}}, plain);
  add_beliefs(c, now, before, out);
  mark_examined(c, net, seen, before, out);
  add_either_sides(out);
}

} // namespace posterior::inference
