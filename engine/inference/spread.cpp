#include "engine/inference/spread.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

namespace posterior::inference {
namespace {

constexpr std::size_t most_kin = 64;
constexpr int most_too_wide = 8;
constexpr double own_cost_limit = 0x1p22; // of a program for one node
constexpr double all_cost_limit = 0x1p33; // of all runs together

std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

// Which local nodes hang together once leaves known to be absent are factors on their parents.
class components {
public:
  components(const network& net, const program& p)
      : of_(p.nodes.size()) {
    std::iota(of_.begin(), of_.end(), 0);
    std::vector<bool> denied(p.nodes.size()), dead(p.shocks.size());
    for (node_index v : p.denied)
      denied[ix(v)] = true;
    for (const auto& l : p.lone_shocks)
      dead[ix(l.shock)] = true;
    for (node_index s : p.unstruck)
      dead[ix(s)] = true;
    for (node_index k : p.links) {
      const auto& l = net.links[ix(k)];
      if (!denied[ix(p.local_of[ix(l.to)])])
        join(p.local_of[ix(l.from)], p.local_of[ix(l.to)]);
    }
    for (std::size_t s = 0; s < p.shocks.size(); ++s)
      if (const auto& shock = net.shocks[ix(p.shocks[s])]; !dead[s])
        join(p.local_of[ix(shock.a)], p.local_of[ix(shock.b)]);
    for (node_index t : p.tables)
      for (node_index parent : net.tables[ix(t)].parents)
        join(p.local_of[ix(parent)], p.local_of[ix(net.tables[ix(t)].node)]);
  }

  node_index of(node_index v) {
    while (of_[ix(v)] != v)
      v = of_[ix(v)] = of_[ix(of_[ix(v)])];
    return v;
  }

private:
  void join(node_index a, node_index b) { of_[ix(of(a))] = of(b); }

  std::vector<node_index> of_;
};

// P(nothing acts), P(something does): the leak and the shocks that no relevant node shares.
struct own_chance {
  double off, on;
};

own_chance own_chance_of(const layout& map, node_index v) {
  const double leak = map.net().leak[ix(v)];
  own_chance c{1 - leak, leak};
  for (node_index k : map.shocks_at(v)) {
    const double p = map.net().shocks[ix(k)].p;
    c.on += c.off * p;
    c.off *= 1 - p;
  }
  return c;
}

struct touched {
  std::vector<node_index> nodes, absent;
};

touched nodes_of(std::span<const likelihood> seen) {
  touched out;
  for (const likelihood& l : seen) {
    out.nodes.push_back(l.node);
    if (l.present == 0)
      out.absent.push_back(l.node);
  }
  return out;
}

} // namespace

bool fits(const program& p) {
  return p.cost <= exact_cost_limit && p.stored * static_cast<double>(sizeof(double)) <= memory_limit;
}

spreader::spreader(const finished_query& done, planner& plans, std::vector<double>& posterior)
    : done_(done)
    , plans_(plans)
    , posterior_(posterior)
    , left_out_(posterior.size())
    , kin_(posterior.size()) {
  label_components();
}

void spreader::label_components() {
  const program& p = done_.schedule;
  components parts(done_.map.net(), p);
  for (std::size_t i = 0; i < p.nodes.size(); ++i)
    kin_[ix(p.nodes[i])].ids = {parts.of(static_cast<node_index>(i))};
}

void spreader::all_nodes(const merged_network& merged) {
  std::vector<node_index> order(posterior_.size());
  for (node_index v = 0; v < static_cast<node_index>(order.size()); ++v)
    order[ix(done_.map.rank(v))] = v;
  for (node_index v : order)
    if (done_.schedule.local_of[ix(v)] < 0 && !left_out_[ix(v)] && merged.into[ix(v)] < 0)
      find(v);
  // A merged node after the one that its sources begin with. Those of the program are asked about together.
  std::vector<node_index> path, together;
  for (node_index v : order) {
    for (node_index m = v; m >= 0 && merged.into[ix(m)] >= 0 && !left_out_[ix(m)];
         m = merged.begins_with[ix(m)]) {
      left_out_[ix(m)] = 1;
      path.push_back(m);
    }
    for (; !path.empty(); path.pop_back()) {
      if (done_.schedule.local_of[ix(merged.into[ix(path.back())])] >= 0)
        together.push_back(path.back());
      else
        find_merged(merged, {path.back()});
    }
  }
  find_merged(merged, together);
}

void spreader::find_merged(const merged_network& merged, const std::vector<node_index>& nodes) {
  std::vector<term> terms;
  std::vector<std::size_t> count;
  for (node_index v : nodes) {
    std::vector<term> own = terms_of(merged, v);
    count.push_back(own.size());
    std::move(own.begin(), own.end(), std::back_inserter(terms));
  }
  const auto parts = expect(terms);
  if (!parts)
    return;
  auto next = parts->begin();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const node_index begin = merged.begins_with[ix(nodes[i])];
    const double known = begin < 0 ? 0 : posterior_[ix(begin)];
    const auto end = next + static_cast<std::ptrdiff_t>(count[i]);
    posterior_[ix(nodes[i])] = known < 0 ? -1 : std::accumulate(next, end, known);
    next = end;
  }
}

