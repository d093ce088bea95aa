// toulbar2, a solver for cost function networks, beside most_probable(): on networks too large to enumerate
// its optimum must be ours. The best joint state that it names is weighed exactly here, so the rounding of
// its costs plays no part. Skips with a word where the program is not installed.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include "engine/inference/probable_sets.hpp"
#include "tests/inference/random_network.hpp"

using namespace posterior::inference;
using judge::dice;

namespace {

struct patient {
  network net;
  std::vector<likelihood> seen;
};

// Causes, states between, findings; some causes in pairs; every kind of evidence on the last layer. Every
// node bears on a finding: what bears on none is summed over here, but a solver would choose a state for it.
class layered {
public:
  explicit layered(std::uint64_t seed)
      : d_(seed) {}

  patient make() {
    const int causes = 8 + d_.below(15), between = 4 + d_.below(12), findings = 10 + d_.below(20);
    for (int c = 0; c < causes; ++c)
      add(0.02 + 0.2 * d_.unit());
    for (int c = 0; c + 1 < causes && d_.below(2); c += 2)
      out_.net.shocks.push_back({c, c + 1, 0.1 * d_.unit()});
    for (int b = 0; b < between; ++b)
      add_below(causes, 1 + d_.below(3));
    for (int f = 0; f < findings; ++f) {
      add_below(causes + between, 1 + d_.below(4));
      record();
    }
    for (node_index v = 0; v < causes + between; ++v)
      if (!has_child_[static_cast<std::size_t>(v)]) {
        add(0.05);
        link(v);
        record();
      }
    return out_;
  }

private:
  void add(double leak) {
    out_.net.leak.push_back(leak);
    has_child_.push_back(false);
  }
  void link(node_index from) {
    out_.net.links.push_back({from, out_.net.size() - 1, 0.05 + 0.9 * d_.unit()});
    has_child_[static_cast<std::size_t>(from)] = true;
  }
  void add_below(int above, int parents) {
    add(0.1 * d_.unit());
    for (int k = 0; k < parents; ++k)
      link(d_.below(above));
  }
  void record() {
    const node_index v = out_.net.size() - 1;
    const int kind = d_.below(4);
    out_.seen.push_back(kind == 0   ? likelihood{v, 1, 0}
                        : kind == 1 ? likelihood{v, d_.unit(), d_.unit()}
                                    : likelihood{v, 0, 1});
  }

