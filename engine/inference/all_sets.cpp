#include "engine/inference/all_sets.hpp"

#include <algorithm>

#include "engine/inference/max_tables.hpp"

namespace posterior::inference {
namespace {

constexpr std::size_t most_scope = 20;
constexpr double vanishing = 1e-280; // below this the tables would need a scale of their own

std::size_t at(node_index v) {
  return static_cast<std::size_t>(v);
}

class set_tables {
public:
  set_tables(const network& net, std::span<const likelihood> seen,
             const std::vector<std::vector<std::size_t>>& groups, std::span<const node_index> targets);

  bool fits() const { return fits_; }
  std::optional<std::vector<double>> posteriors(double most_cells) const;

private:
  struct parent {
    node_index node;
    double p;
  };
  struct word { // what one group says of a node
    int group;
    double absent, present;
  };
  void find_relevant(const std::vector<node_index>& asked);
  void number_variables();
  std::vector<max_factor> factors() const;
  max_factor of_node(node_index v) const;
  double cell(node_index v, const std::vector<bool>& state) const;
  std::vector<double> read(const max_factor& all) const;

  const network& net_;
  std::span<const node_index> targets_;
  std::size_t groups_;
  std::vector<std::vector<parent>> parents_;
  std::vector<std::vector<word>> said_;
  std::vector<bool> matters_, has_child_, is_target_;
  std::vector<int> variable_; // of each node; -1: it does not matter, or is a leaf that is summed at once
  int variables_ = 0;         // nodes; groups come after them
  bool fits_ = true;
};

set_tables::set_tables(const network& net, std::span<const likelihood> seen,
                       const std::vector<std::vector<std::size_t>>& groups,
                       std::span<const node_index> targets)
    : net_(net)
    , targets_(targets)
    , groups_(groups.size())
    , parents_(net.leak.size())
    , said_(net.leak.size())
    , matters_(net.leak.size())
    , has_child_(net.leak.size())
    , is_target_(net.leak.size())
    , variable_(net.leak.size(), -1) {
  std::vector<node_index> asked(targets.begin(), targets.end());
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (std::size_t i : groups[g]) {
      said_[at(seen[i].node)].push_back({static_cast<int>(g), seen[i].absent, seen[i].present});
      asked.push_back(seen[i].node);
    }
  for (const auto& l : net.links)
    parents_[at(l.to)].push_back({l.from, l.p});
  for (node_index t : targets)
    is_target_[at(t)] = true;
  find_relevant(asked);
  number_variables();
}

void set_tables::find_relevant(const std::vector<node_index>& asked) {
  std::vector<node_index> stack = asked;
  for (std::size_t i = 0; i < stack.size(); ++i) {
    if (matters_[at(stack[i])])
      continue;
    matters_[at(stack[i])] = true;
    for (const parent& p : parents_[at(stack[i])]) {
      has_child_[at(p.node)] = true;
      stack.push_back(p.node);
    }
  }
  for (const auto& s : net_.shocks)
    fits_ = fits_ && !matters_[at(s.a)] && !matters_[at(s.b)];
  for (const auto& t : net_.tables)
    fits_ = fits_ && !matters_[at(t.node)];
}

void set_tables::number_variables() {
  for (std::size_t v = 0; v < variable_.size(); ++v)
    if (matters_[v] && (has_child_[v] || is_target_[v]))
      variable_[v] = variables_++;
}

// P(the node's state and what was said of it | parents); a leaf's states are summed. `state` is by variable.
double set_tables::cell(node_index v, const std::vector<bool>& state) const {
  double off = 1 - net_.leak[at(v)], on = net_.leak[at(v)];
  for (const parent& p : parents_[at(v)])
    if (state[static_cast<std::size_t>(variable_[at(p.node)])]) {
      on += off * p.p;
      off *= 1 - p.p;
    }
  for (const word& w : said_[at(v)])
    if (state[static_cast<std::size_t>(variables_ + w.group)]) {
      off *= w.absent;
      on *= w.present;
    }
  if (variable_[at(v)] < 0)
    return off + on;
  return state[static_cast<std::size_t>(variable_[at(v)])] ? on : off;
}

max_factor set_tables::of_node(node_index v) const {
  max_factor f;
  if (variable_[at(v)] >= 0)
    f.scope.push_back(variable_[at(v)]);
  for (const parent& p : parents_[at(v)])
    f.scope.push_back(variable_[at(p.node)]);
  for (const word& w : said_[at(v)])
    f.scope.push_back(variables_ + w.group);
  std::sort(f.scope.begin(), f.scope.end());
  f.scope.erase(std::unique(f.scope.begin(), f.scope.end()), f.scope.end());
  if (f.scope.size() > most_scope)
    return f;
  std::vector<bool> state(static_cast<std::size_t>(variables_) + groups_);
  for (std::size_t c = 0; c < std::size_t{1} << f.scope.size(); ++c) {
    for (std::size_t k = 0; k < f.scope.size(); ++k)
      state[static_cast<std::size_t>(f.scope[k])] = c >> k & 1;
    f.cell.push_back(cell(v, state));
  }
  return f;
}

std::vector<max_factor> set_tables::factors() const {
  std::vector<max_factor> out;
  for (node_index v = 0; v < net_.size(); ++v)
    if (matters_[at(v)])
      out.push_back(of_node(v));
  return out;
}

// `all` holds the targets and every group: a bit each, targets lowest.
std::vector<double> set_tables::read(const max_factor& all) const {
  const std::size_t t = targets_.size(), below = std::size_t{1} << t;
  std::vector<std::size_t> bit;
  for (node_index v : targets_)
    bit.push_back(static_cast<std::size_t>(
        std::lower_bound(all.scope.begin(), all.scope.end(), variable_[at(v)]) - all.scope.begin()));
  std::vector<double> out;
  for (std::size_t set = 0; set < std::size_t{1} << groups_; ++set) {
    std::vector<double> on(t);
    double total = 0;
    for (std::size_t c = 0; c < below; ++c) {
      const double p = all.cell[set << t | c];
      total += p;
      for (std::size_t k = 0; k < t; ++k)
        on[k] += c >> bit[k] & 1 ? p : 0;
    }
    if (!(total > vanishing))
      return {};
    for (double x : on)
      out.push_back(x / total);
  }
  return out;
}

std::optional<std::vector<double>> set_tables::posteriors(double most_cells) const {
  if (targets_.size() + groups_ > most_scope)
    return {};
  auto parts = factors();
  if (std::any_of(parts.begin(), parts.end(), [](const max_factor& f) { return f.cell.empty(); }))
    return {};
  std::vector<bool> kept(static_cast<std::size_t>(variables_) + groups_);
  max_factor ends; // names the targets and all groups, so that none is missing in the end
  for (node_index v : targets_)
    ends.scope.push_back(variable_[at(v)]);
  for (std::size_t g = 0; g < groups_; ++g)
    ends.scope.push_back(variables_ + static_cast<int>(g));
  for (int v : ends.scope)
    kept[static_cast<std::size_t>(v)] = true;
  std::sort(ends.scope.begin(), ends.scope.end());
  ends.cell.assign(std::size_t{1} << ends.scope.size(), 1.0);
  double cost = 0;
  const auto order = max_order(static_cast<int>(kept.size()), parts, most_cells, cost, kept);
  if (!order)
    return {};
  auto out = read(sum_out(*order, std::move(parts), ends));
  if (out.empty())
    return {};
  return out;
}

} // namespace

std::optional<std::vector<double>> posteriors_of_all_sets(const network& net,
                                                          std::span<const likelihood> seen,
                                                          const std::vector<std::vector<std::size_t>>& groups,
                                                          std::span<const node_index> targets,
                                                          double most_cells) {
  const set_tables tables(net, seen, groups, targets);
  if (!tables.fits())
    return {};
  return tables.posteriors(most_cells);
}

} // namespace posterior::inference
