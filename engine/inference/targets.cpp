#include "engine/inference/targets.hpp"

#include <set>

namespace posterior::inference {

std::vector<node_index> target_nodes(const kb::snapshot& knowledge, const grounding& g) {
  std::set<std::string_view> named;
  for (const kb::state& s : knowledge.all.states)
    if (s.kind == kb::state_kind::cause || s.kind == kb::state_kind::other)
      named.insert(s.id);
  for (const auto& i : knowledge.all.indications)
    named.insert(i.cause);
  for (const auto& p : knowledge.all.precautions)
    named.insert(p.cause);
  for (const auto& t : knowledge.all.tensions)
    named.insert(t.about.begin(), t.about.end());
  std::vector<node_index> out;
  for (std::string_view id : named)
    for (side s : {side::none, side::left, side::right})
      if (const node_index v = g.find(id, s); v >= 0)
        out.push_back(v);
  return out;
}

std::vector<theory_nodes> theories_of(const kb::snapshot& knowledge, const grounding& g) {
  std::vector<theory_nodes> out;
  for (const kb::theory& t : knowledge.all.theories) {
    theory_nodes n{&t, {}};
    for (const std::string& c : t.causes)
      for (side s : {side::none, side::left, side::right})
        if (const node_index v = g.find(c, s); v >= 0)
          n.causes.push_back(v);
    if (!n.causes.empty())
      out.push_back(std::move(n));
  }
  return out;
}

} // namespace posterior::inference
