// A branch is a set of decisions about some cut nodes. Its mass, P(evidence, decisions), lies between two
// runs of the same program, and so do the parts of it in which a target is present and in which it is absent:
//   part with v present:  lower * p_lower(v)  <=  a  <=  upper * p_upper(v)
//   part with v absent:   the same with 1 - p
// All four sums are made over the branches afresh whenever they are read. Rationale: keeping the uncertain
// mass by subtracting what was explored loses all its digits once it is small.
//   P(v | evidence) lies between  low a / (low a + high b)  and  high a / (high a + low b).
// The branch with the most uncertain mass is divided next, by the cut node that is least clear there; its two
// halves, each from above and from below, are the four lanes of one run.
//
// Example: two causes, cut node c. The root branch knows nothing about c: its bounds may be [0.2, 0.5].
// Divided, c absent and c present are each exact, say 0.15 and 0.18, and the tree is finished.
//
// Judged by tests/inference/bounded_test.cpp.
#include "engine/inference/bounded.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <queue>

#include "engine/inference/query.hpp"

namespace posterior::inference {
namespace {

constexpr double backward_share = 3; // forward and backward cost about three times the forward pass

std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

struct branch {
  decisions made;
  double high = 0, low = 0;          // of its mass, in units of 2^(exponent of the search)
  std::vector<double> p_high, p_low; // posteriors in the two runs: targets, then cut nodes
  double uncertain() const { return high - low; }
};

struct job {
  decisions made;
  bound_side side;
};

class search {
public:
  search(const cut_network& c, std::span<const likelihood> seen, std::span<const node_index> targets,
         const bounded_limits& limits)
      : c_(c)
      , limits_(limits)
      , seen_(seen)
      , targets_(targets.size())
      , base_(base_weights<lanes>(c.net, c.plan, seen)) {
    for (node_index v : targets)
      read_.push_back(c.plan.local_of[ix(v)]);
    for (node_index v : c.cut)
      read_.push_back(c.plan.local_of[ix(v)]);
    reach_.assign(c.cut.size(), 0);
    for (const cut_link& l : c.links)
      if (l.source >= 0)
        reach_[static_cast<std::size_t>(l.source)] += l.p;
    const double ops =
        16.0 * static_cast<double>(c.plan.ops.size() + c.plan.nodes.size() + c.net.links.size());
    slack_ = (ops + 4 * std::ldexp(1.0, c.plan.width)) * 0x1p-53;
  }

  bounded_answer run() {
    plant();
    bounded_answer out = read();
    std::size_t next_reading = 16;
    while (!queue_.empty() && out.gap > limits_.gap && may_go_on()) {
      divide();
      if (queue_.empty() || ++divided_ < next_reading)
        continue;
      next_reading = divided_ + 8 + divided_ / 8;
      out = read();
    }
    return read();
  }

private:
  std::uint64_t everyone() const { return c_.cut.size() == 64 ? ~0ull : (1ull << c_.cut.size()) - 1; }
  bool is_exact(const branch& b) const { return b.made.decided == everyone(); }

  bool may_go_on() const {
    const double of_branch = sizeof(branch) + 2.0 * sizeof(double) * static_cast<double>(read_.size());
    const double tables = c_.plan.stored * sizeof(lanes);
    return operations_ + c_.plan.cost * backward_share <= limits_.operations &&
           tables + of_branch * static_cast<double>(branches_.size() + 4) <= limits_.bytes;
  }

  void run_lanes(std::span<const job> jobs) {
    weights<lanes> w = base_;
    for (std::size_t l = 0; l < lane_count<lanes>; ++l) {
      const job& j = jobs[std::min(l, jobs.size() - 1)];
      bound_lane(c_, w, static_cast<int>(l), j.made, j.side);
    }
    machine_.run(c_.plan, w);
    operations_ += c_.plan.cost * backward_share;
  }

