// From the explanation over nodes and groups to lines about causes and findings.
#include "engine/assess/parts.hpp"

namespace posterior::assess {
namespace {

// Together ten times less probable than apart: worth a sentence. A judgement.
constexpr double incoherent_from = -1;

balance_sheet sheet_of(const material& m, const inference::cause_balance& b, side where) {
  balance_sheet out{b.from, b.to, {}, b.theories, b.exact};
  for (const auto& i : b.items) {
    const std::string& group = m.reasoned.groups[i.group];
    const inference::speaker* s = spokesman(m, group, where);
    out.items.push_back({s ? s->seen->finding : group, s ? s->seen->where : side::none, i.db,
                         i.standard_error, s ? with_company(m, group, *s) : group});
  }
  return out;
}

way_step step_of(const material& m, const inference::way_step& s) {
  way_step out;
  out.from = s.from->id;
  out.to = s.to->id;
  out.from_side = s.from_side;
  out.to_side = s.to_side;
  out.acted = s.acted;
  if (s.link == nullptr)
    return out;
  out.link = s.link->id();
  out.word = s.link->p.word;
  out.probability = s.link->p.mean;
  out.by_itself = s.by_itself;
  out.sources = cases::cite(s.link->rests_on, m.knowledge);
  return out;
}

std::string name_of(const material& m, std::size_t belief) {
  const inference::node_belief& b = m.reasoned.beliefs[belief];
  return at_side(b.state->id, b.where);
}

} // namespace

void add_explanation(const material& m, std::size_t belief, cause_entry& e) {
  if (e.hidden)
    return;
  const inference::explanation& deep = m.reasoned.deep;
  for (const auto& b : deep.balances)
    if (b.belief == belief)
      e.balance = sheet_of(m, b, e.where);
  for (const auto& r : deep.rivals) {
    const auto& other = m.reasoned.beliefs[r.other];
    if (r.belief == belief && other.state->kind == kb::state_kind::cause)
      e.rivals.push_back({other.state->id, other.state->name, other.where, r.if_present, r.if_absent});
  }
  for (const auto& w : deep.ways) {
    if (w.belief != belief)
      continue;
    e.ways.push_back({w.upward, w.strength, {}});
    for (const auto& s : w.steps)
      e.ways.back().steps.push_back(step_of(m, s));
  }
}

void add_sets(const material& m, assessment& a) {
  for (std::size_t k : m.reasoned.deep.considered)
    a.considered.push_back(name_of(m, k));
  for (const auto& s : m.reasoned.deep.sets) {
    a.sets.push_back({{}, s.probability});
    for (std::size_t k : s.present)
      a.sets.back().present.push_back(name_of(m, k));
  }
}

std::optional<conflict> incoherence(const material& m) {
  if (m.reasoned.what != inference::reasoning_outcome::answered || m.reasoned.coherence > incoherent_from)
    return {};
  double times = 1;
  for (double left = -m.reasoned.coherence; left >= 1; left = left - 1)
    times *= 10;
  return conflict{
      "taken together, what was recorded is more than " + std::to_string(static_cast<int>(times)) +
          " times less probable than each part of it by itself: some of it speaks against the rest",
      {}};
}

} // namespace posterior::assess
