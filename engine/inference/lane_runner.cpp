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
                         const parameters& numbers, const std::vector<theory_nodes>& theories,
                         machine<lanes>& tables)
    : ground_(ground)
    , seen_(seen)
    , program_(p)
    , numbers_(numbers)
    , theories_(theories)
    , machine_(tables)
    , base_(base_weights<lanes>(ground.net(), p, {}))
    , mean_evidence_(seen.likelihoods(numbers, -1)) {
  for (const risk_link& r : ground.risks())
    if (p.local_of[at(r.effect)] >= 0)
      risks_.push_back(&r);
}

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
  const bool as_recorded = v.draw < 0 && v.without_group.empty();
  std::vector<likelihood> varied;
  if (!as_recorded && !v.without_evidence)
    varied = seen_.likelihoods(numbers_, v.draw, v.without_group);
  const auto& seen = v.without_evidence ? no_evidence_ : as_recorded ? mean_evidence_ : varied;
  fill_evidence(w, lane, v, seen);
  fill_risks(w, lane, v, seen);
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

void lane_runner::fill_evidence(weights<lanes>& w, int lane, const variation& v,
                                const std::vector<likelihood>& seen) const {
  const auto apply = [&](const likelihood& l) {
    w.absent[local(l.node)][lane] *= l.absent;
    w.present[local(l.node)][lane] *= l.present;
  };
  for (const likelihood& l : seen)
    apply(l);
  if (v.also)
    apply(*v.also);
  // The schedule takes these as absent; where the answer is left out they bear on nothing instead.
  for (node_index d : program_.denied)
    if (w.present[static_cast<std::size_t>(d)][lane] > 0)
      release(w, lane, static_cast<std::size_t>(d));
}

// A denied leaf that was not answered after all: its links, its leak and its shocks weigh on nobody.
void lane_runner::release(weights<lanes>& w, int lane, std::size_t denied) const {
  w.leak_off[denied][lane] = 1;
  const node_index node = program_.nodes[denied];
  for (std::size_t k = 0; k < program_.links.size(); ++k)
    if (ground_.net().links[at(program_.links[k])].to == node)
      w.not_q[k][lane] = 1;
  for (std::size_t k = 0; k < program_.shocks.size(); ++k) {
    const auto& s = ground_.net().shocks[at(program_.shocks[k])];
    if (s.a != node && s.b != node)
      continue;
    // The other end keeps the shock as part of its leak.
    const node_index other = program_.local_of[at(s.a == node ? s.b : s.a)];
    if (other >= 0) {
      const double p = w.shock[k][lane], off = w.leak_off[static_cast<std::size_t>(other)][lane];
      w.leak_on[static_cast<std::size_t>(other)][lane] += off * p;
      w.leak_off[static_cast<std::size_t>(other)][lane] = off * w.not_shock[k][lane];
    }
    w.shock[k][lane] = 0;
    w.not_shock[k][lane] = 1;
  }
}

// A risk acts on each effect through its leak, with the probability that its own answers leave it.
void lane_runner::fill_risks(weights<lanes>& w, int lane, const variation& v,
                             const std::vector<likelihood>& seen) const {
  for (const risk_link* r : risks_) {
    const double before = ground_.own_leak(r->risk, numbers_, v.draw);
    double off = 1 - before, on = before;
    for (const likelihood& l : seen)
      if (l.node == r->risk) {
        off *= l.absent;
        on *= l.present;
      }
    if (v.also && v.also->node == r->risk) {
      off *= v.also->absent;
      on *= v.also->present;
    }
    if (off + on <= 0)
      continue;
    const double q = on / (off + on) * numbers_.probability(r->p, r->statement->p, v.draw);
    const std::size_t e = local(r->effect);
    if (v.leak_only == r->effect) {
      w.leak_on[e][lane] *= 1 - q; // the risk did not act
    } else {
      w.leak_on[e][lane] += w.leak_off[e][lane] * q;
    }
    w.leak_off[e][lane] *= 1 - q;
  }
}

} // namespace posterior::inference
