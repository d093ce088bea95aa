#include "engine/inference/lane_runner.hpp"

#include <algorithm>
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

template <typename T>
lane_runner<T>::lane_runner(const grounding& ground, const evidence& seen, const program& p,
                            const parameters& numbers, const std::vector<theory_nodes>& theories,
                            machine<T>& tables)
    : ground_(ground)
    , seen_(seen)
    , program_(p)
    , numbers_(numbers)
    , theories_(theories)
    , machine_(tables)
    , base_(base_weights<T>(ground.net(), p, {}))
    , mean_evidence_(seen.likelihoods(numbers, -1))
    , mean_parts_(seen.parts(numbers, -1)) {
  for (node_index v : p.nodes) {
    const node_meaning& m = ground.nodes()[at(v)];
    leak_of_.push_back(m.either ? nullptr : numbers.prepare(m.leak, *m.before));
  }
  for (node_index k : p.links) {
    const link_meaning& l = ground.links()[at(k)];
    link_of_.push_back(l.statement ? numbers.prepare(l.p, l.statement->p) : nullptr);
  }
  for (node_index k : p.shocks) {
    const node_meaning& m = ground.nodes()[at(ground.net().shocks[at(k)].a)];
    shock_of_.push_back(numbers.prepare(m.leak, *m.before));
  }
  into_.resize(p.nodes.size());
  shocks_at_.resize(p.nodes.size());
  for (const risk_link& r : ground.risks()) {
    if (p.local_of[at(r.effect)] < 0)
      continue;
    const auto known = std::find(risk_nodes_.begin(), risk_nodes_.end(), r.risk);
    risk_of_.push_back(static_cast<std::size_t>(known - risk_nodes_.begin()));
    if (known == risk_nodes_.end())
      risk_nodes_.push_back(r.risk);
    risks_.push_back(&r);
    risk_link_of_.push_back(numbers.prepare(r.p, r.statement->p));
  }
  for (std::size_t k = 0; k < p.links.size(); ++k) {
    const auto& l = ground.net().links[at(p.links[k])];
    into_[local(l.to)].push_back(k);
    if (ground.nodes()[at(l.from)].state->kind == kb::state_kind::cause &&
        ground.links()[at(p.links[k])].statement)
      from_causes_.push_back(k);
  }
  for (std::size_t k = 0; k < p.shocks.size(); ++k)
    for (node_index end : {ground.net().shocks[at(p.shocks[k])].a, ground.net().shocks[at(p.shocks[k])].b})
      if (p.local_of[at(end)] >= 0)
        shocks_at_[local(end)].push_back(k);
}

template <typename T>
std::vector<run_result> lane_runner<T>::run(std::span<const variation> what,
                                            std::span<const node_index> wanted, bool forward_only) {
  std::vector<run_result> out(what.size());
  weights<T> w;
  for (std::size_t first = 0; first < what.size(); first += lane_count<T>) {
    const std::size_t count = std::min<std::size_t>(lane_count<T>, what.size() - first);
    w = base_;
    for (std::size_t l = 0; l < lane_count<T>; ++l)
      fill(w, static_cast<int>(l), what[first + std::min(l, count - 1)]);
    if (forward_only)
      machine_.run_forward(program_, w);
    else
      machine_.run(program_, w);
    for (std::size_t l = 0; l < count; ++l) {
      run_result& r = out[first + l];
      r.evidence = machine_.evidence().value[l];
      r.exponent = machine_.evidence().exponent[l];
      if (!forward_only)
        r.posterior.resize(wanted.size());
    }
    for (std::size_t k = 0; !forward_only && k < wanted.size(); ++k) {
      const T p = machine_.posterior(static_cast<node_index>(local(wanted[k])));
      for (std::size_t l = 0; l < count; ++l)
        out[first + l].posterior[k] = p[l];
    }
  }
  return out;
}

template <typename T>
weights<T> lane_runner<T>::numbers_of(const variation& v) const {
  weights<T> w = base_;
  for (int l = 0; l < lane_count<T>; ++l)
    fill(w, l, v);
  return w;
}

