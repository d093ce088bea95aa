#include "engine/check/rule_trial.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "engine/case/screen.hpp"
#include "engine/check/rule_answers.hpp"

namespace posterior::check {
namespace {

using cases::truth;
using choice = std::vector<std::size_t>; // an answer for each question

// The rules, without what they rest on, and the findings that one alternative asks.
std::shared_ptr<const kb::snapshot> small_world(const std::vector<kb::condition>& clause,
                                                const kb::snapshot& knowledge) {
  kb::snapshot out;
  out.all.rules = knowledge.all.rules;
  for (kb::rule& r : out.all.rules)
    r.rests_on = {};
  std::set<std::string_view> wanted;
  for (const kb::condition& c : clause)
    if (const kb::finding* f = knowledge.find_finding(c.finding))
      if (wanted.insert(f->id).second)
        out.all.findings.push_back(*f);
  return kb::index(std::move(out));
}

// What the screen made of one combination.
struct outcome_of {
  bool holds = false, open = false, clear = false;
  std::set<std::string> asks, raised;
};

class trial {
public:
  trial(const std::vector<kb::condition>& clause, const kb::snapshot& knowledge)
      : clause_(clause)
      , world_(small_world(clause, knowledge))
      , questions_(answers_to(clause, knowledge)) {
    if (!questions_.empty())
      each([&](const choice& c) { tried_.emplace(c, screened(c)); });
  }

  bool alive() const {
    return std::any_of(tried_.begin(), tried_.end(), [](const auto& t) { return t.second.holds; });
  }
  // Rules raised whenever this alternative holds.
  std::set<std::string> company() const {
    std::set<std::string> out;
    bool first = true;
    for (const auto& [c, o] : tried_) {
      if (!o.holds)
        continue;
      if (first)
        out = o.raised;
      else
        std::erase_if(out, [&](const std::string& id) { return !o.raised.contains(id); });
      first = false;
    }
    return out;
  }
  // The first combination that leaves the rule open and the screen clear, and from which answers to what is
  // open
  // (`examinations` too, or questions alone) would raise the rule.
  std::string hiding(bool examinations) const {
    std::set<choice> could;
    for (const auto& [c, o] : tried_)
      if (o.holds)
        blur(c, 0, examinations, could);
    for (const auto& [c, o] : tried_)
      if (o.open && o.clear && could.contains(c) && !(examinations && asked_for(c, o)))
        return words(c);
    return {};
  }

private:
  template <typename F>
  void each(F act) const {
    for (choice now(questions_.size(), 0);;) {
      act(now);
      std::size_t at = 0;
      while (at < now.size() && ++now[at] >= questions_[at].answers.size())
        now[at++] = 0;
      if (at == now.size())
        return;
    }
  }

  outcome_of screened(const choice& c) const {
    cases::patient_case one;
    one.screened.done = true;
    for (std::size_t i = 0; i < c.size(); ++i) {
      if (questions_[i].answers.empty())
        return {};
      const answer& a = questions_[i].answers[c[i]];
      one.observations.insert(one.observations.end(), a.records.begin(), a.records.end());
      if (a.about)
        a.about(one.who);
    }
    const cases::picture seen = cases::settle(one, *world_);
    const cases::screen_result got = cases::screen(one, seen, *world_);
    const truth now = cases::holds(kb::clauses{clause_}, seen, *world_);
    outcome_of out{now == truth::present, now == truth::unknown, got.safe.status == "clear", {}, {}};
    for (const cases::watch_line& w : got.watch)
      out.asks.insert(w.asks.begin(), w.asks.end());
    for (const cases::red_flag& f : got.flags)
      out.raised.insert(f.id);
    return out;
  }

  // Every way to say less than `c` does.
  void blur(const choice& c, std::size_t from, bool examinations, std::set<choice>& into) const {
    if (from == c.size()) {
      into.insert(c);
      return;
    }
    blur(c, from + 1, examinations, into);
    if (questions_[from].question || examinations)
      for (const std::size_t less : questions_[from].answers[c[from]].blurs) {
        choice other = c;
        other[from] = less;
        blur(other, from + 1, examinations, into);
      }
  }

  bool asked_for(const choice& c, const outcome_of& o) const {
    for (std::size_t i = 0; i < c.size(); ++i)
      if (questions_[i].answers[c[i]].open && o.asks.contains(questions_[i].of.finding))
        return true;
    return false;
  }

  std::string words(const choice& c) const {
    std::string out;
    for (std::size_t i = 0; i < c.size(); ++i)
      out += (i ? ", " : "") + questions_[i].answers[c[i]].text;
    return out;
  }

  const std::vector<kb::condition>& clause_;
  std::shared_ptr<const kb::snapshot> world_;
  std::vector<asked> questions_;
  std::map<choice, outcome_of> tried_;
};

} // namespace

rule_trial try_rule(const kb::rule& r, const kb::snapshot& knowledge) {
  rule_trial out;
  bool first = true;
  for (const auto& clause : r.when) {
    const trial t(clause, knowledge);
    out.alive.push_back(t.alive());
    if (out.alive.back()) {
      const std::set<std::string> company = t.company();
      if (first)
        out.always_with = company;
      else
        std::erase_if(out.always_with, [&](const std::string& id) { return !company.contains(id); });
      first = false;
    }
    if (out.hidden.empty())
      out.hidden = t.hiding(false);
    if (out.unexamined.empty())
      out.unexamined = t.hiding(true);
  }
  out.always_with.erase(r.id);
  return out;
}

std::vector<bool> alive(const kb::clauses& when, const kb::snapshot& knowledge) {
  std::vector<bool> out;
  for (const auto& clause : when)
    out.push_back(trial(clause, knowledge).alive());
  return out;
}

} // namespace posterior::check
