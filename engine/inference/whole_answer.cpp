#include "engine/inference/whole_answer.hpp"

#include <algorithm>
#include <numeric>

#include "engine/inference/conflict.hpp"
#include "engine/inference/spread.hpp"

namespace posterior::inference {
namespace {

std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

std::vector<std::size_t> all_rows(const network_question& q) {
  std::vector<std::size_t> rows(q.seen.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

// What may not be merged: observed nodes, and those that graded leaves will ask about.
std::vector<likelihood> staying(const network_question& q, std::vector<likelihood> seen) {
  for (const graded_leaf& leaf : q.graded)
    for (const graded_leaf::link& l : leaf.links)
      seen.push_back({l.from, 1, 1});
  return seen;
}

// Of more rows than this a smallest conflict is not looked for, only one that cannot be made smaller.
constexpr std::size_t most_tried_in_full = 100;

std::size_t tries_for(const network& net) {
  constexpr std::size_t all = 20'000'000, most = 5000;
  return std::min(most, all / (net.leak.size() + net.links.size() + 1));
}

std::vector<std::size_t> chosen(const std::vector<std::size_t>& rows, const group_set& kept) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (kept[i])
      out.push_back(rows[i]);
  return out;
}

// Leaves out what may be left out, in order, first half of the rows at a time, at last one by one.
template <typename F>
std::vector<std::size_t> thinned(std::vector<std::size_t> kept, const F& impossible) {
  for (std::size_t block = kept.size() / 2; block > 0; block /= 2)
    for (std::size_t at = 0; at < kept.size();) {
      std::vector<std::size_t> fewer = kept;
      const auto begin = fewer.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(block, kept.size() - at)));
      if (impossible(fewer))
        kept = std::move(fewer);
      else
        at += block;
    }
  return kept;
}

} // namespace

whole_answer::whole_answer(const network_question& asked)
    : whole_answer(asked, all_rows(asked)) {}

whole_answer::whole_answer(const network_question& asked, std::vector<std::size_t> rows)
    : asked_(asked)
    , rows_(std::move(rows))
    , plain_(reduce(asked, rows_))
    , merged_(merge_certain(plain_.net, staying(asked, plain_.seen)))
    , map_(merged_.net) {}

outcome whole_answer::plan() {
  if (!map_.looped().empty())
    return outcome::loop;
  std::vector<node_index> nodes, absent;
  for (const likelihood& l : plain_.seen) {
    nodes.push_back(l.node);
    if (l.present == 0)
      absent.push_back(l.node);
  }
  program_ = plans_.compile(map_, nodes, {}, absent);
  return fits(program_) ? outcome::answered : outcome::too_wide;
}

outcome whole_answer::run() {
  machine_.run(program_, base_weights<double>(merged_.net, program_, plain_.seen));
  evidence_ = machine_.evidence();
  if (!(evidence_.value > 0))
    return outcome::contradiction;
  posterior_.assign(merged_.net.leak.size(), -1);
  for (std::size_t i = 0; i < program_.nodes.size(); ++i)
    posterior_[ix(program_.nodes[i])] = machine_.posterior(static_cast<node_index>(i));
  return outcome::answered;
}

void whole_answer::spread() {
  spreader rest({map_, plain_.seen, program_, evidence_}, plans_, posterior_);
  for (const graded_leaf& leaf : asked_.graded)
    rest.leave_out(leaf.node);
  rest.all_nodes(merged_);
  for (const graded_leaf& leaf : asked_.graded) {
    const auto grades = rest.grades(leaf, likelihood_of(asked_, rows_, leaf));
    grades_.push_back(grades.value_or(std::vector<double>{}));
    posterior_[ix(leaf.node)] = grades ? std::accumulate(grades->begin() + 1, grades->end(), 0.0) : -1;
  }
}

// Nodes without a posterior that are not graded.
std::vector<node_index> whole_answer::open_nodes() const {
  std::vector<bool> graded(posterior_.size());
  for (const graded_leaf& leaf : asked_.graded)
    graded[ix(leaf.node)] = true;
  std::vector<node_index> out;
  for (std::size_t v = 0; v < posterior_.size(); ++v)
    if (posterior_[v] < 0 && !graded[v])
      out.push_back(static_cast<node_index>(v));
  return out;
}