// One source or another fires first, and then the node that v became part of is present for certain. What is
// known of the node that the sources begin with is left out.
std::vector<spreader::term> spreader::terms_of(const merged_network& merged, node_index v) const {
  const node_index begin = merged.begins_with[ix(v)], into = merged.into[ix(v)];
  const auto& sources = merged.sources[ix(v)];
  const std::size_t known = begin < 0 ? 0 : merged.sources[ix(begin)].size();
  std::vector<term> out;
  term none_before{1, {}, done_.schedule.local_of[ix(into)] >= 0 ? into : -1};
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto& [from, p] = sources[i];
    if (i >= known) {
      out.push_back(none_before);
      if (from < 0)
        out.back().coefficient *= p;
      else
        out.back().parents.push_back({from, 0, p});
    }
    if (from < 0)
      none_before.coefficient *= 1 - p;
    else
      none_before.parents.push_back({from, 1, 1 - p});
  }
  return out;
}

void spreader::find(node_index v) {
  const std::vector<layout::arc> parents = live_parents(v);
  kin_[ix(v)] = kin_of(v, parents);
  for (node_index k : done_.map.shocks_at(v)) {
    const auto& s = done_.map.net().shocks[ix(k)];
    // The other end may know of the evidence, or be above v itself.
    if (!parents.empty() || done_.schedule.local_of[ix(s.a == v ? s.b : s.a)] >= 0)
      return find_in_own_program(v);
  }
  const bool has_table = done_.map.table_of(v) >= 0;
  if (!has_table && share_nothing(parents)) {
    posterior_[ix(v)] = independent(v);
    return;
  }
  const auto parts = expect(has_table ? terms_of_table(v) : terms_of(v));
  if (parts)
    posterior_[ix(v)] = std::accumulate(parts->begin(), parts->end(), 0.0);
}

// Nothing if it is too wide, or if too many were: looking for a way costs more than it can find.
std::optional<program> spreader::own_program(const std::vector<node_index>& targets) {
  if (too_wide_ >= most_too_wide)
    return std::nullopt;
  const touched at = nodes_of(done_.seen);
  program p = plans_.compile(done_.map, at.nodes, targets, at.absent);
  if (fits(p) && p.cost <= own_cost_limit)
    return p;
  ++too_wide_;
  return std::nullopt;
}

void spreader::find_in_own_program(node_index v) {
  const auto p = own_program({v});
  if (!p)
    return;
  machine<double> one;
  one.run(*p, base_weights<double>(done_.map.net(), *p, done_.seen));
  posterior_[ix(v)] = one.posterior(p->local_of[ix(v)]);
}

double spreader::independent(node_index v) const {
  own_chance c = own_chance_of(done_.map, v);
  for (const layout::arc& a : live_parents(v)) {
    const double x = chance_of(a) * posterior_[ix(a.from)];
    c.on += c.off * x;
    c.off *= 1 - x;
  }
  return c.on;
}

