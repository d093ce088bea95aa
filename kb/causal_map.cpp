#include "kb/causal_map.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <tuple>

namespace posterior::kb {
namespace {

std::set<std::string_view> doubted_states(const snapshot& s) {
  std::set<std::string_view> out;
  for (const theory& t : s.all.theories)
    out.insert(t.causes.begin(), t.causes.end());
  return out;
}

bool disputed(const snapshot& s, const link& l) {
  return l.rests_on.contested || s.find_tension("tension." + l.id()) != nullptr;
}

bool said_by(const snapshot& s, const link& l, const std::string& plugin) {
  const auto apart = s.contributions_to(l.id());
  return l.from.plugin == plugin || std::any_of(apart.begin(), apart.end(), [&](const contribution& c) {
           return c.from.plugin == plugin;
         });
}

// How many links each state is away from `start`. `next` gives the states one step on.
template <typename Next>
std::map<std::string_view, std::size_t> distances(std::string_view start, Next next) {
  std::map<std::string_view, std::size_t> out{{start, 0}};
  std::deque<std::string_view> open{start};
  while (!open.empty()) {
    const std::string_view at = open.front();
    open.pop_front();
    for (const std::string_view other : next(at))
      if (out.emplace(other, out.at(at) + 1).second)
        open.push_back(other);
  }
  return out;
}

std::vector<std::string_view> after(const snapshot& s, std::string_view id) {
  std::vector<std::string_view> out;
  for (const link* l : s.links_from(id))
    if (!l->cut)
      out.push_back(l->target);
  return out;
}

std::vector<std::string_view> before(const snapshot& s, std::string_view id) {
  std::vector<std::string_view> out;
  for (const link* l : s.links_to(id))
    if (!l->cut)
      out.push_back(l->source);
  return out;
}

// States from which there is a way to `id`, and states to which there is one from it. A cut link is no way,
// and is drawn where both its ends are.
std::vector<const link*> links_through(const snapshot& s, const std::string& id) {
  const auto down = distances(id, [&](std::string_view at) { return after(s, at); });
  const auto up = distances(id, [&](std::string_view at) { return before(s, at); });
  std::vector<const link*> out;
  for (const link& l : s.all.links) {
    const bool onward = down.contains(l.source) && down.contains(l.target);
    const bool inward = up.contains(l.source) && up.contains(l.target);
    const bool closes = l.cut && (down.contains(l.source) || up.contains(l.source)) &&
                        (down.contains(l.target) || up.contains(l.target));
    if (onward || inward || closes)
      out.push_back(&l);
  }
  return out;
}

std::vector<const link*> links_around(const snapshot& s, const std::string& id, std::size_t depth) {
  const auto near = distances(id, [&](std::string_view at) {
    std::vector<std::string_view> out;
    for (const link* l : s.links_from(at))
      out.push_back(l->target);
    for (const link* l : s.links_to(at))
      out.push_back(l->source);
    return out;
  });
  std::vector<const link*> out;
  for (const link& l : s.all.links) {
    const auto a = near.find(l.source), b = near.find(l.target);
    if (a != near.end() && b != near.end() && a->second <= depth && b->second <= depth)
      out.push_back(&l);
  }
  return out;
}

std::vector<const link*> links_of(const snapshot& s, const map_choice& choice) {
  if (!choice.cause.empty())
    return links_through(s, choice.cause);
  if (!choice.around.empty())
    return links_around(s, choice.around, choice.depth);
  std::vector<const link*> out;
  for (const link& l : s.all.links)
    if (choice.plugin.empty() || said_by(s, l, choice.plugin))
      out.push_back(&l);
  return out;
}

bool is_chosen(const state& one, const map_choice& choice) {
  const std::string& centre = choice.cause.empty() ? choice.around : choice.cause;
  if (!centre.empty())
    return one.id == centre;
  return choice.plugin.empty() || one.from.plugin == choice.plugin;
}

} // namespace

causal_map map_of(const snapshot& s, const std::vector<const link*>& links) {
  causal_map out;
  std::set<std::string_view> ids;
  for (const link* l : links)
    ids.insert({l->source, l->target});
  const auto doubted = doubted_states(s);
  std::map<std::string_view, std::size_t> place;
  for (const std::string_view id : ids)
    if (const state* one = s.find_state(id)) {
      place.emplace(id, out.states.size());
      out.states.push_back({one, doubted.contains(id)});
    }
  for (const link* l : links) {
    const auto from = place.find(l->source), to = place.find(l->target);
    if (from != place.end() && to != place.end())
      out.links.push_back({l, from->second, to->second, disputed(s, *l)});
  }
  std::sort(out.links.begin(), out.links.end(),
            [](const map_link& a, const map_link& b) { return a.what->id() < b.what->id(); });
  return out;
}

causal_map map_of(const snapshot& s, const map_choice& choice) {
  causal_map out = map_of(s, links_of(s, choice));
  const auto drawn = [&](const state& one) {
    return std::any_of(out.states.begin(), out.states.end(),
                       [&](const map_state& m) { return m.what == &one; });
  };
  for (const state& one : s.all.states)
    if (is_chosen(one, choice) && !drawn(one))
      out.apart.push_back(&one);
  return out;
}

std::vector<const link*> ways_through(const causal_map& m, std::size_t centre) {
  const auto walk = [&](bool onward) {
    std::map<std::size_t, std::size_t> away{{centre, 0}};
    std::deque<std::size_t> open{centre};
    while (!open.empty()) {
      const std::size_t at = open.front();
      open.pop_front();
      for (const map_link& l : m.links) {
        const std::size_t here = onward ? l.from : l.to, there = onward ? l.to : l.from;
        if (!l.what->cut && here == at && away.emplace(there, away.at(at) + 1).second)
          open.push_back(there);
      }
    }
    return away;
  };
  const auto down = walk(true), up = walk(false);
  std::vector<std::tuple<std::size_t, std::size_t>> found; // distance, number of the link
  for (std::size_t i = 0; i < m.links.size(); ++i) {
    const map_link& l = m.links[i];
    if (down.contains(l.from) && down.contains(l.to))
      found.emplace_back(down.at(l.from), i);
    else if (up.contains(l.from) && up.contains(l.to))
      found.emplace_back(up.at(l.to), i);
  }
  std::sort(found.begin(), found.end());
  std::vector<const link*> out;
  for (const auto& [distance, i] : found)
    out.push_back(m.links[i].what);
  return out;
}

} // namespace posterior::kb