  // Mass in one lane. What is too small for the common scale stays a hair above zero from above.
  double mass(int lane, bound_side side) const {
    const double value = machine_.evidence().value[lane];
    if (!(value > 0))
      return 0;
    const double x = std::ldexp(value, static_cast<int>(machine_.evidence().exponent[lane] - exponent_));
    return side == bound_side::upper ? std::max(x, 0x1p-1000) : x;
  }

  std::vector<double> posteriors(int lane, double mass) const {
    std::vector<double> out(read_.size());
    for (std::size_t k = 0; mass > 0 && k < read_.size(); ++k)
      out[k] = machine_.posterior(read_[k])[lane];
    return out;
  }

  void set_scale() {
    const double value = machine_.evidence().value[0];
    exponent_ = machine_.evidence().exponent[0] + (value > 0 ? std::ilogb(value) : 0);
  }

  // Very improbable evidence is counted so many times over, in even shares, that the derivatives of
  // P(evidence) stay within range. Powers of two: no digit changes.
  void lift_evidence(std::span<const likelihood> seen) {
    const int share = evidence_share(exponent_, seen.size());
    for (const likelihood& l : seen) {
      const std::size_t v = ix(c_.plan.local_of[ix(l.node)]);
      base_.absent[v] *= std::ldexp(1.0, share);
      base_.present[v] *= std::ldexp(1.0, share);
    }
    lifted_ = share * static_cast<double>(seen.size());
  }

  // From below an undecided node may also be taken as present altogether, where the other half is nothing
  // much.
  decisions from_below(const decisions& made, const std::vector<double>& p_high) const {
    decisions d = made;
    for (std::size_t k = 0; k < c_.cut.size(); ++k)
      if (!(made.decided >> k & 1) && p_high[targets_ + k] > 0.5) {
        d.decided |= 1ull << k;
        d.present |= 1ull << k;
      }
    return d;
  }

  void plant() {
    branch root;
    const job above{{}, bound_side::upper};
    run_lanes({&above, 1});
    set_scale();
    if (lift_evidence(seen_); lifted_ > 0) {
      run_lanes({&above, 1});
      set_scale();
    }
    root.high = mass(0, bound_side::upper);
    root.p_high = posteriors(0, root.high);
    const job below{from_below({}, root.p_high), bound_side::lower};
    run_lanes({&below, 1});
    root.low = mass(0, bound_side::lower);
    root.p_low = posteriors(0, root.low);
    keep(std::move(root));
  }

  void keep(branch b) {
    if (!(b.high > 0))
      return;
    if (is_exact(b)) {
      b.low = b.high;
      b.p_low = b.p_high;
    }
    std::size_t at = branches_.size();
    if (!free_.empty()) {
      at = free_.back();
      free_.pop_back();
    } else {
      branches_.emplace_back();
    }
    branches_[at] = std::move(b);
    if (!is_exact(branches_[at]))
      queue_.push({branches_[at].uncertain(), at});
  }

  // The cut node whose being undecided blurs this branch most.
  std::size_t least_clear(const branch& b) const {
    std::size_t best = 0;
    double most = -1;
    for (std::size_t k = 0; k < c_.cut.size(); ++k) {
      if (b.made.decided >> k & 1)
        continue;
      const double p = b.p_high[targets_ + k];
      const double blur = p * (1 - p) * reach_[k];
      if (blur > most) {
        most = blur;
        best = k;
      }
    }
    return best;
  }

  void divide() {
    const std::size_t at = queue_.top().second;
    queue_.pop();
    const branch b = std::move(branches_[at]);
    branches_[at] = {};
    free_.push_back(at);
    const std::uint64_t bit = 1ull << least_clear(b);
    branch halves[2];
    std::vector<job> jobs;
    for (std::size_t on : {0u, 1u}) {
      halves[on].made = {b.made.decided | bit, b.made.present | (on ? bit : 0)};
      jobs.push_back({halves[on].made, bound_side::upper});
      jobs.push_back({from_below(halves[on].made, b.p_high), bound_side::lower});
    }
    run_lanes(jobs);
    for (int on : {0, 1}) {
      branch& h = halves[on];
      h.high = mass(2 * on, bound_side::upper);
      h.p_high = posteriors(2 * on, h.high);
      h.low = mass(2 * on + 1, bound_side::lower);
      h.p_low = posteriors(2 * on + 1, h.low);
      keep(std::move(h));
    }
  }

