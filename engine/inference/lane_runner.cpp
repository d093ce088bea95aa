#include "engine/inference/lane_runner.hpp"

#include <cmath>

#include "engine/inference/query.hpp"

namespace posterior::inference {
namespace {

std::size_t at(node_index v) {
  return static_cast<std::size_t>(v);
}

} // namespace

double evidence_ratio(const run_result& a, const run_result& b) {
  return std::ldexp(a.evidence / b.evidence, static_cast<int>(a.exponent - b.exponent));
}

lane_runner::lane_runner(const grounding& ground, const evidence& seen, const program& p,
                         const parameters& numbers, const std::vector<theory_nodes>& theories)
    : ground_(ground)
    , seen_(seen)
    , program_(p)
    , numbers_(numbers)
    , theories_(theories)
    , base_(base_weights<lanes>(ground.net(), p, {}))
    , mean_evidence_(seen.likelihoods(numbers, -1)) {}

std::vector<run_result> lane_runner::run(std::span<const variation> what, std::span<const node_index> wanted,
                                         bool forward_only) {
  std::vector<run_result> out(what.size());
  for (std::size_t first = 0; first < what.size(); first += lane_count) {
    const std::size_t count = std::min<std::size_t>(lane_count, what.size() - first);
    weights<lanes> w = base_;
    for (std::size_t l = 0; l < lane_count; ++l)
      fill(w, static_cast<int>(l), what[first + std::min(l, count - 1)]);
    if (forward_only)
      machine_.run_forward(program_, std::move(w));
    else
      machine_.run(program_, std::move(w));
    for (std::size_t l = 0; l < count; ++l) {
      run_result& r = out[first + l];
      r.evidence = machine_.evidence().value[l];
      r.exponent = machine_.evidence().exponent[l];
      if (!forward_only)
        r.posterior.resize(wanted.size());
    }
    for (std::size_t k = 0; !forward_only && k < wanted.size(); ++k) {
      const lanes p = machine_.posterior(static_cast<node_index>(local(wanted[k])));
      for (std::size_t l = 0; l < count; ++l)
        out[first + l].posterior[k] = p[l];
    }
  }
  return out;
}

void lane_runner::fill(weights<lanes>& w, int lane, const variation& v) const {
  if (v.draw >= 0)
    fill_draw(w, lane, v.draw);
  if (!v.without_evidence)
    fill_evidence(w, lane, v);
  for (std::size_t t = 0; t < theories_.size(); ++t)
    if (v.theories_off >> t & 1)
      for (node_index c : theories_[t].causes)
        switch_off(w, lane, c);
  for (node_index a : {v.absent, v.absent_too})
    if (a >= 0)
      w.present[local(a)][lane] = 0;
  if (v.leak_only >= 0)
    for (std::size_t k = 0; k < program_.links.size(); ++k)
      if (ground_.net().links[at(program_.links[k])].to == v.leak_only)
        silence(w, lane, k);
  if (v.no_cause_acts)
    for (std::size_t k = 0; k < program_.links.size(); ++k) {
      const auto& l = ground_.net().links[at(program_.links[k])];
      const bool from_cause = ground_.nodes()[at(l.from)].state->kind == kb::state_kind::cause;
      if (from_cause && ground_.links()[at(program_.links[k])].statement)
        silence(w, lane, k);
    }
}

// The link exists but did not fire: its source pays 1-q for being present, and its target gets nothing from
// it.
void lane_runner::silence(weights<lanes>& w, int lane, std::size_t k) const {
  const auto from = local(ground_.net().links[at(program_.links[k])].from);
  w.present[from][lane] *= w.not_q[k][lane];
  w.q[k][lane] = 0;
  w.not_q[k][lane] = 1;
}

void lane_runner::switch_off(weights<lanes>& w, int lane, node_index cause) const {
  if (program_.local_of[at(cause)] < 0)
    return;
  w.leak_off[local(cause)][lane] = 1;
  w.leak_on[local(cause)][lane] = 0;
  for (std::size_t k = 0; k < program_.links.size(); ++k)
    if (ground_.net().links[at(program_.links[k])].to == cause) {
      w.q[k][lane] = 0;
      w.not_q[k][lane] = 1;
    }
  for (std::size_t k = 0; k < program_.shocks.size(); ++k) {
    const auto& s = ground_.net().shocks[at(program_.shocks[k])];
    if (s.a == cause || s.b == cause) {
      w.shock[k][lane] = 0;
      w.not_shock[k][lane] = 1;
    }
  }
}

void lane_runner::fill_draw(weights<lanes>& w, int lane, int draw) const {
  for (std::size_t v = 0; v < program_.nodes.size(); ++v) {
    const double leak = ground_.own_leak(program_.nodes[v], numbers_, draw);
    w.leak_on[v][lane] = leak;
    w.leak_off[v][lane] = 1 - leak;
  }
  for (std::size_t k = 0; k < program_.links.size(); ++k) {
    const double q = ground_.link(at(program_.links[k]), numbers_, draw);
    w.q[k][lane] = q;
    w.not_q[k][lane] = 1 - q;
  }
  for (std::size_t k = 0; k < program_.shocks.size(); ++k) {
    const double q = ground_.shock(at(program_.shocks[k]), numbers_, draw);
    w.shock[k][lane] = q;
    w.not_shock[k][lane] = 1 - q;
  }
}

void lane_runner::fill_evidence(weights<lanes>& w, int lane, const variation& v) const {
  const auto apply = [&](const likelihood& l) {
    w.absent[local(l.node)][lane] *= l.absent;
    w.present[local(l.node)][lane] *= l.present;
  };
  if (v.draw < 0 && v.without_group.empty())
    for (const likelihood& l : mean_evidence_)
      apply(l);
  else
    for (const likelihood& l : seen_.likelihoods(numbers_, v.draw, v.without_group))
      apply(l);
  if (v.also)
    apply(*v.also);
}

} // namespace posterior::inference
