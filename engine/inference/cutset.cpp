// Choosing the cut. A positive finding ties its causes together, so the node to cut next is the one with most
// links into effects that still have other open causes, weighed by how undecided it is: a rare cause is cheap
// to condition on, because nearly all of the mass lies on one side.
//
// One link of a cut node may stay where it costs no table: a root with a single link is folded into its
// effect. So an undecided cut node still answers for the one finding where that tightens the bound most.
#include "engine/inference/cutset.hpp"

#include <algorithm>

namespace posterior::inference {
namespace {

std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

struct said {
  double absent = 1, present = 1;
};

class cutter {
public:
  cutter(const network& net, std::span<const likelihood> seen, std::span<const node_index> targets,
         const cut_limits& limits)
      : net_(net)
      , targets_(targets.begin(), targets.end())
      , limits_(limits)
      , said_(net.leak.size())
      , barred_(net.leak.size())
      , target_(net.leak.size())
      , struck_(net.leak.size())
      , tabled_(net.leak.size())
      , cut_(net.leak.size()) {
    for (const likelihood& l : seen) {
      evidence_.push_back(l.node);
      said_[ix(l.node)].absent *= l.absent;
      said_[ix(l.node)].present *= l.present;
    }
    for (const likelihood& l : seen)
      if (said_[ix(l.node)].present == 0)
        absent_.push_back(l.node);
    for (const auto& t : net.tables) {
      tabled_[ix(t.node)] = true;
      for (node_index v : t.parents)
        barred_[ix(v)] = true;
    }
    for (node_index v : targets)
      target_[ix(v)] = true;
    for (const auto& s : net.shocks)
      struck_[ix(s.a)] = struck_[ix(s.b)] = true;
  }

  std::optional<cut_network> run() {
    const auto whole = compile(net_, evidence_, targets_, absent_, 1);
    if (!whole)
      return std::nullopt;
    look(*whole);
    for (node_index v : whole->nodes)
      if (is_known(v) && !barred_[ix(v)])
        cut_[ix(v)] = true;
    for (;;) {
      cut_network c = without_cut_links();
      auto plan = compile(c.net, with_cut(c), targets_, absent_, 2);
      if (plan && plan->width <= limits_.width && plan->cost <= limits_.cost) {
        c.plan = std::move(*plan);
        return c;
      }
      const int over = plan ? plan->width - limits_.width : 1;
      for (int k = 0; k < std::max(1, over / 2); ++k)
        if (!cut_one())
          return std::nullopt;
    }
  }

private:
  bool is_known(node_index v) const { return said_[ix(v)].absent == 0 || said_[ix(v)].present == 0; }

  void look(const program& whole) {
    relevant_.assign(net_.leak.size(), false);
    denied_.assign(net_.leak.size(), false);
    acts_.assign(net_.leak.size(), false);
    for (node_index v : whole.nodes)
      relevant_[ix(v)] = true;
    for (node_index v : whole.denied)
      denied_[ix(whole.nodes[ix(v)])] = true;
    for (const auto& l : net_.links)
      if (relevant_[ix(l.from)] && relevant_[ix(l.to)])
        acts_[ix(l.from)] = true;
    for (const auto& t : net_.tables)
      for (node_index v : t.parents)
        acts_[ix(v)] = acts_[ix(v)] || relevant_[ix(t.node)];
  }

  // Links that tie tables together.
  bool binds(const network::link& l) const {
    return relevant_[ix(l.from)] && relevant_[ix(l.to)] && !denied_[ix(l.to)];
  }

  bool cut_one() {
    if (chosen_.size() == most_cut_nodes)
      return false;
    std::vector<int> open_parents(net_.leak.size());
    for (const auto& l : net_.links)
      if (binds(l) && !cut_[ix(l.from)])
        ++open_parents[ix(l.to)];
    std::vector<double> score(net_.leak.size());
    for (const auto& l : net_.links)
      if (binds(l) && !cut_[ix(l.from)] && open_parents[ix(l.to)] > 1 && !barred_[ix(l.from)])
        score[ix(l.from)] += 1;
    const auto best = std::max_element(score.begin(), score.end());
    if (!(*best > 0))
      return false;
    chosen_.push_back(static_cast<node_index>(best - score.begin()));
    cut_[ix(chosen_.back())] = true;
    return true;
  }

  std::vector<node_index> with_cut(const cut_network& c) const {
    std::vector<node_index> out = evidence_;
    out.insert(out.end(), c.cut.begin(), c.cut.end());
    return out;
  }

