// One step of the order is one bucket: everything that mentions its variable is brought into one table.
//   complete v   v opened by its leak, times the messages in which v is an effect, then the shocks and links
//   into v that no
//                earlier step has used; the result, with v now given (and one with v where it already was),
//                is a message
//   sum v        the messages in which v is given (for a root: v opened by its leak), then the links out of v
//   that no earlier
//                step has used; v is weighed by its likelihood and summed; the result is a message, or the
//                component's number
// A link is used by whichever of its two steps comes first; the end that is not yet in the table is opened
// there.
#include "engine/inference/emission.hpp"

#include <algorithm>

namespace posterior::inference {
namespace {

// A node in one of its roles, as it stands in a table.
struct bit {
  node_index node;
  bool given;
  bool operator==(const bit&) const = default;
};

struct message {
  std::vector<bit> scope;
  node_index slot;
};

class emitter {
public:
  emitter(const graph& g, program& p)
      : g_(g)
      , p_(p)
      , link_used_(g.done)
      , shock_used_(g.shocks.size()) {}

  void complete(node_index v) {
    begin();
    open(op_kind::open, {v, false});
    for (const message& m : take({v, false}))
      join(m);
    for (node_index s : g_.pair[ix(v)])
      if (!shock_used_[ix(s)])
        shock(s, v);
    for (node_index l : pending(g_.in[ix(v)], true))
      link(l);
    if (present({v, true}))
      unite(v);
    else
      table_[position({v, false})] = {v, true};
    store();
  }

  void sum(node_index v) {
    const auto messages = take({v, true});
    const bool root = !g_.is_brought_about(v);
    if (root) {
      begin();
      open(op_kind::open, {v, true});
    } else {
      load(messages[0]);
    }
    for (std::size_t i = root ? 0 : 1; i < messages.size(); ++i)
      join(messages[i]);
    for (node_index l : pending(g_.out[ix(v)], false))
      link(l);
    close(v);
    if (table_.empty())
      push({op_kind::finish}, 1);
    else
      store();
  }

private:
  static std::size_t ix(node_index v) { return static_cast<std::size_t>(v); }
  int bits() const { return static_cast<int>(table_.size()); }

  std::uint8_t position(bit b) const {
    return static_cast<std::uint8_t>(std::find(table_.begin(), table_.end(), b) - table_.begin());
  }
  bool present(bit b) const { return std::find(table_.begin(), table_.end(), b) != table_.end(); }

  void push(op o, double cost) {
    p_.ops.push_back(o);
    p_.cost += cost;
    p_.width = std::max(p_.width, bits());
  }

  void begin() {
    table_.clear();
    push({op_kind::begin}, 1);
  }

  void open(op_kind how, bit b) {
    table_.push_back(b);
    push({how, static_cast<std::uint8_t>(bits() - 1), 0, b.node}, cells(bits()));
  }

  // Alive messages that mention `b`, largest first; they are used up.
  std::vector<message> take(bit b) {
    std::vector<message> out;
    std::erase_if(messages_, [&](const message& m) {
      const bool mentions = std::find(m.scope.begin(), m.scope.end(), b) != m.scope.end();
      if (mentions)
        out.push_back(m);
      return mentions;
    });
    std::stable_sort(out.begin(), out.end(),
                     [](const message& x, const message& y) { return x.scope.size() > y.scope.size(); });
    return out;
  }

  void load(const message& m) {
    table_ = m.scope;
    push({op_kind::load, 0, 0, -1, -1, m.slot}, cells(bits()));
  }

  void join(const message& m) {
    join_map map;
    map.before = bits();
    double free = map.before;
    for (const bit& b : m.scope) {
      if (!present(b))
        table_.push_back(b);
      else if (!b.given)
        map.meets = true;
      else
        map.agree |= std::uint32_t{1} << std::min<int>(position(b), 31);
      map.to.push_back(position(b));
      free += present(b) && b.given && position(b) < map.before ? 0 : 1;
    }
    map.after = bits();
    p_.stored += cells(map.before);
    const auto number = static_cast<std::int32_t>(p_.joins.size());
    p_.joins.push_back(std::move(map));
    push({op_kind::join, 0, 0, -1, -1, m.slot, number}, cells(static_cast<int>(free)));
  }

  // Unused links, those whose far end is in the table already first.
  std::vector<node_index> pending(const std::vector<node_index>& links, bool into) const {
    std::vector<node_index> out;
    for (node_index l : links)
      if (!link_used_[ix(l)])
        out.push_back(l);
    std::stable_partition(out.begin(), out.end(), [&](node_index l) {
      const edge& e = g_.links[ix(l)];
      return into ? present({e.from, true}) : present({e.to, false});
    });
    return out;
  }

  void link(node_index l) {
    const edge& e = g_.links[ix(l)];
    link_used_[ix(l)] = true;
    if (!present({e.from, true}))
      open(op_kind::open_any, {e.from, true});
    if (!present({e.to, false}))
      open(op_kind::open_off, {e.to, false});
    push({op_kind::link, position({e.from, true}), position({e.to, false}), e.from, e.to, l},
         cells(bits() - 1));
  }

  void shock(node_index s, node_index at) {
    const edge& e = g_.shocks[ix(s)];
    const node_index partner = e.from == at ? e.to : e.from;
    shock_used_[ix(s)] = true;
    if (!present({partner, false}))
      open(op_kind::open_off, {partner, false});
    push({op_kind::shock, position({at, false}), position({partner, false}), at, partner, s}, cells(bits()));
  }

  void unite(node_index v) {
    const std::uint8_t effect = position({v, false});
    push({op_kind::unite, effect, position({v, true}), v}, cells(bits()));
    table_.erase(table_.begin() + effect);
  }

  void close(node_index v) {
    const std::uint8_t at = position({v, true});
    p_.stored += cells(bits());
    push({op_kind::close, at, 0, v}, cells(bits()));
    table_.erase(table_.begin() + at);
  }

  void store() {
    const auto slot = static_cast<node_index>(p_.messages.size());
    const double size = cells(bits());
    p_.messages.push_back({p_.message_cells, bits()});
    p_.message_cells += static_cast<std::size_t>(std::min(size, 0x1p40));
    p_.stored += 2 * size;
    messages_.push_back({table_, slot});
    push({op_kind::store, 0, 0, -1, -1, slot}, size);
  }

  const graph& g_;
  program& p_;
  std::vector<bool> link_used_, shock_used_;
  std::vector<bit> table_;
  std::vector<message> messages_;
};

} // namespace

void emit(const graph& g, const std::vector<step>& order, program& p) {
  emitter e(g, p);
  for (const step& s : order) {
    if (s.sum)
      e.sum(s.node);
    else
      e.complete(s.node);
  }
}

} // namespace posterior::inference
