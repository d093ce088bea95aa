// How long 250 candidate tests take on networks of a clinic's shape, beside a million dependent multiply-adds
// of the same process. Prints medians; `next_tests_bench check` exits 1 beyond a ratio that leaves a factor
// of three.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "engine/inference/next_tests.hpp"
#include "tests/inference/clinic_network.hpp"

using namespace posterior;
using namespace posterior::inference;

namespace {

double micros(auto&& work, int times) {
  std::vector<double> all;
  for (int i = 0; i < times; ++i) {
    const auto from = std::chrono::steady_clock::now();
    work();
    all.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - from).count());
  }
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

// Sums a chain that no compiler can shorten.
double multiply_adds() {
  double x = 1;
  for (int i = 0; i < 1000000; ++i) {
    x = x * 0.999999 + 1e-6;
    asm volatile("" : "+x"(x));
  }
  return x;
}

std::string name(const char* kind, node_index v) {
  char text[32];
  std::snprintf(text, sizeof text, "%s-%05d", kind, v);
  return text;
}

// The network as knowledge: causes, symptoms, and a test with an accuracy for each symptom.
std::shared_ptr<const kb::snapshot> as_knowledge(const network& net, int causes) {
  kb::snapshot s;
  for (node_index v = 0; v < net.size(); ++v) {
    kb::state x;
    x.id = name(v < causes ? "cause" : "symptom", v);
    x.kind = v < causes ? kb::state_kind::cause : kb::state_kind::symptom;
    x.leak.mean = x.leak.low = x.leak.high = net.leak[static_cast<std::size_t>(v)];
    s.all.states.push_back(x);
    if (v < causes)
      continue;
    kb::finding f;
    f.id = name("test", v);
    f.kind = kb::finding_kind::sign;
    s.all.findings.push_back(f);
    kb::observes o;
    o.finding = f.id;
    o.state = x.id;
    o.read = "told"; // a plain answer that is alone on its state is that state
    o.accuracies[""] = {{0.8, 0.8, 0.8, ""}, {0.9, 0.9, 0.9, ""}};
    s.all.readings.push_back(o);
  }
  for (const auto& l : net.links) {
    kb::link x;
    x.source = s.all.states[static_cast<std::size_t>(l.from)].id;
    x.target = s.all.states[static_cast<std::size_t>(l.to)].id;
    x.p.mean = x.p.low = x.p.high = l.p;
    s.all.links.push_back(x);
  }
  return kb::index(std::move(s));
}

cases::picture as_picture(const std::vector<likelihood>& seen) {
  cases::picture p;
  for (const likelihood& l : seen) {
    cases::settled s;
    s.finding = name("test", l.node);
    s.state = l.present > 0 ? cases::truth::present : cases::truth::absent;
    p.findings.push_back(s);
  }
  return p;
}

double one_case(std::uint64_t seed, std::size_t& asked) {
  const network net = judge::clinic_network(judge::clinic_50x500, seed);
  const auto k = as_knowledge(net, 50);
  const auto p = as_picture(judge::clinic_patient(net, 50, 10, 30, seed));
  const grounding ground(*k);
  const evidence seen(*k, p, ground, {});
  reasoning_options how;
  how.draws = 0;
  how.explains = false;
  how.tests.wanted = false;
  const reasoning now = reason(*k, p, ground, seen, how);
  std::vector<node_index> targets;
  run_result base;
  for (const node_belief& b : now.beliefs) {
    targets.push_back(ground.find(b.state->id, b.where));
    base.posterior.push_back(b.posterior);
  }
  const auto schedule = compile(ground.net(), seen.nodes(), targets, seen.certainly_absent());
  const std::vector<theory_nodes> theories;
  machine<lanes> tables;
  test_wishes wishes;
  wishes.cells = 0x1p30;
  for (const kb::finding& f : k->all.findings)
    if (!p.find(f.id, side::none) && wishes.only.size() < 250)
      wishes.only.emplace_back(f.id, side::none);
  const test_question q{*k, p, ground, seen, *schedule, theories, targets, now.beliefs, base, tables, wishes};
  return micros([&] { asked = next_tests(q).size(); }, 5);
}

} // namespace

int main(int argc, char** argv) {
  const double yard = micros([] { multiply_adds(); }, 11);
  std::vector<double> all;
  std::size_t asked = 0;
  for (std::uint64_t seed = 1; seed <= 15; ++seed)
    all.push_back(one_case(seed, asked));
  std::sort(all.begin(), all.end());
  const double median = all[all.size() / 2];
  std::printf("%zu candidate tests, 50 causes x 500 findings, 10 positive and 30 negative\n", asked);
  std::printf("  median %.0f us, worst of 15 cases %.0f us; a million multiply-adds %.0f us; ratio %.2f\n",
              median, all.back(), yard, median / yard);
  const bool check = argc > 1 && std::strcmp(argv[1], "check") == 0;
  return check && median > 15 * yard ? 1 : 0;
}
