// The backward pass is the exact derivative of the forward one, step by step in reverse: the adjoint of a
// cell is how much P(evidence) grows per unit of that cell. All adjoints are sums of products of non-negative
// numbers too. At the closing of v, sum(cell off * adjoint) and sum(cell on * adjoint) are the derivatives by
// v's two likelihoods, and
//   P(v present | e) = present * d_present / (absent * d_absent + present * d_present).
// Only this ratio matters, so each component, each message, each isolated node and each peeled pair may carry
// its own scale.
#include <algorithm>

#include "engine/inference/machine_parts.hpp"
#include "engine/inference/tables.hpp"

namespace posterior::inference {

template <typename T>
void machine<T>::backward(const program& p) {
  const std::size_t n = p.nodes.size();
  factors_ = 0;
  for (lane_vector<T>* d : {&d_absent_, &d_present_, &d_off_, &d_on_})
    d->assign(n, T{});
  for (node_index v : p.denied)
    d_absent_[ix(v)] = T{} + 1.0;
  if (d_messages_.size() < p.message_cells)
    d_messages_.resize(p.message_cells);
  for (std::size_t i = p.ops.size(); i-- > 0;) {
    if (p.ops[i].kind <= op_kind::absorb)
      unpeel(p.ops[i], i);
    else
      adjoint(p, p.ops[i], i);
  }
}

template <typename T>
void machine<T>::adjoint(const program& p, const op& o, std::size_t at) {
  T* t = table_.data();
  const std::size_t v = ix(o.node), k = ix(o.edge);
  switch (o.kind) {
  case op_kind::finish:
    t[0] = T{} + 1.0;
    size_ = 1;
    break;
  case op_kind::store:
    size_ = bit_size(p.messages[k].bits);
    std::copy_n(d_messages_.data() + p.messages[k].offset, size_, t);
    keep_up(t, size_);
    break;
  case op_kind::load:
    std::copy_n(t, size_, d_messages_.data() + p.messages[k].offset);
    break;
  case op_kind::close:
    loops_.d_close(kept_.data() + kept_at_[at], t, other_.data(), size_, o.a, w_.absent[v], w_.present[v],
                   d_absent_[v], d_present_[v]);
    size_ *= 2;
    std::swap(table_, other_);
    break;
  case op_kind::unite:
    size_ *= 2;
    loops_.d_unite(t, other_.data(), size_, o.a, o.b);
    std::swap(table_, other_);
    break;
  case op_kind::weigh:
    adjoint_weigh(p, o, at);
    break;
  case op_kind::join:
    adjoint_join(p, o, kept_.data() + kept_at_[at]);
    break;
  case op_kind::link:
    loops_.d_link(t, size_, o.a, o.b, w_.q[k], w_.not_q[k]);
    break;
  case op_kind::shock:
    loops_.d_shock(t, size_, o.a, o.b, w_.shock[k], w_.not_shock[k]);
    break;
  case op_kind::open: // always the first bit of a fresh table
    d_off_[v] = t[0];
    d_on_[v] = t[1];
    size_ /= 2;
    break;
  case op_kind::open_off:
    size_ /= 2;
    break;
  case op_kind::open_any:
    size_ /= 2;
    for (std::size_t i = 0; i < size_; ++i)
      t[i] += t[size_ + i];
    break;
  default:
    break;
  }
}

template <typename T>
void machine<T>::adjoint_weigh(const program& p, const op& o, std::size_t at) {
  const factor& f = p.factors[ix(o.edge)];
  const join_map& map = p.joins[static_cast<std::size_t>(o.join)];
  const std::size_t cells = bit_size(map.bits);
  T* t = table_.data();
  if (f.table >= 0) {
    const T* own = w_.tables.data() + w_.table_at[ix(f.table)];
    loops_.multiply(map, t, own);
    return;
  }
  const T* off = kept_.data() + kept_at_[at];
  const T* on = off + cells;
  const T* before = on + cells;
  T *both = factor_.data(), *gained = both + cells;
  const T absent = w_.absent[ix(f.node)], present = w_.present[ix(f.node)];
  for (std::size_t c = 0; c < cells; ++c)
    both[c] = absent * off[c] + present * on[c];
  keep_up(both, cells);
  if (time_to_lift())
    keep_up(t, size_);
  std::fill_n(gained, cells, T{});
  loops_.d_multiply(map, t, before, both, gained);
  T by_absent{}, by_present{};
  for (std::size_t c = 0; c < cells; ++c) {
    by_absent += gained[c] * off[c];
    by_present += gained[c] * on[c];
  }
  d_absent_[ix(f.node)] = by_absent;
  d_present_[ix(f.node)] = by_present;
  if (f.folded)
    adjoint_leak(p, f, cells);
}

// The derivatives by the leak: back through the parents that were brought in, last first.
template <typename T>
void machine<T>::adjoint_leak(const program& p, const factor& f, std::size_t cells) {
  const T absent = w_.absent[ix(f.node)], present = w_.present[ix(f.node)];
  T *d_off = factor_.data(), *d_on = d_off + cells; // d_on: gained by each cell until now
  for (std::size_t c = 0; c < cells; ++c) {
    d_off[c] = d_on[c] * absent;
    d_on[c] *= present;
  }
  for (std::uint32_t k = f.links; k-- > 0;) {
    const std::size_t l = ix(p.factor_links[f.first + k]), size = bit_size(static_cast<int>(k));
    for (std::size_t c = 0; c < size; ++c) {
      d_off[c] += d_off[size + c] * w_.not_q[l] + d_on[size + c] * w_.q[l];
      d_on[c] += d_on[size + c];
    }
  }
  d_off_[ix(f.node)] = d_off[0];
  d_on_[ix(f.node)] = d_on[0];
}

template <typename T>
void machine<T>::adjoint_join(const program& p, const op& o, const T* before) {
  const join_map& map = p.joins[static_cast<std::size_t>(o.join)];
  const message_slot& slot = p.messages[ix(o.edge)];
  const T* message = messages_.data() + slot.offset;
  T* d_message = d_messages_.data() + slot.offset;
  const T* d_joined = table_.data();
  T* d_table = other_.data();
  size_ = bit_size(map.before);
  std::fill_n(d_table, size_, T{});
  std::fill_n(d_message, bit_size(slot.bits), T{});
  loops_.d_join(map, d_joined, message, before, spare_.data(), d_table, d_message);
  std::swap(table_, other_);
}

template <typename T>
void machine<T>::unpeel(const op& o, std::size_t at) {
  if (o.kind == op_kind::deny)
    return;
  const std::size_t v = ix(o.node), x = ix(o.other), k = ix(o.edge);
  const T off_v = w_.leak_off[v], on_v = w_.leak_on[v], a = w_.absent[v], b = w_.present[v];
  if (o.kind == op_kind::isolate) {
    d_absent_[v] = off_v;
    d_present_[v] = on_v;
    d_off_[v] = a;
    d_on_[v] = b;
    return;
  }
  const T q = w_.q[k], not_q = w_.not_q[k];
  const T first = saved_[at].first, second = saved_[at].second;
  if (o.kind == op_kind::fold) {
    const T c0 = off_v * a, c1 = on_v * b;
    const T d_off = d_off_[x], d_on = d_on_[x];
    const T d0 = first * d_off + second * d_on;
    const T d1 = first * (not_q * d_off) + (second + first * q) * d_on;
    d_off_[x] = d_off * (c0 + c1 * not_q) + d_on * (c1 * q);
    d_on_[x] = d_on * (c0 + c1);
    w_.leak_off[x] = first;
    w_.leak_on[x] = second;
    d_absent_[v] = off_v * d0;
    d_present_[v] = on_v * d1;
    d_off_[v] = a * d0;
    d_on_[v] = b * d1;
  } else {
    const T f0 = a * off_v + b * on_v, f1 = a * (off_v * not_q) + b * (on_v + off_v * q);
    const T g0 = first * d_absent_[x], g1 = second * d_present_[x];
    d_absent_[x] *= f0;
    d_present_[x] *= f1;
    w_.absent[x] = first;
    w_.present[x] = second;
    d_absent_[v] = off_v * g0 + off_v * (not_q * g1);
    d_present_[v] = on_v * g0 + (on_v + off_v * q) * g1;
    d_off_[v] = a * g0 + (a * not_q + b * q) * g1;
    d_on_[v] = b * (g0 + g1);
  }
  // A pair of derivatives is only ever used as a ratio, so along a peeled chain it is lifted before it can
  // vanish.
  T up{}, ignored{};
  lift(d_absent_[v] + d_present_[v], up, ignored);
  d_absent_[v] *= up;
  d_present_[v] *= up;
  lift(d_off_[v] + d_on_[v], up, ignored);
  d_off_[v] *= up;
  d_on_[v] *= up;
}

// machine.hpp declares the class as instantiated elsewhere, so each member is named.
template void machine<double>::backward(const program&);
template void machine<double>::adjoint(const program&, const op&, std::size_t);
template void machine<double>::adjoint_weigh(const program&, const op&, std::size_t);
template void machine<double>::adjoint_leak(const program&, const factor&, std::size_t);
template void machine<double>::adjoint_join(const program&, const op&, const double*);
template void machine<double>::unpeel(const op&, std::size_t);
template void machine<two_lanes>::backward(const program&);
template void machine<two_lanes>::adjoint(const program&, const op&, std::size_t);
template void machine<two_lanes>::adjoint_weigh(const program&, const op&, std::size_t);
template void machine<two_lanes>::adjoint_leak(const program&, const factor&, std::size_t);
template void machine<two_lanes>::adjoint_join(const program&, const op&, const two_lanes*);
template void machine<two_lanes>::unpeel(const op&, std::size_t);
template void machine<lanes>::backward(const program&);
template void machine<lanes>::adjoint(const program&, const op&, std::size_t);
template void machine<lanes>::adjoint_weigh(const program&, const op&, std::size_t);
template void machine<lanes>::adjoint_leak(const program&, const factor&, std::size_t);
template void machine<lanes>::adjoint_join(const program&, const op&, const lanes*);
template void machine<lanes>::unpeel(const op&, std::size_t);

} // namespace posterior::inference
