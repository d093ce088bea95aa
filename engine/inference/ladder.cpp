// A finding f that was not asked about and that nothing hangs below is absent if its leak and every link into
// it fails, so P(f absent, evidence) is one more lane: each cause's likelihood of being present times 1 - q.
// Where that leaves too few digits of P(f present), the links are taken one by one instead: P(the first that
// fires is link k) is a lane each, and nothing is subtracted.
#include "engine/inference/ladder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace posterior::inference {
namespace {

constexpr double few_digits = 0.01; // 1 - x below this is not made by subtraction
constexpr double backward_share = 3;

std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

class climber {
public:
  climber(const ladder_question& asked, const ladder_limits& limits)
      : asked_(asked)
      , net_(asked.net)
      , limits_(limits)
      , absent_(net_.leak.size(), 1)
      , present_(net_.leak.size(), 1)
      , links_into_(net_.leak.size())
      , seen_(asked.seen.begin(), asked.seen.end()) {
    for (const likelihood& l : asked.seen) {
      evidence_.push_back(l.node);
      absent_[ix(l.node)] *= l.absent;
      present_[ix(l.node)] *= l.present;
    }
    for (node_index v : evidence_)
      if (present_[ix(v)] == 0)
        denied_.push_back(v);
    for (std::size_t k = 0; k < net_.links.size(); ++k)
      links_into_[ix(net_.links[k].to)].push_back(k);
    out_.beliefs.resize(asked.targets.size());
  }

  ladder_answer run() {
    split_known();
    const auto all = plan(unknown_);
    if (!all) {
      out_.what = ladder_outcome::loop;
      return out_;
    }
    local_of_ = all->local_of;
    if (!by_tables(*all, unknown_, {}) && !with_some_aside())
      below_exact(unknown_core());
    if (out_.what == ladder_outcome::answered)
      finish();
    out_.exponent -= lifted_;
    return out_;
  }

private:
  std::optional<program> plan(const std::vector<std::size_t>& which) const {
    return compile(net_, evidence_, nodes(which), denied_);
  }

  std::vector<node_index> nodes(const std::vector<std::size_t>& which) const {
    std::vector<node_index> out;
    for (std::size_t k : which)
      out.push_back(asked_.targets[k]);
    return out;
  }

  bool is_known(node_index v) const { return absent_[ix(v)] == 0 || present_[ix(v)] == 0; }

  void split_known() {
    for (std::size_t k = 0; k < asked_.targets.size(); ++k) {
      const node_index v = asked_.targets[k];
      const double there = present_[ix(v)] == 0 ? 0 : 1;
      if (is_known(v))
        out_.beliefs[k] = {rung::exact, there, there, there, 0};
      else
        unknown_.push_back(k);
    }
  }

  // --- exact ----------------------------------------------------------------------

  bool fits(const program& p, double runs) const {
    return p.cost <= limits_.exact_operations && p.stored * sizeof(lanes) <= limits_.bytes &&
           (runs <= 1 || p.cost * runs <= limits_.aside_operations);
  }

  bool by_tables(const program& p, const std::vector<std::size_t>& direct,
                 const std::vector<std::size_t>& aside) {
    const double runs = 1 + static_cast<double>(aside.size()) / lane_count<lanes>;
    if (!fits(p, runs))
      return false;
    out_.width = p.width;
    machine<double> tables;
    auto base = base_weights<double>(net_, p, seen_);
    tables.run(p, base);
    out_.operations += p.cost * backward_share;
    if (lift_evidence(tables.evidence())) {
      base = base_weights<double>(net_, p, seen_);
      tables.run(p, base);
      out_.operations += p.cost * backward_share;
    }
    const auto [value, exponent] = tables.evidence();
    out_.evidence_low = out_.evidence_high = value;
    out_.exponent = exponent;
    if (!(value > 0)) {
      out_.what = ladder_outcome::contradiction;
      return true;
    }
    for (std::size_t k : direct)
      exactly(k, tables.posterior(p.local_of[ix(asked_.targets[k])]));
    none_by_tables(p, base, tables);
    answer_aside(p, aside);
    return true;
  }

  // Very improbable evidence is counted so many times over, in even shares, that nothing gets out of range.
  bool lift_evidence(const scaled<double>& found) {
    const double size = found.exponent + (found.value > 0 ? std::ilogb(found.value) : 0);
    const int share = found.value > 0 ? evidence_share(size, seen_.size()) : 0;
    for (likelihood& l : seen_) {
      l.absent = std::ldexp(l.absent, share);
      l.present = std::ldexp(l.present, share);
    }
    lifted_ += share * static_cast<double>(seen_.size());
    return share > 0;
  }

  void exactly(std::size_t k, double x) { out_.beliefs[k] = {rung::exact, x, x, x, 0}; }

