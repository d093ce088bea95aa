// One number for the bits of 200 cases: every posterior and P(evidence), in one lane, two and four. Prints it
// and, given the number that is expected, says whether it is the same. `threads` splits the cases over so
// many threads.
//
// usage: same_bits THREADS [EXPECTED]
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "engine/inference/query.hpp"
#include "tests/inference/clinic_network.hpp"

using namespace posterior::inference;

namespace {

constexpr std::uint64_t cases = 200;

class digest {
public:
  void add(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    for (int k = 0; k < 64; k += 8)
      value_ = (value_ ^ (bits >> k & 255)) * 0x100000001b3u; // FNV-1a
  }
  void add(std::uint64_t x) { add(std::bit_cast<double>(x)); }
  std::uint64_t value() const { return value_; }

private:
  std::uint64_t value_ = 0xcbf29ce484222325u;
};

struct patient {
  network net;
  std::vector<likelihood> seen;
};

patient make(std::uint64_t number) {
  judge::dice d(number);
  if (number % 2 == 0) {
    network net = judge::random_network(d, 14);
    auto seen = judge::random_evidence(d, net);
    return {std::move(net), std::move(seen)};
  }
  const auto& shape = number % 4 == 1 ? judge::clinic_50x500 : judge::dense_50x500;
  network net = judge::clinic_network(shape, number);
  auto seen = judge::clinic_patient(net, shape.causes, 2 + static_cast<int>(number % 13), 20, number);
  return {std::move(net), std::move(seen)};
}

double lane(double x, int) {
  return x;
}
template <typename T>
double lane(const T& x, int k) {
  return x[k];
}

// The cases of one run share a machine, as in a service: what it held before must not matter.
template <typename T>
void add_run(const patient& one, const program& p, machine<T>& tables, digest& out) {
  tables.run(p, base_weights<T>(one.net, p, one.seen));
  for (int k = 0; k < lane_count<T>; ++k) {
    const double evidence = lane(tables.evidence().value, k);
    out.add(evidence);
    out.add(lane(tables.evidence().exponent, k));
    for (node_index v = 0; evidence > 0 && v < static_cast<node_index>(p.nodes.size()); ++v)
      out.add(lane(tables.posterior(v), k));
  }
}

// By lane width: all three must agree lane by lane, so each has its own digest.
struct machines {
  machine<double> one;
  machine<two_lanes> two;
  machine<lanes> four;
  planner plans;
};

std::uint64_t digest_of(std::uint64_t number, machines& m) {
  const patient one = make(number);
  const layout map(one.net);
  std::vector<node_index> nodes, absent;
  for (const likelihood& l : one.seen) {
    nodes.push_back(l.node);
    if (l.present == 0)
      absent.push_back(l.node);
  }
  const program p = m.plans.compile(map, nodes, {}, absent, number % 3 == 0 ? 100 : 1);
  digest out;
  add_run(one, p, m.one, out);
  add_run(one, p, m.two, out);
  add_run(one, p, m.four, out);
  return out.value();
}

std::uint64_t digest_of_all(std::uint64_t threads) {
  std::vector<std::uint64_t> each(cases);
  std::vector<std::thread> workers;
  for (std::uint64_t t = 0; t < threads; ++t)
    workers.emplace_back([&each, t, threads] {
      machines m;
      for (std::uint64_t k = t; k < cases; k += threads)
        each[k] = digest_of(k + 1, m);
    });
  for (std::thread& w : workers)
    w.join();
  digest all;
  for (std::uint64_t x : each)
    all.add(x);
  return all.value();
}

} // namespace

int main(int count, char** words) {
  const auto threads = static_cast<std::uint64_t>(count > 1 ? std::atoi(words[1]) : 1);
  char found[17];
  std::snprintf(found, sizeof found, "%016llx",
                static_cast<unsigned long long>(digest_of_all(threads > 0 ? threads : 1)));
  std::printf("%s\n", found);
  if (count > 2 && std::string(words[2]) != found) {
    std::fprintf(stderr, "the bits of %llu cases are %s, expected were %s\n",
                 static_cast<unsigned long long>(cases), found, words[2]);
    return 1;
  }
  return 0;
}
