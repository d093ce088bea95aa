// Runs a program: forward for P(evidence), backward for the posterior of every node, in several lanes that
// share the schedule.
//
// No table value is ever subtracted: a link is `on += off*q; off *= 1-q` with both q and 1-q given, a shock
// `both += p*(the other three); the other three *= 1-p`, closing a node adds two halves. So every posterior,
// also one of 1e-12, keeps a relative error of about the number of operations times 1e-16. No library
// function is called.
//
// One machine belongs to one thread; it owns its tables and may be used for many runs.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

#include "engine/inference/program.hpp"

namespace posterior::inference {

using lanes = double __attribute__((vector_size(32)));     // four at a time
using two_lanes = double __attribute__((vector_size(16))); // the two answers to one question

template <typename T>
inline constexpr int lane_count = static_cast<int>(sizeof(T) / sizeof(double));

// Memory for lanes begins at a multiple of 64 bytes. Rationale: how far a vector type is aligned depends on
// the instruction set a file is compiled for, and the loops over tables are compiled for two.
template <typename T>
struct lane_allocator {
  using value_type = T;
  lane_allocator() = default;
  template <typename U>
  lane_allocator(const lane_allocator<U>&) {}
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new (n * sizeof(T), std::align_val_t{64})); }
  void deallocate(T* at, std::size_t) { ::operator delete (at, std::align_val_t{64}); }
  bool operator==(const lane_allocator&) const = default;
};
template <typename T>
using lane_vector = std::vector<T, lane_allocator<T>>;

// The numbers of one run, by local node, link and shock, one value a lane. T is `lanes`, or double for a
// single lane.
template <typename T>
struct weights {
  lane_vector<T> leak_off, leak_on; // 1 - leak, leak
  lane_vector<T> absent, present;   // likelihood of everything observed about the node
  lane_vector<T> q, not_q;          // link probability and its complement
  lane_vector<T> shock, not_shock;
  // Tables one after the other: every combination with the node absent, then every one with it present.
  lane_vector<T> tables;
  std::vector<std::size_t> table_at; // where each begins
};

// P(evidence) = value * 2^exponent, so that long products do not vanish.
template <typename T>
struct scaled {
  T value;
  T exponent;
};

template <typename T>
struct table_loops;
template <typename T>
const table_loops<T>& loops();

template <typename T>
class machine {
public:
  // `with` is for tests; the processor's own loops otherwise.
  explicit machine(const table_loops<T>& with = loops<T>())
      : loops_(with) {}

  // `w` is copied: peeling works on it. After the call `posterior(v)` holds for every local node, and for a
  // lane whose evidence is impossible `evidence().value` is zero and its posteriors mean nothing.
  void run(const program& p, const weights<T>& w);
  // Forward only: `evidence()`, no posteriors.
  void run_forward(const program& p, const weights<T>& w);

  const scaled<T>& evidence() const { return evidence_; }
  // P(present | evidence) of a local node.
  T posterior(node_index local) const;

private:
  void forward(const program& p, bool keep);
  void backward(const program& p);
  // Single nodes, forward and back.
  void peel(const op& o, std::size_t at, bool keep);
  void unpeel(const op& o, std::size_t at);
  // Tables, forward and back.
  void tables(const program& p, const op& o, std::size_t at, bool keep);
  void adjoint(const program& p, const op& o, std::size_t at);
  void weigh(const program& p, const op& o, std::size_t at, bool keep);
  void adjoint_weigh(const program& p, const op& o, std::size_t at);
  void adjoint_leak(const program& p, const factor& f, std::size_t cells);
  void join(const program& p, const op& o);
  void adjoint_join(const program& p, const op& o, const T* before);
  void multiply(T factor);
  T keep_up(T* first, std::size_t count);
  void keep_up_pair(T& off, T& on);
  bool time_to_lift();

  const table_loops<T>& loops_;
  weights<T> w_;
  scaled<T> evidence_{};
  lane_vector<T> table_, other_; // current table (or its adjoint) and the one being written
  std::size_t size_ = 1;         // cells of the current table
  int factors_ = 0;              // that it was multiplied by since it was lifted
  lane_vector<T> messages_,
      d_messages_;      // by program::messages, and how much P(evidence) grows with each cell
  lane_vector<T> kept_; // tables that the backward pass reads again
  std::size_t kept_size_ = 0;
  lane_vector<T> spare_;             // of joins
  lane_vector<T> factor_;            // the factor being made: absent, present, weighed
  std::vector<std::size_t> kept_at_; // by op
  struct saved {
    T first, second;
  };
  std::vector<saved> saved_;            // by op: scalars that peeling overwrote
  lane_vector<T> d_absent_, d_present_; // derivative of P(evidence) by the likelihoods
  lane_vector<T> d_off_, d_on_;         // and by the leak weights
};

extern template class machine<double>;
extern template class machine<two_lanes>;
extern template class machine<lanes>;

} // namespace posterior::inference
