// Rivals and sets, mixed over the contested theories as the printed posteriors are. With w the weight of a
// combination of theories and p its posterior, both given the evidence,
//   P(c | e, r present) = sum w p(r) p(c | r) / sum w p(r),
// so P(r) P(c | r) + P(not r) P(c | not r) is the posterior that is printed.
#include <algorithm>
#include <queue>
#include <tuple>

#include "engine/inference/explainer.hpp"

namespace posterior::inference {
namespace {

constexpr std::size_t rivals_tried = 6, rivals_told = 3;
constexpr double rival_from = 0.05;  // less probable causes are no rivals
constexpr double least_shift = 0.01; // between present and absent, to be told
constexpr double set_cells = 0x1p26; // that the search for sets may touch (some 30 ms)

double apart(const rival& r) {
  return r.if_present > r.if_absent ? r.if_present - r.if_absent : r.if_absent - r.if_present;
}

std::int64_t rounded(double p) {
  return static_cast<std::int64_t>(p * 1e9 + 0.5);
}

const theory_nodes* theory_of(const explained_query& q, std::size_t belief) {
  for (const theory_nodes& t : q.theories)
    if (std::find(t.causes.begin(), t.causes.end(), q.targets[belief]) != t.causes.end())
      return &t;
  return nullptr;
}

// The causes whose presence might tell about those asked for: the likeliest, and those asked for themselves.
std::vector<std::size_t> others_to_try(const explained_query& q, const std::vector<std::size_t>& about) {
  std::vector<std::size_t> out = about;
  std::size_t more = 0;
  for (std::size_t k : ranked_causes(q.said)) {
    const node_belief& b = q.said.beliefs[k];
    if (more == rivals_tried)
      break;
    if (!b.examined || b.posterior < rival_from || std::find(out.begin(), out.end(), k) != out.end())
      continue;
    out.push_back(k);
    ++more;
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Posteriors of all beliefs with `other` held, mixed over the theories.
std::vector<double> given(const explained_query& q, std::size_t other, bool present,
                          std::span<const run_result> runs) {
  std::vector<double> out(q.said.beliefs.size());
  double total = 0;
  for (std::size_t m = 0; m < q.cases.size(); ++m) {
    const double p = q.cases[m].now->posterior[other];
    const double weight = q.cases[m].weight * (present ? p : 1 - p);
    if (!(runs[m].evidence > 0) || !(weight > 0))
      continue;
    total += weight;
    for (std::size_t k = 0; k < out.size(); ++k)
      out[k] += weight * runs[m].posterior[k];
  }
  const theory_nodes* shared = present ? theory_of(q, other) : nullptr;
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] = total > 0 ? std::min(1.0, out[k] / total) : q.said.beliefs[k].posterior;
    if (total > 0 && (shared == nullptr || theory_of(q, k) != shared))
      out[k] *= q.scale[k];
  }
  return out;
}

// A partly decided set: for each combination of theories, its probability so far.
struct partial {
  double probability = 0;
  std::size_t number = 0;
  std::vector<bool> decided;
  std::vector<double> under;
  bool operator<(const partial& o) const {
    return std::tuple(probability, o.number) < std::tuple(o.probability, number);
  }
};

class set_search {
public:
  set_search(const explained_query& q, const std::vector<std::size_t>& considered)
      : q_(q)
      , considered_(considered) {}
  std::vector<cause_set> run(std::size_t most);

private:
  void widen(std::vector<partial> these);
  void push(partial p);
  double mixed(const std::vector<double>& under) const;

