// What to test next, whether an answer would change the plan, and when to stop.
//
// A test changes the plan if the planner, given the test's likeliest answer on either side and the posteriors
// that go with it, prescribes anything else or gives the plan another status. Safety comes first: while a
// safety question is open the rule never says that enough is known, and with a plan closed by a flag no test
// is said to change it.
#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "engine/assess/judgement.hpp"
#include "engine/assess/parts.hpp"
#include "engine/inference/next_tests.hpp"
#include "engine/inference/test_set.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::assess {
namespace {

namespace inf = inference;

// What a plan prescribes, for comparing two of them.
std::set<std::string> prescription(const plan::programme& p) {
  std::set<std::string> out{"status " + p.status};
  for (const auto& phase : p.phases)
    for (const auto& item : phase.items)
      out.insert(at_side(item.exercise, item.where));
  return out;
}

class test_lines {
public:
  test_lines(const material& m, assessment& a)
      : m_(m)
      , a_(a)
      , now_(prescription(a.programme)) {}

  void fill();

private:
  bool wanted(const inf::candidate_test& t) const;
  bool changes_plan(const inf::candidate_test& t) const;
  test_outcome moved_most(const std::vector<double>& then) const;
  next_test line(const inf::candidate_test& t) const;
  void add_results(const inf::candidate_test& t, next_test& out) const;
  void look_ahead();
  void choose();
  void stop();
  bool any_other_changes_plan();
  std::vector<inf::candidate_test> after(const cases::picture& p, std::size_t among) const;

