// Leaving out in order comes first: it takes one try an item and says how small a smaller set would have to
// be.
#include "engine/inference/conflict.hpp"

#include "engine/inference/ladder.hpp"
#include "engine/inference/query.hpp"

namespace posterior::inference {
namespace {

double log10_evidence(const answer& a) {
  return log10_of(a.what == outcome::contradiction ? 0 : a.evidence, a.exponent);
}

group_set only(std::span<const std::size_t> which, std::size_t items) {
  group_set out(items);
  for (std::size_t i : which)
    out[i] = true;
  return out;
}

bool is_impossible(const impossible_function& impossible, const group_set& kept) {
  const std::vector<group_set> one{kept};
  return impossible(one)[0];
}

std::vector<std::size_t> irreducible(std::size_t items, const impossible_function& impossible) {
  group_set kept(items, true);
  for (std::size_t i = 0; i < items; ++i) {
    group_set fewer = kept;
    fewer[i] = false;
    if (is_impossible(impossible, fewer))
      kept = std::move(fewer);
  }
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < items; ++i)
    if (kept[i])
      out.push_back(i);
  return out;
}

// n over k, no further than `most`.
std::size_t combinations(std::size_t n, std::size_t k, std::size_t most) {
  double c = 1;
  for (std::size_t i = 0; i < k; ++i)
    c = c * static_cast<double>(n - i) / static_cast<double>(i + 1);
  return c >= static_cast<double>(most) ? most : static_cast<std::size_t>(c + 0.5);
}

// The next set of as many items, in order; false after the last.
bool next(std::vector<std::size_t>& which, std::size_t items) {
  for (std::size_t i = which.size(); i-- > 0;) {
    if (which[i] + (which.size() - i) >= items)
      continue;
    ++which[i];
    for (std::size_t j = i + 1; j < which.size(); ++j)
      which[j] = which[j - 1] + 1;
    return true;
  }
  return false;
}

// The first conflicting set of `size` items; empty if there is none.
std::vector<std::size_t> first_of_size(std::size_t size, std::size_t items,
                                       const impossible_function& impossible) {
  std::vector<std::size_t> which;
  for (std::size_t i = 0; i < size; ++i)
    which.push_back(i);
  constexpr std::size_t at_once = 256;
  for (bool more = true; more;) {
    std::vector<std::vector<std::size_t>> tried;
    std::vector<group_set> kept;
    for (; more && tried.size() < at_once; more = next(which, items)) {
      tried.push_back(which);
      kept.push_back(only(which, items));
    }
    const auto found = impossible(kept);
    for (std::size_t k = 0; k < tried.size(); ++k)
      if (found[k])
        return tried[k];
  }
  return {};
}

} // namespace

conflict_set smallest_conflict(std::size_t items, const impossible_function& impossible, std::size_t tries) {
  if (items == 0 || !is_impossible(impossible, group_set(items, true)))
    return {};
  conflict_set out{irreducible(items, impossible), false};
  for (std::size_t size = 1; size < out.items.size(); ++size) {
    const std::size_t need = combinations(items, size, tries + 1);
    if (need > tries)
      return out;
    tries = tries - need;
    if (auto smaller = first_of_size(size, items, impossible); !smaller.empty())
      return {std::move(smaller), true};
  }
  out.smallest = true;
  return out;
}

std::vector<std::size_t> conflicting(const network& net, std::span<const likelihood> seen) {
  // What leaves a node possible either way can make nothing impossible.
  std::vector<std::size_t> sure;
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (!(seen[i].absent > 0) || !(seen[i].present > 0))
      sure.push_back(i);
  const layout map(net);
  planner plans;
  machine<double> tables;
  const auto impossible = [&](std::span<const group_set> sets) {
    std::vector<bool> out;
    for (const group_set& kept : sets) {
      std::vector<likelihood> some;
      for (std::size_t i = 0; i < kept.size(); ++i)
        if (kept[i])
          some.push_back(seen[sure[i]]);
      out.push_back(solve(map, some, {}, plans, tables).what == outcome::contradiction);
    }
    return out;
  };
  std::vector<std::size_t> out;
  for (std::size_t i : smallest_conflict(sure.size(), impossible, 5000).items)
    out.push_back(sure[i]);
  return out;
}

double coherence(const network& net, std::span<const likelihood> seen,
                 const std::vector<std::vector<std::size_t>>& groups) {
  double apart = 0;
  std::vector<likelihood> all;
  for (const auto& members : groups) {
    std::vector<likelihood> some;
    for (std::size_t i : members)
      some.push_back(seen[i]);
    all.insert(all.end(), some.begin(), some.end());
    apart += log10_evidence(solve(net, some, {}));
  }
  return log10_evidence(solve(net, all, {})) - apart;
}

} // namespace posterior::inference
