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
  int before;
  bool meets;
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
  for (std::size_t m = 0; m < std::size_t{1} << map.message_bits; ++m) {
    std::size_t spread = 0;
    for (std::size_t k = 0; k < map.message_bits; ++k)
      spread |= (m >> k & 1) << to[k];
    const std::size_t fixed = spread & map.agree;
    for (std::size_t s = 0;; s = (s - rest) & rest) {
      body(m, s | fixed, s | spread, run);
      if (s == rest)
        break;
    }
  }
}

template <typename T>
void open_table(T* t, std::size_t size, const T& off, const T& on) {
  for (std::size_t i = 0; i < size; ++i) {
    t[size + i] = t[i] * on;
    t[i] *= off;
  }
}

template <typename T>
void join_tables(const shape& map, const T* table, const T* message, T* joined) {
  each_run(map, [&](std::size_t m, std::size_t cell, std::size_t at, std::size_t count) {
    const T factor = message[m];
    if (map.meets)
      for (std::size_t i = 0; i < count; ++i)
        joined[at + i] += table[cell + i] * factor;
    else
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
void adjoint_join(const shape& map, const T* d_joined, const T* message, const T* before, T* d_table,
                  T* d_message) {
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