  void none_by_tables(const program& p, weights<double> w, machine<double>& tables) {
    if (asked_.watched.empty())
      return;
    std::vector<node_index> local_link(net_.links.size(), -1);
    for (std::size_t k = 0; k < p.links.size(); ++k)
      local_link[ix(p.links[k])] = static_cast<node_index>(k);
    for (node_index k : asked_.watched) {
      const auto& l = net_.links[ix(k)];
      if (local_of_[ix(l.to)] < 0)
        continue; // does not matter for evidence or targets
      w.present[ix(p.local_of[ix(l.from)])] *= 1 - l.p;
      if (const node_index here = local_link[ix(k)]; here >= 0) {
        w.q[ix(here)] = 0;
        w.not_q[ix(here)] = 1;
      }
    }
    tables.run_forward(p, w);
    out_.operations += p.cost;
    const double x = std::min(1.0, ratio_to_evidence(tables.evidence().value, tables.evidence().exponent));
    out_.none_acts = {rung::exact, x, x, x, 0};
  }

  double ratio_to_evidence(double value, double exponent) const {
    return std::ldexp(value / out_.evidence_low, static_cast<int>(exponent - out_.exponent));
  }

  // --- targets aside --------------------------------------------------------------

  // Unobserved leaves with several causes: neither evidence nor anything else depends on them.
  std::vector<bool> find_leaves() const {
    std::vector<bool> leaf(net_.leak.size(), true);
    for (node_index v : evidence_)
      leaf[ix(v)] = false;
    for (const auto& l : net_.links)
      if (local_of_[ix(l.to)] >= 0)
        leaf[ix(l.from)] = false;
    for (const auto& s : net_.shocks)
      leaf[ix(s.a)] = leaf[ix(s.b)] = false;
    for (const auto& t : net_.tables) {
      leaf[ix(t.node)] = false;
      for (node_index v : t.parents)
        leaf[ix(v)] = false;
    }
    return leaf;
  }

  bool with_some_aside() {
    const auto leaf = find_leaves();
    for (std::size_t k : unknown_) {
      const node_index v = asked_.targets[k];
      (leaf[ix(v)] && links_into_[ix(v)].size() > 1 ? aside_ : core_).push_back(k);
    }
    if (aside_.empty())
      return false;
    std::vector<node_index> wanted = nodes(core_);
    for (std::size_t k : aside_)
      for (std::size_t l : links_into_[ix(asked_.targets[k])])
        if (!is_known(net_.links[l].from))
          wanted.push_back(net_.links[l].from);
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    if (by_tables(*compile(net_, evidence_, wanted, denied_), core_, aside_))
      return true;
    if (!by_tables(*plan(core_), core_, {}))
      return false;
    if (out_.what == ladder_outcome::answered)
      by_samples(aside_);
    return true;
  }

  const std::vector<std::size_t>& unknown_core() const { return aside_.empty() ? unknown_ : core_; }

  void answer_aside(const program& p, const std::vector<std::size_t>& aside) {
    const auto base = base_weights<lanes>(net_, p, seen_);
    machine<lanes> tables;
    std::vector<std::size_t> rare;
    for (std::size_t first = 0; first < aside.size(); first += lane_count<lanes>) {
      const std::size_t count = std::min<std::size_t>(lane_count<lanes>, aside.size() - first);
      weights<lanes> w = base;
      for (std::size_t i = 0; i < count; ++i)
        for (std::size_t l : links_into_[ix(asked_.targets[aside[first + i]])])
          fails(p, w, static_cast<int>(i), l);
      tables.run_forward(p, w);
      out_.operations += p.cost;
      for (std::size_t i = 0; i < count; ++i) {
        const auto lane = static_cast<int>(i);
        const double none =
            ratio_to_evidence(tables.evidence().value[lane], tables.evidence().exponent[lane]);
        const double leak = net_.leak[ix(asked_.targets[aside[first + i]])];
        if (1 - none < few_digits)
          rare.push_back(aside[first + i]);
        else
          exactly(aside[first + i], leak + (1 - leak) * (1 - none));
      }
    }
    for (std::size_t k : rare)
      one_by_one(p, base, k, tables);
  }

  void fails(const program& p, weights<lanes>& w, int lane, std::size_t link) const {
    const auto& l = net_.links[link];
    w.present[ix(p.local_of[ix(l.from)])][lane] *= 1 - l.p;
  }

  void one_by_one(const program& p, const weights<lanes>& base, std::size_t k, machine<lanes>& tables) {
    const node_index v = asked_.targets[k];
    const auto& into = links_into_[ix(v)];
    double fires = 0;
    for (std::size_t first = 0; first < into.size(); first += lane_count<lanes>) {
      const std::size_t count = std::min<std::size_t>(lane_count<lanes>, into.size() - first);
      weights<lanes> w = base;
      for (std::size_t i = 0; i < count; ++i)
        for (std::size_t before = 0; before < first + i; ++before)
          fails(p, w, static_cast<int>(i), into[before]);
      tables.run(p, w);
      out_.operations += p.cost * backward_share;
      for (std::size_t i = 0; i < count; ++i) {
        const auto& l = net_.links[into[first + i]];
        const auto lane = static_cast<int>(i);
        const double e = ratio_to_evidence(tables.evidence().value[lane], tables.evidence().exponent[lane]);
        if (e > 0)
          fires += l.p * e * tables.posterior(p.local_of[ix(l.from)])[lane];
      }
    }
    const double leak = net_.leak[ix(v)];
    exactly(k, leak + (1 - leak) * fires);
  }

