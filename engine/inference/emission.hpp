// Inside of planner: an elimination order as operations on tables. Memory is reused. Not for other folders.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/inference/ordering.hpp"
#include "engine/inference/program.hpp"

namespace posterior::inference {

class emitter {
public:
  // Appends the operations for `order` to `p`; if a table would be too wide, marks its cost infinite.
  void emit(const relevant& r, const std::vector<step>& order, program& p);

private:
  using token = std::int32_t; // 2 * node + (given ? 1 : 0): a node in one of its roles
  static constexpr std::int32_t none = -1;
  static std::size_t ix(std::int32_t v) { return static_cast<std::size_t>(v); }
  static token effect(node_index v) { return 2 * v; }
  static token given(node_index v) { return 2 * v + 1; }

  enum class item_kind : std::uint8_t { message, weigh, link, shock };
  struct item {
    item_kind kind;
    std::int32_t id, next; // next item of the same bucket
  };
  struct message {
    std::uint32_t first, bits; // into scopes_
  };

  void place(const std::vector<step>& order);
  void place_leaf(node_index v);
  bool has_twice(node_index v) const;
  void place_table(node_index v);
  void put(std::int32_t bucket, item_kind kind, std::int32_t id);

  void take(std::int32_t bucket);
  void complete(node_index v, bool leaf);
  void sum(node_index v);
  void tables_first();
  void links_last();
  int missing(const item& i) const;
  void apply(const item& i);
  void apply_link(node_index l);
  void apply_shock(node_index s);
  void apply_factor(std::int32_t f);
  void load(std::int32_t m);
  void join(std::int32_t m);

  int bits() const { return static_cast<int>(table_.size()); }
  bool present(token t) const { return position_[ix(t)] >= 0; }
  std::uint8_t position(token t) const { return static_cast<std::uint8_t>(position_[ix(t)]); }
  void push(op o, double cost);
  void begin();
  void open(op_kind how, token t);
  void remove(token t);
  void clear();
  void close(node_index v);
  void store();

  const relevant* r_ = nullptr;
  program* p_ = nullptr;
  std::vector<std::int32_t> when_; // by token: number of the step that eliminates it
  std::vector<std::int32_t> head_; // by step: first item
  std::vector<item> items_;
  std::vector<message> messages_;
  std::vector<token> scopes_;
  std::vector<std::int8_t> position_; // by token: bit in the table, -1 if not there
  std::vector<token> table_;          // by bit
  std::vector<item> now_;             // of the bucket being worked on
  std::vector<std::uint8_t> placed_;  // links that are part of a factor
};

} // namespace posterior::inference
