// Carries what a query found out to the nodes that nothing was observed about or below. Such a node tells the
// others nothing, so it needs no place in the query's tables; its posterior is a sum of a few products over
// its parents,
//   P(v) = leak + (1 - leak) * sum over parents of P(link i is the first that fires),
// and the expectation of each product is either a product of posteriors (parents that share nothing) or one
// more forward run of the query's own program, with other likelihoods on the parents. Nothing is subtracted.
// Pure; one thread. Borrows everything it is given.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/inference/graded.hpp"
#include "engine/inference/merge.hpp"
#include "engine/inference/query.hpp"

namespace posterior::inference {

// A query that was run.
struct finished_query {
  const layout& map;
  std::span<const likelihood> seen;
  const program& schedule;
  scaled<double> evidence;
};

// Whether a program is within the limits of an exact answer.
bool fits(const program& p);

class spreader {
public:
  // `posterior` holds -1 for the nodes that are not in the program; all_nodes() fills them in.
  spreader(const finished_query& done, planner& plans, std::vector<double>& posterior);

  void leave_out(node_index v) { left_out_[static_cast<std::size_t>(v)] = 1; }
  // A node that is too wide to be found keeps -1.
  void all_nodes(const merged_network& merged);
  // P(each grade | evidence), given what the evidence says about the leaf itself; nothing if too wide.
  std::optional<std::vector<double>> grades(const graded_leaf& leaf, const std::vector<double>& likelihood);

private:
  // coefficient * E[product over some parents of what its state is worth]
  struct worth {
    node_index parent;
    double absent, present;
  };
  struct term {
    double coefficient;
    std::vector<worth> parents;
    node_index certain = -1; // a node that is brought about for certain
  };
  // Nodes of which this one knows something; two that share none are independent given the evidence.
  struct kin {
    std::vector<node_index> ids; // sorted
    bool many = false;           // too many to list
  };

  void label_components();
  void find(node_index v);
  void find_merged(const merged_network& merged, const std::vector<node_index>& nodes);
  std::vector<term> terms_of(const merged_network& merged, node_index v) const;
  void find_in_own_program(node_index v);
  std::optional<program> own_program(const std::vector<node_index>& targets);
  double independent(node_index v) const;
  std::vector<term> terms_of(node_index v) const;
  std::vector<term> terms_of_table(node_index v) const;
  static std::vector<term> terms_of(const graded_leaf& leaf, int grade);
  std::vector<layout::arc> live_parents(node_index v) const;
  bool share_nothing(const std::vector<layout::arc>& parents) const;
  kin kin_of(node_index v, const std::vector<layout::arc>& parents) const;
  // Each term over P(evidence); nothing if too wide. `neutral` is a node whose own likelihood does not count.
  std::optional<std::vector<double>> expect(const std::vector<term>& terms, node_index neutral = -1);
  std::vector<double> expect_in(const program& p, weights<lanes> base, const std::vector<term>& terms);
  double chance_of(const layout::arc& a) const;

  finished_query done_;
  planner& plans_;
  std::vector<double>& posterior_;
  std::vector<std::uint8_t> left_out_;
  std::vector<kin> kin_;
  std::optional<weights<lanes>> base_;
  machine<lanes> machine_;
  int too_wide_ = 0; // programs that were
  double spent_ = 0; // table cells times lanes
};

} // namespace posterior::inference
