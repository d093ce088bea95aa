#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>

#include <algorithm>
#include <fstream>

#include "engine/wire/kernel_support.hpp"
#include "tests/host/detectors.hpp"

using namespace posterior;
using namespace posterior::host_tests;

namespace {

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> out;
  for (const auto& task : std::filesystem::directory_iterator{"/proc/" + std::to_string(parent) + "/task"}) {
    std::ifstream in{task.path() / "children"};
    for (pid_t pid = 0; in >> pid;)
      out.push_back(pid);
  }
  return out;
}

bool same_answers(const host::detection& a, const host::detection& b) {
  return a.findings == b.findings && a.answers.size() == b.answers.size() &&
         std::equal(a.answers.begin(), a.answers.end(), b.answers.begin(), [](const auto& x, const auto& y) {
           return x.plugin == y.plugin && x.status == y.status && x.detail == y.detail;
         });
}

} // namespace

TEST_CASE("a detector gives derived findings, by finding and side") {
  host::worker_pool pool{options()};
  const auto result = pool.run({good()}, patient());
  REQUIRE(result.answers.size() == 1);
  CAPTURE(result.answers[0].reason);
  REQUIRE(result.answers[0].status == host::answer_status::answered);
  REQUIRE(result.findings.size() == 2);
  CHECK(result.findings[0].where == side::left);
  CHECK(result.findings[0].value == -25);
  CHECK(result.findings[1].where == side::right);
  CHECK(result.findings[1].value == 25);
  CHECK(result.findings[1].rule == "difference");
  CHECK(result.confinement == (wire::ask_kernel().landlock_abi > 0 ? "full" : "partial"));
}

TEST_CASE("a detector in plain C answers beside one in C++") {
  host::worker_pool pool{options()};
  const auto result = pool.run({pure(), good()}, patient());
  REQUIRE(result.answers.size() == 2);
  CHECK(result.answers[0].plugin == "org.example.good");
  CHECK(result.answers[1].plugin == "org.example.pure");
  CHECK(result.answers[1].status == host::answer_status::answered);
  REQUIRE(result.findings.size() == 4);
  CHECK(result.findings[2].finding == "pure-sign");
}

TEST_CASE("a detector is given only what it consumes") {
  host::worker_pool pool{options()};
  auto curious = good();
  CHECK(pool.run({curious}, patient()).findings.size() == 2);
  curious.consumes.push_back("secret");
  const auto result = pool.run({curious}, patient());
  REQUIRE(result.findings.size() == 3);
  CHECK(result.findings[0].finding == "saw-secret");
}

TEST_CASE("levels reach a detector and come back") {
  host::worker_pool pool{options()};
  auto seen = patient();
  seen.push_back({"sex", side::none, host::reading::graded, 0, 1, 2, {}});
  const auto result = pool.run({good()}, seen);
  REQUIRE(result.findings.size() == 3);
  CHECK(result.findings[0].finding == "grade");
  CHECK(result.findings[0].level == 2);
}

