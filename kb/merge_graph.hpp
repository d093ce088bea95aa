// Loops among what statements put one before the other: links between states, orders between exercises. They
// are looked for tier by tier, so that a clinic's bundle can never switch off a bundled one by closing a loop
// with it; within a tier nobody can say which statement is the wrong one, so all of its bundles in the loop
// are refused. Private to kb; pure.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kb/merge_parts.hpp"

namespace posterior::kb {

template <typename T>
struct arc {
  const T* statement;
  bundle* by;
};

// node -> node -> who says so. The names of nodes outlive the graph.
template <typename T>
using graph = std::map<std::string_view, std::map<std::string_view, std::vector<arc<T>>>>;

// A shortest way from `start` back to itself, as nodes; empty if there is none.
template <typename T>
std::vector<std::string_view> way_back(const graph<T>& g, std::string_view start) {
  std::map<std::string_view, std::string_view> before;
  std::vector<std::string_view> queue{start};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const auto at = g.find(queue[i]);
    if (at == g.end())
      continue;
    for (const auto& [next, unused] : at->second) {
      if (next == start) {
        std::vector<std::string_view> out{start};
        for (auto s = queue[i]; s != start; s = before[s])
          out.push_back(s);
        out.push_back(start);
        std::reverse(out.begin(), out.end());
        return out;
      }
      if (before.emplace(next, queue[i]).second)
        queue.push_back(next);
    }
  }
  return {};
}

// The nodes that remain when those that nothing leads to are taken away until there are none: every loop is
// among them, and nothing remains where there is no loop.
template <typename T>
std::set<std::string_view> near_loops(const graph<T>& g) {
  std::map<std::string_view, std::size_t> led_to_by;
  for (const auto& [from, to] : g) {
    led_to_by.try_emplace(from);
    for (const auto& [next, unused] : to)
      ++led_to_by[next];
  }
  std::vector<std::string_view> free;
  for (const auto& [node, count] : led_to_by)
    if (count == 0)
      free.push_back(node);
  for (std::size_t i = 0; i < free.size(); ++i)
    if (const auto at = g.find(free[i]); at != g.end())
      for (const auto& [next, unused] : at->second)
        if (--led_to_by[next] == 0)
          free.push_back(next);
  std::set<std::string_view> out;
  for (const auto& [node, count] : led_to_by)
    if (count > 0)
      out.insert(node);
  return out;
}

// The statements along a loop: two ways round by the same statements are one loop.
template <typename T>
std::set<const T*> along(const graph<T>& g, const std::vector<std::string_view>& loop) {
  std::set<const T*> out;
  for (std::size_t i = 0; i + 1 < loop.size(); ++i)
    for (const arc<T>& a : g.at(loop[i]).at(loop[i + 1]))
      out.insert(a.statement);
  return out;
}

// "a, b" of everything that `names_of(statement)` gives for the arcs of the loop, each once and sorted.
template <typename T, typename Names>
std::string joined_along(const graph<T>& g, const std::vector<std::string_view>& loop, Names names_of) {
  std::set<std::string> names;
  for (const T* statement : along(g, loop))
    for (const std::string& name : names_of(*statement))
      names.insert(name);
  std::string out;
  for (const std::string& name : names)
    out += (out.empty() ? "" : ", ") + name;
  return out;
}

// Refuses the bundles of `level` that have a statement in the loop; false if there are none.
template <typename T, typename Refuse>
bool refuse_those_in(const graph<T>& g, const std::vector<std::string_view>& loop, int level,
                     Refuse refuse_one) {
  std::map<bundle*, const T*> guilty;
  for (std::size_t i = 0; i + 1 < loop.size(); ++i) {
    const auto& said = g.at(loop[i]).at(loop[i + 1]);
    const bool said_below =
        std::any_of(said.begin(), said.end(), [&](const arc<T>& a) { return tier(*a.by) < level; });
    if (!said_below)
      for (const arc<T>& a : said)
        guilty.emplace(a.by, a.statement);
  }
  for (const auto& [b, statement] : guilty)
    refuse_one(*b, *statement);
  return !guilty.empty();
}

// `graph_up_to(level)` makes the graph of what the sound bundles of the tiers up to `level` say;
// `name(g, loop)` says a loop in words; `refuse_one(bundle, statement, words)` refuses. Returns the core's.
template <typename T, typename Graph, typename Name, typename Refuse>
std::vector<std::string> refuse_all_loops(Graph graph_up_to, Name name, Refuse refuse_one) {
  std::vector<std::string> of_core;
  for (int level = 0; level <= 3; ++level) {
    for (bool again = true; again;) {
      again = false;
      const graph<T> g = graph_up_to(level);
      // All loops of this round are found before anybody is refused, so that the order of nodes is not seen.
      std::vector<std::vector<std::string_view>> loops;
      std::set<std::set<const T*>> seen;
      for (const std::string_view start : near_loops(g))
        if (auto loop = way_back(g, start); !loop.empty() && seen.insert(along(g, loop)).second)
          loops.push_back(std::move(loop));
      for (const auto& loop : loops) {
        const std::string words = name(g, loop);
        if (level == 0)
          of_core.push_back(words);
        again = refuse_those_in<T>(g, loop, level,
                                   [&](bundle& b, const T& said) { refuse_one(b, said, words); }) ||
                again;
      }
    }
  }
  return of_core;
}

} // namespace posterior::kb
