// One step of the order is one bucket: everything that mentions the step's node in the role that is
// eliminated, and nothing eliminated before, is brought into one table.
//   complete v   v opened by its leak, times the messages in which v is an effect, then shocks and links into
//                v; the result, with v now given (and one with v where it already was), is a message. A leaf
//                is weighed and summed at once.
//   sum v        the messages in which v is given (for a root: v opened by its leak), then links out of v; v
//                is weighed by its likelihood and summed; the result is a message, or the component's number
// A leaf that would be completed before any of its parents is summed needs no table of its own: it is a
// factor on the first table in which all its parents meet. So is a node's own table.
//
// Within a bucket what brings the fewest new nodes comes first, so that most operations work on small tables.
#include "engine/inference/emission.hpp"

#include <algorithm>
#include <limits>

namespace posterior::inference {
namespace {

constexpr int most_factor_links = 10;

} // namespace

void emitter::emit(const relevant& r, const std::vector<step>& order, program& p) {
  r_ = &r;
  p_ = &p;
  place(order);
  for (std::size_t k = 0; k < order.size(); ++k) {
    if (p.width > most_bits)
      break;
    take(static_cast<std::int32_t>(k));
    if (order[k].kind == step::what::sum)
      sum(order[k].node);
    else if (when_[ix(effect(order[k].node))] == static_cast<std::int32_t>(k))
      complete(order[k].node, order[k].kind == step::what::both);
  }
  p.stored = p.kept + 2 * static_cast<double>(p.message_cells) + 2 * cells(p.width) +
             2 * cells(p.joined_bits) + 3 * cells(p.factor_bits);
  if (p.width > most_bits) {
    p.cost = std::numeric_limits<double>::infinity();
    p.ops.clear();
  }
}

// --- what belongs to which step ------------------------------------------------

void emitter::put(std::int32_t bucket, item_kind kind, std::int32_t id) {
  items_.push_back({kind, id, head_[ix(bucket)]});
  head_[ix(bucket)] = static_cast<std::int32_t>(items_.size()) - 1;
}

void emitter::place(const std::vector<step>& order) {
  const auto tokens = 2 * ix(r_->size());
  when_.assign(tokens, none);
  position_.assign(tokens, none);
  head_.assign(order.size(), none);
  placed_.assign(r_->links().size(), 0);
  items_.clear();
  messages_.clear();
  scopes_.clear();
  table_.clear();
  for (std::size_t k = 0; k < order.size(); ++k) {
    const node_index v = order[k].node;
    when_[ix(order[k].kind == step::what::sum ? given(v) : effect(v))] = static_cast<std::int32_t>(k);
  }
  for (const step& s : order)
    if (s.kind == step::what::both)
      place_leaf(s.node);
  for (node_index v = 0; r_->tables() > 0 && v < r_->size(); ++v)
    if (r_->table_of(v) >= 0)
      place_table(v);
  for (std::size_t l = 0; l < r_->links().size(); ++l) {
    const auto& e = r_->links()[l];
    if (!placed_[l] && !r_->done(static_cast<node_index>(l)))
      put(std::min(when_[ix(given(e.from))], when_[ix(effect(e.to))]), item_kind::link,
          static_cast<std::int32_t>(l));
  }
  for (std::size_t s = 0; s < r_->shocks().size(); ++s) {
    const auto& e = r_->shocks()[s];
    if (!r_->dead(static_cast<node_index>(s)))
      put(std::min(when_[ix(effect(e.from))], when_[ix(effect(e.to))]), item_kind::shock,
          static_cast<std::int32_t>(s));
  }
}

void emitter::place_leaf(node_index v) {
  const std::int32_t own = when_[ix(effect(v))];
  std::int32_t first = std::numeric_limits<std::int32_t>::max();
  for (node_index l = r_->in_begin(v); l < r_->in_end(v); ++l)
    if (!r_->done(l))
      first = std::min(first, when_[ix(given(r_->links()[ix(l)].from))]);
  if (first < own || r_->shocks_at(v) > 0 || r_->pending_in(v) > most_factor_links || has_twice(v))
    return;
  factor f{v, -1, static_cast<std::uint32_t>(p_->factor_links.size()), 0, r_->folded(v)};
  for (node_index l = r_->in_begin(v); l < r_->in_end(v); ++l)
    if (!r_->done(l)) {
      placed_[ix(l)] = 1;
      p_->factor_links.push_back(l);
      ++f.links;
    }
  when_[ix(effect(v))] = none; // its step does nothing any more
  put(first, item_kind::weigh, static_cast<std::int32_t>(p_->factors.size()));
  p_->factors.push_back(f);
}

// Two links from one parent, which a factor cannot hold; links are sorted by parent.
bool emitter::has_twice(node_index v) const {
  node_index before = -1;
  for (node_index l = r_->in_begin(v); l < r_->in_end(v); ++l)
    if (!r_->done(l)) {
      if (r_->links()[ix(l)].from == before)
        return true;
      before = r_->links()[ix(l)].from;
    }
  return false;
}

void emitter::place_table(node_index v) {
  const node_index t = r_->table_of(v);
  std::int32_t first = when_[ix(given(v))];
  for (node_index parent : r_->table_parents(t))
    first = std::min(first, when_[ix(given(parent))]);
  put(first, item_kind::weigh, static_cast<std::int32_t>(p_->factors.size()));
  p_->factors.push_back({v, t});
}

// --- the steps --------------------------------------------------------------------

// The items of a bucket, in the order in which they were put.
void emitter::take(std::int32_t bucket) {
  now_.clear();
  for (std::int32_t i = head_[ix(bucket)]; i >= 0; i = items_[ix(i)].next)
    now_.push_back(items_[ix(i)]);
  std::reverse(now_.begin(), now_.end());
}

void emitter::complete(node_index v, bool leaf) {
  begin();
  open(op_kind::open, effect(v));
  tables_first();
  links_last();
  if (leaf) {
    close(v);
    return;
  }
  if (present(given(v))) {
    push({op_kind::unite, position(effect(v)), position(given(v)), v}, cells(bits()));
    remove(effect(v));
  } else {
    const std::uint8_t at = position(effect(v));
    position_[ix(effect(v))] = none;
    position_[ix(given(v))] = static_cast<std::int8_t>(at);
    table_[at] = given(v);
  }
  store();
}

void emitter::sum(node_index v) {
  const bool root = r_->pending_in(v) == 0 && r_->shocks_at(v) == 0 && r_->table_of(v) < 0;
  const auto smallest = std::min_element(now_.begin(), now_.end(), [&](const item& a, const item& b) {
    const auto size = [&](const item& i) {
      return i.kind == item_kind::message ? static_cast<int>(messages_[ix(i.id)].bits) : 99;
    };
    return size(a) < size(b);
  });
  if (!root && smallest != now_.end() && smallest->kind == item_kind::message) {
    load(smallest->id);
    now_.erase(smallest);
  } else {
    begin();
    open(root ? op_kind::open : op_kind::open_any, given(v));
  }
  tables_first();
  links_last();
  close(v);
}

// New bits that an item would open.
int emitter::missing(const item& i) const {
  int n = 0;
  const auto look = [&](token t) { n += present(t) ? 0 : 1; };
  if (i.kind == item_kind::message) {
    for (std::uint32_t k = 0; k < messages_[ix(i.id)].bits; ++k)
      look(scopes_[messages_[ix(i.id)].first + k]);
  } else if (i.kind == item_kind::weigh) {
    const factor& f = p_->factors[ix(i.id)];
    for (std::uint32_t k = 0; k < f.links; ++k)
      look(given(r_->links()[ix(p_->factor_links[f.first + k])].from));
    if (f.table >= 0) {
      for (node_index parent : r_->table_parents(f.table))
        look(given(parent));
      look(given(f.node));
    }
  } else if (i.kind == item_kind::link) {
    look(given(r_->links()[ix(i.id)].from));
    look(effect(r_->links()[ix(i.id)].to));
  } else {
    look(effect(r_->shocks()[ix(i.id)].from));
    look(effect(r_->shocks()[ix(i.id)].to));
  }
  return n;
}

void emitter::apply(const item& i) {
  switch (i.kind) {
  case item_kind::message:
    join(i.id);
    break;
  case item_kind::weigh:
    apply_factor(i.id);
    break;
  case item_kind::link:
    apply_link(i.id);
    break;
  case item_kind::shock:
    apply_shock(i.id);
    break;
  }
}

// Messages and factors: all that bring nothing new, then the one that brings least, and again.
void emitter::tables_first() {
  const auto is_table = [](const item& i) {
    return i.kind == item_kind::message || i.kind == item_kind::weigh;
  };
  for (;;) {
    std::size_t best = now_.size();
    int least = std::numeric_limits<int>::max();
    std::size_t kept = 0;
    for (const item i : now_) {
      const int m = is_table(i) ? missing(i) : 0;
      if (is_table(i) && m == 0) {
        apply(i);
        continue;
      }
      if (is_table(i) && m < least) {
        least = m;
        best = kept;
      }
      now_[kept++] = i;
    }
    now_.resize(kept);
    if (least == std::numeric_limits<int>::max() || p_->width > most_bits)
      return;
    apply(now_[best]);
    now_.erase(now_.begin() + static_cast<std::ptrdiff_t>(best));
  }
}

void emitter::links_last() {
  std::size_t kept = 0;
  for (const item i : now_) {
    if (missing(i) == 0)
      apply(i);
    else
      now_[kept++] = i;
  }
  now_.resize(kept);
  for (const item& i : now_) {
    if (p_->width > most_bits)
      return;
    apply(i);
  }
}

// --- single operations ------------------------------------------------------------

void emitter::push(op o, double cost) {
  p_->ops.push_back(o);
  p_->cost += cost;
  p_->width = std::max(p_->width, bits());
}

void emitter::clear() {
  for (token t : table_)
    position_[ix(t)] = none;
  table_.clear();
}

void emitter::begin() {
  push({op_kind::begin}, 1);
}

void emitter::open(op_kind how, token t) {
  position_[ix(t)] = static_cast<std::int8_t>(bits());
  table_.push_back(t);
  push({how, static_cast<std::uint8_t>(bits() - 1), 0, t / 2}, cells(bits()));
}

void emitter::remove(token t) {
  const auto at = ix(position_[ix(t)]);
  table_.erase(table_.begin() + static_cast<std::ptrdiff_t>(at));
  position_[ix(t)] = none;
  for (std::size_t k = at; k < table_.size(); ++k)
    --position_[ix(table_[k])];
}

void emitter::apply_link(node_index l) {
  const auto& e = r_->links()[ix(l)];
  if (!present(given(e.from)))
    open(op_kind::open_any, given(e.from));
  if (!present(effect(e.to)))
    open(op_kind::open_off, effect(e.to));
  push({op_kind::link, position(given(e.from)), position(effect(e.to)), e.from, e.to, l}, cells(bits() - 1));
}

void emitter::apply_shock(node_index s) {
  const auto& e = r_->shocks()[ix(s)];
  for (node_index end : {e.from, e.to})
    if (!present(effect(end)))
      open(op_kind::open_off, effect(end));
  push({op_kind::shock, position(effect(e.from)), position(effect(e.to)), e.from, e.to, s}, cells(bits()));
}

void emitter::apply_factor(std::int32_t number) {
  const factor& f = p_->factors[ix(number)];
  join_map map;
  const auto bring = [&](node_index parent) {
    if (!present(given(parent)))
      open(op_kind::open_any, given(parent));
    map.to[map.bits++] = position(given(parent));
    map.agree |= std::uint32_t{1} << std::min<int>(position(given(parent)), 31);
  };
  for (std::uint32_t k = 0; k < f.links; ++k)
    bring(r_->links()[ix(p_->factor_links[f.first + k])].from);
  if (f.table >= 0) {
    for (node_index parent : r_->table_parents(f.table))
      bring(parent);
    bring(f.node);
  }
  map.before = map.after = bits();
  p_->factor_bits = std::max<int>(p_->factor_bits, map.bits);
  p_->kept += f.table < 0 ? cells(bits()) + 2 * cells(map.bits) : 0;
  const auto at = static_cast<std::int32_t>(p_->joins.size());
  p_->joins.push_back(map);
  push({op_kind::weigh, 0, 0, f.node, -1, number, at}, cells(bits()) + 2 * cells(map.bits));
}

void emitter::load(std::int32_t m) {
  for (std::uint32_t k = 0; k < messages_[ix(m)].bits; ++k) {
    const token t = scopes_[messages_[ix(m)].first + k];
    position_[ix(t)] = static_cast<std::int8_t>(k);
    table_.push_back(t);
  }
  push({op_kind::load, 0, 0, -1, -1, m}, cells(bits()));
}

void emitter::join(std::int32_t m) {
  join_map map;
  map.before = bits();
  double size = cells(map.before);
  for (std::uint32_t k = 0; k < messages_[ix(m)].bits; ++k) {
    const token t = scopes_[messages_[ix(m)].first + k];
    const bool is_given = t % 2 == 1, there = present(t);
    if (!there) {
      position_[ix(t)] = static_cast<std::int8_t>(bits());
      table_.push_back(t);
    }
    if (there && !is_given && map.bits < most_bits)
      map.met |= std::uint32_t{1} << map.bits;
    if (there && is_given)
      map.agree |= std::uint32_t{1} << std::min<int>(position(t), 31);
    if (map.bits < most_bits)
      map.to[map.bits++] = position(t);
    size *= !there ? 2 : is_given ? 1 : 1.5; // three products where they meet
  }
  map.after = bits();
  p_->joined_bits = std::max<int>(p_->joined_bits, map.bits);
  p_->kept += cells(map.before);
  const auto at = static_cast<std::int32_t>(p_->joins.size());
  p_->joins.push_back(map);
  push({op_kind::join, 0, 0, -1, -1, m, at}, size);
}

void emitter::close(node_index v) {
  const token t = present(given(v)) ? given(v) : effect(v);
  p_->kept += cells(bits());
  push({op_kind::close, position(t), 0, v}, cells(bits()));
  remove(t);
  if (table_.empty())
    push({op_kind::finish}, 1);
  else
    store();
}

void emitter::store() {
  const auto slot = static_cast<std::int32_t>(messages_.size());
  const double size = cells(bits());
  p_->messages.push_back({p_->message_cells, bits()});
  p_->message_cells += static_cast<std::size_t>(std::min(size, 0x1p40));
  messages_.push_back({static_cast<std::uint32_t>(scopes_.size()), static_cast<std::uint32_t>(bits())});
  std::int32_t first = std::numeric_limits<std::int32_t>::max();
  for (token t : table_) {
    scopes_.push_back(t);
    first = std::min(first, when_[ix(t)]);
  }
  push({op_kind::store, 0, 0, -1, -1, slot}, size);
  clear();
  put(first, item_kind::message, slot);
}

} // namespace posterior::inference
