// Sides: lateral to lateral acts on the same side (or the opposite one, where the link says so); midline to
// lateral acts on each side with one tied parameter; lateral to midline has both sides as parents. The leak l
// of a lateral state with bilateral share s becomes a shock s*l on both sides and an own leak 1-(1-l)/(1-s*l)
// on each. The states that gate a link are looked for on the side of its source, of its target if the source
// is midline, and on either side if both are.
#include "engine/inference/grounding.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace posterior::inference {
namespace {

// A risk that no uncut link brings about.
bool is_first_risk(const kb::snapshot& knowledge, std::string_view id) {
  const kb::state* s = knowledge.find_state(id);
  if (!s || s->kind != kb::state_kind::risk)
    return false;
  const auto parents = knowledge.links_to(id);
  return std::all_of(parents.begin(), parents.end(), [](const kb::link* l) { return l->cut; });
}

} // namespace

circumstances circumstances_of(const cases::picture& picture) {
  return {picture.who.age, picture.who.sex_is, picture.in};
}

const kb::prior* prior_for(const kb::snapshot& knowledge, std::string_view state, const circumstances& who) {
  const kb::prior* narrowest = nullptr;
  const auto breadth = [](const kb::prior& p) {
    // Of two that both fit, one lies within the other (the reader sees to it): fewer people, more said.
    const double years = p.age ? p.age->max - p.age->min : 1000;
    return std::tuple(-int(!p.setting.empty()) - int(!p.sex.empty()) - int(p.age.has_value()), years);
  };
  for (const kb::prior* p : knowledge.priors_of(state)) {
    const bool here = p->setting.empty() || p->setting == to_string(who.in);
    const bool sex = p->sex.empty() || p->sex == to_string(who.sex_is);
    const bool old =
        !p->age || (who.age && p->age->min <= std::floor(*who.age) && std::floor(*who.age) <= p->age->max);
    if (here && sex && old && (!narrowest || breadth(*p) < breadth(*narrowest)))
      narrowest = p;
  }
  return narrowest;
}

grounding::grounding(const kb::snapshot& knowledge, const circumstances& who)
    : knowledge_(knowledge)
    , who_(who) {
  for (const kb::state& s : knowledge.all.states)
    add_state(s);
  for (const kb::link& l : knowledge.all.links)
    if (!l.cut)
      add_link(l, !l.gated() && is_first_risk(knowledge, l.source));
  const parameters means(0);
  for (std::size_t v = 0; v < nodes_.size(); ++v)
    net_.leak[v] = own_leak(static_cast<node_index>(v), means, -1);
  for (std::size_t k = 0; k < links_.size(); ++k)
    net_.links[k].p = link(k, means, -1);
  for (std::size_t k = 0; k < net_.shocks.size(); ++k)
    net_.shocks[k].p = shock(k, means, -1);
  map_.emplace(net_);
}

node_index grounding::add(const kb::state& s, side where, bool either) {
  const kb::prior* own = either ? nullptr : prior_for(knowledge_, s.id, who_);
  nodes_.push_back(
      {&s, own ? &own->leak : &s.leak, stream_of(own ? own->id() : s.id, "leak"), where, either, false});
  net_.leak.push_back(0);
  const node_index v = net_.size() - 1;
  if (!either && s.kind == kb::state_kind::cause)
    causes_.push_back(v);
  if (!either && s.kind == kb::state_kind::other)
    others_.push_back(v);
  return v;
}

void grounding::add_state(const kb::state& s) {
  slot at;
  if (!s.lateral) {
    at.none = at.either = add(s, side::none, false);
  } else {
    at.left = add(s, side::left, false);
    at.right = add(s, side::right, false);
    if (s.pair > 0)
      net_.shocks.push_back({at.left, at.right, 0});
    at.either = add(s, side::none, true);
    for (node_index from : {at.left, at.right}) {
      net_.links.push_back({from, at.either, 1});
      links_.push_back({nullptr, 0});
    }
  }
  slots_.emplace(s.id, at);
}

