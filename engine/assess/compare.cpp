// Two causes side by side: what tells them apart, and what would.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/assess/parts.hpp"
#include "kb/values/odds.hpp"

namespace posterior::assess {
namespace {

// Judgements about what is worth a line; none is a published figure.
constexpr double apart_db = 1; // a finding that says so much more for one than for the other tells them apart
constexpr double shared_db = 0.5; // one that says at least this for both, and about as much, is shared
constexpr double least_bits = 0.005;
constexpr std::size_t tests_told = 3;

double absolute(double x) {
  return x < 0 ? -x : x;
}

// The belief that a subject names; without a side the one on `wish`, or the more probable one.
std::optional<std::size_t> belief_of(const material& m, const subject& s, std::optional<side> wish) {
  std::optional<std::size_t> best;
  const auto& all = m.reasoned.beliefs;
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (all[k].state->id != s.id || (s.where && all[k].where != *s.where))
      continue;
    if (!best || (wish && all[k].where == *wish) ||
        (!(wish && all[*best].where == *wish) &&
         rank_value(all[k].posterior) > rank_value(all[*best].posterior)))
      best = k;
  }
  return best;
}

std::optional<side> side_of(const material& m, std::size_t belief) {
  const side s = m.reasoned.beliefs[belief].where;
  return s == side::none ? std::optional<side>() : s;
}

compared_cause one_of(const material& m, const assessment& a, std::size_t k, std::size_t other) {
  const auto& b = m.reasoned.beliefs[k];
  compared_cause c;
  c.cause = b.state->id;
  c.name = b.state->name;
  c.where = b.where;
  c.prior = b.prior;
  c.posterior = b.posterior;
  c.low = b.low;
  c.high = b.high;
  c.examined = b.examined;
  c.contested = b.state->rests_on.contested;
  for (const cause_entry& e : a.differential)
    if (e.cause == c.cause && e.where == c.where)
      c.contested = e.contested;
  for (const auto& r : m.reasoned.deep.rivals)
    if (r.belief == k && r.other == other) {
      c.if_other_present = r.if_present;
      c.if_other_absent = r.if_absent;
      c.conditioned = true;
    }
  return c;
}

void add_findings(const material& m, std::size_t first, std::size_t second, comparison& c) {
  std::map<std::size_t, std::pair<double, double>> by_group;
  for (const auto& w : m.reasoned.weights) {
    if (w.belief == first)
      by_group[w.group].first = w.db;
    if (w.belief == second)
      by_group[w.group].second = w.db;
  }
  for (const auto& [g, db] : by_group) {
    const std::string& group = m.reasoned.groups[g];
    const inference::speaker* s = spokesman(m, group, c.first.where);
    if (!s)
      continue;
    compared_finding f{s->seen->finding, s->seen->where, with_company(m, group, *s), db.first, db.second};
    const double more = db.first - db.second;
    const double least = std::min(absolute(db.first), absolute(db.second));
    if (more >= apart_db)
      c.for_first.push_back(std::move(f));
    else if (more <= -apart_db)
      c.for_second.push_back(std::move(f));
    else if (db.first * db.second > 0 && least >= shared_db)
      c.shared.push_back(std::move(f));
  }
  const auto clearest = [](const compared_finding& x, const compared_finding& y) {
    return std::tuple(-rank_value(absolute(x.first_db - x.second_db)), x.finding, x.where) <
           std::tuple(-rank_value(absolute(y.first_db - y.second_db)), y.finding, y.where);
  };
  std::sort(c.for_first.begin(), c.for_first.end(), clearest);
  std::sort(c.for_second.begin(), c.for_second.end(), clearest);
  std::sort(c.shared.begin(), c.shared.end(), [](const compared_finding& x, const compared_finding& y) {
    return std::tuple(-rank_value(absolute(x.first_db + x.second_db)), x.finding, x.where) <
           std::tuple(-rank_value(absolute(y.first_db + y.second_db)), y.finding, y.where);
  });
}

void add_shared_states(const material& m, comparison& c) {
  std::set<std::string> of_first;
  for (const kb::link* l : m.knowledge.links_from(c.first.cause))
    if (!l->cut)
      of_first.insert(l->target);
  for (const kb::link* l : m.knowledge.links_from(c.second.cause))
    if (!l->cut && of_first.contains(l->target))
      c.shared_states.push_back(l->target);
  std::sort(c.shared_states.begin(), c.shared_states.end());
}

// Information about which of the two it is, as if it were one of them: of the first's share of both
// posteriors.
void add_tests(const material& m, std::size_t first, std::size_t second, comparison& c) {
  const auto share = [](double a, double b) { return a + b > 0 ? a / (a + b) : 0.5; };
  for (const auto& t : m.reasoned.tests) {
    const double yes = share(t.if_positive[first], t.if_positive[second]);
    const double no = share(t.if_negative[first], t.if_negative[second]);
    // The share before, as the outcomes have it.
    const double before = t.positive * yes + (1 - t.positive) * no;
    separating_test x;
    x.finding = t.finding->id;
    x.name = t.finding->name;
    x.where = t.where;
    x.minutes = t.finding->minutes;
    x.probability_positive = t.positive;
    x.bits = entropy_bits(before) - t.positive * entropy_bits(yes) - (1 - t.positive) * entropy_bits(no);
    x.first_if_positive = t.if_positive[first];
    x.second_if_positive = t.if_positive[second];
    x.first_if_negative = t.if_negative[first];
    x.second_if_negative = t.if_negative[second];
    if (x.bits >= least_bits)
      c.tests.push_back(std::move(x));
  }
  std::sort(c.tests.begin(), c.tests.end(), [](const separating_test& x, const separating_test& y) {
    return std::tuple(-rank_value(x.bits), x.finding, x.where) <
           std::tuple(-rank_value(y.bits), y.finding, y.where);
  });
  if (c.tests.size() > tests_told)
    c.tests.resize(tests_told);
}

void judge(comparison& c) {
  const compared_cause &a = c.first, &b = c.second;
  c.inseparable =
      a.low <= b.posterior && b.posterior <= a.high && b.low <= a.posterior && a.posterior <= b.high;
  const bool none_apart = c.for_first.empty() && c.for_second.empty();
  if (!a.examined || !b.examined)
    c.why = !a.examined && !b.examined
                ? "nothing recorded speaks about either of them"
                : "nothing recorded speaks about one of them, so its number is its prior";
  else if (c.inseparable)
    c.why = none_apart
                ? "nothing recorded says more for one than for the other, and each lies within the "
                  "other's interval"
                : "each lies within the other's interval: what the knowledge leaves open is wider than "
                  "what tells them apart";
  else
    c.why = "what was recorded and what the knowledge leaves open still tell them apart";
  if (c.tests.empty())
    c.why += "; no unrecorded finding that was tried would separate them";
}

} // namespace

std::optional<comparison> compare(const material& m, const assessment& a) {
  if (!m.asked.compared)
    return {};
  const auto& [one, other] = *m.asked.compared;
  const auto first = belief_of(m, one, other.where);
  const auto second = belief_of(m, other, first ? side_of(m, *first) : std::nullopt);
  if (!first || !second)
    return {};
  comparison c;
  c.first = one_of(m, a, *first, *second);
  c.second = one_of(m, a, *second, *first);
  add_findings(m, *first, *second, c);
  add_shared_states(m, c);
  add_tests(m, *first, *second, c);
  judge(c);
  return c;
}

} // namespace posterior::assess