  const material& m_;
  assessment& a_;
  const std::set<std::string> now_;
  std::vector<const inf::candidate_test*> shown_, others_;
};

bool test_lines::wanted(const inf::candidate_test& t) const {
  const auto& only = m_.asked.wanted.only;
  return !only || t.where == side::none || t.where == *only;
}

bool test_lines::changes_plan(const inf::candidate_test& t) const {
  if (a_.programme.status == "closed")
    return false;
  for (bool positive : {true, false}) {
    const inf::test_result* r = inf::likeliest(t, positive);
    if (!r || r->probability <= 0)
      continue;
    const cases::picture then = inf::with_answer(m_.picture, r->answer);
    const auto believed = beliefs(m_, &r->posterior);
    const auto tensions = plan::tensions(m_.knowledge, then, believed, m_.patient_case.choices);
    if (prescription(plan::make({m_.knowledge, then, believed, m_.screened, tensions, m_.asked.wanted})) !=
        now_)
      return true;
  }
  return false;
}

// With a focus, that cause; else the cause that an outcome moves most.
test_outcome test_lines::moved_most(const std::vector<double>& then) const {
  test_outcome best;
  double most = -1;
  const auto& tests = m_.asked.tests;
  for (std::size_t k = 0; k < then.size(); ++k) {
    const auto& b = m_.reasoned.beliefs[k];
    const bool counts = tests.focus.empty() ? b.state->kind == kb::state_kind::cause
                                            : b.state->id == tests.focus &&
                                                  (!tests.focus_side || *tests.focus_side == b.where);
    const double moved = then[k] > b.posterior ? then[k] - b.posterior : b.posterior - then[k];
    if (counts && rank_value(moved) > rank_value(most)) {
      most = moved;
      best = {b.state->id, b.where, then[k]};
    }
  }
  return best;
}

std::string result_text(const kb::finding& f, const cases::settled& s) {
  if (s.value)
    return "about " + format_number(std::round(*s.value * 10) / 10) + " " + f.unit;
  if (s.level && static_cast<std::size_t>(*s.level) < f.levels.size())
    return f.levels[static_cast<std::size_t>(*s.level)];
  return s.state == cases::truth::present ? "present" : "absent";
}

void test_lines::add_results(const inf::candidate_test& t, next_test& out) const {
  for (const inf::test_result& r : t.results) {
    test_line l{result_text(*t.finding, r.answer), r.positive, r.probability, {}};
    for (const cause_entry& c : a_.differential) {
      if (l.leaders.size() == judgement::leaders_told)
        break;
      for (std::size_t k = 0; k < r.posterior.size(); ++k)
        if (m_.reasoned.beliefs[k].state->id == c.cause && m_.reasoned.beliefs[k].where == c.where &&
            !c.hidden)
          l.leaders.push_back({c.cause, c.where, r.posterior[k]});
    }
    out.results.push_back(std::move(l));
  }
}

next_test test_lines::line(const inf::candidate_test& t) const {
  next_test n;
  n.finding = t.finding->id;
  n.name = t.finding->name;
  n.where = t.where;
  n.bits = t.bits;
  n.minutes = t.finding->minutes;
  n.bits_per_minute = t.bits / inf::minutes_of(*t.finding);
  n.probability_positive = t.positive;
  n.if_positive = moved_most(t.if_positive);
  n.if_negative = moved_most(t.if_negative);
  n.position = t.finding->position;
  n.changes_plan = changes_plan(t);
  if (m_.asked.tests.full) {
    n.bits_spread = t.bits_spread;
    add_results(t, n);
  }
  return n;
}

// The next tests if `p` held, among the first ones of now.
std::vector<inf::candidate_test> test_lines::after(const cases::picture& p, std::size_t among) const {
  const inf::evidence seen(m_.knowledge, p, m_.ground, m_.suspended);
  inf::reasoning_options how = m_.how;
  how.draws = 0;
  how.explains = false;
  how.tests.draws = 0;
  for (std::size_t k = 0; k < std::min(among, m_.reasoned.tests.size()); ++k)
    if (wanted(m_.reasoned.tests[k]))
      how.tests.only.emplace_back(m_.reasoned.tests[k].finding->id, m_.reasoned.tests[k].where);
  return inf::reason(m_.knowledge, p, m_.ground, seen, how).tests;
}

void test_lines::look_ahead() {
  std::vector<inf::candidate_test> first;
  for (std::size_t k = 0; k < std::min(judgement::tests_followed, shown_.size()); ++k)
    first.push_back(*shown_[k]);
  const auto ahead = inf::look_two_steps(first, first.size(), m_.picture, [&](const cases::picture& p) {
    return after(p, judgement::tests_after);
  });
  const auto follow = [](const inf::follow_up& f) {
    return f.finding ? follow_up{f.finding->id, f.where} : follow_up{};
  };
  for (std::size_t k = 0; k < ahead.size(); ++k) {
    a_.next_tests[k].bits_two_steps = ahead[k].bits;
    a_.next_tests[k].then_positive = follow(ahead[k].if_positive);
    a_.next_tests[k].then_negative = follow(ahead[k].if_negative);
  }
}

void test_lines::choose() {
  std::vector<inf::candidate_test> first;
  for (const inf::candidate_test& t : m_.reasoned.tests)
    if (first.size() < judgement::tests_after && wanted(t))
      first.push_back(t);
  const auto set = inf::choose_for(*m_.asked.tests.minutes, judgement::least_rate, first, m_.picture,
                                   [&](const cases::picture& p) { return after(p, judgement::tests_after); });
  test_choice out{{}, *m_.asked.tests.minutes, set.minutes, set.bits};
  for (const inf::chosen_test& t : set.tests)
    out.tests.push_back({t.finding->id, t.finding->name, t.finding->position, t.where, t.bits, t.minutes});
  a_.chosen_tests = std::move(out);
}

// One that would is moved among those shown.
bool test_lines::any_other_changes_plan() {
  for (std::size_t k = 0; k < std::min(judgement::tests_tried_beyond, others_.size()); ++k)
    if (others_[k]->bits >= judgement::least_bits && changes_plan(*others_[k])) {
      a_.next_tests.push_back(line(*others_[k]));
      others_.erase(others_.begin() + static_cast<std::ptrdiff_t>(k));
      return true;
    }
  return false;
}

void test_lines::stop() {
  stop_rule& s = a_.stop;
  const auto changes = [](const next_test& t) { return t.changes_plan; };
  const auto what = m_.reasoned.what;
  if (what == inf::reasoning_outcome::bounded || what == inf::reasoning_outcome::sampled)
    s = {false, "too much was recorded that hangs together to weigh further tests"};
  else if (what != inf::reasoning_outcome::answered)
    s = {false, "no posterior could be computed"};
  else if (a_.safe.status == "incomplete" && (!a_.safe.missing.empty() || a_.safe.unreadable))
    s = {false, "safety questions are open, and they come first"};
  else if (m_.asked.tests.none)
    s = {false, "next tests were not looked for"};
  else if (a_.next_tests.empty())
    s = {true, "no unrecorded finding would tell the causes apart any further"};
  else if (a_.next_tests.front().bits_per_minute < judgement::least_rate)
    s = {true, "the best next test would add little information for its time"};
  else if (a_.programme.status == "closed")
    s = {true, "the plan is closed, and no further test opens it"};
  else if (std::none_of(a_.next_tests.begin(), a_.next_tests.end(), changes) && !any_other_changes_plan())
    s = {true, "no answer to the best next tests would change the programme"};
  else
    s = {false, "at least one test could change the programme"};
}

void test_lines::fill() {
  const std::size_t most = m_.asked.tests.full ? judgement::tests_shown_in_full : judgement::tests_shown;
  for (const inf::candidate_test& t : m_.reasoned.tests) {
    const bool shown = shown_.size() < most && t.bits >= judgement::least_bits && wanted(t);
    (shown ? shown_ : others_).push_back(&t);
  }
  for (const inf::candidate_test* t : shown_)
    a_.next_tests.push_back(line(*t));
  stop();
  if (m_.asked.tests.full)
    look_ahead();
  if (m_.asked.tests.minutes)
    choose();
  for (const inf::candidate_test* t : others_)
    a_.other_tests.push_back({t->finding->id, t->where, t->bits, t->finding->minutes});
}

} // namespace

void add_tests(const material& m, assessment& a) {
  test_lines(m, a).fill();
}

} // namespace posterior::assess