void whole_answer::know_certain() {
  for (const likelihood& l : plain_.seen)
    if (l.absent == 0 || l.present == 0)
      posterior_[ix(l.node)] = l.present == 0 ? 0 : 1;
}

outcome whole_answer::climb() {
  posterior_.assign(merged_.net.leak.size(), -1);
  beliefs_.assign(posterior_.size(), {});
  grades_.assign(asked_.graded.size(), {});
  know_certain();
  std::vector<node_index> targets = open_nodes();
  std::erase_if(targets, [&](node_index v) { return merged_.into[ix(v)] >= 0; });
  const ladder_answer a = answer_by_ladder({merged_.net, plain_.seen, targets});
  climbed_ = a.operations;
  if (a.what != ladder_outcome::answered)
    return a.what == ladder_outcome::contradiction ? outcome::contradiction : outcome::too_wide;
  by_ = a.by;
  gap_ = a.gap;
  standard_error_ = a.standard_error;
  const double middle = a.evidence_low > 0 ? (a.evidence_low + a.evidence_high) / 2 : 0;
  evidence_ = {middle, a.exponent};
  for (std::size_t k = 0; k < targets.size(); ++k) {
    posterior_[ix(targets[k])] = a.beliefs[k].posterior;
    beliefs_[ix(targets[k])] = a.beliefs[k];
  }
  return outcome::answered;
}

void whole_answer::sample_rest() {
  const std::vector<node_index> targets = open_nodes();
  if (targets.empty())
    return;
  beliefs_.resize(posterior_.size());
  const sampled_answer a = answer_sampled(plain_.net, plain_.seen, targets, {}, {});
  for (std::size_t k = 0; a.answered && k < targets.size(); ++k) {
    by_ = rung::sampled;
    posterior_[ix(targets[k])] = a.posterior[k];
    beliefs_[ix(targets[k])] = {rung::sampled, a.posterior[k], 0, 1, a.standard_error[k]};
    standard_error_ = std::max(standard_error_, a.standard_error[k]);
  }
}

double whole_answer::log10_evidence() const {
  return log10_of(evidence_.value, evidence_.exponent);
}

std::vector<node_index> whole_answer::loop() const {
  if (map_.looped().empty())
    return {};
  // Every node that waits for a parent has a looped parent, so going up must come back to where it was.
  std::vector<int> met(merged_.net.leak.size());
  std::vector<node_index> path;
  node_index v = map_.looped().front();
  const auto looped_parent = [&](node_index of) {
    const auto n = static_cast<node_index>(merged_.net.leak.size());
    for (const layout::arc& a : map_.into(of))
      if (map_.rank(a.from) == n)
        return a.from;
    if (const node_index t = map_.table_of(of); t >= 0)
      for (node_index parent : merged_.net.tables[ix(t)].parents)
        if (map_.rank(parent) == n)
          return parent;
    return of;
  };
  while (met[ix(v)] == 0) {
    path.push_back(v);
    met[ix(v)] = static_cast<int>(path.size());
    v = looped_parent(v);
  }
  return {path.rbegin(), path.rend() - (met[ix(v)] - 1)};
}

std::vector<std::size_t> conflicting(const network_question& asked) {
  // What leaves every state of a node possible can make nothing impossible.
  std::vector<std::size_t> sure;
  for (std::size_t row = 0; row < asked.seen.size(); ++row)
    if (const auto& l = asked.seen[row].likelihood;
        std::any_of(l.begin(), l.end(), [](double x) { return !(x > 0); }))
      sure.push_back(row);
  const auto impossible = [&](const std::vector<std::size_t>& rows) {
    whole_answer a(asked, rows);
    return a.plan() == outcome::answered && a.run() == outcome::contradiction;
  };
  if (!impossible(sure))
    return {};
  if (sure.size() > most_tried_in_full)
    return thinned(std::move(sure), impossible);
  const conflict_set found = smallest_conflict(
      sure.size(),
      [&](std::span<const group_set> sets) {
        std::vector<bool> out;
        for (const group_set& kept : sets)
          out.push_back(impossible(chosen(sure, kept)));
        return out;
      },
      tries_for(asked.net));
  std::vector<std::size_t> out;
  for (std::size_t i : found.items)
    out.push_back(sure[i]);
  return out;
}

} // namespace posterior::inference
