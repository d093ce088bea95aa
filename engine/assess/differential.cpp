#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "engine/assess/parts.hpp"
#include "kb/values/odds.hpp"

namespace posterior::assess {
namespace {

// Judgements about what is worth a line; neither is a published figure.
constexpr double shown_db = 0.3;      // weights below this are not worth a line
constexpr double outside_from = 0.10; // conditions of the differential packs are named from here on
constexpr double one_decibel = 1.2589254117941673; // as a factor of the odds

double absolute(double x) {
  return x < 0 ? -x : x;
}

void add_reasons(const material& m, std::size_t belief, cause_entry& e) {
  for (const auto& w : m.reasoned.weights) {
    if (w.belief != belief || absolute(w.db) < shown_db)
      continue;
    const std::string& group = m.reasoned.groups[w.group];
    const inference::speaker* s = spokesman(m, group, e.where);
    if (!s)
      continue;
    reason r{s->seen->finding, s->seen->where, w.db, with_company(m, group, *s),
             cases::cite(s->reading->rests_on, m.knowledge)};
    (w.db > 0 ? e.in_favour : e.against).push_back(std::move(r));
  }
  const auto strongest = [](const reason& a, const reason& b) {
    return std::tuple(-rank_value(absolute(a.weight_db)), a.finding, a.where) <
           std::tuple(-rank_value(absolute(b.weight_db)), b.finding, b.where);
  };
  std::sort(e.in_favour.begin(), e.in_favour.end(), strongest);
  std::sort(e.against.begin(), e.against.end(), strongest);
}

// Unrecorded findings whose answer would move this cause, with what "present" would do.
void add_unknown(const material& m, std::size_t belief, cause_entry& e) {
  const double now = std::clamp(m.reasoned.beliefs[belief].posterior, 1e-12, 1 - 1e-12);
  for (const auto& t : m.reasoned.tests) {
    const double then = std::clamp(t.if_positive[belief], 1e-12, 1 - 1e-12);
    // Most tests move most causes by less than a decibel: no logarithm is needed to see that.
    const double up = then * (1 - now), down = now * (1 - then);
    if (up < one_decibel * down && down < one_decibel * up)
      continue;
    const double db = decibels(now, then, 1e-12);
    if (absolute(db) >= 1)
      e.unknown.push_back(
          {t.finding->id,
           t.where,
           db,
           t.where == side::none ? t.finding->name : t.finding->name + ", " + std::string(to_string(t.where)),
           {}});
  }
  std::sort(e.unknown.begin(), e.unknown.end(), [](const reason& a, const reason& b) {
    return std::tuple(-rank_value(absolute(a.weight_db)), a.finding, a.where) <
           std::tuple(-rank_value(absolute(b.weight_db)), b.finding, b.where);
  });
  if (e.unknown.size() > 3)
    e.unknown.resize(3);
}

std::string counter_evidence(const material& m, const kb::state& s) {
  for (const std::string& id : s.rests_on.claims)
    if (const kb::claim* c = m.knowledge.find_claim(id); c && c->contested)
      return c->text;
  return s.rests_on.judgement;
}

bool is_contested(const material& m, const kb::state& s) {
  if (s.rests_on.contested)
    return true;
  return std::any_of(m.knowledge.all.theories.begin(), m.knowledge.all.theories.end(),
                     [&](const kb::theory& t) {
                       return std::find(t.causes.begin(), t.causes.end(), s.id) != t.causes.end();
                     });
}

// A suspended rule raises no flag, but what it would have pointed at stays possible.
bool has_fired(const cases::screen_result& screened, const std::string& rule) {
  const auto flag = [&](const cases::red_flag& f) { return f.id == rule; };
  const auto silent = [&](const cases::suspended_rule& s) {
    return s.rule == rule && s.fires == cases::truth::present;
  };
  return !rule.empty() && (std::any_of(screened.flags.begin(), screened.flags.end(), flag) ||
                           std::any_of(screened.suspended.begin(), screened.suspended.end(), silent));
}

cause_entry entry(const material& m, std::size_t k) {
  const inference::node_belief& b = m.reasoned.beliefs[k];
  cause_entry e;
  e.cause = b.state->id;
  e.name = b.state->name;
  e.where = b.where;
  e.prior = b.prior;
  e.posterior = b.posterior;
  e.low = b.low;
  e.high = b.high;
  e.either_side = b.either;
  e.examined = b.examined;
  e.level = b.state->rests_on.level;
  e.contested = is_contested(m, *b.state);
  if (e.contested)
    e.counter_evidence = counter_evidence(m, *b.state);
  const bool fired = has_fired(m.screened, b.state->rule);
  e.hidden = b.state->serious && b.posterior < 0.5;
  e.cannot_be_excluded = b.state->serious && fired;
  e.sources = cases::cite(b.state->rests_on, m.knowledge);
  add_reasons(m, k, e);
  add_unknown(m, k, e);
  e.path = path_through(m, *b.state, b.where);
  add_explanation(m, k, e);
  return e;
}

std::vector<cause_entry> ranked(const material& m, kb::state_kind kind) {
  std::vector<cause_entry> out;
  for (std::size_t k = 0; k < m.reasoned.beliefs.size(); ++k) {
    const auto& b = m.reasoned.beliefs[k];
    const bool wanted = !m.asked.wanted.only || b.where == side::none || b.where == *m.asked.wanted.only;
    if (b.state->kind == kind && wanted)
      out.push_back(entry(m, k));
  }
  std::sort(out.begin(), out.end(), [](const cause_entry& a, const cause_entry& b) {
    return std::tuple(-rank_value(a.posterior), a.cause, a.where) <
           std::tuple(-rank_value(b.posterior), b.cause, b.where);
  });
  return out;
}

bool observed_present(const material& m, std::string_view state, side where) {
  for (const auto& s : m.evidence.speakers()) {
    const auto& node = m.ground.nodes()[static_cast<std::size_t>(s.node)];
    const bool same_side = node.where == where || node.where == side::none || where == side::none;
    if (node.state->id != state || !same_side)
      continue;
    const auto p = m.evidence.speak(s, inference::parameters(0), -1);
    if (p.present > p.absent)
      return true;
  }
  return false;
}

} // namespace

const inference::speaker* spokesman(const material& m, const std::string& group, side where) {
  const inference::parameters means(0);
  const inference::speaker* found = nullptr;
  std::tuple<bool, double> best{false, -1};
  for (const auto& s : m.evidence.speakers()) {
    if (s.group != group || s.not_counted)
      continue;
    const auto p = m.evidence.speak(s, means, -1);
    const double ratio =
        p.present > p.absent ? p.present / std::max(p.absent, 1e-12) : p.absent / std::max(p.present, 1e-12);
    const std::tuple<bool, double> mine{s.seen->where == where, ratio};
    if (mine > best) {
      best = mine;
      found = &s;
    }
  }
  return found;
}

std::string with_company(const material& m, const std::string& group, const inference::speaker& s) {
  std::string text = cases::describe(*s.seen, m.knowledge).text;
  std::set<std::pair<std::string, side>> others;
  for (const auto& o : m.evidence.speakers())
    if (o.group == group && !o.not_counted && o.seen != s.seen)
      others.insert({o.seen->finding, o.seen->where});
  if (!others.empty())
    text += " (together with " + std::to_string(others.size()) +
            (others.size() == 1 ? " related finding)" : " related findings)");
  return text;
}

std::string at_side(std::string_view id, side where) {
  return where == side::none ? std::string(id) : std::string(id) + "@" + std::string(to_string(where));
}

std::int64_t rank_value(double probability) {
  return static_cast<std::int64_t>(probability * 1e9 + (probability < 0 ? -0.5 : 0.5));
}

std::vector<cause_entry> differential(const material& m) {
  return ranked(m, kb::state_kind::cause);
}

std::vector<cause_entry> outside(const material& m) {
  auto all = ranked(m, kb::state_kind::other);
  std::erase_if(all, [](const cause_entry& e) {
    return !e.cannot_be_excluded && (e.hidden || !e.examined || e.posterior < outside_from);
  });
  return all;
}

// Upwards the parent that was recorded as present (or, failing that, nothing); downwards the shortest chain
// of links to something recorded as present, the likeliest first.
std::vector<std::string> path_through(const material& m, const kb::state& cause, side where) {
  std::vector<std::string> above, below;
  std::string at = cause.id;
  for (int steps = 0; steps < 4; ++steps) {
    const kb::link* best = nullptr;
    for (const kb::link* l : m.knowledge.links_to(at))
      if (!l->cut && observed_present(m, l->source, where) && (!best || l->p.mean > best->p.mean))
        best = l;
    if (!best || best->source == cause.id ||
        std::find(above.begin(), above.end(), best->source) != above.end())
      break;
    above.push_back(best->source);
    at = best->source;
  }
  std::map<std::string, std::string> came_from;
  std::vector<std::string> wave{cause.id};
  std::string found;
  for (int steps = 0; steps < 4 && found.empty() && !wave.empty(); ++steps) {
    std::vector<std::tuple<double, std::string, std::string>> next;
    for (const std::string& s : wave)
      for (const kb::link* l : m.knowledge.links_from(s))
        if (!l->cut && l->target != cause.id && !came_from.contains(l->target))
          next.emplace_back(-l->p.mean, l->target, s);
    std::sort(next.begin(), next.end());
    wave.clear();
    for (const auto& [p, to, from] : next) {
      if (!came_from.emplace(to, from).second)
        continue;
      wave.push_back(to);
      if (found.empty() && observed_present(m, to, where))
        found = to;
    }
  }
  for (std::string s = found; !s.empty() && s != cause.id; s = came_from[s])
    below.push_back(s);
  std::vector<std::string> path(above.rbegin(), above.rend());
  path.push_back(cause.id);
  path.insert(path.end(), below.rbegin(), below.rend());
  return path;
}

} // namespace posterior::assess
