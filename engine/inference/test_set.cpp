#include "engine/inference/test_set.hpp"

#include <algorithm>
#include <tuple>

#include "engine/inference/next_tests.hpp"

namespace posterior::inference {
namespace {

struct branch {
  double probability;
  cases::picture picture;
  std::vector<candidate_test> tests;
};

const candidate_test* find(const std::vector<candidate_test>& tests, const candidate_test& t) {
  const auto it = std::find_if(tests.begin(), tests.end(), [&](const candidate_test& x) {
    return x.finding == t.finding && x.where == t.where;
  });
  return it == tests.end() ? nullptr : &*it;
}

follow_up best_after(const candidate_test& t, bool positive, const cases::picture& now,
                     const appraisal& appraise) {
  const test_result* r = likeliest(t, positive);
  if (!r || r->probability <= 0)
    return {};
  const auto next = appraise(with_answer(now, r->answer));
  if (next.empty())
    return {};
  return {next[0].finding, next[0].where, next[0].bits};
}

double expected_bits(const std::vector<branch>& branches, const candidate_test& t) {
  double bits = 0;
  for (const branch& b : branches)
    if (const candidate_test* x = find(b.tests, t))
      bits += b.probability * x->bits;
  return bits;
}

// Each branch becomes one for each side of the test's outcomes; the likeliest stay.
std::vector<branch> split(const std::vector<branch>& from, const candidate_test& t,
                          const appraisal& appraise) {
  std::vector<branch> out;
  for (const branch& b : from) {
    const candidate_test* x = find(b.tests, t);
    for (bool positive : {true, false}) {
      const test_result* r = x ? likeliest(*x, positive) : nullptr;
      const double share = x ? (positive ? x->positive : 1 - x->positive) : 0;
      if (r && share > 0)
        out.push_back({b.probability * share, with_answer(b.picture, r->answer), {}});
    }
    if (!x)
      out.push_back(b);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const branch& a, const branch& b) { return a.probability > b.probability; });
  if (out.size() > most_branches)
    out.resize(most_branches);
  double total = 0;
  for (const branch& b : out)
    total += b.probability;
  for (branch& b : out) {
    b.probability /= total;
    b.tests = appraise(b.picture);
  }
  return out;
}

} // namespace

cases::picture with_answer(const cases::picture& p, const cases::settled& answer) {
  cases::picture out = p;
  const auto at =
      std::lower_bound(out.findings.begin(), out.findings.end(), answer, [](const auto& a, const auto& b) {
        return std::tie(a.finding, a.where) < std::tie(b.finding, b.where);
      });
  // An answer "unknown" was recorded: the new one takes its place.
  if (at != out.findings.end() && at->finding == answer.finding && at->where == answer.where)
    *at = answer;
  else
    out.findings.insert(at, answer);
  return out;
}

const test_result* likeliest(const candidate_test& t, bool positive) {
  const test_result* best = nullptr;
  for (const test_result& r : t.results)
    if (r.positive == positive && (!best || r.probability > best->probability))
      best = &r;
  return best;
}

std::vector<look_ahead> look_two_steps(const std::vector<candidate_test>& tests, std::size_t first,
                                       const cases::picture& now, const appraisal& appraise) {
  std::vector<look_ahead> out;
  for (std::size_t k = 0; k < std::min(first, tests.size()); ++k) {
    const candidate_test& t = tests[k];
    look_ahead l{best_after(t, true, now, appraise), best_after(t, false, now, appraise), 0};
    l.bits = t.bits + t.positive * l.if_positive.bits + (1 - t.positive) * l.if_negative.bits;
    out.push_back(l);
  }
  return out;
}

test_set choose_for(double minutes, double least_rate, const std::vector<candidate_test>& tests,
                    const cases::picture& now, const appraisal& appraise) {
  test_set out;
  std::vector<branch> branches{{1, now, tests}};
  std::vector<const candidate_test*> left;
  for (const candidate_test& t : tests)
    left.push_back(&t);
  while (true) {
    const candidate_test* best = nullptr;
    double best_bits = 0;
    for (const candidate_test* t : left) {
      if (out.minutes + minutes_of(*t->finding) > minutes)
        continue;
      const double bits = expected_bits(branches, *t);
      // Ranks compare rates rounded to 1e-9; ties stay in the order of the tests.
      const double gain =
          best ? bits / minutes_of(*t->finding) - best_bits / minutes_of(*best->finding) : bits;
      if (!best || gain > 1e-9) {
        best = t;
        best_bits = bits;
      }
    }
    if (!best || best_bits / minutes_of(*best->finding) < least_rate)
      return out;
    out.tests.push_back({best->finding, best->where, best_bits, minutes_of(*best->finding)});
    out.bits += best_bits;
    out.minutes += minutes_of(*best->finding);
    std::erase(left, best);
    branches = split(branches, *best, appraise);
  }
}

} // namespace posterior::inference
