// The table holds one non-negative weight for every combination of the open nodes (bit set = present). See
// machine.hpp for the arithmetic, program.cpp for the order, tests/inference/exact_test.cpp for the judge.
//
// The backward pass is the exact derivative of the forward one, step by step in reverse: the adjoint of a
// table cell is how much P(evidence) grows per unit of that cell. All adjoints are sums of products of
// non-negative numbers too. At the closing of v, sum(cell off * adjoint) and sum(cell on * adjoint) are the
// derivatives by v's two likelihoods, and
//   P(v present | e) = present * d_present / (absent * d_absent + present * d_present).
// Only this ratio matters, so each component, each isolated node and each peeled pair may carry its own
// scale.
#include "engine/inference/machine.hpp"

#include <algorithm>

namespace posterior::inference {
namespace {

constexpr std::size_t bit_size(int bit) {
  return std::size_t{1} << bit;
}
std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

double largest(double a, double b) {
  return a < b ? b : a;
}
lanes largest(lanes a, lanes b) {
  return a < b ? b : a;
}

// Where `value` is positive and tiny: 2^400 and -400; elsewhere 1 and 0.
void lift(double value, double& factor, double& exponent) {
  const bool tiny = value > 0 && value < 0x1p-400;
  factor = tiny ? 0x1p400 : 1.0;
  exponent = tiny ? -400.0 : 0.0;
}
void lift(lanes value, lanes& factor, lanes& exponent) {
  for (int i = 0; i < lane_count; ++i) {
    double f = 1, e = 0;
    lift(value[i], f, e);
    factor[i] = f;
    exponent[i] = e;
  }
}

// Calls body(off, count): runs of `count` cells starting at `off` in which bits `a` and `b` are clear.
template <typename F>
void each_quarter(std::size_t size, int a, int b, F body) {
  const std::size_t low = bit_size(std::min(a, b)), high = bit_size(std::max(a, b));
  for (std::size_t h = 0; h < size; h += 2 * high)
    for (std::size_t m = 0; m < high; m += 2 * low)
      body(h + m, low);
}

template <typename T>
void open_node(T* t, std::size_t size, T off, T on) {
  for (std::size_t i = 0; i < size; ++i) {
    const T x = t[i];
    t[size + i] = x * on;
    t[i] = x * off;
  }
}

template <typename T>
void apply_link(T* table, std::size_t size, int from, int to, T q, T not_q) {
  each_quarter(size, from, to, [&](std::size_t at, std::size_t count) {
    T* off = table + at + bit_size(from);
    T* on = off + bit_size(to);
    for (std::size_t i = 0; i < count; ++i) {
      const T x = off[i];
      on[i] += x * q;
      off[i] = x * not_q;
    }
  });
}

template <typename T>
void apply_shock(T* table, std::size_t size, int a, int b, T p, T not_p) {
  each_quarter(size, a, b, [&](std::size_t at, std::size_t count) {
    T* none = table + at;
    T* first = none + bit_size(a);
    T* second = none + bit_size(b);
    T* both = first + bit_size(b);
    for (std::size_t i = 0; i < count; ++i) {
      both[i] += p * (none[i] + (first[i] + second[i]));
      none[i] *= not_p;
      first[i] *= not_p;
      second[i] *= not_p;
    }
  });
}

template <typename T>
void close_node(T* table, std::size_t size, int bit, T absent, T present) {
  const std::size_t b = bit_size(bit);
  std::size_t out = 0;
  for (std::size_t h = 0; h < size; h += 2 * b)
    for (std::size_t i = 0; i < b; ++i)
      table[out++] = absent * table[h + i] + present * table[h + b + i];
}

template <typename T>
void adjoint_link(T* table, std::size_t size, int from, int to, T q, T not_q) {
  each_quarter(size, from, to, [&](std::size_t at, std::size_t count) {
    T* off = table + at + bit_size(from);
    const T* on = off + bit_size(to);
    for (std::size_t i = 0; i < count; ++i)
      off[i] = off[i] * not_q + on[i] * q;
  });
}

template <typename T>
void adjoint_shock(T* table, std::size_t size, int a, int b, T p, T not_p) {
  each_quarter(size, a, b, [&](std::size_t at, std::size_t count) {
    T* none = table + at;
    T* first = none + bit_size(a);
    T* second = none + bit_size(b);
    const T* both = first + bit_size(b);
    for (std::size_t i = 0; i < count; ++i) {
      const T shared = both[i] * p;
      none[i] = none[i] * not_p + shared;
      first[i] = first[i] * not_p + shared;
      second[i] = second[i] * not_p + shared;
    }
  });
}

} // namespace

template <typename T>
void machine<T>::run(const program& p, weights<T> w) {
  w_ = std::move(w);
  forward(p, true);
  backward(p);
}

template <typename T>
void machine<T>::run_forward(const program& p, weights<T> w) {
  w_ = std::move(w);
  forward(p, false);
}

template <typename T>
T machine<T>::posterior(node_index local) const {
  const T on = w_.present[ix(local)] * d_present_[ix(local)];
  const T off = w_.absent[ix(local)] * d_absent_[ix(local)];
  return on / (off + on);
}

template <typename T>
void machine<T>::forward(const program& p, bool keep) {
  const std::size_t capacity = bit_size(std::max(1, p.width));
  if (table_.size() < capacity)
    table_.resize(capacity);
  kept_.clear();
  if (keep) {
    kept_.reserve(static_cast<std::size_t>(p.stored));
    kept_at_.assign(p.ops.size(), 0);
    saved_.resize(p.ops.size());
  }
  evidence_ = {T{} + 1.0, T{}};
  T* t = table_.data();
  t[0] = T{} + 1.0;
  std::size_t size = 1;
  int closings = 0;
  const auto store = [&](std::size_t i) {
    kept_at_[i] = kept_.size();
    kept_.insert(kept_.end(), t, t + size);
  };
  const auto rescale = [&](T most, auto... cells) {
    T up{}, exponent{};
    lift(most, up, exponent);
    ((*cells *= up), ...);
    evidence_.exponent += exponent;
  };
  const auto multiply = [&](T factor) {
    evidence_.value *= factor;
    rescale(evidence_.value, &evidence_.value);
  };
  for (std::size_t i = 0; i < p.ops.size(); ++i) {
    const op& o = p.ops[i];
    const std::size_t v = ix(o.node), x = ix(o.other), k = ix(o.edge);
    switch (o.kind) {
    case op_kind::isolate:
      multiply(w_.leak_off[v] * w_.absent[v] + w_.leak_on[v] * w_.present[v]);
      break;
    case op_kind::fold: {
      const T c0 = w_.leak_off[v] * w_.absent[v], c1 = w_.leak_on[v] * w_.present[v];
      const T off = w_.leak_off[x], on = w_.leak_on[x];
      if (keep)
        saved_[i] = {off, on, T{}, T{}};
      w_.leak_off[x] = off * (c0 + c1 * w_.not_q[k]);
      w_.leak_on[x] = on * (c0 + c1) + off * (c1 * w_.q[k]);
      rescale(largest(w_.leak_off[x], w_.leak_on[x]), &w_.leak_off[x], &w_.leak_on[x]);
      break;
    }
    case op_kind::absorb: {
      const T off = w_.leak_off[v], on = w_.leak_on[v], a = w_.absent[v], b = w_.present[v];
      if (keep)
        saved_[i] = {w_.absent[x], w_.present[x], T{}, T{}};
      w_.absent[x] *= a * off + b * on;
      w_.present[x] *= a * (off * w_.not_q[k]) + b * (on + off * w_.q[k]);
      rescale(largest(w_.absent[x], w_.present[x]), &w_.absent[x], &w_.present[x]);
      break;
    }
    case op_kind::open:
      if (keep && p.folded_into[v])
        store(i);
      open_node(t, size, w_.leak_off[v], w_.leak_on[v]);
      size *= 2;
      break;
    case op_kind::link:
      apply_link(t, size, o.a, o.b, w_.q[k], w_.not_q[k]);
      break;
    case op_kind::shock:
      apply_shock(t, size, o.a, o.b, w_.shock[k], w_.not_shock[k]);
      break;
    case op_kind::close:
      if (keep)
        store(i);
      close_node(t, size, o.a, w_.absent[v], w_.present[v]);
      size /= 2;
      if (o.last) {
        multiply(t[0]);
        t[0] = T{} + 1.0;
      } else if (++closings % 8 == 0) {
        T most = t[0];
        for (std::size_t c = 1; c < size; ++c)
          most = largest(most, t[c]);
        T up{}, exponent{};
        lift(most, up, exponent);
        for (std::size_t c = 0; c < size; ++c)
          t[c] *= up;
        evidence_.exponent += exponent;
      }
      break;
    }
  }
}

template <typename T>
void machine<T>::backward(const program& p) {
  const std::size_t n = p.nodes.size();
  d_absent_.assign(n, T{});
  d_present_.assign(n, T{});
  d_off_.assign(n, T{});
  d_on_.assign(n, T{});
  if (other_.size() < table_.size())
    other_.resize(table_.size());
  // A pair of derivatives is only ever used as a ratio, so along a peeled chain it is lifted before it can
  // vanish.
  const auto keep_pairs_up = [&](std::size_t v) {
    T up{}, ignored{};
    lift(largest(d_absent_[v], d_present_[v]), up, ignored);
    d_absent_[v] *= up;
    d_present_[v] *= up;
    lift(largest(d_off_[v], d_on_[v]), up, ignored);
    d_off_[v] *= up;
    d_on_[v] *= up;
  };
  std::size_t size = 1;
  for (std::size_t i = p.ops.size(); i-- > 0;) {
    const op& o = p.ops[i];
    const std::size_t v = ix(o.node), x = ix(o.other), k = ix(o.edge);
    T* t = table_.data();
    switch (o.kind) {
    case op_kind::close: {
      if (o.last)
        t[0] = T{} + 1.0;
      const T a = w_.absent[v], b = w_.present[v];
      const T* kept = kept_.data() + kept_at_[i];
      T* out = other_.data();
      const std::size_t half = bit_size(o.a);
      T off{}, on{};
      std::size_t in = 0;
      for (std::size_t h = 0; h < 2 * size; h += 2 * half)
        for (std::size_t j = 0; j < half; ++j) {
          const T y = t[in++];
          off += kept[h + j] * y;
          on += kept[h + half + j] * y;
          out[h + j] = a * y;
          out[h + half + j] = b * y;
        }
      d_absent_[v] += off;
      d_present_[v] += on;
      size *= 2;
      std::swap(table_, other_);
      break;
    }
    case op_kind::link:
      adjoint_link(t, size, o.a, o.b, w_.q[k], w_.not_q[k]);
      break;
    case op_kind::shock:
      adjoint_shock(t, size, o.a, o.b, w_.shock[k], w_.not_shock[k]);
      break;
    case op_kind::open: {
      size /= 2;
      const T off = w_.leak_off[v], on = w_.leak_on[v];
      if (p.folded_into[v]) {
        const T* kept = kept_.data() + kept_at_[i];
        for (std::size_t j = 0; j < size; ++j) {
          d_off_[v] += kept[j] * t[j];
          d_on_[v] += kept[j] * t[size + j];
        }
      }
      for (std::size_t j = 0; j < size; ++j)
        t[j] = off * t[j] + on * t[size + j];
      break;
    }
    case op_kind::isolate:
      d_absent_[v] += w_.leak_off[v];
      d_present_[v] += w_.leak_on[v];
      d_off_[v] += w_.absent[v];
      d_on_[v] += w_.present[v];
      break;
    case op_kind::fold: {
      const T off = saved_[i].first, on = saved_[i].second;
      const T c0 = w_.leak_off[v] * w_.absent[v], c1 = w_.leak_on[v] * w_.present[v];
      const T d_off = d_off_[x], d_on = d_on_[x];
      const T d0 = off * d_off + on * d_on;
      const T d1 = off * (w_.not_q[k] * d_off) + (on + off * w_.q[k]) * d_on;
      d_off_[x] = d_off * (c0 + c1 * w_.not_q[k]) + d_on * (c1 * w_.q[k]);
      d_on_[x] = d_on * (c0 + c1);
      w_.leak_off[x] = off;
      w_.leak_on[x] = on;
      d_absent_[v] += w_.leak_off[v] * d0;
      d_present_[v] += w_.leak_on[v] * d1;
      d_off_[v] += w_.absent[v] * d0;
      d_on_[v] += w_.present[v] * d1;
      keep_pairs_up(v);
      break;
    }
    case op_kind::absorb: {
      const T off = w_.leak_off[v], on = w_.leak_on[v], a = w_.absent[v], b = w_.present[v];
      const T was_absent = saved_[i].first, was_present = saved_[i].second;
      const T f0 = a * off + b * on, f1 = a * (off * w_.not_q[k]) + b * (on + off * w_.q[k]);
      const T g0 = was_absent * d_absent_[x], g1 = was_present * d_present_[x];
      d_absent_[x] *= f0;
      d_present_[x] *= f1;
      w_.absent[x] = was_absent;
      w_.present[x] = was_present;
      d_absent_[v] += off * g0 + off * (w_.not_q[k] * g1);
      d_present_[v] += on * g0 + (on + off * w_.q[k]) * g1;
      d_off_[v] += a * g0 + (a * w_.not_q[k] + b * w_.q[k]) * g1;
      d_on_[v] += b * (g0 + g1);
      keep_pairs_up(v);
      break;
    }
    }
  }
}

template class machine<double>;
template class machine<lanes>;

} // namespace posterior::inference
