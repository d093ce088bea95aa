// After Sugiyama, Tagawa and Toda: longest-path layers, then sweeps of medians down and up.
#include "engine/report/map_layers.hpp"

#include <algorithm>
#include <utility>

namespace posterior::report {
namespace {

constexpr int sweeps = 16;

using adjacency = std::vector<std::vector<std::size_t>>;

bool reaches(const adjacency& next, std::size_t from, std::size_t to) {
  std::vector<bool> seen(next.size());
  std::vector<std::size_t> open{from};
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    if (at == to)
      return true;
    if (seen[at])
      continue;
    seen[at] = true;
    open.insert(open.end(), next[at].begin(), next[at].end());
  }
  return false;
}

// Every edge in the direction that closes no loop; the weak ones give way.
adjacency directed(std::size_t count, const std::vector<graph_edge>& edges, std::vector<bool>& reversed) {
  adjacency next(count);
  for (const bool weak : {false, true})
    for (std::size_t e = 0; e < edges.size(); ++e) {
      if (edges[e].weak != weak || edges[e].from == edges[e].to)
        continue;
      reversed[e] = reaches(next, edges[e].to, edges[e].from);
      const auto [from, to] =
          reversed[e] ? std::pair(edges[e].to, edges[e].from) : std::pair(edges[e].from, edges[e].to);
      next[from].push_back(to);
    }
  return next;
}

std::vector<std::size_t> longest_ways(const std::vector<graph_node>& nodes, const adjacency& next) {
  std::vector<std::size_t> layer(nodes.size()), waits(nodes.size()), ready;
  for (const auto& list : next)
    for (const std::size_t to : list)
      ++waits[to];
  for (std::size_t v = 0; v < nodes.size(); ++v) {
    layer[v] = nodes[v].floor;
    if (waits[v] == 0)
      ready.push_back(v);
  }
  while (!ready.empty()) {
    const std::size_t at = ready.back();
    ready.pop_back();
    for (const std::size_t to : next[at]) {
      layer[to] = std::max(layer[to], layer[at] + 1);
      if (--waits[to] == 0)
        ready.push_back(to);
    }
  }
  return layer;
}

// What may stand last does, behind everything else; then layers without a node are left out.
void settle(const std::vector<graph_node>& nodes, const adjacency& next, std::vector<std::size_t>& layer) {
  std::size_t end = 0;
  const auto stands_last = [&](std::size_t v) { return nodes[v].last && next[v].empty(); };
  for (std::size_t v = 0; v < nodes.size(); ++v)
    end = std::max(end, stands_last(v) ? layer[v] : layer[v] + 1);
  std::vector<std::size_t> used(end + 2);
  for (std::size_t v = 0; v < nodes.size(); ++v) {
    if (stands_last(v))
      layer[v] = end;
    used[layer[v]] = 1;
  }
  for (std::size_t i = 0, kept = 0; i < used.size(); ++i)
    kept += std::exchange(used[i], kept);
  for (std::size_t& l : layer)
    l = used[l];
}

class orderer {
public:
  explicit orderer(layered_graph& g)
      : g_(g)
      , before_(g.spots.size())
      , after_(g.spots.size()) {
    for (const auto& chain : g.chains)
      for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        after_[chain[i]].push_back(chain[i + 1]);
        before_[chain[i + 1]].push_back(chain[i]);
      }
  }

  void run() {
    number();
    auto best = g_.layers;
    std::size_t least = crossings(g_);
    for (int i = 0; i < sweeps && least > 0; ++i) {
      sweep(i % 2 == 0);
      exchange_neighbours();
      if (const std::size_t now = crossings(g_); now < least) {
        least = now;
        best = g_.layers;
      }
    }
    g_.layers = std::move(best);
    number();
  }

private:
  void number() {
    for (const auto& list : g_.layers)
      for (std::size_t i = 0; i < list.size(); ++i)
        g_.spots[list[i]].order = i;
  }

