// The part of a network that matters for a query, with local numbers, and what of it is left once leaves
// known to be absent and trees are dealt with. Memory is reused from query to query. Inside of planner; not
// for other folders.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/inference/layout.hpp"
#include "engine/inference/program.hpp"

namespace posterior::inference {

class relevant {
public:
  struct edge {
    node_index from, to;
  };

  // Fills nodes, links, shocks and tables of `p`; appends to its ops what is done without tables.
  void build(const layout& map, std::span<const node_index> evidence, std::span<const node_index> targets,
             std::span<const node_index> absent, program& p);

  node_index size() const { return static_cast<node_index>(gone_.size()); }
  const std::vector<edge>& links() const { return links_; }
  const std::vector<edge>& shocks() const { return shocks_; }
  // Local parents of a table, in the order of its cells' bits.
  std::span<const node_index> table_parents(node_index t) const {
    return {table_parents_.data() + table_first_[ix(t)],
            static_cast<std::size_t>(table_first_[ix(t) + 1] - table_first_[ix(t)])};
  }
  node_index tables() const { return static_cast<node_index>(table_first_.size()) - 1; }
  node_index table_of(node_index v) const { return table_of_[ix(v)]; }

  // Dealt with: needs no table.
  bool gone(node_index v) const { return gone_[ix(v)] != 0; }
  // Some root became part of its leak.
  bool folded(node_index v) const { return folded_[ix(v)] != 0; }
  bool done(node_index link) const { return done_[ix(link)] != 0; }
  bool dead(node_index shock) const { return dead_[ix(shock)] != 0; }
  // Local links into v, done ones included.
  node_index in_begin(node_index v) const { return in_first_[ix(v)]; }
  node_index in_end(node_index v) const { return in_first_[ix(v) + 1]; }
  int pending_in(node_index v) const { return pending_in_[ix(v)]; }
  int pending_out(node_index v) const { return pending_out_[ix(v)]; }
  // Shocks and tables that v takes part in.
  int shocks_at(node_index v) const { return struck_[ix(v)]; }
  int tables_at(node_index v) const { return parent_in_[ix(v)]; }

private:
  static std::size_t ix(node_index v) { return static_cast<std::size_t>(v); }
  void find_nodes(std::span<const node_index> evidence, std::span<const node_index> targets, program& p);
  void number_links(program& p);
  void number_shocks(program& p);
  void number_tables(program& p);
  void deny(std::span<const node_index> targets, std::span<const node_index> absent, program& p);
  void peel(program& p);
  bool peel_one(node_index v, program& p);
  void finish(node_index link);

  const layout* map_ = nullptr;
  std::vector<edge> links_, shocks_;
  std::vector<node_index> table_of_, table_first_, table_parents_;
  std::vector<node_index> in_first_, out_first_, out_links_, next_;
  std::vector<int> pending_in_, pending_out_, struck_, parent_in_;
  std::vector<std::uint8_t> gone_, done_, dead_, folded_;
  std::vector<node_index> work_;
};

} // namespace posterior::inference