  trend trend_of(node_index v) const {
    const bool known = is_known(v); // more causes only make it likelier, whatever else strikes it
    if (!known && (target_[ix(v)] || acts_[ix(v)] || struck_[ix(v)] || cut_[ix(v)]))
      return trend::unclear;
    return said_[ix(v)].present >= said_[ix(v)].absent ? trend::rises : trend::falls;
  }

  // Of the links out of a root, the one into a present finding that needs it most; -1 if none may stay.
  std::ptrdiff_t link_to_keep(node_index v) const {
    std::ptrdiff_t best = -1;
    double least = 1;
    if (struck_[ix(v)] || tabled_[ix(v)])
      return -1;
    for (std::size_t k = 0; k < net_.links.size(); ++k) {
      const auto& l = net_.links[k];
      if (l.to == v && !cut_[ix(l.from)])
        return -1;
      if (l.from != v || !binds(l) || trend_of(l.to) != trend::rises)
        continue;
      double off = 1 - net_.leak[ix(l.to)];
      for (const auto& m : net_.links)
        if (m.to == l.to && m.from != v)
          off *= 1 - m.p * net_.leak[ix(m.from)];
      const double share = (1 - off) / (1 - off * (1 - l.p));
      if (share < least) {
        least = share;
        best = static_cast<std::ptrdiff_t>(k);
      }
    }
    return best;
  }

  cut_network without_cut_links() const {
    cut_network c;
    c.cut = chosen_;
    c.net = net_;
    c.net.links.clear();
    std::vector<std::ptrdiff_t> kept(net_.leak.size(), -1);
    std::vector<int> source(net_.leak.size(), -1);
    for (std::size_t k = 0; k < chosen_.size(); ++k) {
      kept[ix(chosen_[k])] = link_to_keep(chosen_[k]);
      source[ix(chosen_[k])] = static_cast<int>(k);
    }
    for (std::size_t k = 0; k < net_.links.size(); ++k) {
      const auto& l = net_.links[k];
      const bool stays = !cut_[ix(l.from)] || !binds(l) || kept[ix(l.from)] == static_cast<std::ptrdiff_t>(k);
      if (stays)
        c.net.links.push_back(l);
      else if (source[ix(l.from)] >= 0 || said_[ix(l.from)].present > 0)
        c.links.push_back({source[ix(l.from)], l.to, l.p, trend_of(l.to)});
    }
    std::stable_sort(c.links.begin(), c.links.end(),
                     [](const cut_link& a, const cut_link& b) { return a.to < b.to; });
    return c;
  }

  const network& net_;
  std::vector<node_index> targets_, evidence_, absent_, chosen_;
  const cut_limits& limits_;
  std::vector<said> said_;
  std::vector<bool> barred_, target_, struck_, tabled_, cut_, relevant_, denied_, acts_;
};

// What a cut link does to the two numbers of its effect: whether it counts as acting where that makes the
// effect present, and where that keeps it from being absent.
struct effect_of_link {
  bool raises_on, lowers_off;
};

effect_of_link acts(const cut_link& l, const decisions& d, bound_side side) {
  if (l.source < 0)
    return {true, true};
  if (d.decided >> l.source & 1) {
    const bool on = d.present >> l.source & 1;
    return {on, on};
  }
  const bool upper = side == bound_side::upper;
  if (l.how == trend::unclear)
    return {upper, !upper};
  const bool on = upper == (l.how == trend::rises);
  return {on, on};
}

} // namespace

std::optional<cut_network> cut_to(const network& net, std::span<const likelihood> seen,
                                  std::span<const node_index> targets, const cut_limits& limits) {
  return cutter(net, seen, targets, limits).run();
}

void bound_lane(const cut_network& c, weights<lanes>& w, int lane, const decisions& d, bound_side side) {
  for (std::size_t k = 0; k < c.cut.size(); ++k) {
    const std::size_t v = ix(c.plan.local_of[ix(c.cut[k])]);
    if (d.decided >> k & 1)
      (d.present >> k & 1 ? w.absent : w.present)[v][lane] = 0;
  }
  for (std::size_t k = 0; k < c.links.size();) {
    const std::size_t v = ix(c.plan.local_of[ix(c.links[k].to)]);
    double on = w.leak_on[v][lane], off = w.leak_off[v][lane], not_yet = off;
    for (const node_index to = c.links[k].to; k < c.links.size() && c.links[k].to == to; ++k) {
      const double q = c.links[k].p, not_q = 1 - q;
      const auto [raises_on, lowers_off] = acts(c.links[k], d, side);
      if (raises_on) {
        on += not_yet * q;
        not_yet *= not_q;
      }
      if (lowers_off)
        off *= not_q;
    }
    w.leak_on[v][lane] = on;
    w.leak_off[v][lane] = off;
  }
}

} // namespace posterior::inference
