// One sweep offers every free node its conditional distribution in turn, then exchanges causes of one finding
// (A present, B absent becomes the reverse), then flips blocks. What a node needs of an effect is the product
// of the (1 - q) of the effect's present causes. It is kept up to date by multiplying and dividing, made
// afresh before every sweep, and how many causes act, and act for certain, is counted: an effect without any
// has exactly its leak, so no zero ever comes out as a rounding error.
//
// Posteriors of free nodes are means of their conditional probabilities, not of their states. Where
// probabilities were softened, samples carry the weight true / softened probability instead, which is zero
// for worlds that cannot be.
//
// Judged by tests/inference/gibbs_test.cpp.
#include "engine/inference/gibbs_replica.hpp"

#include <algorithm>
#include <cmath>

#include "kb/values/elementary.hpp"

namespace posterior::inference {
namespace {

std::size_t ix(node_index v) {
  return static_cast<std::size_t>(v);
}

// x^(1 - heat/4).
double cooled(double x, int heat) {
  const double half = heat > 0 ? std::sqrt(x) : x;
  return heat == 0 ? x : heat == 1 ? half * std::sqrt(half) : heat == 2 ? half : std::sqrt(half);
}

} // namespace

replica::replica(const network& net, const gibbs_model& m, std::span<const node_index> targets,
                 std::span<const node_index> watched, int heat, std::uint64_t seed)
    : net_(net)
    , m_(m)
    , targets_(targets)
    , heat_(heat)
    , dice_(seed)
    , x_(m.size())
    , acting_(m.size())
    , sure_(m.size())
    , config_(m.size())
    , off_(m.size())
    , is_watched_(net.links.size())
    , target_of_(m.size(), -1) {
  for (node_index k : watched)
    is_watched_[ix(k)] = true;
  has_watched_ = !watched.empty();
  for (std::size_t k = 0; k < targets.size(); ++k)
    target_of_[ix(targets[k])] = static_cast<std::int32_t>(k);
  find_exchanges();
  start();
}

bool replica::possible() {
  renew();
  for (node_index v : m_.order) {
    const std::size_t u = ix(v);
    const bool bound_to_be = m_.roles[u] == role::absent && m_.table_of[u] < 0 && !(m_.not_leak[u] > 0);
    const bool never_seen = !(m_.absent[u] > 0) && !(m_.present[u] > 0);
    if (bound_to_be || never_seen || !(factor(v, off_[u], acting_[u], sure_[u], config_[u]) > 0))
      return false;
  }
  return true;
}

void replica::sweep(piece* into, bool wide) {
  renew();
  for (node_index v : m_.movers) {
    const double on = chance(v);
    if (into != nullptr && m_.softness == 0 && target_of_[ix(v)] >= 0)
      note(*into, static_cast<std::size_t>(target_of_[ix(v)]), on, 1);
    set(v, dice_.unit() < on);
  }
  for (const auto& causes : exchanges_)
    exchange(causes);
  for (std::size_t k = 0; k < (m_.blocks.size() + 3) / 4; ++k)
    flip(m_.blocks[dice_.below(m_.blocks.size())]);
  if (into == nullptr)
    return;
  const double weight = m_.softness > 0 ? true_over_soft() : 1;
  for (std::size_t k = 0; m_.softness > 0 && k < targets_.size(); ++k)
    if (m_.roles[ix(targets_[k])] == role::free)
      note(*into, k, x_[ix(targets_[k])], weight);
  if (wide)
    look_below(*into, weight);
}

double replica::evidence() const {
  double sum = 0, product = 1;
  for (node_index v : m_.order) {
    if (m_.roles[ix(v)] == role::free)
      continue;
    product *= factor(v, off_[ix(v)], acting_[ix(v)], sure_[ix(v)], config_[ix(v)]);
    if (product < 0x1p-300) {
      sum += log(product);
      product = 1;
    }
  }
  return sum + log(product);
}

void replica::swap_world(replica& other) {
  x_.swap(other.x_);
  acting_.swap(other.acting_);
  sure_.swap(other.sure_);
  config_.swap(other.config_);
  off_.swap(other.off_);
}

void replica::note(piece& p, std::size_t k, double value, double weight) {
  p.value[k] += weight * value;
  p.weight[k] += weight;
}

void replica::find_exchanges() {
  std::vector<bool> moves(m_.size());
  for (node_index v : m_.movers)
    moves[ix(v)] = true;
  for (node_index v : m_.order) {
    const std::size_t u = ix(v);
    const bool rises =
        m_.roles[u] == role::present || (m_.roles[u] == role::summed && m_.present[u] > m_.absent[u]);
    std::vector<node_index> causes;
    for (const auto& a : m_.from[u])
      if (rises && moves[ix(a.node)])
        causes.push_back(a.node);
    if (causes.size() > 1)
      exchanges_.push_back(std::move(causes));
  }
}

void replica::start() {
  for (node_index v : m_.order) {
    const std::size_t u = ix(v);
    const bool root = m_.from[u].empty() && m_.table_of[u] < 0;
    const bool may = m_.present[u] > 0 && !(root && m_.leak[u] <= 0);
    x_[u] = m_.roles[u] == role::present || (m_.roles[u] == role::free && may);
  }
}

void replica::renew() {
  for (node_index v : m_.order) {
    const std::size_t u = ix(v);
    if (m_.roles[u] == role::barren || (m_.roles[u] == role::absent && m_.table_of[u] < 0))
      continue;
    acting_[u] = sure_[u] = 0;
    off_[u] = m_.not_leak[u];
    for (const auto& a : m_.from[u])
      if (x_[ix(a.node)])
        act(u, a);
    if (m_.table_of[u] >= 0)
      config_[u] = config_of(net_.tables[ix(m_.table_of[u])]);
  }
}

void replica::act(std::size_t u, const gibbs_model::arc& a) {
  ++acting_[u];
  if (a.not_q > 0)
    off_[u] *= a.not_q;
  else
    ++sure_[u];
}

std::uint32_t replica::config_of(const network::table& t) const {
  std::uint32_t c = 0;
  for (std::size_t k = 0; k < t.parents.size(); ++k)
    c |= static_cast<std::uint32_t>(x_[ix(t.parents[k])]) << k;
  return c;
}

std::uint32_t replica::bit_of(node_index parent, node_index child) const {
  const auto& parents = net_.tables[ix(m_.table_of[ix(child)])].parents;
  return 1u << (std::find(parents.begin(), parents.end(), parent) - parents.begin());
}

odds replica::hard(std::size_t u, double off, int acting, int sure, std::uint32_t config) const {
  if (m_.table_of[u] >= 0) {
    const double on = net_.tables[ix(m_.table_of[u])].present[config];
    return {1 - on, on};
  }
  if (sure > 0)
    return {0, 1};
  return acting == 0 ? odds{m_.not_leak[u], m_.leak[u]} : odds{off, 1 - off};
}

double replica::weigh(std::size_t u, const odds& o) const {
  switch (m_.roles[u]) {
  case role::free:
    return x_[u] ? o.on : o.off;
  case role::present:
    return o.on;
  case role::absent:
    return m_.table_of[u] >= 0 ? o.off : 1;
  case role::summed:
    return m_.absent[u] * o.off + m_.present[u] * o.on;
  default:
    return 1;
  }
}

double replica::factor(node_index v, double off, int acting, int sure, std::uint32_t config) const {
  odds o = hard(ix(v), off, acting, sure, config);
  if (m_.softened[ix(v)])
    o = {std::clamp(o.off, m_.softness, 1 - m_.softness), std::clamp(o.on, m_.softness, 1 - m_.softness)};
  return weigh(ix(v), o);
}

odds replica::effect(node_index v, const gibbs_model::arc& a) const {
  const std::size_t u = ix(a.node);
  if (m_.table_of[u] >= 0) {
    const std::uint32_t bit = bit_of(v, a.node), c = config_[u];
    return {factor(a.node, 0, 0, 0, c & ~bit), factor(a.node, 0, 0, 0, c | bit)};
  }
  const bool certain = !(a.not_q > 0);
  const int on = x_[ix(v)];
  const int acting = acting_[u] - on, sure = sure_[u] - (certain ? on : 0);
  const double off = on && !certain ? off_[u] / a.not_q : off_[u];
  return {factor(a.node, off, acting, sure, 0),
          factor(a.node, certain ? off : off * a.not_q, acting + 1, sure + certain, 0)};
}

odds replica::both(node_index v) const {
  const std::size_t u = ix(v);
  odds own = hard(u, off_[u], acting_[u], sure_[u], config_[u]);
  if (m_.softened[u])
    own = {std::clamp(own.off, m_.softness, 1 - m_.softness),
           std::clamp(own.on, m_.softness, 1 - m_.softness)};
  odds prior{own.off * m_.absent[u], own.on * m_.present[u]}, evidence{1, 1};
  for (const auto& a : m_.to[u]) {
    const odds f = effect(v, a);
    odds& w = m_.roles[ix(a.node)] == role::free ? prior : evidence;
    w.off *= f.off;
    w.on *= f.on;
    if (w.off + w.on < 0x1p-300) {
      w.off *= 0x1p300;
      w.on *= 0x1p300;
    }
  }
  return {prior.off * cooled(evidence.off, heat_), prior.on * cooled(evidence.on, heat_)};
}

double replica::chance(node_index v) const {
  const odds w = both(v);
  const double sum = w.off + w.on;
  return sum > 0 ? w.on / sum : x_[ix(v)];
}

void replica::set(node_index v, bool on) {
  if (x_[ix(v)] == on)
    return;
  x_[ix(v)] = on;
  for (const auto& a : m_.to[ix(v)]) {
    const std::size_t u = ix(a.node);
    if (m_.table_of[u] >= 0) {
      config_[u] ^= bit_of(v, a.node);
      continue;
    }
    acting_[u] += on ? 1 : -1;
    if (!(a.not_q > 0))
      sure_[u] += on ? 1 : -1;
    else
      off_[u] = on ? off_[u] * a.not_q : off_[u] / a.not_q;
  }
}

double replica::turn(node_index v) {
  const odds w = both(v);
  const bool now = x_[ix(v)];
  set(v, !now);
  const double from = now ? w.on : w.off, to = now ? w.off : w.on;
  return from > 0 ? to / from : 0;
}

void replica::exchange(const std::vector<node_index>& causes) {
  node_index a = causes[dice_.below(causes.size())], b = causes[dice_.below(causes.size())];
  if (x_[ix(a)] == x_[ix(b)])
    return;
  if (x_[ix(b)])
    std::swap(a, b); // a is present; b first, so that no world in between is impossible
  const double ratio = turn(b) * turn(a);
  if (dice_.unit() < ratio)
    return;
  set(a, true);
  set(b, false);
}

void replica::flip(const std::vector<node_index>& block) {
  const bool now = x_[ix(block.front())];
  for (node_index v : block)
    if (x_[ix(v)] != now)
      return;
  double ratio = 1;
  for (node_index v : block)
    ratio *= turn(v);
  if (dice_.unit() < ratio)
    return;
  for (node_index v : block)
    set(v, now);
}

double replica::true_over_soft() const {
  double w = 1;
  for (node_index v : m_.order) {
    const std::size_t u = ix(v);
    if (!m_.softened[u])
      continue;
    const double soft = factor(v, off_[u], acting_[u], sure_[u], config_[u]);
    w *= weigh(u, hard(u, off_[u], acting_[u], sure_[u], config_[u])) / soft;
  }
  return w;
}

void replica::look_below(piece& into, double weight) {
  for (node_index v : m_.order) {
    const std::size_t u = ix(v);
    if (m_.roles[u] != role::summed && m_.roles[u] != role::barren)
      continue;
    if (m_.roles[u] == role::barren) {
      acting_[u] = sure_[u] = 0;
      off_[u] = m_.not_leak[u];
      for (const auto& a : m_.from[u])
        if (x_[ix(a.node)])
          act(u, a);
      if (m_.table_of[u] >= 0)
        config_[u] = config_of(net_.tables[ix(m_.table_of[u])]);
    }
    odds o = hard(u, off_[u], acting_[u], sure_[u], config_[u]);
    o = {o.off * m_.absent[u], o.on * m_.present[u]};
    const double on = o.off + o.on > 0 ? o.on / (o.off + o.on) : 0;
    if (target_of_[u] >= 0)
      note(into, static_cast<std::size_t>(target_of_[u]), on, weight);
    x_[u] = dice_.unit() < on;
  }
  note(into, targets_.size(), has_watched_ && weight > 0 ? none_fires() : 1, weight);
}

double replica::none_fires() const {
  std::vector<double> others(m_.size(), 1), theirs(m_.size(), 1);
  std::vector<int> acting(m_.size());
  for (std::size_t k = 0; k < net_.links.size(); ++k) {
    const auto& l = net_.links[k];
    if (m_.roles[ix(l.to)] == role::outside || !x_[ix(l.from)] || !(l.p > 0))
      continue;
    (is_watched_[k] ? theirs : others)[ix(l.to)] *= 1 - l.p;
    acting[ix(l.to)] += !is_watched_[k];
  }
  for (std::size_t s = 0; s < net_.shocks.size(); ++s)
    if (x_[net_.leak.size() + s])
      for (node_index end : {net_.shocks[s].a, net_.shocks[s].b})
        others[ix(end)] = 0;
  double p = 1;
  for (node_index v : m_.order) {
    const std::size_t u = ix(v);
    if (u >= net_.leak.size() || m_.table_of[u] >= 0 || !x_[u] || theirs[u] >= 1)
      continue;
    const double off = (1 - net_.leak[u]) * others[u];
    const double without = acting[u] == 0 && others[u] >= 1 ? net_.leak[u] : 1 - off;
    p *= without * theirs[u] / (1 - off * theirs[u]);
  }
  return p;
}

} // namespace posterior::inference