void grounding::add_link(const kb::link& l, bool from_risk) {
  const auto from = slots_.find(l.source), to = slots_.find(l.target);
  if (from == slots_.end() || to == slots_.end())
    return;
  const slot &a = from->second, &b = to->second;
  const stream p = stream_of(l.id(), "p");
  const auto join = [&](node_index x, node_index y, side where) {
    if (from_risk) {
      risks_.push_back({x, y, &l, p});
      return;
    }
    const node_index acting = l.gated() ? add_gate(l, {x, y, where}) : x;
    if (acting < 0)
      return;
    net_.links.push_back({acting, y, 0});
    links_.push_back({&l, p});
  };
  const bool a_lateral = a.none < 0, b_lateral = b.none < 0;
  if (!a_lateral && !b_lateral) {
    join(a.none, b.none, side::none);
  } else if (!a_lateral) {
    join(a.none, b.left, side::left);
    join(a.none, b.right, side::right);
  } else if (!b_lateral) {
    join(a.left, b.none, side::left);
    join(a.right, b.none, side::right);
  } else {
    join(a.left, l.opposite ? b.right : b.left, side::left);
    join(a.right, l.opposite ? b.left : b.right, side::right);
  }
}

node_index grounding::gate_parent(std::string_view state, side where) const {
  const auto it = slots_.find(state);
  if (it == slots_.end())
    return -1;
  const slot& s = it->second;
  return s.none >= 0 ? s.none : where == side::left ? s.left : where == side::right ? s.right : s.either;
}

// A node that is present exactly if the link's source and all of `only_with` are and none of `unless` is.
node_index grounding::add_gate(const kb::link& l, const act& a) {
  network::table t{-1, {a.from}, {}};
  for (const auto* gates : {&l.only_with, &l.unless})
    for (const std::string& state : *gates) {
      t.parents.push_back(gate_parent(state, a.where));
      if (t.parents.back() < 0 || t.parents.size() > most_table_parents)
        return -1; // names a state that is not there: such a link sleeps
    }
  const std::size_t open = (std::size_t{1} << (1 + l.only_with.size())) - 1;
  t.present.assign(std::size_t{1} << t.parents.size(), 0);
  t.present[open] = 1;
  const node_meaning& source = nodes_[static_cast<std::size_t>(a.from)];
  nodes_.push_back({source.state, source.before, 0, source.where, true, true});
  net_.leak.push_back(0);
  t.node = net_.size() - 1;
  net_.tables.push_back(t);
  return t.node;
}

node_index grounding::find(std::string_view state, side where) const {
  const auto it = slots_.find(state);
  if (it == slots_.end())
    return -1;
  const slot& s = it->second;
  return where == side::left ? s.left : where == side::right ? s.right : s.none;
}

node_index grounding::either(std::string_view state) const {
  const auto it = slots_.find(state);
  return it == slots_.end() ? -1 : it->second.either;
}

double own_leak_of_pair(const kb::state& s, double leak) {
  const double shared = s.pair * leak;
  return s.pair >= 1 ? 0 : (leak - shared) / (1 - shared);
}

double grounding::own_leak(node_index v, const parameters& p, int i) const {
  const node_meaning& m = nodes_[static_cast<std::size_t>(v)];
  if (m.either)
    return 0;
  const double leak = p.probability(m.leak, *m.before, i);
  return m.state->lateral ? own_leak_of_pair(*m.state, leak) : leak;
}

double grounding::shock(std::size_t k, const parameters& p, int i) const {
  const node_meaning& m = nodes_[static_cast<std::size_t>(net_.shocks[k].a)];
  return m.state->pair * p.probability(m.leak, *m.before, i);
}

double grounding::link(std::size_t k, const parameters& p, int i) const {
  const link_meaning& l = links_[k];
  return l.statement ? p.probability(l.p, l.statement->p, i) : 1;
}

} // namespace posterior::inference
