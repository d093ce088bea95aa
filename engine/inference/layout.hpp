// A network indexed once for many queries: parents of each node, and an order in which parents come before
// children. Borrows the network, which must outlive it and must not change. Immutable; any thread.
#pragma once

#include <span>
#include <vector>

#include "engine/inference/network.hpp"

namespace posterior::inference {

class layout {
public:
  explicit layout(const network& net);

  struct arc {
    node_index from, link;
  };

  const network& net() const { return *net_; }
  // Nodes that lie on or below a directed loop; nothing can be computed for a network that has any.
  const std::vector<node_index>& looped() const { return looped_; }
  // Links into v, by the number of their source.
  std::span<const arc> into(node_index v) const { return slice(arcs_, into_, v); }
  // Numbers of the shocks that v is an end of.
  std::span<const node_index> shocks_at(node_index v) const { return slice(shocks_, shocks_at_, v); }
  // Number of the table of v, -1 if it is a noisy-OR.
  node_index table_of(node_index v) const { return table_of_[static_cast<std::size_t>(v)]; }
  // Parents before children, ties by number.
  node_index rank(node_index v) const { return rank_[static_cast<std::size_t>(v)]; }

private:
  template <typename T>
  static std::span<const T> slice(const std::vector<T>& all, const std::vector<node_index>& begin,
                                  node_index v) {
    const auto at = static_cast<std::size_t>(begin[static_cast<std::size_t>(v)]);
    const auto end = static_cast<std::size_t>(begin[static_cast<std::size_t>(v) + 1]);
    return {all.data() + at, end - at};
  }
  void sort_topologically();

  const network* net_;
  std::vector<arc> arcs_;
  std::vector<node_index> shocks_;
  std::vector<node_index> into_, shocks_at_; // where each node's begin; one more at the end
  std::vector<node_index> table_of_, rank_, looped_;
};

} // namespace posterior::inference
