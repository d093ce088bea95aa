// Balance sheets of a plain network: all sets at once where their tables are small, else run by run. A leaf
// that was recorded as absent is taken out of the network: each of its links becomes a likelihood on the
// parent (1 if absent, 1-q if present), so that leaving the finding out is one more likelihood left out and
// costs no table.
#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

#include "engine/inference/all_sets.hpp"
#include "engine/inference/query.hpp"
#include "engine/inference/shapley.hpp"
#include "kb/values/elementary.hpp"

namespace posterior::inference {
namespace {

std::size_t at(node_index v) {
  return static_cast<std::size_t>(v);
}

constexpr std::size_t most_together = 4;  // targets that one table may hold beside the groups
constexpr double all_sets_cells = 0x1p20; // beyond, the sets are run one by one

double log_odds(double p) {
  return logit(std::clamp(p, 1e-15, 1 - 1e-15));
}

// What the network looks like from one node.
struct surroundings {
  std::vector<std::vector<node_index>> parents, partners;
  std::vector<bool> matters;   // bears on evidence or a target
  std::vector<bool> has_child; // that matters

  surroundings(const network& net, const std::vector<node_index>& asked) {
    parents.resize(net.leak.size());
    partners.resize(net.leak.size());
    for (const auto& l : net.links)
      parents[at(l.to)].push_back(l.from);
    for (const auto& t : net.tables)
      parents[at(t.node)].insert(parents[at(t.node)].end(), t.parents.begin(), t.parents.end());
    for (const auto& s : net.shocks) {
      partners[at(s.a)].push_back(s.b);
      partners[at(s.b)].push_back(s.a);
    }
    matters.resize(net.leak.size());
    has_child.resize(net.leak.size());
    std::vector<node_index> stack = asked;
    for (std::size_t i = 0; i < stack.size(); ++i) {
      if (matters[at(stack[i])])
        continue;
      matters[at(stack[i])] = true;
      for (node_index p : parents[at(stack[i])]) {
        has_child[at(p)] = true;
        stack.push_back(p);
      }
    }
  }
};

class parts {
public:
  explicit parts(std::size_t n)
      : up_(n) {
    std::iota(up_.begin(), up_.end(), std::size_t{0});
  }
  std::size_t of(node_index v) {
    std::size_t x = at(v);
    while (up_[x] != x)
      x = up_[x] = up_[up_[x]];
    return x;
  }
  void join(node_index a, node_index b) { up_[of(a)] = of(b); }

private:
  std::vector<std::size_t> up_;
};

// The findings of a network as likelihoods that can be put in and left out by group.
class variations {
public:
  variations(const network& net, std::span<const likelihood> seen,
             const std::vector<std::vector<std::size_t>>& groups, std::span<const node_index> targets);
  bool fits() const {
    return schedule_ && schedule_->cost <= exact_cost_limit &&
           schedule_->stored * sizeof(lanes) <= memory_limit;
  }
  // v of each set over the groups of `among`, other groups left out.
  std::vector<double> values(std::span<const group_set> sets, const std::vector<std::size_t>& among,
                             std::span<const node_index> targets);

private:
  void put_in(std::size_t group, int lane);

