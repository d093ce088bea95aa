// Where all free nodes are roots, the chain reaches every world by single moves: a positive finding allows
// more when a cause is added, so two worlds are joined through the world that holds the causes of both. A
// free node that others bring about may follow its parents for certain; then single moves are not enough, and
// such nodes are softened.
#include "engine/inference/gibbs_model.hpp"

#include <algorithm>

namespace posterior::inference {
namespace {

constexpr double most_soft = 0.05;
constexpr double nearly_never = 1e-4; // a chain would wait too long for what is rarer

std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

class builder {
public:
  builder(const network& net, std::span<const likelihood> seen, std::span<const node_index> targets)
      : net_(net)
      , links_(net.links) {
    m_.leak = net.leak;
    for (const auto& s : net.shocks) {
      const auto root = static_cast<node_index>(m_.leak.size());
      m_.leak.push_back(s.p);
      links_.push_back({root, s.a, 1.0});
      links_.push_back({root, s.b, 1.0});
    }
    const std::size_t n = m_.leak.size();
    m_.roles.assign(n, role::outside);
    m_.absent.assign(n, 1);
    m_.present.assign(n, 1);
    m_.from.resize(n);
    m_.to.resize(n);
    m_.softened.assign(n, false);
    m_.table_of.assign(n, -1);
    parents_.resize(n);
    for (const auto& l : links_)
      if (l.p > 0)
        parents_[ix(l.to)].push_back(l.from);
    for (std::size_t t = 0; t < net.tables.size(); ++t) {
      m_.table_of[ix(net.tables[t].node)] = static_cast<node_index>(t);
      for (node_index v : net.tables[t].parents)
        parents_[ix(net.tables[t].node)].push_back(v);
    }
    for (const likelihood& l : seen) {
      m_.absent[ix(l.node)] *= l.absent;
      m_.present[ix(l.node)] *= l.present;
      evidence_.push_back(l.node);
    }
    targets_.assign(targets.begin(), targets.end());
  }

  gibbs_model build() {
    const std::vector<bool> core = above(evidence_), all = above(targets_);
    sort_nodes(core, all);
    if (m_.looped)
      return std::move(m_);
    give_roles(core);
    m_.not_leak.resize(m_.size());
    for (std::size_t v = 0; v < m_.size(); ++v)
      m_.not_leak[v] = 1 - m_.leak[v];
    for (const auto& l : links_)
      if (l.p > 0 && m_.roles[ix(l.from)] != role::outside && m_.roles[ix(l.to)] != role::outside)
        add(l);
    for (const auto& t : net_.tables)
      if (m_.roles[ix(t.node)] != role::outside)
        for (node_index v : t.parents)
          if (m_.roles[ix(v)] == role::free && m_.roles[ix(t.node)] != role::barren)
            m_.to[ix(v)].push_back({t.node, 0, 1});
    soften();
    add_blocks();
    for (node_index v : m_.order) {
      if (can_move(v))
        m_.movers.push_back(v);
      const auto links = static_cast<double>(4 * m_.to[ix(v)].size() + 2 * m_.from[ix(v)].size() + 1);
      if (m_.roles[ix(v)] == role::barren)
        m_.operations_below += links;
      else if (m_.roles[ix(v)] != role::absent)
        m_.operations += links;
    }
    return std::move(m_);
  }

private:
  std::vector<bool> above(const std::vector<node_index>& first) const {
    std::vector<bool> out(m_.size());
    std::vector<node_index> work;
    const auto take = [&](node_index v) {
      if (!out[ix(v)]) {
        out[ix(v)] = true;
        work.push_back(v);
      }
    };
    for (node_index v : first)
      take(v);
    while (!work.empty()) {
      const node_index v = work.back();
      work.pop_back();
      for (node_index p : parents_[ix(v)])
        take(p);
    }
    return out;
  }

  void sort_nodes(const std::vector<bool>& core, const std::vector<bool>& all) {
    std::vector<std::vector<node_index>> children(m_.size());
    std::vector<int> waiting(m_.size());
    std::size_t count = 0;
    for (std::size_t v = 0; v < m_.size(); ++v) {
      if (!core[v] && !all[v])
        continue;
      ++count;
      for (node_index p : parents_[v])
        children[ix(p)].push_back(static_cast<node_index>(v));
      waiting[v] = static_cast<int>(parents_[v].size());
      if (waiting[v] == 0)
        m_.order.push_back(static_cast<node_index>(v));
    }
    for (std::size_t i = 0; i < m_.order.size(); ++i)
      for (node_index c : children[ix(m_.order[i])])
        if (--waiting[ix(c)] == 0)
          m_.order.push_back(c);
    m_.looped = m_.order.size() != count;
  }