  // --- bounded and sampled --------------------------------------------------------

  void below_exact(const std::vector<std::size_t>& core) {
    bounded_limits limits = limits_.bounded;
    limits.bytes = std::min(limits.bytes, limits_.bytes);
    const bounded_answer b = answer_bounded(net_, asked_.seen, nodes(core), limits);
    out_.operations += b.operations;
    out_.width = b.width;
    if (b.what == bounded_outcome::contradiction) {
      out_.what = ladder_outcome::contradiction;
      out_.evidence_low = out_.evidence_high = 0;
      return;
    }
    if (b.what != bounded_outcome::not_cut) {
      out_.evidence_low = b.evidence_low;
      out_.evidence_high = b.evidence_high;
      out_.exponent = b.exponent;
    }
    for (std::size_t k = 0; k < core.size(); ++k)
      out_.beliefs[core[k]] = {rung::bounded, b.middle[k], b.low[k], b.high[k], 0};
    const bool enough = b.what == bounded_outcome::bounded && b.gap <= limits_.widest_gap;
    if (enough)
      none_by_bounds();
    if (!enough)
      by_samples(unknown_);
    else if (!aside_.empty())
      by_samples(aside_);
  }

  // P(evidence, no watched link fires) by a network without those links, in which each spoke for its cause's
  // being absent.
  void none_by_bounds() {
    if (asked_.watched.empty())
      return;
    network silent = net_;
    std::vector<likelihood> seen(asked_.seen.begin(), asked_.seen.end());
    std::vector<bool> gone(net_.links.size());
    for (node_index k : asked_.watched) {
      gone[ix(k)] = true;
      if (local_of_[ix(net_.links[ix(k)].to)] >= 0)
        seen.push_back({net_.links[ix(k)].from, 1, 1 - net_.links[ix(k)].p});
    }
    silent.links.clear();
    for (std::size_t k = 0; k < net_.links.size(); ++k)
      if (!gone[k])
        silent.links.push_back(net_.links[k]);
    ladder_limits limits = limits_;
    limits.widest_gap = 2; // never sampled: a sample knows no P(evidence)
    const ladder_answer a = answer_by_ladder({silent, seen, {}, {}}, limits);
    out_.operations += a.operations;
    const bool none = a.what == ladder_outcome::contradiction;
    const double shift = none ? 0 : std::ldexp(1.0, static_cast<int>(a.exponent - out_.exponent));
    const double hair = static_cast<double>(net_.links.size() + 64) * 0x1p-50;
    const double low = none ? 0 : a.evidence_low * shift / out_.evidence_high * (1 - hair);
    const double high = none ? 0 : std::min(1.0, a.evidence_high * shift / out_.evidence_low * (1 + hair));
    out_.none_acts = {rung::bounded, (low + high) / 2, low, high, 0};
  }

  void by_samples(const std::vector<std::size_t>& which) {
    const bool everything = which.size() == unknown_.size();
    const auto s =
        answer_sampled(net_, asked_.seen, nodes(which),
                       everything ? asked_.watched : std::span<const node_index>{}, limits_.sampled);
    out_.operations += s.operations;
    if (!s.answered) {
      out_.what = ladder_outcome::undecided;
      return;
    }
    for (std::size_t k = 0; k < which.size(); ++k) {
      ladder_belief& b = out_.beliefs[which[k]];
      b.by = rung::sampled;
      b.posterior = std::clamp(s.posterior[k], b.low, b.high);
      b.standard_error = std::min(s.standard_error[k], b.high - b.low);
    }
    if (everything && !asked_.watched.empty())
      out_.none_acts = {rung::sampled, s.none_acts, 0, 1, s.none_error};
  }

  void finish() {
    for (const ladder_belief& b : out_.beliefs) {
      out_.by = std::max(out_.by, b.by);
      if (b.by == rung::bounded)
        out_.gap = std::max(out_.gap, b.high - b.low);
      if (b.by == rung::sampled)
        out_.standard_error = std::max(out_.standard_error, b.standard_error);
    }
    if (out_.evidence_low < out_.evidence_high)
      out_.by = std::max(out_.by, rung::bounded);
  }

  const ladder_question& asked_;
  const network& net_;
  const ladder_limits& limits_;
  std::vector<double> absent_, present_;
  std::vector<std::vector<std::size_t>> links_into_;
  std::vector<likelihood> seen_; // as counted for tables: 2^lifted_ times too probable
  double lifted_ = 0;
  std::vector<node_index> evidence_, denied_;
  std::vector<std::size_t> unknown_, core_, aside_; // into the targets
  std::vector<node_index> local_of_;                // of the plan for all targets: -1 does not matter
  ladder_answer out_;
};

} // namespace

const char* to_string(rung r) {
  return r == rung::exact ? "exact" : r == rung::bounded ? "bounded" : "sampled";
}

ladder_answer answer_by_ladder(const ladder_question& asked, const ladder_limits& limits) {
  return climber(asked, limits).run();
}

} // namespace posterior::inference