double spreader::chance_of(const layout::arc& a) const {
  return done_.map.net().links[ix(a.link)].p;
}

std::vector<spreader::term> spreader::terms_of(node_index v) const {
  const own_chance c = own_chance_of(done_.map, v);
  std::vector<term> out{{c.on, {}}};
  std::vector<worth> none_before;
  for (const layout::arc& a : live_parents(v)) {
    const double q = chance_of(a);
    term first{c.off, none_before};
    first.parents.push_back({a.from, 0, q});
    out.push_back(std::move(first));
    none_before.push_back({a.from, 1, 1 - q});
  }
  return out;
}

std::vector<spreader::term> spreader::terms_of_table(node_index v) const {
  const network::table& t = done_.map.net().tables[ix(done_.map.table_of(v))];
  std::vector<term> out;
  for (std::size_t c = 0; c < t.present.size(); ++c) {
    term one{t.present[c], {}};
    for (std::size_t i = 0; i < t.parents.size(); ++i) {
      const double on = (c >> i & 1) != 0 ? 1 : 0;
      one.parents.push_back({t.parents[i], 1 - on, on});
    }
    if (one.coefficient > 0)
      out.push_back(std::move(one));
  }
  return out;
}

// The first contribution that brings exactly `grade`, with none above it; before it all below.
std::vector<spreader::term> spreader::terms_of(const graded_leaf& leaf, int grade) {
  const auto g = static_cast<std::size_t>(grade);
  std::vector<term> out;
  for (std::size_t first = 0; first <= leaf.links.size(); ++first) {
    term one{first == 0 ? leaf.leak[g] : at_most(leaf.leak, grade - 1), {}};
    for (std::size_t i = 1; i <= leaf.links.size(); ++i) {
      const auto& l = leaf.links[i - 1];
      const double present = i == first ? l.p[g] : at_most(l.p, i < first ? grade - 1 : grade);
      one.parents.push_back({l.from, i == first ? 0.0 : 1.0, present});
    }
    if (one.coefficient > 0)
      out.push_back(std::move(one));
  }
  return out;
}

std::vector<layout::arc> spreader::live_parents(node_index v) const {
  std::vector<layout::arc> out;
  for (const layout::arc& a : done_.map.into(v))
    if (chance_of(a) > 0 && posterior_[ix(a.from)] != 0)
      out.push_back(a);
  return out;
}

bool spreader::share_nothing(const std::vector<layout::arc>& parents) const {
  std::vector<node_index> met;
  for (const layout::arc& a : parents) {
    const kin& k = kin_[ix(a.from)];
    if (posterior_[ix(a.from)] < 0 || (k.many && parents.size() > 1))
      return false;
    met.insert(met.end(), k.ids.begin(), k.ids.end());
  }
  std::sort(met.begin(), met.end());
  return std::adjacent_find(met.begin(), met.end()) == met.end();
}

spreader::kin spreader::kin_of(node_index v, const std::vector<layout::arc>& parents) const {
  const auto components = static_cast<node_index>(done_.schedule.nodes.size());
  const auto nodes = static_cast<node_index>(posterior_.size());
  kin out{{components + v}, false};
  const auto add = [&](const kin& k) {
    out.many = out.many || k.many;
    out.ids.insert(out.ids.end(), k.ids.begin(), k.ids.end());
  };
  for (const layout::arc& a : parents)
    add(kin_[ix(a.from)]);
  if (const node_index t = done_.map.table_of(v); t >= 0)
    for (node_index parent : done_.map.net().tables[ix(t)].parents)
      add(kin_[ix(parent)]);
  for (node_index k : done_.map.shocks_at(v)) {
    const auto& s = done_.map.net().shocks[ix(k)];
    out.ids.push_back(components + nodes + k);
    add(kin_[ix(s.a == v ? s.b : s.a)]);
  }
  std::sort(out.ids.begin(), out.ids.end());
  out.ids.erase(std::unique(out.ids.begin(), out.ids.end()), out.ids.end());
  if (out.many || out.ids.size() > most_kin)
    out = {{}, true};
  return out;
}

