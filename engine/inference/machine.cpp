// A table holds one non-negative weight for every combination of its nodes (bit set = present). See
// machine.hpp for the arithmetic, ordering.cpp and emission.cpp for the order, tests/inference/exact_test.cpp
// for the judge.
#include "engine/inference/machine.hpp"

#include <algorithm>

#include "engine/inference/machine_parts.hpp"
#include "engine/inference/tables.hpp"

namespace posterior::inference {
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
T machine<T>::keep_up(T* first, std::size_t count) {
  T sum{}, up{}, exponent{};
  loops_.sum(first, count, sum);
  lift(sum, up, exponent);
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
  evidence_.exponent += keep_up(&evidence_.value, 1);
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
    loops_.unite(t, other_.data(), size_, o.a, o.b);
    std::swap(table_, other_);
    size_ /= 2;
    break;
  case op_kind::close:
    remember();
    loops_.close(t, size_, o.a, w_.absent[v], w_.present[v]);
    size_ /= 2;
    break;
  case op_kind::store: {
    evidence_.exponent += keep_up(t, size_);
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
  evidence_.exponent += keep_up(both, cells);
  if (time_to_lift())
    evidence_.exponent += keep_up(t, size_);
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

template class machine<double>;
template class machine<two_lanes>;
template class machine<lanes>;

} // namespace posterior::inference