TEST_CASE("the newest value counts, whatever order the observations came in") {
  auto seen = patient();
  seen[0].day = 20'000;
  seen.push_back({"slr-passive", side::left, host::reading::measured, 10, 1, 0, 19'000});
  seen.push_back({"slr-passive", side::left, host::reading::measured, 20, 1, 0, {}});
  host::worker_pool pool{options()};
  const auto first = pool.run({good()}, seen);
  CHECK(first.findings[0].value == -25);
  do
    CHECK(pool.run({good()}, seen).findings == first.findings);
  while (std::next_permutation(seen.begin(), seen.end(), [](const auto& a, const auto& b) {
    return std::tie(a.finding, a.where, a.value) < std::tie(b.finding, b.where, b.value);
  }));
}

TEST_CASE("the order of the detectors changes nothing") {
  std::vector<host::detector_spec> detectors{good(), pure(), faulty("none"), faulty("segfault")};
  detectors[3].plugin = "org.example.another";
  host::worker_pool pool{options()};
  const auto first = pool.run(detectors, patient());
  for (int i = 0; i < 4; ++i) {
    std::rotate(detectors.begin(), detectors.begin() + 1, detectors.end());
    CHECK(same_answers(pool.run(detectors, patient()), first));
  }
}

TEST_CASE("a warm worker is used again, and one that died is replaced") {
  host::worker_pool pool{options()};
  const auto first = pool.run({good()}, patient());
  const auto workers = children_of(getpid());
  REQUIRE(workers.size() == 1);
  CHECK(same_answers(pool.run({good()}, patient()), first));
  CHECK(children_of(getpid()) == workers);
  REQUIRE(kill(workers[0], SIGKILL) == 0);
  while (true) { // until the kernel has closed its socket
    std::ifstream in{"/proc/" + std::to_string(workers[0]) + "/stat"};
    std::string pid, name, state;
    if (!(in >> pid >> name >> state) || state == "Z")
      break;
  }
  CHECK(same_answers(pool.run({good()}, patient()), first));
  CHECK(children_of(getpid()) != workers);
  CHECK(pool.idle_count() == 1);
  pool.end_idle();
  CHECK(pool.idle_count() == 0);
  CHECK(children_of(getpid()).empty());
}

TEST_CASE("detectors can be loaded before there is a case") {
  host::worker_pool pool{options()};
  const auto loaded = pool.probe({good(), faulty("init_fails")});
  REQUIRE(loaded.answers.size() == 2);
  CHECK(loaded.answers[0].status == host::answer_status::failed);
  CHECK(loaded.answers[1].status == host::answer_status::answered);
  CHECK(loaded.findings.empty());
  const auto workers = children_of(getpid());
  CHECK(pool.run({good()}, patient()).findings.size() == 2);
  CHECK(children_of(getpid()) == workers);
}

TEST_CASE("another version or configuration of a detector is another worker") {
  host::worker_pool pool{options()};
  pool.run({good()}, patient());
  auto other = good();
  other.version = "0.2.0";
  const auto result = pool.run({other}, patient());
  CHECK(result.answers[0].why == host::failure::other_version);
}

TEST_CASE("several threads may ask at once") {
  host::worker_pool pool{options()};
  const auto expected = pool.run({good(), pure()}, patient()).findings;
  std::vector<std::size_t> wrong(4, 0);
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < wrong.size(); ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 50; ++i)
          wrong[t] += pool.run({good(), pure()}, patient()).findings == expected ? 0 : 1;
      });
  }
  CHECK(wrong == std::vector<std::size_t>(4, 0));
  CHECK(pool.idle_count() <= 8);
}

TEST_CASE("a worker outlives the thread that first asked for it") {
  host::worker_pool pool{options()};
  std::jthread{[&] { pool.run({good()}, patient()); }}.join();
  const auto workers = children_of(getpid());
  REQUIRE(workers.size() == 1);
  std::this_thread::sleep_for(std::chrono::milliseconds{20});
  CHECK(pool.run({good()}, patient()).findings.size() == 2);
  CHECK(children_of(getpid()) == workers);
}

TEST_CASE("a slow detector holds up nobody who asks another one") {
  host::worker_pool pool{options()};
  pool.run({good()}, patient());
  auto slow = faulty("endless_loop");
  slow.limits.evaluate_ms = 1500;
  std::jthread waiting{[&] { pool.run({slow}, patient()); }};
  std::this_thread::sleep_for(std::chrono::milliseconds{50});
  const auto begin = std::chrono::steady_clock::now();
  CHECK(pool.run({good()}, patient()).findings.size() == 2);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds{1000});
}

TEST_CASE("a missing worker program is named for every detector") {
  auto nowhere = options();
  nowhere.worker = "/nowhere/posterior-worker";
  host::worker_pool pool{nowhere};
  const auto result = pool.run({good()}, patient());
  CHECK(result.answers[0].why == host::failure::not_started);
  CHECK(result.answers[0].reason.find("/nowhere/posterior-worker: No such file") != std::string::npos);
  CHECK(result.confinement.empty());
}

