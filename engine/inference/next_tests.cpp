// Each candidate is answered "present" and "absent" in one lane each. The information about one cause is
//   I = H(p) - P(+) H(p+) - P(-) H(p-),   H(p) = -p log2 p - (1-p) log2 (1-p),
// never negative up to rounding. A finding that is only measured is asked as "on the side of present or of
// absent of the middle between its two normals", which a normal with equal spread answers rightly with
// probability Phi(d/2); Phi is taken as the logistic function of 1.702 times its argument (off by at most
// 0.01).
#include "engine/inference/next_tests.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "engine/inference/query.hpp"
#include "kb/values/elementary.hpp"

namespace posterior::inference {
namespace {

struct question {
  const kb::finding* finding;
  const kb::observes* reading;
  side where;
  node_index node;
  pair yes, no;
  double worth = 0; // rough order before the exact one
};

double entropy(double p) {
  if (p <= 0 || p >= 1)
    return 0;
  return -(p * log(p) + (1 - p) * log(1 - p)) / 0.6931471805599453;
}

pair middle_split(const kb::normal_reading& n, bool present) {
  const double d = (n.present - n.absent) / n.sd;
  const double right = logistic(1.702 * (d < 0 ? -d : d) / 2);
  return present ? pair{1 - right, right} : pair{right, 1 - right};
}

bool may_be_asked(const kb::finding& f) {
  return !f.derived && !f.safety && f.kind != kb::finding_kind::attribute &&
         f.kind != kb::finding_kind::safety;
}

class asker {
public:
  explicit asker(const test_question& q)
      : q_(q) {}
  std::vector<candidate_test> run(int limit);

private:
  std::vector<question> questions() const;
  void add(std::vector<question>& out, const kb::finding& f, const kb::observes& o, side where) const;
  double interest(const kb::state& s, side where) const;
  candidate_test judge(const question& x, const run_result& yes, const run_result& no) const;
  std::vector<candidate_test> ask(const std::vector<question>& same_node) const;

