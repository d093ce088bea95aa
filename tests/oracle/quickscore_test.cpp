// What cancellation costs: our posteriors and Quickscore's beside a sum in 128-bit floats.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdio>
#include <string>

#include "engine/inference/query.hpp"
#include "tests/inference/brute.hpp"
#include "tests/inference/random_network.hpp"
#include "tests/oracle/quickscore.hpp"

using namespace posterior::inference;
using judge::dice;
using judge::wide;

namespace {

struct kind {
  const char* name;
  double prior, leak; // at most
};

constexpr kind kinds[] = {{"common causes", 0.2, 0.08}, {"rare causes, small leaks", 0.01, 0.001}};

judge::two_layers random_case(const kind& k, int positive, std::uint64_t seed) {
  constexpr int causes = 12;
  dice d(seed);
  judge::two_layers q;
  q.causes = causes;
  for (int c = 0; c < causes; ++c)
    q.net.leak.push_back(k.prior * (0.1 + 0.9 * d.unit()));
  for (int f = 0; f < positive + 6; ++f) {
    q.net.leak.push_back(k.leak * (0.1 + 0.9 * d.unit()));
    const node_index v = q.net.size() - 1;
    for (node_index c = 0; c < causes; ++c)
      if (d.below(4) == 0)
        q.net.links.push_back({c, v, 0.1 + 0.85 * d.unit()});
    (f < positive ? q.positive : q.negative).push_back(v);
  }
  return q;
}

double worst_error(const std::vector<wide>& truth, const std::vector<double>& got) {
  double worst = 0;
  for (std::size_t d = 0; d < truth.size(); ++d)
    worst = std::max(worst, std::fabs(static_cast<double>((wide(got[d]) - truth[d]) / truth[d])));
  return worst;
}

struct errors {
  double ours, quickscore;
};

errors compare(const judge::two_layers& q) {
  const auto truth = judge::sum_over_causes<wide>(q);
  std::vector<likelihood> seen;
  for (node_index f : q.positive)
    seen.push_back({f, 0, 1});
  for (node_index f : q.negative)
    seen.push_back({f, 1, 0});
  std::vector<node_index> causes;
  for (node_index c = 0; c < q.causes; ++c)
    causes.push_back(c);
  const answer got = solve(q.net, seen, causes);
  REQUIRE(got.what == outcome::answered);
  const double evidence = std::ldexp(got.evidence, static_cast<int>(got.exponent));
  const double of_evidence =
      std::fabs(static_cast<double>((wide(evidence) - truth.evidence) / truth.evidence));
  const std::vector<double> posterior(got.posterior.begin(), got.posterior.begin() + q.causes);
  return {std::max(of_evidence, worst_error(truth.posterior, posterior)),
          worst_error(truth.posterior, judge::quickscore<double>(q).posterior)};
}

} // namespace

TEST_CASE("Quickscore as written here gives the sum over all sets of causes, if it has digits enough") {
  for (const kind& k : kinds) {
    const judge::two_layers q = random_case(k, 8, 3);
    const auto truth = judge::sum_over_causes<wide>(q), quick = judge::quickscore<wide>(q);
    for (std::size_t d = 0; d < truth.posterior.size(); ++d)
      CHECK(std::fabs(static_cast<double>((quick.posterior[d] - truth.posterior[d]) / truth.posterior[d])) <
            1e-12);
  }
}

TEST_CASE("every posterior keeps a relative error of 1e-13 where Quickscore loses its digits") {
  std::string table = "worst relative error of a posterior, and of P(evidence) for ours\n";
  double last = 0;
  for (const kind& k : kinds)
    for (int positive : {8, 12, 16, 20}) {
      errors worst{0, 0};
      for (std::uint64_t seed = 1; seed <= (positive < 20 ? 5u : 1u); ++seed) {
        const errors e = compare(random_case(k, positive, seed));
        worst = {std::max(worst.ours, e.ours), std::max(worst.quickscore, e.quickscore)};
      }
      char line[120];
      std::snprintf(line, sizeof line, "%-25s %2d positive: ours %.1e, Quickscore %.1e\n", k.name, positive,
                    worst.ours, worst.quickscore);
      table += line;
      CHECK(worst.ours <= 1e-13);
      last = worst.quickscore;
    }
  WARN(table);
  CHECK(last > 0.1); // rare causes, 20 positive findings: nothing of it is right
}
