// Compiled with -mavx2; see tables.hpp.
#include <cstdint>

#include "engine/inference/machine.hpp"
#include "engine/inference/tables.hpp"
#include "engine/inference/tables.ipp"
#include "engine/inference/tables_set.ipp"

namespace posterior::inference {

template <typename T>
const table_loops<T>& loops_avx2();

template <>
const table_loops<double>& loops_avx2<double>() {
  return loop_set<double>;
}
template <>
const table_loops<two_lanes>& loops_avx2<two_lanes>() {
  return loop_set<two_lanes>;
}
template <>
const table_loops<lanes>& loops_avx2<lanes>() {
  return loop_set<lanes>;
}

} // namespace posterior::inference
