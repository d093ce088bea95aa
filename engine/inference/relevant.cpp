#include "engine/inference/relevant.hpp"

#include <algorithm>

namespace posterior::inference {

void relevant::build(const layout& map, std::span<const node_index> evidence,
                     std::span<const node_index> targets, std::span<const node_index> absent, program& p) {
  map_ = &map;
  find_nodes(evidence, targets, p);
  const std::size_t n = p.nodes.size();
  gone_.assign(n, 0);
  folded_.assign(n, 0);
  struck_.assign(n, 0);
  parent_in_.assign(n, 0);
  number_links(p);
  number_shocks(p);
  number_tables(p);
  deny(targets, absent, p);
  peel(p);
}

// Ancestors of evidence and targets; what hangs below them, unobserved, sums to one.
void relevant::find_nodes(std::span<const node_index> evidence, std::span<const node_index> targets,
                          program& p) {
  p.local_of.assign(map_->net().leak.size(), -1);
  const auto need = [&](node_index v) {
    if (p.local_of[ix(v)] == -1) {
      p.local_of[ix(v)] = 0;
      p.nodes.push_back(v);
    }
  };
  p.nodes.reserve(evidence.size() + targets.size() + 64);
  for (node_index v : evidence)
    need(v);
  for (node_index v : targets)
    need(v);
  for (std::size_t i = 0; i < p.nodes.size(); ++i) {
    const node_index v = p.nodes[i];
    for (const layout::arc& a : map_->into(v))
      need(a.from);
    if (const node_index t = map_->table_of(v); t >= 0)
      for (node_index parent : map_->net().tables[ix(t)].parents)
        need(parent);
  }
  std::sort(p.nodes.begin(), p.nodes.end(),
            [&](node_index a, node_index b) { return map_->rank(a) < map_->rank(b); });
  for (std::size_t i = 0; i < p.nodes.size(); ++i)
    p.local_of[ix(p.nodes[i])] = static_cast<node_index>(i);
}

void relevant::number_links(program& p) {
  const std::size_t n = p.nodes.size();
  links_.clear();
  in_first_.assign(n + 1, 0);
  pending_in_.assign(n, 0);
  pending_out_.assign(n, 0);
  for (std::size_t v = 0; v < n; ++v) {
    in_first_[v] = static_cast<node_index>(links_.size());
    for (const layout::arc& a : map_->into(p.nodes[v])) {
      const node_index from = p.local_of[ix(a.from)];
      links_.push_back({from, static_cast<node_index>(v)});
      p.links.push_back(a.link);
      ++pending_out_[ix(from)];
      ++pending_in_[v];
    }
  }
  in_first_[n] = static_cast<node_index>(links_.size());
  done_.assign(links_.size(), 0);
  out_first_.assign(n + 1, 0);
  for (std::size_t v = 0; v < n; ++v)
    out_first_[v + 1] = out_first_[v] + pending_out_[v];
  out_links_.resize(links_.size());
  next_.assign(out_first_.begin(), out_first_.end());
  for (std::size_t l = 0; l < links_.size(); ++l)
    out_links_[ix(next_[ix(links_[l].from)]++)] = static_cast<node_index>(l);
}

void relevant::number_shocks(program& p) {
  shocks_.clear();
  for (std::size_t v = 0; v < p.nodes.size(); ++v)
    for (node_index k : map_->shocks_at(p.nodes[v])) {
      const auto& s = map_->net().shocks[ix(k)];
      const node_index a = p.local_of[ix(s.a)], b = p.local_of[ix(s.b)];
      // A shock with both ends here is met twice; the first end takes it.
      if (a >= 0 && b >= 0 && static_cast<node_index>(v) != std::min(a, b))
        continue;
      const auto id = static_cast<node_index>(shocks_.size());
      shocks_.push_back({a, b});
      p.shocks.push_back(k);
      if (a < 0 || b < 0) {
        p.lone_shocks.push_back({a < 0 ? b : a, id});
        continue;
      }
      ++struck_[ix(a)];
      ++struck_[ix(b)];
    }
  dead_.assign(shocks_.size(), 0);
  for (const auto& l : p.lone_shocks)
    dead_[ix(l.shock)] = 1;
}

void relevant::number_tables(program& p) {
  table_first_.assign(1, 0);
  table_parents_.clear();
  table_of_.assign(p.nodes.size(), -1);
  for (std::size_t v = 0; v < p.nodes.size(); ++v) {
    const node_index t = map_->table_of(p.nodes[v]);
    if (t < 0)
      continue;
    table_of_[v] = static_cast<node_index>(p.tables.size());
    p.tables.push_back(t);
    for (node_index parent : map_->net().tables[ix(t)].parents) {
      table_parents_.push_back(p.local_of[ix(parent)]);
      ++parent_in_[ix(table_parents_.back())];
    }
    table_first_.push_back(static_cast<node_index>(table_parents_.size()));
  }
}

void relevant::finish(node_index link) {
  done_[ix(link)] = 1;
  --pending_out_[ix(links_[ix(link)].from)];
  --pending_in_[ix(links_[ix(link)].to)];
}

// Leaves known to be absent leave the graph; each of their links becomes a factor on the parent.
void relevant::deny(std::span<const node_index> targets, std::span<const node_index> absent, program& p) {
  work_.clear();
  // Targets are kept: a denied leaf has no posterior of its own in other lanes.
  for (node_index v : targets)
    gone_[ix(p.local_of[ix(v)])] = 1;
  for (node_index network_node : absent) {
    const node_index v = p.local_of[ix(network_node)];
    if (v >= 0 && !gone(v) && pending_out_[ix(v)] == 0 && parent_in_[ix(v)] == 0 && table_of_[ix(v)] < 0)
      work_.push_back(v);
  }
  for (node_index v : targets)
    gone_[ix(p.local_of[ix(v)])] = 0;
  std::sort(work_.begin(), work_.end());
  work_.erase(std::unique(work_.begin(), work_.end()), work_.end());
  for (node_index v : work_) {
    for (node_index l = in_begin(v); l < in_end(v); ++l) {
      finish(l);
      p.ops.push_back({op_kind::deny, 0, 0, v, links_[ix(l)].from, l, -1});
    }
    for (node_index s = 0; s < static_cast<node_index>(shocks_.size()) && struck_[ix(v)] > 0; ++s) {
      const edge& e = shocks_[ix(s)];
      if (dead_[ix(s)] || (e.from != v && e.to != v))
        continue;
      dead_[ix(s)] = 1;
      --struck_[ix(e.from)];
      --struck_[ix(e.to)];
      p.unstruck.push_back(s);
    }
    p.denied.push_back(v);
    gone_[ix(v)] = 1;
  }
}

// Folds and absorbs until no node qualifies. Trees cost nothing more than this.
void relevant::peel(program& p) {
  work_.clear();
  for (node_index v = 0; v < size(); ++v)
    work_.push_back(v);
  for (std::size_t i = 0; i < work_.size(); ++i) {
    const node_index v = work_[i];
    if (!gone(v) && struck_[ix(v)] == 0 && parent_in_[ix(v)] == 0 && table_of_[ix(v)] < 0 && peel_one(v, p))
      gone_[ix(v)] = 1;
  }
}

bool relevant::peel_one(node_index v, program& p) {
  const int in = pending_in_[ix(v)], out = pending_out_[ix(v)];
  if (in == 0 && out == 0) {
    p.ops.push_back({op_kind::isolate, 0, 0, v, -1, -1, -1});
    return true;
  }
  if (in == 0 && out == 1) {
    node_index at = out_first_[ix(v)];
    while (done(out_links_[ix(at)]))
      ++at;
    const node_index l = out_links_[ix(at)], child = links_[ix(l)].to;
    finish(l);
    folded_[ix(child)] = 1;
    p.ops.push_back({op_kind::fold, 0, 0, v, child, l, -1});
    work_.push_back(child);
    return true;
  }
  if (out == 0 && in == 1) {
    node_index l = in_begin(v);
    while (done(l))
      ++l;
    const node_index parent = links_[ix(l)].from;
    finish(l);
    p.ops.push_back({op_kind::absorb, 0, 0, v, parent, l, -1});
    work_.push_back(parent);
    return true;
  }
  return false;
}

} // namespace posterior::inference
