#include "engine/inference/tables.hpp"

#include <cstdint>

#include "engine/inference/machine.hpp"
#include "engine/inference/tables.ipp"
#include "engine/inference/tables_set.ipp"

namespace posterior::inference {

#ifdef POSTERIOR_AVX2
template <typename T>
const table_loops<T>& loops_avx2();
template <>
const table_loops<double>& loops_avx2<double>();
template <>
const table_loops<two_lanes>& loops_avx2<two_lanes>();
template <>
const table_loops<lanes>& loops_avx2<lanes>();
#endif

template <typename T>
const table_loops<T>& loops() {
#ifdef POSTERIOR_AVX2
  if (__builtin_cpu_supports("avx2"))
    return loops_avx2<T>();
#endif
  return loop_set<T>;
}

template <typename T>
const table_loops<T>& plain_loops() {
  return loop_set<T>;
}
template const table_loops<lanes>& plain_loops<lanes>();

template const table_loops<double>& loops<double>();
template const table_loops<two_lanes>& loops<two_lanes>();
template const table_loops<lanes>& loops<lanes>();

} // namespace posterior::inference
