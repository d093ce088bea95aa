// Graded leaves as noisy-OR, exactly and without a subtraction. Pure; any thread.
//
// With C_i(v) the probability that parent i brings at most grade v, and p_i(v) exactly v,
//   P(max = v | d) = prod C_i(v) * [1 - prod C_i(v-1) / C_i(v)]   over the present parents and the leak.
// So a leaf seen at grade v multiplies each parent's likelihood of being present by C_i(v), and is then a
// noisy-OR node seen present with the link probabilities p_i(v) / C_i(v). It takes one bit, however many
// grades there are.
//
// That 1 - p/C has lost digits where p/C is near 1 does no harm: the node is known to be present, so what is
// left of "not yet" is only ever added to a sum that is near 1 itself.
#pragma once

#include <span>
#include <vector>

#include "engine/inference/question.hpp"

namespace posterior::inference {

// The likelihood of each grade of `leaf` by the observations `rows` of `q` together; all ones if none is
// about it.
std::vector<double> likelihood_of(const network_question& q, std::span<const std::size_t> rows,
                                  const graded_leaf& leaf);

// Whether `likelihood` needs a table over the parents: it is neither one grade for certain nor the same for
// all.
bool needs_table(const std::vector<double>& likelihood);

struct plain_query {
  network net; // the nodes of the question with the same numbers
  std::vector<likelihood> seen;
};

// The question with only the observations `rows` as a network without graded leaves: same P(evidence), same
// posteriors of all nodes but the graded ones. Graded leaves that need a table must have at most
// most_uncertain_parents parents.
plain_query reduce(const network_question& q, std::span<const std::size_t> rows);

// C(v): at most grade v; 0 for v < 0.
double at_most(const std::vector<double>& distribution, int v);

// P(max = v | the parents whose bit is set are present), parents numbered as in leaf.links.
double grade_given(const graded_leaf& leaf, int v, unsigned present);

} // namespace posterior::inference