  bounded_answer read() const;

  const cut_network& c_;
  const bounded_limits& limits_;
  std::span<const likelihood> seen_;
  std::size_t targets_;
  weights<lanes> base_;
  std::vector<node_index> read_; // local: targets, then cut nodes
  std::vector<double> reach_;    // of each cut node: sum of the probabilities of its cut links
  machine<lanes> machine_;
  std::vector<branch> branches_; // an emptied one has high 0
  std::vector<std::size_t> free_;
  std::priority_queue<std::pair<double, std::size_t>> queue_;
  std::size_t divided_ = 0;
  double operations_ = 0, exponent_ = 0, lifted_ = 0, slack_ = 0;
};

bounded_answer search::read() const {
  bounded_answer out;
  std::vector<double> a_low(targets_), a_high(targets_), b_low(targets_), b_high(targets_);
  for (const branch& b : branches_) {
    if (!(b.high > 0))
      continue;
    ++out.branches;
    out.evidence_low += b.low;
    out.evidence_high += b.high;
    for (std::size_t k = 0; k < targets_; ++k) {
      a_low[k] += b.low * b.p_low[k];
      a_high[k] += b.high * b.p_high[k];
      b_low[k] += b.low * (1 - b.p_low[k]);
      b_high[k] += b.high * (1 - b.p_high[k]);
    }
  }
  const double widen = slack_ + static_cast<double>(branches_.size()) * 0x1p-52;
  out.gap = targets_ > 0 ? 0 : 1 - out.evidence_low / out.evidence_high;
  for (std::size_t k = 0; k < targets_; ++k) {
    // 1 - p is off by a rounding of p, which is nothing beside the branch but may be much beside itself.
    const double hair = out.evidence_high * widen;
    const double al = a_low[k] * (1 - widen), ah = a_high[k] * (1 + widen);
    const double bl = std::max(0.0, b_low[k] - hair), bh = b_high[k] + hair;
    out.low.push_back(al > 0 ? al / (al + bh) * (1 - 0x1p-50) : 0);
    out.high.push_back(bl > 0 ? std::min(1.0, ah / (ah + bl) * (1 + 0x1p-50)) : 1);
    const double a = a_low[k] + a_high[k], b = b_low[k] + b_high[k];
    out.middle.push_back(a + b > 0 ? std::clamp(a / (a + b), out.low[k], out.high[k]) : 0.5);
    out.gap = std::max(out.gap, out.high[k] - out.low[k]);
  }
  out.evidence_low *= 1 - widen;
  out.evidence_high *= 1 + widen;
  out.exponent = exponent_ - lifted_;
  out.operations = operations_;
  out.width = c_.plan.width;
  out.cut = static_cast<int>(c_.cut.size());
  out.what = !(out.evidence_high > 0)  ? bounded_outcome::contradiction
             : !(out.evidence_low > 0) ? bounded_outcome::undecided
                                       : bounded_outcome::bounded;
  return out;
}

} // namespace

int evidence_share(double exponent, std::size_t count) {
  return exponent < -500 && count > 0 ? static_cast<int>(-exponent / static_cast<double>(count)) : 0;
}

bounded_answer answer_bounded(const network& net, std::span<const likelihood> seen,
                              std::span<const node_index> targets, const bounded_limits& limits) {
  const auto c = cut_to(net, seen, targets, limits.cut);
  if (!c) {
    bounded_answer none;
    none.what = bounded_outcome::not_cut;
    none.low.assign(targets.size(), 0);
    none.high.assign(targets.size(), 1);
    none.middle.assign(targets.size(), 0.5);
    return none;
  }
  return search(*c, seen, targets, limits).run();
}

} // namespace posterior::inference