  const test_question& q_;
  std::vector<node_index> causes_;
  std::vector<double> now_; // their posteriors, all theories holding
};

// How open the causes next to a state are: a test far from every open cause is not worth a lane.
double asker::interest(const kb::state& s, side where) const {
  double most = 0;
  const auto openness = [&](std::string_view id, double share) {
    for (const node_belief& b : q_.beliefs)
      if (b.state->id == id && (where == side::none || b.where == side::none || b.where == where))
        most = std::max(most, share * entropy(b.posterior));
  };
  openness(s.id, 1);
  for (const kb::link* l : q_.knowledge.links_to(s.id))
    openness(l->source, l->p.mean);
  for (const kb::link* l : q_.knowledge.links_from(s.id))
    openness(l->target, l->p.mean);
  return most;
}

void asker::add(std::vector<question>& out, const kb::finding& f, const kb::observes& o, side where) const {
  const kb::state* s = q_.knowledge.find_state(o.state);
  const side on = o.opposite ? opposite(where) : where;
  node_index v = -1;
  if (s)
    v = !s->lateral           ? q_.ground.find(s->id, side::none)
        : where == side::none ? q_.ground.either(s->id)
                              : q_.ground.find(s->id, on);
  if (v < 0)
    return;
  question x{&f, &o, where, v, {}, {}, interest(*s, on)};
  if (o.accuracies.empty() && o.opinion.empty() && o.levels.empty()) {
    if (o.normals.empty())
      return;
    x.yes = middle_split(o.normals.begin()->second, true);
    x.no = middle_split(o.normals.begin()->second, false);
  } else {
    x.yes = answer_pair(o, accuracy_for(o, q_.picture.in), {}, cases::truth::present, 1, q_.numbers, -1);
    x.no = answer_pair(o, accuracy_for(o, q_.picture.in), {}, cases::truth::absent, 1, q_.numbers, -1);
  }
  if (x.yes.absent == x.yes.present || x.worth <= 0)
    return;
  out.push_back(x);
}

std::vector<question> asker::questions() const {
  std::vector<question> out;
  for (const kb::finding& f : q_.knowledge.all.findings) {
    if (!may_be_asked(f))
      continue;
    const auto readings = q_.knowledge.readings_of(f.id);
    if (readings.empty())
      continue;
    // An answer "unknown" is as good as none: the question stays open.
    auto known = q_.picture.of(f.id);
    std::erase_if(known, [](const cases::settled* x) {
      return x->state == cases::truth::unknown && !x->value && !x->level;
    });
    const bool unsided =
        std::any_of(known.begin(), known.end(), [](const auto* s) { return s->where == side::none; });
    if (!f.lateral) {
      if (known.empty())
        add(out, f, *readings[0], side::none);
      continue;
    }
    for (side s : {side::left, side::right})
      if (!unsided && std::none_of(known.begin(), known.end(), [&](const auto* x) { return x->where == s; }))
        add(out, f, *readings[0], s);
  }
  return out;
}

candidate_test asker::judge(const question& x, const run_result& yes, const run_result& no) const {
  candidate_test t{x.finding, x.where, 0, 0, {}, {}};
  t.positive = std::min(1.0, evidence_ratio(yes, q_.now));
  std::size_t c = 0;
  for (const node_belief& b : q_.beliefs) {
    if (b.state->kind != kb::state_kind::cause) {
      t.if_positive.push_back(b.posterior);
      t.if_negative.push_back(b.posterior);
      continue;
    }
    const double before = now_[c], up = yes.posterior[c], down = no.posterior[c];
    // What the mixture over theories makes of the posterior now, it makes of the outcomes too.
    const double share = b.theory && before > 0 ? std::min(1.0, b.posterior / before) : 1;
    t.if_positive.push_back(up * share);
    t.if_negative.push_back(down * share);
    t.bits += std::max(0.0, entropy(before) - t.positive * entropy(up) - (1 - t.positive) * entropy(down));
    ++c;
  }
  return t;
}

// One schedule for each node: added all at once, the unrecorded states would join every cause into one table.
std::vector<candidate_test> asker::ask(const std::vector<question>& same_node) const {
  std::vector<node_index> wanted = causes_;
  wanted.push_back(same_node[0].node);
  const program p = planner().compile(q_.ground.map(), q_.seen.nodes(), wanted, q_.seen.certainly_absent());
  if (p.cost > q_.cost_limit || p.stored * sizeof(two_lanes) > memory_limit)
    return {};
  lane_runner<two_lanes> runner(q_.ground, q_.seen, p, q_.numbers, q_.theories, q_.tables);
  std::vector<variation> what;
  for (const question& x : same_node)
    for (const pair& answer : {x.yes, x.no}) {
      what.emplace_back();
      what.back().also = likelihood{x.node, answer.absent, answer.present};
    }
  const auto runs = runner.run(what, wanted);
  std::vector<candidate_test> out;
  for (std::size_t i = 0; i < same_node.size(); ++i)
    out.push_back(judge(same_node[i], runs[2 * i], runs[2 * i + 1]));
  return out;
}

std::vector<candidate_test> asker::run(int limit) {
  for (std::size_t k = 0; k < q_.targets.size(); ++k)
    if (q_.beliefs[k].state->kind == kb::state_kind::cause) {
      causes_.push_back(q_.targets[k]);
      now_.push_back(q_.now.posterior[k]);
    }
  std::map<node_index, std::vector<question>> by_node;
  for (question& x : questions())
    by_node[x.node].push_back(std::move(x));
  std::vector<std::pair<double, node_index>> order;
  for (const auto& [node, list] : by_node)
    order.emplace_back(-list[0].worth, node);
  std::sort(order.begin(), order.end());
  if (order.size() > static_cast<std::size_t>(limit))
    order.resize(static_cast<std::size_t>(limit));
  std::vector<candidate_test> out;
  for (const auto& [worth, node] : order)
    for (candidate_test& t : ask(by_node[node]))
      out.push_back(std::move(t));
  const auto rate = [](const candidate_test& t) {
    // Ranks compare values rounded to 1e-9.
    return static_cast<std::int64_t>(t.bits / std::max(0.25, t.finding->minutes) * 1e9 + 0.5);
  };
  std::sort(out.begin(), out.end(), [&](const candidate_test& a, const candidate_test& b) {
    return std::tuple(-rate(a), a.finding->id, a.where) < std::tuple(-rate(b), b.finding->id, b.where);
  });
  return out;
}

} // namespace

std::vector<candidate_test> next_tests(const test_question& q, int limit) {
  return asker(q).run(limit);
}

} // namespace posterior::inference