template <typename T>
void lane_runner<T>::fill(weights<T>& w, int lane, const variation& v) const {
  if (v.draw >= 0)
    fill_draw(w, lane, v.draw);
  const fixed_number* fixed = fixed_in(v);
  if (fixed)
    fill_fixed(w, lane, *fixed);
  const bool as_recorded = v.draw < 0 && v.without_group.empty() && v.without_groups.empty() && !fixed;
  std::vector<likelihood> varied;
  if (!as_recorded && !v.without_evidence)
    varied = v.without_groups.empty()
                 ? seen_.likelihoods(fixed ? fixed->means : numbers_, v.draw, v.without_group)
                 : without(v.without_groups);
  const auto& seen = v.without_evidence ? no_evidence_ : as_recorded ? mean_evidence_ : varied;
  fill_evidence(w, lane, v, seen);
  fill_risks(w, lane, v, seen);
  for (std::size_t t = 0; v.theories_off >> t != 0; ++t)
    if (v.theories_off >> t & 1)
      for (node_index c : theories_[t].causes)
        switch_off(w, lane, c);
  for (node_index a : {v.absent, v.absent_too})
    if (a >= 0)
      w.present[local(a)][lane] = 0;
  if (v.below)
    fill_below(w, lane, *v.below);
  for (const held_state& h : held_)
    if (program_.local_of[at(h.node)] >= 0)
      inference::hold(ground_.net(), program_, h, w, lane);
  for (const auto& [node, present] : v.held)
    (present ? w.absent : w.present)[local(node)][lane] = 0;
  if (v.silent_link >= 0)
    for (std::size_t k = 0; k < program_.links.size(); ++k)
      if (program_.links[k] == v.silent_link)
        silence(w, lane, k);
  for (node_index alone : {v.leak_only, v.leak_only_too})
    if (alone >= 0)
      for (std::size_t k : into_[local(alone)])
        silence(w, lane, k);
  if (v.no_cause_acts)
    for (std::size_t k : from_causes_)
      silence(w, lane, k);
}

template <typename T>
std::vector<likelihood> lane_runner<T>::without(const std::vector<bool>& groups) const {
  std::vector<likelihood> out;
  for (const evidence::part& x : mean_parts_) {
    if (groups[x.group])
      continue;
    if (out.empty() || out.back().node != x.node)
      out.push_back({x.node, 1, 1});
    out.back().absent *= x.said.absent;
    out.back().present *= x.said.present;
  }
  return out;
}

// The link exists but did not fire: its source pays 1-q for being present, and its target gets nothing from
// it.
template <typename T>
void lane_runner<T>::silence(weights<T>& w, int lane, std::size_t k) const {
  const auto from = local(ground_.net().links[at(program_.links[k])].from);
  w.present[from][lane] *= w.not_q[k][lane];
  w.q[k][lane] = 0;
  w.not_q[k][lane] = 1;
}

template <typename T>
void lane_runner<T>::switch_off(weights<T>& w, int lane, node_index cause) const {
  if (program_.local_of[at(cause)] < 0)
    return;
  w.leak_off[local(cause)][lane] = 1;
  w.leak_on[local(cause)][lane] = 0;
  for (std::size_t k : into_[local(cause)]) {
    w.q[k][lane] = 0;
    w.not_q[k][lane] = 1;
  }
  for (std::size_t k : shocks_at_[local(cause)]) {
    w.shock[k][lane] = 0;
    w.not_shock[k][lane] = 1;
  }
}

template <typename T>
void lane_runner<T>::fill_draw(weights<T>& w, int lane, int draw) const {
  for (std::size_t v = 0; v < program_.nodes.size(); ++v) {
    const node_meaning& m = ground_.nodes()[at(program_.nodes[v])];
    if (m.either)
      continue;
    const double leak = parameters::probability(leak_of_[v], *m.before, draw);
    const double own = m.state->lateral ? own_leak_of_pair(*m.state, leak) : leak;
    w.leak_on[v][lane] = own;
    w.leak_off[v][lane] = 1 - own;
  }
  for (std::size_t k = 0; k < program_.links.size(); ++k) {
    const kb::link* l = ground_.links()[at(program_.links[k])].statement;
    const double q = l ? parameters::probability(link_of_[k], l->p, draw) : 1;
    w.q[k][lane] = q;
    w.not_q[k][lane] = 1 - q;
  }
  for (std::size_t k = 0; k < program_.shocks.size(); ++k) {
    const node_meaning& m = ground_.nodes()[at(ground_.net().shocks[at(program_.shocks[k])].a)];
    const double q = m.state->pair * parameters::probability(shock_of_[k], *m.before, draw);
    w.shock[k][lane] = q;
    w.not_shock[k][lane] = 1 - q;
  }
}

template <typename T>
void lane_runner<T>::fill_fixed(weights<T>& w, int lane, const fixed_number& fixed) const {
  for (std::size_t v = 0; v < program_.nodes.size(); ++v) {
    const node_meaning& m = ground_.nodes()[at(program_.nodes[v])];
    if (m.either || m.leak != fixed.name)
      continue;
    const double own = m.state->lateral ? own_leak_of_pair(*m.state, fixed.value) : fixed.value;
    w.leak_on[v][lane] = own;
    w.leak_off[v][lane] = 1 - own;
  }
  for (std::size_t k = 0; k < program_.links.size(); ++k) {
    const link_meaning& l = ground_.links()[at(program_.links[k])];
    if (l.statement && l.p == fixed.name) {
      w.q[k][lane] = fixed.value;
      w.not_q[k][lane] = 1 - fixed.value;
    }
  }
  for (std::size_t k = 0; k < program_.shocks.size(); ++k) {
    const node_meaning& m = ground_.nodes()[at(ground_.net().shocks[at(program_.shocks[k])].a)];
    if (m.leak == fixed.name) {
      w.shock[k][lane] = m.state->pair * fixed.value;
      w.not_shock[k][lane] = 1 - m.state->pair * fixed.value;
    }
  }
}

