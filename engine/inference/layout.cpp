#include "engine/inference/layout.hpp"

#include <algorithm>

namespace posterior::inference {
namespace {

std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

// Counts become the places where each node's entries begin.
void accumulate(std::vector<node_index>& counts) {
  node_index total = 0;
  for (node_index& c : counts) {
    const node_index own = c;
    c = total;
    total += own;
  }
}

} // namespace

layout::layout(const network& net)
    : net_(&net)
    , arcs_(net.links.size())
    , shocks_(2 * net.shocks.size())
    , into_(net.leak.size() + 1)
    , shocks_at_(net.leak.size() + 1)
    , table_of_(net.leak.size(), -1) {
  for (const auto& l : net.links)
    ++into_[ix(l.to)];
  for (const auto& s : net.shocks)
    for (node_index end : {s.a, s.b})
      ++shocks_at_[ix(end)];
  accumulate(into_);
  accumulate(shocks_at_);
  std::vector<node_index> next = into_;
  for (std::size_t k = 0; k < net.links.size(); ++k)
    arcs_[ix(next[ix(net.links[k].to)]++)] = {net.links[k].from, static_cast<node_index>(k)};
  next = shocks_at_;
  for (std::size_t k = 0; k < net.shocks.size(); ++k)
    for (node_index end : {net.shocks[k].a, net.shocks[k].b})
      shocks_[ix(next[ix(end)]++)] = static_cast<node_index>(k);
  for (std::size_t v = 0; v < net.leak.size(); ++v)
    std::stable_sort(arcs_.begin() + into_[v], arcs_.begin() + into_[v + 1],
                     [](const arc& a, const arc& b) { return a.from < b.from; });
  for (std::size_t t = 0; t < net.tables.size(); ++t)
    table_of_[ix(net.tables[t].node)] = static_cast<node_index>(t);
  sort_topologically();
}

void layout::sort_topologically() {
  const std::size_t n = net_->leak.size();
  std::vector<node_index> waiting(n), first_child(n + 1), children, ready;
  const auto each_edge = [&](auto f) {
    for (const auto& l : net_->links)
      f(l.from, l.to);
    for (const auto& t : net_->tables)
      for (node_index p : t.parents)
        f(p, t.node);
  };
  each_edge([&](node_index from, node_index to) {
    ++first_child[ix(from)];
    ++waiting[ix(to)];
  });
  accumulate(first_child);
  children.resize(ix(first_child[n]));
  std::vector<node_index> next = first_child;
  each_edge([&](node_index from, node_index to) { children[ix(next[ix(from)]++)] = to; });
  for (std::size_t v = 0; v < n; ++v)
    if (waiting[v] == 0)
      ready.push_back(static_cast<node_index>(v));
  rank_.assign(n, static_cast<node_index>(n));
  for (std::size_t i = 0; i < ready.size(); ++i) {
    const std::size_t v = ix(ready[i]);
    rank_[v] = static_cast<node_index>(i);
    const auto begin = children.begin() + first_child[v], end = children.begin() + first_child[v + 1];
    std::sort(begin, end);
    for (auto c = begin; c != end; ++c)
      if (--waiting[ix(*c)] == 0)
        ready.push_back(*c);
  }
  for (std::size_t v = 0; v < n; ++v)
    if (waiting[v] > 0)
      looped_.push_back(static_cast<node_index>(v));
}

} // namespace posterior::inference
