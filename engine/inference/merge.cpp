#include "engine/inference/merge.hpp"

#include <algorithm>
#include <map>

#include "engine/inference/layout.hpp"

namespace posterior::inference {
namespace {

constexpr std::size_t most_sources = 1'000'000; // of all merged nodes together

std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

// P(at least one of two independent things).
double either(double a, double b) {
  return a + (1 - a) * b;
}

// The child of every node that only passes on, else -1.
std::vector<node_index> only_children(const network& net, std::span<const likelihood> seen) {
  std::vector<node_index> child(net.leak.size(), -1);
  std::vector<int> links(net.leak.size());
  std::vector<bool> stays(net.leak.size());
  for (const likelihood& l : seen)
    stays[ix(l.node)] = true;
  for (const auto& s : net.shocks)
    stays[ix(s.a)] = stays[ix(s.b)] = true;
  for (const auto& t : net.tables) {
    stays[ix(t.node)] = true;
    for (node_index p : t.parents)
      stays[ix(p)] = true;
  }
  for (const auto& l : net.links) {
    ++links[ix(l.from)];
    child[ix(l.from)] = l.p == 1 ? l.to : -1;
  }
  for (std::size_t v = 0; v < child.size(); ++v)
    if (stays[v] || links[v] != 1)
      child[v] = -1;
  return child;
}

class merger {
public:
  merger(const network& net, std::span<const likelihood> seen)
      : map_(net)
      , out_{{}, only_children(net, seen), {}, {}} {
    out_.sources.resize(net.leak.size());
    out_.begins_with.assign(net.leak.size(), -1);
  }

  merged_network run() && {
    const network& net = map_.net();
    if (!map_.looped().empty()) { // nothing can be said about it anyway
      std::fill(out_.into.begin(), out_.into.end(), -1);
      out_.net = net;
      return std::move(out_);
    }
    std::vector<node_index> order(net.leak.size());
    for (node_index v = 0; v < net.size(); ++v)
      order[ix(map_.rank(v))] = v;
    for (node_index v : order)
      if (out_.into[ix(v)] >= 0)
        collect(v);
    // Children last to first, so that a chain ends in the node that stands for itself.
    std::reverse(order.begin(), order.end());
    for (node_index v : order)
      if (node_index& into = out_.into[ix(v)]; into >= 0 && out_.into[ix(into)] >= 0)
        into = out_.into[ix(into)];
    rebuild();
    return std::move(out_);
  }

private:
  // The sources of a merged node; parents come before, so theirs are known.
  void collect(node_index v) {
    std::vector<node_index> merged;
    std::vector<merged_network::source> own;
    for (const layout::arc& a : map_.into(v)) {
      if (out_.into[ix(a.from)] >= 0)
        merged.push_back(a.from);
      else
        own.push_back({a.from, map_.net().links[ix(a.link)].p});
    }
    std::size_t count = own.size() + 1;
    for (node_index m : merged)
      count += out_.sources[ix(m)].size();
    if ((collected_ += count) > most_sources) {
      out_.into[ix(v)] = -1;
      return;
    }
    std::stable_sort(merged.begin(), merged.end(), [&](node_index a, node_index b) {
      return out_.sources[ix(a)].size() > out_.sources[ix(b)].size();
    });
    auto& list = out_.sources[ix(v)];
    for (node_index m : merged)
      list.insert(list.end(), out_.sources[ix(m)].begin(), out_.sources[ix(m)].end());
    if (!merged.empty())
      out_.begins_with[ix(v)] = merged.front();
    list.insert(list.end(), own.begin(), own.end());
    if (map_.net().leak[ix(v)] > 0)
      list.push_back({-1, map_.net().leak[ix(v)]});
  }

  node_index place(node_index v) const { return out_.into[ix(v)] >= 0 ? out_.into[ix(v)] : v; }

  void rebuild() {
    const network& net = map_.net();
    out_.net.leak = net.leak;
    out_.net.shocks = net.shocks;
    out_.net.tables = net.tables;
    for (node_index v = 0; v < net.size(); ++v)
      if (const node_index t = out_.into[ix(v)]; t >= 0) {
        out_.net.leak[ix(t)] = either(out_.net.leak[ix(t)], net.leak[ix(v)]);
        out_.net.leak[ix(v)] = 0;
      }
    std::map<std::pair<node_index, node_index>, double> together;
    for (const auto& l : net.links)
      if (out_.into[ix(l.from)] < 0) {
        double& p = together[{place(l.to), l.from}];
        p = either(p, l.p);
      }
    for (const auto& [ends, p] : together)
      out_.net.links.push_back({ends.second, ends.first, p});
  }

  layout map_;
  merged_network out_;
  std::size_t collected_ = 0;
};

} // namespace

merged_network merge_certain(const network& net, std::span<const likelihood> seen) {
  return merger(net, seen).run();
}

} // namespace posterior::inference