  // The middle of where the neighbours stand; where there are none, where the spot stands itself.
  double median(std::size_t v, const adjacency& neighbours) const {
    std::vector<std::size_t> at;
    for (const std::size_t n : neighbours[v])
      at.push_back(g_.spots[n].order);
    if (at.empty())
      return static_cast<double>(g_.spots[v].order);
    std::sort(at.begin(), at.end());
    const std::size_t half = at.size() / 2;
    return at.size() % 2 == 1 ? static_cast<double>(at[half])
                              : (static_cast<double>(at[half - 1]) + static_cast<double>(at[half])) / 2;
  }

  void sweep(bool down) {
    const adjacency& neighbours = down ? before_ : after_;
    for (std::size_t i = 1; i < g_.layers.size(); ++i) {
      auto& list = g_.layers[down ? i : g_.layers.size() - 1 - i];
      std::vector<std::pair<double, std::size_t>> keyed;
      for (const std::size_t v : list)
        keyed.emplace_back(median(v, neighbours), v);
      std::stable_sort(keyed.begin(), keyed.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
      for (std::size_t k = 0; k < list.size(); ++k) {
        list[k] = keyed[k].second;
        g_.spots[list[k]].order = k;
      }
    }
  }

  // Crossings between the edges of two neighbours, with `a` above `b`.
  std::size_t crossed(std::size_t a, std::size_t b) const {
    std::size_t sum = 0;
    for (const adjacency* side : {&before_, &after_})
      for (const std::size_t x : (*side)[a])
        for (const std::size_t y : (*side)[b])
          sum += g_.spots[x].order > g_.spots[y].order ? 1 : 0;
    return sum;
  }

  void exchange_neighbours() {
    for (int round = 0; round < 4; ++round)
      for (auto& list : g_.layers)
        for (std::size_t i = 0; i + 1 < list.size(); ++i)
          if (crossed(list[i + 1], list[i]) < crossed(list[i], list[i + 1])) {
            std::swap(list[i], list[i + 1]);
            g_.spots[list[i]].order = i;
            g_.spots[list[i + 1]].order = i + 1;
          }
  }

  layered_graph& g_;
  adjacency before_, after_;
};

} // namespace

layered_graph layers_of(const std::vector<graph_node>& nodes, const std::vector<graph_edge>& edges) {
  layered_graph out;
  out.reversed.assign(edges.size(), false);
  const adjacency next = directed(nodes.size(), edges, out.reversed);
  std::vector<std::size_t> layer = longest_ways(nodes, next);
  settle(nodes, next, layer);
  for (const std::size_t l : layer) {
    out.spots.push_back({l, 0});
    out.layer_count = std::max(out.layer_count, l + 1);
  }
  out.layers.resize(out.layer_count);
  for (std::size_t v = 0; v < nodes.size(); ++v)
    out.layers[layer[v]].push_back(v);
  out.chains.resize(edges.size());
  for (std::size_t e = 0; e < edges.size(); ++e) {
    const std::size_t low = out.reversed[e] ? edges[e].to : edges[e].from;
    const std::size_t high = out.reversed[e] ? edges[e].from : edges[e].to;
    out.chains[e].push_back(low);
    for (std::size_t l = layer[low] + 1; l < layer[high]; ++l) {
      out.chains[e].push_back(out.spots.size());
      out.layers[l].push_back(out.spots.size());
      out.spots.push_back({l, 0});
    }
    out.chains[e].push_back(high);
  }
  orderer(out).run();
  return out;
}

std::size_t crossings(const layered_graph& g) {
  std::vector<std::vector<std::pair<std::size_t, std::size_t>>> gaps(g.layer_count);
  for (const auto& chain : g.chains)
    for (std::size_t i = 0; i + 1 < chain.size(); ++i)
      gaps[g.spots[chain[i]].layer].emplace_back(g.spots[chain[i]].order, g.spots[chain[i + 1]].order);
  std::size_t sum = 0;
  for (const auto& list : gaps)
    for (std::size_t i = 0; i < list.size(); ++i)
      for (std::size_t k = i + 1; k < list.size(); ++k)
        sum += (list[i].first < list[k].first && list[i].second > list[k].second) ||
                       (list[i].first > list[k].first && list[i].second < list[k].second)
                   ? 1
                   : 0;
  return sum;
}

} // namespace posterior::report