template <typename T>
void lane_runner<T>::fill_evidence(weights<T>& w, int lane, const variation& v,
                                   const std::vector<likelihood>& seen) const {
  const auto apply = [&](const likelihood& l) {
    w.absent[local(l.node)][lane] *= l.absent;
    w.present[local(l.node)][lane] *= l.present;
  };
  for (const likelihood& l : seen)
    apply(l);
  if (v.also)
    apply(*v.also);
  for (const likelihood& l : v.more)
    if (program_.local_of[at(l.node)] >= 0)
      apply(l);
  // The schedule takes these as absent; where the answer is left out they bear on nothing instead.
  for (node_index d : program_.denied)
    if (w.present[static_cast<std::size_t>(d)][lane] > 0)
      release(w, lane, static_cast<std::size_t>(d));
}

// A denied leaf that was not answered after all: its links, its leak and its shocks weigh on nobody.
template <typename T>
void lane_runner<T>::release(weights<T>& w, int lane, std::size_t denied) const {
  w.leak_off[denied][lane] = 1;
  const node_index node = program_.nodes[denied];
  for (std::size_t k : into_[denied])
    w.not_q[k][lane] = 1;
  for (std::size_t k : shocks_at_[denied]) {
    const auto& s = ground_.net().shocks[at(program_.shocks[k])];
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

template <typename T>
void lane_runner<T>::fill_below(weights<T>& w, int lane, const absence& below) const {
  for (const likelihood& l : below.on) {
    w.absent[local(l.node)][lane] *= l.absent;
    w.present[local(l.node)][lane] *= l.present;
  }
  for (node_index s : below.unstruck) {
    const auto k = std::find(program_.shocks.begin(), program_.shocks.end(), s);
    if (k == program_.shocks.end())
      continue;
    const auto number = static_cast<std::size_t>(k - program_.shocks.begin());
    w.shock[number][lane] = 0;
    w.not_shock[number][lane] = 1;
  }
}

// P(risk present | its own answers).
template <typename T>
double lane_runner<T>::risk_now(node_index risk, const variation& v,
                                const std::vector<likelihood>& seen) const {
  const fixed_number* fixed = fixed_in(v);
  const double before = ground_.own_leak(risk, fixed ? fixed->means : numbers_, v.draw);
  double off = 1 - before, on = before;
  const auto weigh = [&](const likelihood& l) {
    if (l.node == risk) {
      off *= l.absent;
      on *= l.present;
    }
  };
  for (const likelihood& l : seen)
    weigh(l);
  if (v.also)
    weigh(*v.also);
  for (const likelihood& l : v.more)
    weigh(l);
  return off + on > 0 ? on / (off + on) : before;
}

// A risk acts on each effect through its leak, with the probability that its own answers leave it.
template <typename T>
void lane_runner<T>::fill_risks(weights<T>& w, int lane, const variation& v,
                                const std::vector<likelihood>& seen) const {
  double
      there[64]; // P(risk present | its own answers); the first risks of a knowledge base this large would do
  const fixed_number* fixed = fixed_in(v);
  const std::size_t count = std::min<std::size_t>(risk_nodes_.size(), 64);
  for (std::size_t k = 0; k < count; ++k)
    there[k] = risk_now(risk_nodes_[k], v, seen);
  for (std::size_t k = 0; k < risks_.size(); ++k) {
    const risk_link* r = risks_[k];
    const double present = risk_of_[k] < count ? there[risk_of_[k]] : risk_now(r->risk, v, seen);
    const bool is_fixed = fixed && fixed->name == r->p;
    const double q =
        present *
        (is_fixed ? fixed->value : parameters::probability(risk_link_of_[k], r->statement->p, v.draw));
    const std::size_t e = local(r->effect);
    if (v.leak_only == r->effect || v.leak_only_too == r->effect ||
        (v.silent_risk >= 0 && r == &ground_.risks()[at(v.silent_risk)])) {
      w.leak_on[e][lane] *= 1 - q; // the risk did not act
    } else {
      w.leak_on[e][lane] += w.leak_off[e][lane] * q;
    }
    w.leak_off[e][lane] *= 1 - q;
  }
}

template class lane_runner<two_lanes>;
template class lane_runner<lanes>;

} // namespace posterior::inference
