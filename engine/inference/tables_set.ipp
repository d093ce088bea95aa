// The loops of this instruction set in one table.

namespace posterior::inference {
namespace {

inline shape shape_of(const join_map& map) {
  return {map.to, map.bits, map.agree, map.met, map.before};
}

template <typename T>
constexpr table_loops<T> loop_set{
    &open_table<T>,
    &apply_link<T>,
    &apply_shock<T>,
    &close_node<T>,
    [](const join_map& map, const T* table, const T* message, T* spare, T* joined) {
      join_tables(shape_of(map), table, message, spare, joined);
    },
    &unite_bits<T>,
    &sum_table<T>,
    &grow_tables<T>,
    [](const join_map& map, T* table, const T* factor) { multiply_table(shape_of(map), table, factor); },
    &adjoint_link<T>,
    &adjoint_shock<T>,
    &adjoint_close<T>,
    &adjoint_unite<T>,
    [](const join_map& map, T* table, const T* before, const T* factor, T* gained) {
      adjoint_multiply(shape_of(map), table, before, factor, gained);
    },
    [](const join_map& map, const T* d_joined, const T* message, const T* before, T* spare, T* d_table,
       T* d_message) { adjoint_join(shape_of(map), d_joined, message, before, spare, d_table, d_message); },
};

} // namespace
} // namespace posterior::inference