  std::vector<std::vector<likelihood>> said_; // by group, on local nodes
  std::optional<program> schedule_;
  weights<lanes> nothing_, w_;
  machine<lanes> tables_;
};

variations::variations(const network& net, std::span<const likelihood> seen,
                       const std::vector<std::vector<std::size_t>>& groups,
                       std::span<const node_index> targets) {
  std::vector<node_index> asked(targets.begin(), targets.end());
  std::vector<int> times(net.leak.size());
  for (const likelihood& l : seen) {
    asked.push_back(l.node);
    ++times[at(l.node)];
  }
  for (node_index t : targets)
    ++times[at(t)];
  const surroundings around(net, asked);
  std::vector<bool> is_table(net.leak.size());
  for (const auto& t : net.tables)
    is_table[at(t.node)] = true;
  const auto leaves = [&](const likelihood& l) {
    return l.present == 0 && times[at(l.node)] == 1 && !around.has_child[at(l.node)] &&
           around.partners[at(l.node)].empty() && !is_table[at(l.node)];
  };
  std::vector<node_index> spoken;
  for (const auto& members : groups) {
    said_.emplace_back();
    for (std::size_t i : members) {
      if (!leaves(seen[i])) {
        said_.back().push_back(seen[i]);
        continue;
      }
      for (const auto& l : net.links)
        if (l.to == seen[i].node)
          said_.back().push_back({l.from, 1, 1 - l.p});
    }
    for (const likelihood& l : said_.back())
      spoken.push_back(l.node);
  }
  schedule_ = compile(net, spoken, targets);
  if (!fits())
    return;
  w_ = nothing_ = base_weights<lanes>(net, *schedule_, {});
  for (auto& list : said_)
    for (likelihood& l : list)
      l.node = schedule_->local_of[at(l.node)];
}

void variations::put_in(std::size_t group, int lane) {
  for (const likelihood& l : said_[group]) {
    w_.absent[at(l.node)][lane] *= l.absent;
    w_.present[at(l.node)][lane] *= l.present;
  }
}

std::vector<double> variations::values(std::span<const group_set> sets, const std::vector<std::size_t>& among,
                                       std::span<const node_index> targets) {
  std::vector<double> out;
  out.reserve(sets.size() * targets.size());
  constexpr std::size_t width = lane_count<lanes>;
  for (std::size_t first = 0; first < sets.size(); first += width) {
    const std::size_t count = std::min(width, sets.size() - first);
    w_.absent = nothing_.absent;
    w_.present = nothing_.present;
    for (std::size_t l = 0; l < width; ++l) {
      const group_set& kept = sets[first + std::min(l, count - 1)];
      for (std::size_t g = 0; g < among.size(); ++g)
        if (kept[g])
          put_in(among[g], static_cast<int>(l));
    }
    tables_.run(*schedule_, w_);
    for (std::size_t l = 0; l < count; ++l)
      for (node_index t : targets) {
        const double p = tables_.posterior(schedule_->local_of[at(t)])[l];
        out.push_back(log_odds(p));
      }
  }
  return out;
}

// v of every set over the groups `among`, in the order of balance_sheets(); nothing where that is too wide.
std::optional<std::vector<double>> all_sets_at_once(const network& net, std::span<const likelihood> seen,
                                                    const std::vector<std::vector<std::size_t>>& groups,
                                                    const std::vector<std::size_t>& among,
                                                    std::span<const node_index> targets) {
  if (among.size() > exact_groups || targets.size() > most_together)
    return {};
  std::vector<std::vector<std::size_t>> members;
  for (std::size_t g : among)
    members.push_back(groups[g]);
  auto out = posteriors_of_all_sets(net, seen, members, targets, all_sets_cells);
  if (out)
    for (double& p : *out)
      p = log_odds(p);
  return out;
}

} // namespace

std::vector<std::vector<std::size_t>> bearing_groups(const network& net,
                                                     const std::vector<std::vector<node_index>>& nodes,
                                                     std::span<const node_index> absent,
                                                     std::span<const node_index> targets) {
  std::vector<node_index> asked(targets.begin(), targets.end());
  for (const auto& list : nodes)
    asked.insert(asked.end(), list.begin(), list.end());
  const surroundings around(net, asked);
  std::vector<bool> loose(net.leak.size());
  for (node_index v : absent)
    loose[at(v)] = !around.has_child[at(v)] && std::find(targets.begin(), targets.end(), v) == targets.end();
  parts part(net.leak.size());
  for (node_index v = 0; v < net.size(); ++v) {
    if (!around.matters[at(v)] || loose[at(v)])
      continue;
    for (node_index p : around.parents[at(v)])
      part.join(v, p);
    for (node_index p : around.partners[at(v)])
      if (around.matters[at(p)] && !loose[at(p)])
        part.join(v, p);
  }
  std::vector<std::vector<std::size_t>> out;
  for (node_index t : targets) {
    out.emplace_back();
    const auto hears = [&](node_index v) { return part.of(v) == part.of(t); };
    const auto touches = [&](node_index v) {
      const auto& up = around.parents[at(v)];
      const auto& beside = around.partners[at(v)];
      return hears(v) || (loose[at(v)] && (std::any_of(up.begin(), up.end(), hears) ||
                                           std::any_of(beside.begin(), beside.end(), hears)));
    };
    for (std::size_t g = 0; g < nodes.size(); ++g)
      if (std::any_of(nodes[g].begin(), nodes[g].end(), touches))
        out.back().push_back(g);
  }
  return out;
}

std::vector<balance> balance_sheets(const network& net, std::span<const likelihood> seen,
                                    const std::vector<std::vector<std::size_t>>& groups,
                                    std::span<const node_index> targets) {
  std::vector<std::vector<node_index>> nodes;
  std::vector<node_index> absent;
  for (const auto& members : groups) {
    nodes.emplace_back();
    for (std::size_t i : members) {
      nodes.back().push_back(seen[i].node);
      if (seen[i].present == 0)
        absent.push_back(seen[i].node);
    }
  }
  std::optional<variations> vary;
  const auto bearing = bearing_groups(net, nodes, absent, targets);
  std::map<std::vector<std::size_t>, std::vector<std::size_t>> alike; // targets that hear the same groups
  for (std::size_t t = 0; t < targets.size(); ++t)
    alike[bearing[t]].push_back(t);
  std::vector<balance> out(targets.size());
  for (const auto& [among, which] : alike) {
    std::vector<node_index> here;
    for (std::size_t t : which)
      here.push_back(targets[t]);
    const auto at_once = all_sets_at_once(net, seen, groups, among, here);
    if (!at_once && !vary)
      vary.emplace(net, seen, groups, targets);
    if (!at_once && !vary->fits())
      return {};
    const auto sheets =
        balance_sheets(among.size(), here.size(), [&, &list = among](std::span<const group_set> sets) {
          return at_once ? *at_once : vary->values(sets, list, here);
        });
    for (std::size_t k = 0; k < which.size(); ++k) {
      balance& b = out[which[k]] = sheets[k];
      std::vector<double> share(groups.size()), error(groups.size());
      for (std::size_t g = 0; g < among.size(); ++g) {
        share[among[g]] = b.share[g];
        error[among[g]] = b.error[g];
      }
      b.share = std::move(share);
      b.error = std::move(error);
    }
  }
  return out;
}

} // namespace posterior::inference