  const explained_query& q_;
  const std::vector<std::size_t>& considered_;
  std::priority_queue<partial> open_;
  std::size_t made_ = 0;
};

double set_search::mixed(const std::vector<double>& under) const {
  double sum = 0, total = 0;
  for (std::size_t m = 0; m < under.size(); ++m) {
    sum += q_.cases[m].weight * under[m];
    total += q_.cases[m].weight;
  }
  return sum / total;
}

void set_search::push(partial p) {
  p.probability = mixed(p.under);
  p.number = made_++;
  if (p.probability > 0)
    open_.push(std::move(p));
}

// Decides one more cause of each, both ways.
void set_search::widen(std::vector<partial> these) {
  std::vector<variation> what;
  std::vector<node_index> nodes;
  for (std::size_t k : considered_)
    nodes.push_back(q_.targets[k]);
  for (const partial& p : these)
    for (std::size_t m = 0; m < q_.cases.size(); ++m) {
      if (!(p.under[m] > 0))
        continue;
      variation v;
      v.theories_off = q_.cases[m].off;
      for (std::size_t i = 0; i < p.decided.size(); ++i)
        v.held.emplace_back(nodes[i], p.decided[i]);
      what.push_back(std::move(v));
    }
  const auto runs = q_.run.run(what, nodes);
  std::size_t at = 0;
  for (partial& p : these) {
    const std::size_t next = p.decided.size();
    partial yes = p, no = std::move(p);
    yes.decided.push_back(true);
    no.decided.push_back(false);
    for (std::size_t m = 0; m < q_.cases.size(); ++m) {
      if (!(yes.under[m] > 0))
        continue;
      const double on = runs[at].evidence > 0 ? runs[at].posterior[next] * q_.scale[considered_[next]] : 0;
      ++at;
      yes.under[m] *= on;
      no.under[m] *= 1 - on;
    }
    push(std::move(yes));
    push(std::move(no));
  }
}

// Best first: deciding one more cause can only make a set less probable, so what comes out complete is best.
std::vector<cause_set> set_search::run(std::size_t most) {
  std::vector<cause_set> out;
  partial start;
  start.under.assign(q_.cases.size(), 1);
  push(std::move(start));
  const double lanes_of_one = static_cast<double>(q_.cases.size());
  const std::size_t at_once = std::max<std::size_t>(1, lane_count<lanes> / q_.cases.size());
  for (double left = set_cells; out.size() < most && !open_.empty();) {
    std::vector<partial> these;
    while (!open_.empty() && these.size() < at_once && open_.top().decided.size() < considered_.size()) {
      these.push_back(open_.top());
      open_.pop();
    }
    if (these.empty()) {
      cause_set s{{}, open_.top().probability};
      for (std::size_t i = 0; i < considered_.size(); ++i)
        if (open_.top().decided[i])
          s.present.push_back(considered_[i]);
      std::sort(s.present.begin(), s.present.end());
      out.push_back(std::move(s));
      open_.pop();
      continue;
    }
    const double need = q_.schedule.cost * lanes_of_one * static_cast<double>(these.size());
    if (need > left)
      return {};
    left = left - need;
    widen(std::move(these));
  }
  return out;
}

} // namespace

std::vector<rival> rivals(const explained_query& q, const std::vector<std::size_t>& about) {
  const auto others = others_to_try(q, about);
  std::vector<variation> what;
  for (std::size_t r : others)
    for (bool present : {true, false})
      for (const theory_case& c : q.cases) {
        what.emplace_back();
        what.back().theories_off = c.off;
        what.back().held.emplace_back(q.targets[r], present);
      }
  const auto runs = q.run.run(what, q.targets);
  std::vector<rival> all;
  const std::size_t each = q.cases.size();
  for (std::size_t i = 0; i < others.size(); ++i) {
    const std::span<const run_result> mine(runs.data() + 2 * each * i, 2 * each);
    const auto on = given(q, others[i], true, mine.first(each)),
               off = given(q, others[i], false, mine.last(each));
    for (std::size_t k : about)
      if (q.said.beliefs[k].state != q.said.beliefs[others[i]].state)
        all.push_back({k, others[i], on[k], off[k]});
  }
  std::stable_sort(all.begin(), all.end(), [](const rival& a, const rival& b) {
    return std::tuple(a.belief, -rounded(apart(a)), a.other) <
           std::tuple(b.belief, -rounded(apart(b)), b.other);
  });
  std::vector<rival> out;
  std::size_t told = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    told = i > 0 && all[i].belief == all[i - 1].belief ? told : 0;
    const bool named = std::find(about.begin(), about.end(), all[i].other) != about.end() && about.size() > 1;
    if ((told < rivals_told && apart(all[i]) >= least_shift) || named) {
      out.push_back(all[i]);
      ++told;
    }
  }
  return out;
}

std::vector<cause_set> cause_sets(const explained_query& q, const std::vector<std::size_t>& considered,
                                  std::size_t most) {
  if (considered.empty())
    return {};
  return set_search(q, considered).run(most);
}

} // namespace posterior::inference
