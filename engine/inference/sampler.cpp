// Nodes are drawn parents first; every link of a present parent fires or not on its own, so that it is known
// whether any cause acted. A sample weighs as much as the evidence is likely under it. The error of a
// posterior p is that of a ratio of means: sqrt(sum w^2 (x - p)^2) / sum w.
#include "engine/inference/sampler.hpp"

#include <cmath>

namespace posterior::inference {
namespace {

constexpr int samples = 1 << 17;
constexpr double least_effective = 30; // fewer equal samples than this say nothing

class dice {
public:
  double unit() { // SplitMix64
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
  }

private:
  std::uint64_t state_ = 0x706F73746572696Fu;
};

struct sums {
  double all = 0, squares = 0, none = 0;
  std::vector<double> on, on_squares;
};

class sampler {
public:
  sampler(const network& net, const program& p, const weights<two_lanes>& w, const std::vector<bool>& watched)
      : p_(p)
      , w_(w)
      , watched_(watched)
      , in_(p.nodes.size())
      , struck_(p.nodes.size())
      , on_(p.nodes.size()) {
    for (std::size_t k = 0; k < p.links.size(); ++k) {
      const auto& l = net.links[static_cast<std::size_t>(p.links[k])];
      from_.push_back(local(l.from));
      in_[local(l.to)].push_back(k);
    }
    for (node_index k : p.shocks)
      for (node_index end :
           {net.shocks[static_cast<std::size_t>(k)].a, net.shocks[static_cast<std::size_t>(k)].b})
        ends_.push_back(p.local_of[static_cast<std::size_t>(end)]);
  }

  sums run() {
    sums s;
    s.on.assign(p_.nodes.size(), 0);
    s.on_squares.assign(p_.nodes.size(), 0);
    for (int i = 0; i < samples; ++i) {
      bool acted = false;
      const double weight = one(acted);
      if (!(weight > 0))
        continue;
      s.all += weight;
      s.squares += weight * weight;
      s.none += acted ? 0 : weight;
      for (std::size_t v = 0; v < on_.size(); ++v)
        if (on_[v]) {
          s.on[v] += weight;
          s.on_squares[v] += weight * weight;
        }
    }
    return s;
  }

private:
  std::size_t local(node_index v) const {
    return static_cast<std::size_t>(p_.local_of[static_cast<std::size_t>(v)]);
  }

  double one(bool& acted) {
    for (std::size_t v = 0; v < struck_.size(); ++v)
      struck_[v] = false;
    for (std::size_t k = 0; k < p_.shocks.size(); ++k)
      if (dice_.unit() < w_.shock[k][0])
        for (std::size_t end : {2 * k, 2 * k + 1})
          if (ends_[end] >= 0)
            struck_[static_cast<std::size_t>(ends_[end])] = true;
    double weight = 1;
    for (std::size_t v = 0; v < on_.size(); ++v) {
      bool present = struck_[v] || dice_.unit() < w_.leak_on[v][0];
      for (std::size_t k : in_[v])
        if (on_[from_[k]] && dice_.unit() < w_.q[k][0]) {
          present = true;
          acted = acted || watched_[k];
        }
      on_[v] = present;
      weight *= present ? w_.present[v][0] : w_.absent[v][0];
    }
    return weight;
  }

  const program& p_;
  const weights<two_lanes>& w_;
  const std::vector<bool>& watched_;
  std::vector<std::size_t> from_;
  std::vector<std::vector<std::size_t>> in_;
  std::vector<node_index> ends_;
  std::vector<bool> struck_, on_;
  dice dice_;
};

} // namespace

sampled sample(const network& net, const program& p, const weights<two_lanes>& w,
               const std::vector<bool>& watched) {
  const sums s = sampler(net, p, w, watched).run();
  sampled out;
  out.posterior.assign(p.nodes.size(), 0);
  out.standard_error.assign(p.nodes.size(), 0.5);
  if (!(s.all > 0))
    return out;
  out.effective = s.all * s.all / s.squares;
  out.none_acts = s.none / s.all;
  for (std::size_t v = 0; v < p.nodes.size(); ++v) {
    const double x = s.on[v] / s.all;
    out.posterior[v] = x;
    const double spread = s.on_squares[v] * (1 - x) * (1 - x) + (s.squares - s.on_squares[v]) * x * x;
    if (out.effective >= least_effective)
      out.standard_error[v] = std::sqrt(std::max(0.0, spread)) / s.all;
  }
  return out;
}

} // namespace posterior::inference
