// Loops among uncut links. Sides do not matter: a state that brings itself about on the other side is a loop
// too. The loops are looked for tier by tier, so that a clinic's bundle can never switch off a bundled one by
// closing a loop with it; within a tier nobody can say which link is the wrong one, so all of its bundles in
// the loop are refused.
#include <algorithm>
#include <map>
#include <set>

#include "kb/merge_parts.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::kb {
namespace {

struct arc {
  const link* statement;
  bundle* by;
};

// state -> state -> who says so.
using graph = std::map<std::string_view, std::map<std::string_view, std::vector<arc>>>;

graph arcs(std::vector<bundle>& bundles, int up_to) {
  graph out;
  std::set<std::string> cut;
  const auto each = [&](auto act) {
    for (bundle& b : bundles)
      if (sound(b) && tier(b) <= up_to)
        for (const link& l : b.says.links)
          act(b, l);
  };
  each([&](bundle&, const link& l) {
    if (l.cut)
      cut.insert(l.id());
  });
  each([&](bundle& b, const link& l) {
    if (cut.contains(l.id()))
      return;
    out[l.source][l.target].push_back({&l, &b});
    for (const auto* gates : {&l.only_with, &l.unless})
      for (const std::string& gate : *gates)
        out[gate][l.target].push_back({&l, &b});
  });
  return out;
}

// A shortest way from `start` back to itself, as states; empty if there is none.
std::vector<std::string_view> way_back(const graph& g, std::string_view start) {
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

std::string named(const graph& g, const std::vector<std::string_view>& loop) {
  std::string out;
  std::set<std::string> claims;
  for (std::size_t i = 0; i < loop.size(); ++i) {
    out += (i ? " -> " : "") + std::string(loop[i]);
    if (i + 1 < loop.size())
      for (const arc& a : g.at(loop[i]).at(loop[i + 1]))
        claims.insert(a.statement->rests_on.claims.begin(), a.statement->rests_on.claims.end());
  }
  std::string cited;
  for (const std::string& c : claims)
    cited += (cited.empty() ? "" : ", ") + c;
  return out + (cited.empty() ? " (no claims)" : " (claims " + cited + ")");
}

// Refuses the bundles of `level` that have a link in the loop; false if there are none.
bool refuse_those_in(const graph& g, const std::vector<std::string_view>& loop, int level) {
  std::map<bundle*, const link*> guilty;
  for (std::size_t i = 0; i + 1 < loop.size(); ++i) {
    const auto& said = g.at(loop[i]).at(loop[i + 1]);
    const bool said_below =
        std::any_of(said.begin(), said.end(), [&](const arc& a) { return tier(*a.by) < level; });
    if (!said_below)
      for (const arc& a : said)
        guilty.emplace(a.by, a.statement);
  }
  for (const auto& [b, l] : guilty)
    refuse(*b, l->from.where, "loop",
           fault("the link \"" + l->source + "\" to \"" + l->target + "\"",
                 "part of the loop " + named(g, loop), "free of loops"),
           "mark one link of the loop with cut = true and a cut_reason");
  return !guilty.empty();
}

} // namespace

std::vector<std::string> refuse_loops(std::vector<bundle>& bundles) {
  std::vector<std::string> of_core;
  for (int level = 0; level <= 3; ++level) {
    for (bool again = true; again;) {
      again = false;
      const graph g = arcs(bundles, level);
      // All loops of this round are found before anybody is refused, so that the order of states is not seen.
      std::vector<std::vector<std::string_view>> loops;
      std::set<std::set<std::string_view>> seen;
      for (const auto& [start, unused] : g)
        if (auto loop = way_back(g, start); !loop.empty() && seen.insert({loop.begin(), loop.end()}).second)
          loops.push_back(std::move(loop));
      for (const auto& loop : loops) {
        if (level == 0)
          of_core.push_back(named(g, loop));
        again = refuse_those_in(g, loop, level) || again;
      }
    }
  }
  return of_core;
}

} // namespace posterior::kb