  dice d_;
  patient out_;
  std::vector<bool> has_child_;
};

double likelihood_of(const patient& x, node_index v, bool on) {
  double p = 1;
  for (const likelihood& l : x.seen)
    if (l.node == v)
      p *= on ? l.present : l.absent;
  return p;
}

// P(these nodes' states | the rest), plain arithmetic: what the file says and what an answer is weighed with.
double local(const patient& x, const std::vector<node_index>& together, const std::vector<bool>& state) {
  double total = 0;
  const network::shock* tie = nullptr;
  for (const auto& s : x.net.shocks)
    if (s.a == together[0])
      tie = &s;
  for (int struck = 0; struck <= (tie ? 1 : 0); ++struck) {
    double p = !tie ? 1 : struck ? tie->p : 1 - tie->p;
    for (node_index v : together) {
      double off = struck ? 0 : 1 - x.net.leak[static_cast<std::size_t>(v)];
      for (const auto& l : x.net.links)
        if (l.to == v && state[static_cast<std::size_t>(l.from)])
          off *= 1 - l.p;
      const bool on = state[static_cast<std::size_t>(v)];
      p *= (on ? 1 - off : off) * likelihood_of(x, v, on);
    }
    total += p;
  }
  return total;
}

std::vector<std::vector<node_index>> families(const network& net) {
  std::vector<std::vector<node_index>> out;
  std::vector<bool> second(net.leak.size());
  for (const auto& s : net.shocks)
    second[static_cast<std::size_t>(s.b)] = true;
  for (node_index v = 0; v < net.size(); ++v) {
    if (second[static_cast<std::size_t>(v)])
      continue;
    out.push_back({v});
    for (const auto& s : net.shocks)
      if (s.a == v)
        out.back().push_back(s.b);
  }
  return out;
}

std::string as_uai(const patient& x) {
  std::ostringstream head, tables;
  tables.precision(17);
  const auto all = families(x.net);
  head << "MARKOV\n" << x.net.size() << "\n";
  for (node_index v = 0; v < x.net.size(); ++v)
    head << "2 ";
  head << "\n" << all.size() << "\n";
  for (const auto& together : all) {
    std::vector<node_index> scope = together;
    for (node_index v : together)
      for (const auto& l : x.net.links)
        if (l.to == v && std::find(scope.begin(), scope.end(), l.from) == scope.end())
          scope.push_back(l.from);
    head << scope.size();
    for (node_index v : scope)
      head << " " << v;
    head << "\n";
    tables << (1 << scope.size()) << "\n";
    std::vector<bool> state(x.net.leak.size());
    for (std::size_t c = 0; c < std::size_t{1} << scope.size(); ++c) {
      for (std::size_t k = 0; k < scope.size(); ++k) // the last variable turns fastest
        state[static_cast<std::size_t>(scope[k])] = c >> (scope.size() - 1 - k) & 1;
      tables << local(x, together, state) << " ";
    }
    tables << "\n";
  }
  return head.str() + tables.str();
}

double log_joint(const patient& x, const std::vector<bool>& state) {
  double total = 0;
  for (const auto& together : families(x.net))
    total += std::log(local(x, together, state));
  return total;
}

// The optimum as toulbar2 writes it; empty if it gave none.
std::vector<bool> solved(const std::string& folder, const patient& x) {
  const std::string file = folder + "/network.uai", answer = folder + "/answer";
  std::ofstream(file) << as_uai(x);
  std::filesystem::remove(answer);
  const std::string words = "toulbar2 " + file + " -precision=12 -w=" + answer + " > " + folder + "/log 2>&1";
  if (std::system(words.c_str()) != 0)
    return {};
  std::ifstream in(answer);
  std::vector<bool> out;
  for (int value = 0; in >> value;)
    out.push_back(value == 1);
  return out;
}

struct temporary_folder {
  std::string path;
  temporary_folder() {
    char name[] = "/tmp/posterior-toulbar2-XXXXXX";
    path = mkdtemp(name);
  }
  ~temporary_folder() { std::filesystem::remove_all(path); }
};

} // namespace

TEST_CASE("the most probable joint state of 60 networks is toulbar2's optimum") {
  if (std::system("command -v toulbar2 > /dev/null 2>&1") != 0)
    SKIP("toulbar2 is not installed (Debian package toulbar2)");
  const temporary_folder folder;
  int compared = 0, virtual_evidence = 0;
  double worst = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const patient x = layered(seed).make();
    const auto got = most_probable(x.net, x.seen, 1);
    REQUIRE(got.what == outcome::answered);
    const auto theirs = solved(folder.path, x);
    REQUIRE(theirs.size() == x.net.leak.size());
    REQUIRE(got.nodes.size() == theirs.size());
    std::vector<bool> ours(theirs.size());
    for (std::size_t i = 0; i < got.nodes.size(); ++i)
      ours[static_cast<std::size_t>(got.nodes[i])] = got.best[0].present[i];
    const double difference = log_joint(x, ours) - log_joint(x, theirs);
    CHECK(difference >= -1e-12);
    worst = std::max(worst, difference);
    ++compared;
    for (const likelihood& l : x.seen)
      virtual_evidence += l.absent > 0 && l.present > 0;
  }
  INFO("largest log ratio of our optimum to toulbar2's " << worst);
  CHECK(worst < 1e-9); // its costs are rounded at 1e-12
  CHECK(compared == 60);
  CHECK(virtual_evidence > 60);
}
