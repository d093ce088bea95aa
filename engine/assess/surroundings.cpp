// The lines of an assessment beside the differential: what is unexplained, what clashes, what cannot be told
// apart, what to test next and whether that would change anything.
#include <algorithm>
#include <set>
#include <tuple>

#include "engine/assess/parts.hpp"
#include "kb/values/elementary.hpp"

namespace posterior::assess {
namespace {

// All of these are judgements about what is worth a reader's time; none is a published figure.
constexpr std::size_t tests_shown = 8;
constexpr std::size_t tests_tried_on_plan = 5;
constexpr double least_bits = 0.005;  // below this a test is noise
constexpr double worth_asking = 0.03; // the best test below this: enough has been asked
constexpr double separable_from = 0.15;

// What a plan prescribes, for comparing two of them.
std::set<std::string> prescription(const plan::programme& p) {
  std::set<std::string> out{"status " + p.status};
  for (const auto& phase : p.phases)
    for (const auto& item : phase.items)
      out.insert(at_side(item.exercise, item.where));
  return out;
}

// The picture as it would be with one more answer.
cases::picture with_answer(const material& m, const inference::candidate_test& t, bool positive) {
  cases::picture p = m.picture;
  cases::settled s;
  s.finding = t.finding->id;
  s.where = t.where;
  s.state = positive ? cases::truth::present : cases::truth::absent;
  const auto at = std::lower_bound(p.findings.begin(), p.findings.end(), s, [](const auto& a, const auto& b) {
    return std::tie(a.finding, a.where) < std::tie(b.finding, b.where);
  });
  p.findings.insert(at, s);
  return p;
}

bool changes_plan(const material& m, const inference::candidate_test& t, const plan::programme& now) {
  const auto before = prescription(now);
  for (bool positive : {true, false}) {
    const cases::picture then = with_answer(m, t, positive);
    const auto believed = beliefs(m, positive ? &t.if_positive : &t.if_negative);
    const auto tensions = plan::tensions(m.knowledge, then, believed, m.patient_case.choices);
    const auto p = plan::make({m.knowledge, then, believed, m.screened, tensions, m.asked.wanted});
    if (prescription(p) != before)
      return true;
  }
  return false;
}

// The cause that an outcome moves most.
test_outcome outcome(const material& m, const std::vector<double>& then) {
  test_outcome best;
  double most = -1;
  for (std::size_t k = 0; k < then.size(); ++k) {
    const auto& b = m.reasoned.beliefs[k];
    const double moved = then[k] > b.posterior ? then[k] - b.posterior : b.posterior - then[k];
    if (b.state->kind == kb::state_kind::cause && rank_value(moved) > rank_value(most)) {
      most = moved;
      best = {b.state->id, b.where, then[k]};
    }
  }
  return best;
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
    const inference::node_index node = m.ground.find(u.state->id, u.where);
    for (const auto& s : m.evidence.speakers()) {
      const auto& at = m.ground.nodes()[static_cast<std::size_t>(s.node)];
      if (s.seen->state != cases::truth::present || at.state != u.state || (s.node != node && !at.either))
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
  return out;
}

std::vector<std::pair<std::string, std::string>> inseparable(const std::vector<cause_entry>& ranked) {
  std::vector<std::pair<std::string, std::string>> out;
  for (std::size_t i = 0; i < ranked.size(); ++i)
    for (std::size_t j = i + 1; j < ranked.size(); ++j) {
      const auto &a = ranked[i], &b = ranked[j];
      if (a.cause == b.cause || !a.examined || !b.examined || b.posterior < separable_from || out.size() >= 6)
        continue;
      const bool same_side = a.where == b.where || a.where == side::none || b.where == side::none;
      if (same_side && overlaps(a, b))
        out.emplace_back(at_side(a.cause, a.where), at_side(b.cause, b.where));
    }
  return out;
}

std::vector<plan::belief> beliefs(const material& m, const std::vector<double>* outcome) {
  std::vector<plan::belief> out;
  for (std::size_t k = 0; k < m.reasoned.beliefs.size(); ++k) {
    const auto& b = m.reasoned.beliefs[k];
    out.push_back({b.state->id, b.where, outcome ? (*outcome)[k] : b.posterior,
                   b.state->kind == kb::state_kind::cause, b.examined});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.state, a.where) < std::tie(b.state, b.where);
  });
  return out;
}

std::vector<next_test> next_tests(const material& m, const plan::programme& now) {
  std::vector<next_test> out;
  for (const auto& t : m.reasoned.tests) {
    if (out.size() >= tests_shown)
      break;
    if (t.bits < least_bits ||
        (m.asked.wanted.only && t.where != side::none && t.where != *m.asked.wanted.only))
      continue;
    next_test n;
    n.finding = t.finding->id;
    n.name = t.finding->name;
    n.where = t.where;
    n.bits = t.bits;
    n.minutes = t.finding->minutes;
    n.bits_per_minute = t.bits / std::max(0.25, t.finding->minutes);
    n.probability_positive = t.positive;
    n.if_positive = outcome(m, t.if_positive);
    n.if_negative = outcome(m, t.if_negative);
    n.position = t.finding->position;
    n.changes_plan = out.size() < tests_tried_on_plan && now.status != "closed" && changes_plan(m, t, now);
    out.push_back(std::move(n));
  }
  return out;
}

stop_rule stop(const material& m, const std::vector<next_test>& tests) {
  if (m.reasoned.what != inference::reasoning_outcome::answered)
    return {false, "no posterior could be computed"};
  if (tests.empty())
    return {true, "no unrecorded finding would tell the causes apart any further"};
  const bool any_change =
      std::any_of(tests.begin(), tests.end(), [](const next_test& t) { return t.changes_plan; });
  const double best =
      std::max_element(tests.begin(), tests.end(), [](const next_test& a, const next_test& b) {
        return a.bits < b.bits;
      })->bits;
  if (best < worth_asking)
    return {true, "the best next test would add little information"};
  if (!any_change)
    return {true, "no answer to the best next tests would change the programme"};
  return {false, "at least one test could change the programme"};
}

} // namespace posterior::assess
