// The loops of tables.hpp, included once for each instruction set. Plain memory only: nothing of the standard
// library may be instantiated here, or the linker could take a copy that the processor does not know.

namespace posterior::inference {
namespace {

constexpr std::size_t bit_size(int bit) {
  return std::size_t{1} << bit;
}

// A join_map as plain memory.
struct shape {
  const std::uint8_t* positions;
  std::size_t message_bits;
  std::uint32_t agree;
  std::uint32_t met; // bits of the message that are effects in both
  int before;
};

// Calls body(off, count): runs of `count` cells starting at `off` in which bits `a` and `b` are clear.
template <typename F>
void each_quarter(std::size_t size, int a, int b, F body) {
  const std::size_t low = bit_size((a < b ? a : b)), high = bit_size((a < b ? b : a));
  for (std::size_t h = 0; h < size; h += 2 * high)
    for (std::size_t m = 0; m < high; m += 2 * low)
      body(h + m, low);
}

template <typename T>
void apply_link(T* table, std::size_t size, int from, int to, const T& q, const T& not_q) {
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
void adjoint_link(T* table, std::size_t size, int from, int to, const T& q, const T& not_q) {
  each_quarter(size, from, to, [&](std::size_t at, std::size_t count) {
    T* off = table + at + bit_size(from);
    const T* on = off + bit_size(to);
    for (std::size_t i = 0; i < count; ++i)
      off[i] = off[i] * not_q + on[i] * q;
  });
}

template <typename T>
void apply_shock(T* table, std::size_t size, int a, int b, const T& p, const T& not_p) {
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
void adjoint_shock(T* table, std::size_t size, int a, int b, const T& p, const T& not_p) {
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

template <typename T>
void close_node(T* table, std::size_t size, int bit, const T& absent, const T& present) {
  const std::size_t b = bit_size(bit);
  std::size_t out = 0;
  for (std::size_t h = 0; h < size; h += 2 * b)
    for (std::size_t i = 0; i < b; ++i)
      table[out++] = absent * table[h + i] + present * table[h + b + i];
}

// Calls body(cell, cell without bit `gone`, count): runs of cells in which the bits `gone` and `kept` are
// equal.
template <typename F>
void each_agreeing(std::size_t size, int gone, int kept, F body) {
  const int low = gone < kept ? gone : kept, high = gone < kept ? kept : gone;
  const std::size_t run = bit_size(low), both = bit_size(low) | bit_size(high);
  for (std::size_t h = 0; h < size; h += 2 * bit_size(high))
    for (std::size_t m = h; m < h + bit_size(high); m += 2 * run)
      for (int on = 0; on < 2; ++on) {
        const std::size_t cell = on == 0 ? m : m | both;
        const std::size_t below = cell & (bit_size(gone) - 1);
        body(cell, below | (cell >> (gone + 1) << gone), run);
      }
}

template <typename T>
void unite_bits(const T* table, T* out, std::size_t size, int gone, int kept) {
  each_agreeing(size, gone, kept, [&](std::size_t cell, std::size_t united, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      out[united + i] = table[cell + i];
  });
}

template <typename T>
void adjoint_unite(const T* table, T* out, std::size_t size, int gone, int kept) {
  for (std::size_t i = 0; i < size; ++i)
    out[i] = T{};
  each_agreeing(size, gone, kept, [&](std::size_t cell, std::size_t united, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      out[cell + i] = table[united + i];
  });
}

template <typename T>
void sum_table(const T* table, std::size_t size, T& total) {
  T sum = table[0];
  for (std::size_t i = 1; i < size; ++i)
    sum += table[i];
  total = sum;
}

// Calls body(cell, its bits where `to` says) for every cell of a message.
template <typename F>
void each_spread(const std::uint8_t* to, int bits, F body) {
  std::size_t low[64] = {0}; // of the low six bits
  const int few = bits < 6 ? bits : 6;
  for (int k = 0; k < few; ++k)
    for (std::size_t m = 0; m < bit_size(k); ++m)
      low[bit_size(k) + m] = low[m] | bit_size(to[k]);
  for (std::size_t h = 0; h < bit_size(bits - few); ++h) {
    std::size_t high = 0;
    for (int k = few; k < bits; ++k)
      high |= (h >> (k - few) & 1) << to[k];
    for (std::size_t m = 0; m < bit_size(few); ++m)
      body(h << few | m, high | low[m]);
  }
}

// Calls body(message cell, table cell, joined cell, count): runs of `count` neighbouring cells, for every
// pair of cells that agree where they must.
template <typename F>
void each_run(const shape& map, F body) {
  const std::uint8_t* to = map.positions;
  const std::size_t all = bit_size(map.before) - 1;
  const std::size_t free = all & ~static_cast<std::size_t>(map.agree);
  std::size_t spread_bits = 0;
  for (std::size_t k = 0; k < map.message_bits; ++k)
    spread_bits |= std::size_t{1} << to[k];
  // Low bits of the table that the message does not touch: whole runs go through one message cell.
  const std::size_t quiet = free & ~spread_bits;
  const std::size_t run = ~quiet & (quiet + 1);
  const std::size_t rest = free & ~(run - 1);
  each_spread(to, static_cast<int>(map.message_bits), [&](std::size_t m, std::size_t spread) {
    const std::size_t fixed = spread & map.agree;
    for (std::size_t s = 0;; s = (s - rest) & rest) {
      body(m, s | fixed, s | spread, run);
      if (s == rest)
        break;
    }
  });
}

template <typename T>
void open_table(T* t, std::size_t size, const T& off, const T& on) {
  for (std::size_t i = 0; i < size; ++i) {
    t[size + i] = t[i] * on;
    t[i] *= off;
  }
}

// Joins that meet. Where a node is an effect in both tables, the joined node is absent if both say so:
//   off = A_off B_off,   on = A_on (B_off + B_on) + A_off B_on
// so per such bit there are three products, not four: the message is summed over the bits that are on in
// the table, by recursion over these bits.
struct meeting {
  std::uint8_t to[32]; // as in shape, of what is left of the message
  int bits;
  std::uint32_t met;
  std::size_t on; // bits of the table that are on
};

inline meeting start(const shape& map) {
  meeting x{{}, static_cast<int>(map.message_bits), map.met, 0};
  for (std::size_t k = 0; k < map.message_bits; ++k)
    x.to[k] = map.positions[k];
  return x;
}

// The highest bit in which they meet; what is left when the table has it off, and when it has it on.
inline int highest(const meeting& x) {
  int bit = x.bits - 1;
  while (!(x.met >> bit & 1))
    --bit;
  return bit;
}
inline meeting with_off(meeting x, int bit) {
  x.met &= ~(std::uint32_t{1} << bit);
  return x;
}
inline meeting with_on(meeting x, int bit) {
  x.on |= bit_size(x.to[bit]);
  x.met &= ~(std::uint32_t{1} << bit); // bits above meet no more, so none is moved that matters
  for (int k = bit; k + 1 < x.bits; ++k)
    x.to[k] = x.to[k + 1];
  --x.bits;
  return x;
}

template <typename T>
void sum_bit(const T* from, T* to, int bits, int bit) {
  const std::size_t b = bit_size(bit);
  std::size_t out = 0;
  for (std::size_t h = 0; h < bit_size(bits); h += 2 * b)
    for (std::size_t i = h; i < h + b; ++i)
      to[out++] = from[i] + from[b + i];
}

template <typename T>
void spread_bit(const T* from, T* to, int bits, int bit) {
  const std::size_t b = bit_size(bit);
  std::size_t in = 0;
  for (std::size_t h = 0; h < bit_size(bits); h += 2 * b)
    for (std::size_t i = h; i < h + b; ++i) {
      to[i] += from[in];
      to[b + i] += from[in++];
    }
}

// Calls body(message cell, table cell, joined cell, count) for what is left once no bit meets any more.
template <typename F>
void each_left(const meeting& x, const shape& map, F body) {
  std::size_t touched = 0, effects = 0;
  for (int k = 0; k < x.bits; ++k)
    touched |= bit_size(x.to[k]);
  for (std::size_t k = 0; k < map.message_bits; ++k)
    if (map.met >> k & 1)
      effects |= bit_size(map.positions[k]);
  const std::size_t free = (bit_size(map.before) - 1) & ~(map.agree | effects);
  const std::size_t quiet = free & ~touched;
  const std::size_t run = ~quiet & (quiet + 1);
  const std::size_t rest = free & ~(run - 1);
  each_spread(x.to, x.bits, [&](std::size_t m, std::size_t spread) {
    const std::size_t fixed = (spread & map.agree) | x.on;
    for (std::size_t s = 0;; s = (s - rest) & rest) {
      body(m, s | fixed, s | spread | x.on, run);
      if (s == rest)
        break;
    }
  });
}

// `message` holds what is left of it; `spare` has room for one more message.
template <typename T>
void join_meeting(const meeting& x, const shape& map, const T* table, const T* message, T* spare, T* joined) {
  if (x.met == 0) {
    each_left(x, map, [&](std::size_t m, std::size_t cell, std::size_t at, std::size_t count) {
      const T factor = message[m];
      for (std::size_t i = 0; i < count; ++i)
        joined[at + i] += table[cell + i] * factor;
    });
    return;
  }
  const int bit = highest(x);
  join_meeting(with_off(x, bit), map, table, message, spare, joined);
  sum_bit(message, spare, x.bits, bit);
  join_meeting(with_on(x, bit), map, table, spare, spare + bit_size(x.bits - 1), joined);
}

template <typename T>
void adjoint_meeting(const meeting& x, const shape& map, const T* d_joined, const T* message, const T* before,
                     T* spare, T* d_table, T* d_message) {
  if (x.met == 0) {
    each_left(x, map, [&](std::size_t m, std::size_t cell, std::size_t at, std::size_t count) {
      const T factor = message[m];
      T sum{};
      for (std::size_t i = 0; i < count; ++i) {
        d_table[cell + i] += d_joined[at + i] * factor;
        sum += d_joined[at + i] * before[cell + i];
      }
      d_message[m] += sum;
    });
    return;
  }
  const int bit = highest(x);
  const std::size_t half = bit_size(x.bits - 1);
  adjoint_meeting(with_off(x, bit), map, d_joined, message, before, spare, d_table, d_message);
  T *summed = spare, *d_summed = spare + half;
  sum_bit(message, summed, x.bits, bit);
  for (std::size_t i = 0; i < half; ++i)
    d_summed[i] = T{};
  adjoint_meeting(with_on(x, bit), map, d_joined, summed, before, spare + 2 * half, d_table, d_summed);
  spread_bit(d_summed, d_message, x.bits, bit);
}

// `spare` has room for two messages. Joined cells and derivatives are zero where the tables meet.
template <typename T>
void join_tables(const shape& map, const T* table, const T* message, T* spare, T* joined) {
  if (map.met != 0) {
    join_meeting(start(map), map, table, message, spare, joined);
    return;
  }
  each_run(map, [&](std::size_t m, std::size_t cell, std::size_t at, std::size_t count) {
    const T factor = message[m];
    for (std::size_t i = 0; i < count; ++i)
      joined[at + i] = table[cell + i] * factor;
  });
}

template <typename T>
void grow_tables(T* off, T* on, std::size_t size, const T& q, const T& not_q) {
  for (std::size_t i = 0; i < size; ++i) {
    on[size + i] = on[i] + off[i] * q;
    off[size + i] = off[i] * not_q;
  }
}

template <typename T>
void multiply_table(const shape& map, T* table, const T* factor) {
  each_run(map, [&](std::size_t m, std::size_t cell, std::size_t, std::size_t count) {
    const T x = factor[m];
    for (std::size_t i = 0; i < count; ++i)
      table[cell + i] *= x;
  });
}

template <typename T>
void adjoint_multiply(const shape& map, T* table, const T* before, const T* factor, T* gained) {
  each_run(map, [&](std::size_t m, std::size_t cell, std::size_t, std::size_t count) {
    const T x = factor[m];
    T sum{};
    for (std::size_t i = 0; i < count; ++i) {
      sum += table[cell + i] * before[cell + i];
      table[cell + i] *= x;
    }
    gained[m] += sum;
  });
}

template <typename T>
void adjoint_join(const shape& map, const T* d_joined, const T* message, const T* before, T* spare,
                  T* d_table, T* d_message) {
  if (map.met != 0) {
    adjoint_meeting(start(map), map, d_joined, message, before, spare, d_table, d_message);
    return;
  }
  each_run(map, [&](std::size_t m, std::size_t cell, std::size_t at, std::size_t count) {
    const T factor = message[m];
    T sum{};
    for (std::size_t i = 0; i < count; ++i) {
      d_table[cell + i] += d_joined[at + i] * factor;
      sum += d_joined[at + i] * before[cell + i];
    }
    d_message[m] += sum;
  });
}

template <typename T>
void adjoint_close(const T* kept, const T* table, T* out, std::size_t size, int bit, const T& absent,
                   const T& present, T& off, T& on) {
  const std::size_t half = bit_size(bit);
  T sum_off{}, sum_on{};
  std::size_t in = 0;
  for (std::size_t h = 0; h < 2 * size; h += 2 * half)
    for (std::size_t j = h; j < h + half; ++j) {
      const T y = table[in++];
      sum_off += kept[j] * y;
      sum_on += kept[half + j] * y;
      out[j] = absent * y;
      out[half + j] = present * y;
    }
  off = sum_off;
  on = sum_on;
}

} // namespace
} // namespace posterior::inference