  void give_roles(const std::vector<bool>& core) {
    std::vector<bool> acts(m_.size());
    for (std::size_t v = 0; v < m_.size(); ++v)
      for (node_index p : parents_[v])
        acts[ix(p)] = acts[ix(p)] || core[v];
    for (node_index v : m_.order)
      m_.roles[ix(v)] = m_.present[ix(v)] == 0  ? role::absent
                        : m_.absent[ix(v)] == 0 ? role::present
                        : !core[ix(v)]          ? role::barren
                        : acts[ix(v)]           ? role::free
                                                : role::summed;
  }

  void add(const network::link& l) {
    const std::size_t from = ix(l.from), to = ix(l.to);
    const double not_q = 1 - l.p;
    if (m_.roles[from] == role::absent)
      return;
    if (m_.roles[from] == role::present) {
      m_.leak[to] += m_.not_leak[to] * l.p;
      m_.not_leak[to] *= not_q;
      return;
    }
    m_.from[to].push_back({l.from, l.p, not_q});
    if (m_.roles[from] != role::free)
      return;
    if (m_.roles[to] == role::absent)
      m_.present[from] *= not_q;
    else if (m_.roles[to] != role::barren)
      m_.to[from].push_back({l.to, l.p, not_q});
  }

  bool follows_for_certain(node_index v) const {
    const std::size_t u = ix(v);
    if (m_.table_of[u] >= 0) {
      const auto& p = net_.tables[ix(m_.table_of[u])].present;
      return std::any_of(p.begin(), p.end(),
                         [](double x) { return x < nearly_never || x > 1 - nearly_never; });
    }
    const bool brought_about = !m_.from[u].empty();
    return brought_about && m_.roles[u] == role::free &&
           (m_.leak[u] < nearly_never || m_.not_leak[u] < nearly_never ||
            std::any_of(m_.from[u].begin(), m_.from[u].end(),
                        [](const auto& a) { return a.not_q < nearly_never; }));
  }

  void soften() {
    int count = 0;
    for (node_index v : m_.order) {
      const role r = m_.roles[ix(v)];
      const bool answers = r == role::free || (m_.table_of[ix(v)] >= 0 && r != role::barren);
      m_.softened[ix(v)] = answers && follows_for_certain(v);
      count += m_.softened[ix(v)];
    }
    m_.softness = count > 0 ? std::min(most_soft, 0.5 / count) : 0;
  }

  bool can_move(node_index v) const {
    const std::size_t u = ix(v);
    const bool root = m_.from[u].empty() && m_.table_of[u] < 0;
    return m_.roles[u] == role::free && m_.present[u] > 0 && m_.absent[u] > 0 &&
           !(root && (m_.leak[u] <= 0 || m_.not_leak[u] <= 0));
  }

  // A hidden common cause with its ends, and every free node with each of its causes.
  void add_blocks() {
    for (std::size_t s = 0; s < net_.shocks.size(); ++s) {
      std::vector<node_index> block{static_cast<node_index>(net_.leak.size() + s)};
      for (node_index end : {net_.shocks[s].a, net_.shocks[s].b})
        block.push_back(end);
      std::erase_if(block, [&](node_index v) { return !can_move(v); });
      if (block.size() > 1)
        m_.blocks.push_back(std::move(block));
    }
    for (node_index v : m_.order)
      for (const auto& a : m_.from[ix(v)])
        if (can_move(v) && can_move(a.node))
          m_.blocks.push_back({a.node, v});
  }

  const network& net_;
  std::vector<network::link> links_;
  std::vector<std::vector<node_index>> parents_;
  std::vector<node_index> evidence_, targets_;
  gibbs_model m_;
};

} // namespace

gibbs_model make_gibbs_model(const network& net, std::span<const likelihood> seen,
                             std::span<const node_index> targets) {
  return builder(net, seen, targets).build();
}

} // namespace posterior::inference
