// Four chains of four replicas each; see gibbs_replica.cpp for the moves. What is said about a quantity is a
// ratio of two sums, so its error is that of the pieces' residuals.
//
// Judged by tests/inference/gibbs_test.cpp.
#include "engine/inference/gibbs.hpp"

#include <algorithm>
#include <cmath>

#include "engine/inference/gibbs_replica.hpp"
#include "kb/values/elementary.hpp"

namespace posterior::inference {
namespace {

constexpr int chains = 4, pieces = 16;
constexpr int heats = 4; // the evidence counts with the powers 1, 3/4, 1/2 and 1/4
// Pieces of a chain are not wholly independent, and a kind of world with a share below 3 in the number of
// independent samples may have been missed altogether (that is four standard errors at least). Both as
// measured on dense networks: tests/inference/gibbs_test.cpp.
constexpr double caution = 1.5, unseen = 1.5;
constexpr int warm_up_share = 8; // one eighth of the sweeps
constexpr int wide_every = 4;    // sweeps between looks at what hangs below
constexpr double least_sweeps = 16 * pieces;

// Replicas of one chain at every heat; only the cold one is read. A hot one, which hardly minds the evidence,
// finds explanations far from each other, and hands them down by exchanges of whole worlds.
class chain {
public:
  chain(const network& net, const gibbs_model& m, std::span<const node_index> targets,
        std::span<const node_index> watched, std::uint64_t seed)
      : dice_(seed * 64) {
    for (int heat = 0; heat < heats; ++heat)
      replicas_.emplace_back(net, m, targets, watched, heat,
                             seed * 64 + 1 + static_cast<std::uint64_t>(heat));
  }

  bool possible() { return replicas_.front().possible(); }

  void sweep(piece* into, bool wide) {
    for (std::size_t k = replicas_.size(); k-- > 0;)
      replicas_[k].sweep(k == 0 ? into : nullptr, wide);
    for (std::size_t k = 0; k + 1 < replicas_.size(); ++k)
      hand_down(replicas_[k], replicas_[k + 1]);
  }

private:
  void hand_down(replica& cold, replica& hot) {
    const double gain = hot.evidence() - cold.evidence(); // of the logarithm
    if (log(dice_.unit()) < gain / heats)
      cold.swap_world(hot);
  }

  dice dice_;
  std::vector<replica> replicas_;
};

struct estimate {
  double mean = 0.5, error = 0.5, weight = 0;
};

// The mean of one quantity over all pieces, and its error from groups of `together` pieces of one chain.
double error_from(const std::vector<piece>& all, std::size_t k, double mean, std::size_t together) {
  double squares = 0, total = 0;
  for (std::size_t first = 0; first < all.size(); first += together) {
    double off = 0;
    for (std::size_t i = first; i < first + together; ++i) {
      off += all[i].value[k] - mean * all[i].weight[k];
      total += all[i].weight[k];
    }
    squares += off * off;
  }
  const double groups = static_cast<double>(all.size() / together);
  return std::sqrt(squares * groups / (groups - 1)) / total;
}

estimate summarise(const std::vector<piece>& all, std::size_t k) {
  estimate e;
  double value = 0;
  for (const piece& p : all) {
    value += p.value[k];
    e.weight += p.weight[k];
  }
  if (!(e.weight > 0))
    return e;
  e.mean = std::clamp(value / e.weight, 0.0, 1.0);
  e.error = 0;
  for (std::size_t together : {std::size_t{1}, std::size_t{pieces / 4}, std::size_t{pieces}})
    e.error = std::max(e.error, caution * error_from(all, k, e.mean, together));
  return e;
}

// How many independent samples the worst undecided posterior amounts to.
double effective(const std::vector<estimate>& all, double sweeps) {
  double least = sweeps / 4;
  for (const estimate& e : all)
    if (e.weight > 0 && e.mean > 0.02 && e.mean < 0.98 && e.error > 0)
      least = std::min(least, e.mean * (1 - e.mean) / (e.error * e.error));
  return std::max(1.0, least);
}

void run_chain(chain& c, double sweeps, std::vector<piece>& all, std::size_t first) {
  const auto each = static_cast<std::int64_t>(sweeps / pieces);
  for (std::int64_t i = 0; i < each * pieces / warm_up_share; ++i)
    c.sweep(nullptr, false);
  for (std::size_t p = 0; p < pieces; ++p)
    for (std::int64_t i = 0; i < each; ++i)
      c.sweep(&all[first + p], i % wide_every == 0);
}

} // namespace

sampled_answer answer_sampled(const network& net, std::span<const likelihood> seen,
                              std::span<const node_index> targets, std::span<const node_index> watched,
                              const gibbs_limits& limits) {
  sampled_answer out;
  out.posterior.assign(targets.size(), 0.5);
  out.standard_error.assign(targets.size(), 0.5);
  const gibbs_model m = make_gibbs_model(net, seen, targets);
  if (m.looped)
    return out;
  const double look = m.operations_below + static_cast<double>(watched.empty() ? 0 : net.links.size());
  const double each = heats * m.operations + look / wide_every;
  const double sweeps = std::max(least_sweeps, limits.operations / (chains * (each + 1)));
  const std::size_t quantities = targets.size() + 1;
  std::vector<piece> all(chains * pieces, {std::vector<double>(quantities), std::vector<double>(quantities)});
  for (std::size_t c = 0; c < chains; ++c) {
    chain one(net, m, targets, watched, c + 1);
    if (!one.possible())
      return out;
    run_chain(one, sweeps, all, c * pieces);
  }
  out.sweeps = sweeps * chains;
  out.operations = out.sweeps * each;
  std::vector<estimate> found;
  for (std::size_t k = 0; k < quantities; ++k)
    found.push_back(summarise(all, k));
  const double floor = unseen / effective(found, out.sweeps);
  out.answered = found.back().weight > 0;
  for (std::size_t k = 0; k < targets.size(); ++k) {
    out.answered = out.answered && found[k].weight > 0;
    out.posterior[k] = found[k].mean;
    out.standard_error[k] = std::min(0.5, std::max(floor, found[k].error));
  }
  if (!watched.empty()) {
    out.none_acts = found.back().mean;
    out.none_error = std::min(0.5, std::max(floor, found.back().error));
  }
  return out;
}

} // namespace posterior::inference
