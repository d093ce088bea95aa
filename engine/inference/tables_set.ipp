// The loops of this instruction set in one table.

namespace posterior::inference {
namespace {

inline shape shape_of(const join_map& map) {
  return {map.to.data(), map.to.size(), map.agree, map.before, map.meets};
}

template <typename T>
constexpr table_loops<T> loop_set{
    &open_table<T>,
    &apply_link<T>,
    &apply_shock<T>,
    &close_node<T>,
    [](const join_map& map, const T* table, const T* message, T* joined) {
      join_tables(shape_of(map), table, message, joined);
    },
    &adjoint_link<T>,
    &adjoint_shock<T>,
    &adjoint_close<T>,
    [](const join_map& map, const T* d_joined, const T* message, const T* before, T* d_table, T* d_message) {
      adjoint_join(shape_of(map), d_joined, message, before, d_table, d_message);
    },
};

} // namespace
} // namespace posterior::inference