std::optional<std::vector<double>> spreader::expect(const std::vector<term>& terms, node_index neutral) {
  const network& net = done_.map.net();
  std::vector<node_index> missing;
  for (const term& t : terms)
    for (const worth& w : t.parents)
      if (done_.schedule.local_of[ix(w.parent)] < 0)
        missing.push_back(w.parent);
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  const auto without = [&](const program& p, weights<lanes> w) {
    if (neutral >= 0 && p.local_of[ix(neutral)] >= 0) {
      const std::size_t at = ix(p.local_of[ix(neutral)]);
      w.absent[at] = w.present[at] = lanes{} + 1.0;
    }
    return w;
  };
  if (missing.empty()) {
    spent_ += done_.schedule.cost * static_cast<double>(terms.size());
    if (spent_ > all_cost_limit)
      return std::nullopt;
    if (!base_)
      base_ = base_weights<lanes>(net, done_.schedule, done_.seen);
    return expect_in(done_.schedule, without(done_.schedule, *base_), terms);
  }
  const auto own = own_program(missing);
  if (!own)
    return std::nullopt;
  return expect_in(*own, without(*own, base_weights<lanes>(net, *own, done_.seen)), terms);
}

std::vector<double> spreader::expect_in(const program& p, weights<lanes> base,
                                        const std::vector<term>& terms) {
  constexpr auto together = static_cast<std::size_t>(lane_count<lanes>);
  std::vector<double> out;
  for (std::size_t begin = 0; begin < terms.size(); begin += together) {
    weights<lanes> w = base;
    const std::size_t count = std::min(together, terms.size() - begin);
    for (std::size_t l = 0; l < count; ++l) {
      const term& t = terms[begin + l];
      for (const worth& x : t.parents) {
        const std::size_t at = ix(p.local_of[ix(x.parent)]);
        w.absent[at][l] *= x.absent;
        w.present[at][l] *= x.present;
      }
      if (t.certain >= 0) {
        w.leak_off[ix(p.local_of[ix(t.certain)])][l] = 0;
        w.leak_on[ix(p.local_of[ix(t.certain)])][l] = 1;
      }
    }
    machine_.run_forward(p, w);
    for (std::size_t l = 0; l < count; ++l) {
      const double ratio = machine_.evidence().value[l] / done_.evidence.value;
      const auto shift = static_cast<int>(machine_.evidence().exponent[l] - done_.evidence.exponent);
      out.push_back(terms[begin + l].coefficient * std::ldexp(ratio, shift));
    }
  }
  return out;
}

std::optional<std::vector<double>> spreader::grades(const graded_leaf& leaf,
                                                    const std::vector<double>& likelihood) {
  std::vector<term> terms;
  std::vector<std::size_t> grade_of;
  for (std::size_t g = 0; g < leaf.grades(); ++g) {
    if (!(likelihood[g] > 0))
      continue;
    for (term& t : terms_of(leaf, static_cast<int>(g))) {
      terms.push_back(std::move(t));
      grade_of.push_back(g);
    }
  }
  // A leaf of one possible grade is a noisy-OR in the program, and needs no asking.
  std::vector<double> out(leaf.grades());
  const auto possible = [](double x) { return x > 0; };
  if (std::count_if(likelihood.begin(), likelihood.end(), possible) == 1) {
    const auto only = std::find_if(likelihood.begin(), likelihood.end(), possible);
    out[static_cast<std::size_t>(only - likelihood.begin())] = 1;
    return out;
  }
  const auto parts = expect(terms, leaf.node);
  if (!parts)
    return std::nullopt;
  double total = 0;
  for (std::size_t i = 0; i < parts->size(); ++i) {
    const double x = (*parts)[i] * likelihood[grade_of[i]];
    out[grade_of[i]] += x;
    total += x;
  }
  for (double& x : out)
    x /= total;
  return out;
}

} // namespace posterior::inference