TEST_CASE("a case with more observations than can be handed over is refused for that detector") {
  host::worker_pool pool{options()};
  const std::vector<host::observation> many(5'000, patient()[0]);
  const auto result = pool.run({good()}, many);
  CHECK(result.answers[0].why == host::failure::case_too_large);
}

TEST_CASE("a large case goes over in several frames") {
  host::worker_pool pool{options()};
  std::vector<host::observation> many = patient();
  for (int i = 0; i < 3'000; ++i)
    many.push_back({"slr-passive", side::left, host::reading::measured, i / 100.0, 1, 0, i});
  const auto result = pool.run({good()}, many);
  CAPTURE(result.answers[0].detail, result.answers[0].reason);
  REQUIRE(result.findings.size() == 2);
  CHECK(result.findings[0].value == 29.99 - 85);
}

TEST_CASE("the workers end with the process that started them") {
  adopt_grandchildren();
  auto* ready = static_cast<volatile int*>(
      mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  REQUIRE(ready != MAP_FAILED);
  const pid_t parent = fork();
  if (parent == 0) {
    host::worker_pool pool{options()};
    auto slow = faulty("endless_loop");
    slow.limits.evaluate_ms = 2000;
    pool.probe({good(), slow});
    *ready = 1;
    pool.run({slow}, patient());
    _exit(0);
  }
  while (*ready == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  std::this_thread::sleep_for(std::chrono::milliseconds{50}); // one of the two is now in its loop
  REQUIRE(children_of(parent).size() == 2);
  kill(parent, SIGKILL);
  CHECK(no_child_left());
  munmap(const_cast<int*>(ready), sizeof(int));
}

TEST_CASE("nothing is left open or running when a pool is gone") {
  adopt_grandchildren();
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 10; ++i) {
    host::worker_pool pool{options()};
    pool.run({good(), pure()}, patient());
  }
  CHECK(open_descriptors() == before);
  CHECK(no_child_left());
}

TEST_CASE("the worker itself refuses a symbol that only a dependency has") {
  // The dependency lies where no worker that can help it reads files.
  std::string reason;
  auto worker = host::worker_process::start(std::string{POSTERIOR_WORKERS} + "/worker-no_landlock", reason);
  REQUIRE(worker);
  const std::string library = library_of("borrowed_symbol");
  const host::file_descriptor file{open(library.c_str(), O_RDONLY | O_CLOEXEC)};
  REQUIRE(
      worker->send(*wire::encode(wire::load_order{library, "org.example.good", "0.1.0", "org.example.good",
                                                  "", 128, 8, wire::confinement_least}),
                   file.get()));
  std::vector<std::byte> buffer(wire::frame_bytes_max);
  wire::byte_view frame;
  while (worker->receive(buffer, frame) == host::receipt::nothing_yet || wire::decode_hello(frame))
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  const auto no = wire::decode_refused(frame);
  REQUIRE(no);
  CAPTURE(no.value->reason);
  CHECK(no.value->step == wire::refusal_step::symbol_owner);
  CHECK(no.value->reason ==
        "the symbol posterior_plugin_v1 was found in a library that this one depends on, must be its own");
}

TEST_CASE("code that is barred is named with the reason and never started") {
  host::worker_pool pool{options()};
  host::detector_spec barred = pure();
  barred.barred = host::failure::not_trusted;
  barred.barred_reason = "nobody pinned it";
  const auto before = children_of(getpid()).size();
  const auto alone = pool.run({barred}, patient());
  REQUIRE(alone.answers.size() == 1);
  CHECK(alone.answers[0].status == host::answer_status::not_trusted);
  CHECK(alone.answers[0].why == host::failure::not_trusted);
  CHECK(alone.answers[0].reason == "nobody pinned it");
  CHECK(alone.confinement.empty());
  CHECK(children_of(getpid()).size() == before);
  const auto beside = pool.run({barred, good()}, patient());
  CHECK(beside.answers[0].status == host::answer_status::answered);
}
