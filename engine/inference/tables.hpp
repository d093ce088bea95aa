// Inside of machine: the loops over tables, as functions on plain memory. Each exists for plain x86-64 and
// for AVX2, and the processor decides which is used; both do the same additions and multiplications in the
// same order (AVX2 alone has no fused ones), so the bits are the same. Not for other folders.
#pragma once

#include <cstddef>

#include "engine/inference/program.hpp"

namespace posterior::inference {

template <typename T>
struct table_loops {
  void (*open)(T* table, std::size_t size, const T& off, const T& on);
  void (*link)(T* table, std::size_t size, int from, int to, const T& q, const T& not_q);
  void (*shock)(T* table, std::size_t size, int a, int b, const T& p, const T& not_p);
  void (*close)(T* table, std::size_t size, int bit, const T& absent, const T& present);
  // `spare` has room for two messages.
  void (*join)(const join_map& map, const T* table, const T* message, T* spare, T* joined);
  // Cells in which the bits `gone` and `kept` are equal become a table without `gone`.
  void (*unite)(const T* table, T* out, std::size_t size, int gone, int kept);
  // By reference: how a vector is returned depends on the instruction set.
  void (*sum)(const T* table, std::size_t size, T& total);
  // A leaf's two tables gain a parent: `size` cells become twice as many.
  void (*grow)(T* off, T* on, std::size_t size, const T& q, const T& not_q);
  // The table times a factor over some of its bits.
  void (*multiply)(const join_map& map, T* table, const T* factor);
  // The same backwards, on derivatives.
  void (*d_link)(T* table, std::size_t size, int from, int to, const T& q, const T& not_q);
  void (*d_shock)(T* table, std::size_t size, int a, int b, const T& p, const T& not_p);
  // `size` cells after closing become twice as many; `off` and `on` gain the derivatives by the two
  // likelihoods.
  void (*d_close)(const T* kept, const T* table, T* out, std::size_t size, int bit, const T& absent,
                  const T& present, T& off, T& on);
  // `size` cells of `out`; those that were left out get nothing.
  void (*d_unite)(const T* table, T* out, std::size_t size, int gone, int kept);
  // `table` holds derivatives and is multiplied; `gained` adds up, by cell of the factor, its products with
  // `before`.
  void (*d_multiply)(const join_map& map, T* table, const T* before, const T* factor, T* gained);
  void (*d_join)(const join_map& map, const T* d_joined, const T* message, const T* before, T* spare,
                 T* d_table, T* d_message);
};

// For every processor of the architecture.
template <typename T>
const table_loops<T>& plain_loops();

// For this processor.
template <typename T>
const table_loops<T>& loops();

} // namespace posterior::inference
