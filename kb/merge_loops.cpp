// Loops among uncut links. Sides do not matter: a state that brings itself about on the other side is a loop
// too.
#include "kb/merge_graph.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::kb {
namespace {

graph<link> arcs(std::vector<bundle>& bundles, int up_to) {
  graph<link> out;
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

std::string named(const graph<link>& g, const std::vector<std::string_view>& loop) {
  std::string out;
  for (std::size_t i = 0; i < loop.size(); ++i)
    out += (i ? " -> " : "") + std::string(loop[i]);
  const std::string cited = joined_along(g, loop, [](const link& l) { return l.rests_on.claims; });
  return out + (cited.empty() ? " (no claims)" : " (claims " + cited + ")");
}

void refuse_link(bundle& b, const link& l, const std::string& loop) {
  refuse(b, l.from.where, "loop",
         fault("the link \"" + l.source + "\" to \"" + l.target + "\"", "part of the loop " + loop,
               "free of loops"),
         "mark one link of the loop with cut = true and a cut_reason");
}

} // namespace

std::vector<std::string> refuse_loops(std::vector<bundle>& bundles) {
  return refuse_all_loops<link>([&](int level) { return arcs(bundles, level); }, named, refuse_link);
}

} // namespace posterior::kb
