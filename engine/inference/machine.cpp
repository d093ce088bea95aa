// A table holds one non-negative weight for every combination of its nodes (bit set = present). See
// machine.hpp for the arithmetic, ordering.cpp and emission.cpp for the order, tests/inference/exact_test.cpp
// for the judge.
//
// The backward pass is the exact derivative of the forward one, step by step in reverse: the adjoint of a
// cell is how much P(evidence) grows per unit of that cell. All adjoints are sums of products of non-negative
// numbers too. At the closing of v, sum(cell off * adjoint) and sum(cell on * adjoint) are the derivatives by
// v's two likelihoods, and
//   P(v present | e) = present * d_present / (absent * d_absent + present * d_present).
// Only this ratio matters, so each component, each message, each isolated node and each peeled pair may carry
// its own scale.
#include "engine/inference/machine.hpp"

#include "engine/inference/tables.hpp"

#include <algorithm>
#include <bit>

namespace posterior::inference {
namespace {

constexpr std::size_t bit_size(int bit) {
  return std::size_t{1} << bit;
}
std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

// Where `value` is positive and below 2^-32, a power of two that lifts it above, and minus its exponent;
// elsewhere 1 and 0. Powers of two change no digit.
void lift(double value, double& factor, double& exponent) {
  factor = 1;
  exponent = 0;
  if (!(value > 0))
    return;
  while (value < 0x1p-32 && exponent > -992) {
    value *= 0x1p32;
    factor *= 0x1p32;
    exponent -= 32;
  }
}
template <typename T>
void lift(const T& value, T& factor, T& exponent) {
  for (int i = 0; i < lane_count<T>; ++i) {
    double f = 1, e = 0;
    lift(value[i], f, e);
    factor[i] = f;
    exponent[i] = e;
  }
}

template <typename T>
bool any_below_nought(const T& x) {
  if constexpr (lane_count<T> == 1) {
    return x < 0;
  } else {
    bool any = false;
    for (int i = 0; i < lane_count<T>; ++i)
      any = any || x[i] < 0;
    return any;
  }
}

template <typename T>
T sum_of(const T* first, std::size_t count) {
  T total = first[0];
  for (std::size_t c = 1; c < count; ++c)
    total += first[c];
  return total;
}

// Factors of one table between which it is lifted, if need be.
constexpr int factors_between_lifts = 4;

// Calls body(cell, cell without bit `gone`) for the cells in which the bits `gone` and `kept` are equal.
template <typename F>
void each_agreeing(std::size_t size, int gone, int kept, F body) {
  const std::size_t below = bit_size(gone) - 1;
  for (std::size_t c = 0; c < size; ++c)
    if ((c >> gone & 1) == (c >> kept & 1))
      body(c, (c & below) | (c >> (gone + 1) << gone));
}

} // namespace

template <typename T>
void machine<T>::run(const program& p, const weights<T>& w) {
  w_ = w;
  forward(p, true);
  backward(p);
}

template <typename T>
void machine<T>::run_forward(const program& p, const weights<T>& w) {
  w_ = w;
  forward(p, false);
}

template <typename T>
T machine<T>::posterior(node_index local) const {
  const T on = w_.present[ix(local)] * d_present_[ix(local)];
  const T off = w_.absent[ix(local)] * d_absent_[ix(local)];
  return on / (off + on);
}

// Where the cells of a lane are tiny, as their sum shows, lifts them all. Returns the exponent that
// P(evidence) has to remember; derivatives, of which only ratios within a node are read, forget it.
template <typename T>
T machine<T>::keep_up(T size, T* first, std::size_t count) {
  T up{}, exponent{};
  lift(size, up, exponent);
  if (any_below_nought(exponent))
    for (std::size_t i = 0; i < count; ++i)
      first[i] *= up;
  return exponent;
}

template <typename T>
void machine<T>::keep_up_pair(T& off, T& on) {
  T up{}, exponent{};
  lift(off + on, up, exponent);
  if (!any_below_nought(exponent))
    return;
  off *= up;
  on *= up;
  evidence_.exponent += exponent;
}

template <typename T>
bool machine<T>::time_to_lift() {
  factors_ = (factors_ + 1) % factors_between_lifts;
  return factors_ == 0;
}

template <typename T>
void machine<T>::multiply(T factor) {
  evidence_.value *= factor;
  evidence_.exponent += keep_up(evidence_.value, &evidence_.value, 1);
}

template <typename T>
void machine<T>::forward(const program& p, bool keep) {
  const std::size_t capacity = bit_size(std::max(1, p.width));
  if (table_.size() < capacity) {
    table_.resize(capacity);
    other_.resize(capacity);
  }
  if (messages_.size() < p.message_cells)
    messages_.resize(p.message_cells);
  kept_size_ = 0;
  if (keep && kept_.size() < static_cast<std::size_t>(p.kept))
    kept_.resize(static_cast<std::size_t>(p.kept));
  kept_at_.resize(p.ops.size());
  saved_.resize(p.ops.size());
  if (const std::size_t factor = 3 * bit_size(std::max(1, p.factor_bits)); factor_.size() < factor)
    factor_.resize(factor);
  if (const std::size_t spare = 2 * bit_size(p.joined_bits); spare_.size() < spare)
    spare_.resize(spare);
  evidence_ = {T{} + 1.0, T{}};
  size_ = 1;
  factors_ = 0;
  for (const auto& l : p.lone_shocks) {
    T &off = w_.leak_off[ix(l.node)], &on = w_.leak_on[ix(l.node)];
    on += off * w_.shock[ix(l.shock)];
    off *= w_.not_shock[ix(l.shock)];
  }
  for (std::size_t v = 0; v < p.nodes.size(); ++v)
    keep_up_pair(w_.absent[v], w_.present[v]);
  for (node_index v : p.denied)
    multiply(w_.leak_off[ix(v)] * w_.absent[ix(v)]);
  for (node_index k : p.unstruck)
    multiply(w_.not_shock[ix(k)]);
  for (std::size_t i = 0; i < p.ops.size(); ++i) {
    if (p.ops[i].kind <= op_kind::absorb)
      peel(p.ops[i], i, keep);
    else
      tables(p, p.ops[i], i, keep);
  }
}

template <typename T>
void machine<T>::peel(const op& o, std::size_t at, bool keep) {
  const std::size_t v = ix(o.node), x = ix(o.other), k = ix(o.edge);
  if (o.kind == op_kind::deny) {
    w_.present[x] *= w_.not_q[k];
    keep_up_pair(w_.absent[x], w_.present[x]);
    return;
  }
  const T off_v = w_.leak_off[v], on_v = w_.leak_on[v], a = w_.absent[v], b = w_.present[v];
  if (o.kind == op_kind::isolate) {
    multiply(off_v * a + on_v * b);
    return;
  }
  const T q = w_.q[k], not_q = w_.not_q[k];
  if (o.kind == op_kind::fold) {
    T &off = w_.leak_off[x], &on = w_.leak_on[x];
    if (keep)
      saved_[at] = {off, on};
    const T c0 = off_v * a, c1 = on_v * b;
    on = on * (c0 + c1) + off * (c1 * q);
    off = off * (c0 + c1 * not_q);
    keep_up_pair(off, on);
  } else {
    T &absent = w_.absent[x], &present = w_.present[x];
    if (keep)
      saved_[at] = {absent, present};
    absent *= a * off_v + b * on_v;
    present *= a * (off_v * not_q) + b * (on_v + off_v * q);
    keep_up_pair(absent, present);
  }
}

template <typename T>
void machine<T>::tables(const program& p, const op& o, std::size_t at, bool keep) {
  T* t = table_.data();
  const std::size_t v = ix(o.node), k = ix(o.edge);
  const auto remember = [&] {
    if (!keep)
      return;
    kept_at_[at] = kept_size_;
    std::copy_n(t, size_, kept_.data() + kept_size_);
    kept_size_ += size_;
  };
  switch (o.kind) {
  case op_kind::begin:
    t[0] = T{} + 1.0;
    size_ = 1;
    break;
  case op_kind::load:
    size_ = bit_size(p.messages[k].bits);
    std::copy_n(messages_.data() + p.messages[k].offset, size_, t);
    break;
  case op_kind::open:
    loops_.open(t, size_, w_.leak_off[v], w_.leak_on[v]);
    size_ *= 2;
    break;
  case op_kind::open_off:
    std::fill_n(t + size_, size_, T{});
    size_ *= 2;
    break;
  case op_kind::open_any:
    std::copy_n(t, size_, t + size_);
    size_ *= 2;
    break;
  case op_kind::link:
    loops_.link(t, size_, o.a, o.b, w_.q[k], w_.not_q[k]);
    break;
  case op_kind::shock:
    loops_.shock(t, size_, o.a, o.b, w_.shock[k], w_.not_shock[k]);
    break;
  case op_kind::weigh:
    weigh(p, o, at, keep);
    break;
  case op_kind::join:
    remember();
    join(p, o);
    break;
  case op_kind::unite:
    each_agreeing(size_, o.a, o.b, [&](std::size_t cell, std::size_t united) { other_[united] = t[cell]; });
    std::swap(table_, other_);
    size_ /= 2;
    break;
  case op_kind::close:
    remember();
    loops_.close(t, size_, o.a, w_.absent[v], w_.present[v]);
    size_ /= 2;
    break;
  case op_kind::store: {
    evidence_.exponent += keep_up(sum_of(t, size_), t, size_);
    std::copy_n(t, size_, messages_.data() + p.messages[k].offset);
    break;
  }
  case op_kind::finish:
    multiply(t[0]);
    break;
  default:
    break;
  }
}

// What a leaf says about its parents is absent * P(absent | parents) + present * P(present | parents); both
// tables are made by bringing in one parent after the other. The backward pass reads them, and the table as
// it was, again.
template <typename T>
void machine<T>::weigh(const program& p, const op& o, std::size_t at, bool keep) {
  const factor& f = p.factors[ix(o.edge)];
  const join_map& map = p.joins[static_cast<std::size_t>(o.join)];
  const std::size_t cells = bit_size(map.bits);
  T* t = table_.data();
  if (f.table >= 0) {
    const T* own = w_.tables.data() + w_.table_at[ix(f.table)];
    loops_.multiply(map, t, own);
    return;
  }
  T *off = factor_.data(), *on = off + cells, *both = on + cells;
  off[0] = w_.leak_off[ix(f.node)];
  on[0] = w_.leak_on[ix(f.node)];
  std::size_t size = 1;
  for (std::uint32_t k = 0; k < f.links; ++k, size *= 2) {
    const std::size_t l = ix(p.factor_links[f.first + k]);
    loops_.grow(off, on, size, w_.q[l], w_.not_q[l]);
  }
  const T absent = w_.absent[ix(f.node)], present = w_.present[ix(f.node)];
  for (std::size_t c = 0; c < cells; ++c)
    both[c] = absent * off[c] + present * on[c];
  evidence_.exponent += keep_up(sum_of(both, cells), both, cells);
  if (time_to_lift())
    evidence_.exponent += keep_up(sum_of(t, size_), t, size_);
  if (keep) {
    T* kept = kept_.data() + kept_size_;
    kept_at_[at] = kept_size_;
    std::copy_n(off, 2 * cells, kept);
    std::copy_n(t, size_, kept + 2 * cells);
    kept_size_ += 2 * cells + size_;
  }
  loops_.multiply(map, t, both);
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
  keep_up(sum_of(both, cells), both, cells);
  if (time_to_lift())
    keep_up(sum_of(t, size_), t, size_);
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
void machine<T>::join(const program& p, const op& o) {
  const join_map& map = p.joins[static_cast<std::size_t>(o.join)];
  const T* message = messages_.data() + p.messages[ix(o.edge)].offset;
  const T* t = table_.data();
  T* out = other_.data();
  size_ = bit_size(map.after);
  if (map.met != 0)
    std::fill_n(out, size_, T{});
  loops_.join(map, t, message, spare_.data(), out);
  std::swap(table_, other_);
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
    keep_up(sum_of(t, size_), t, size_);
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
    std::fill_n(other_.data(), size_, T{});
    each_agreeing(size_, o.a, o.b, [&](std::size_t cell, std::size_t united) { other_[cell] = t[united]; });
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

template class machine<double>;
template class machine<two_lanes>;
template class machine<lanes>;

} // namespace posterior::inference
