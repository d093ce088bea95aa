// What a kernel that lacks something does to whose code may run. Workers built for the test believe in
// another kernel than this one: no setting of an installation can make them.
#include <catch2/catch_test_macros.hpp>

#include <sys/resource.h>
#include <sys/wait.h>

#include <fstream>

#include "engine/wire/kernel_support.hpp"
#include "tests/host/detectors.hpp"

using namespace posterior;
using namespace posterior::host_tests;

namespace {

host::pool_options with_worker(const std::string& name) {
  host::pool_options out = options();
  out.worker = std::string{POSTERIOR_WORKERS} + "/worker-" + name;
  return out;
}

host::detector_spec ours() {
  host::detector_spec spec = good();
  spec.bundled = true;
  return spec;
}

bool has_landlock() {
  return wire::ask_kernel().landlock_abi > 0;
}

} // namespace

TEST_CASE("on a kernel with Landlock and seccomp everybody's code runs in full confinement") {
  if (!has_landlock())
    SKIP("this kernel has no Landlock");
  host::worker_pool pool{options()};
  for (const auto& spec : {good(), ours()}) {
    const auto result = pool.run({spec}, patient());
    CHECK(result.answers[0].status == host::answer_status::answered);
    CHECK(result.confinement == "full");
  }
}

TEST_CASE("an early Landlock is enough, because seccomp denies what it does not know yet") {
  if (!has_landlock())
    SKIP("this kernel has no Landlock");
  host::worker_pool pool{with_worker("first_landlock")};
  const auto result = pool.run({good()}, patient());
  CHECK(result.answers[0].status == host::answer_status::answered);
  CHECK(result.confinement == "full");
}

TEST_CASE("without Landlock the engine's own detectors run in partial confinement") {
  host::worker_pool pool{with_worker("no_landlock")};
  const auto result = pool.run({ours()}, patient());
  CHECK(result.answers[0].status == host::answer_status::answered);
  CHECK(result.confinement == "partial");
}

TEST_CASE("without Landlock nobody else's code runs") {
  host::worker_pool pool{with_worker("no_landlock")};
  auto result = pool.run({good()}, patient());
  const auto& answer = result.answers[0];
  CHECK(answer.why == host::failure::weakly_confined);
  CHECK(answer.status == host::answer_status::not_confined);
  CHECK(answer.detail == "This system cannot keep the detector from files, so its code was not run.");
  CHECK(answer.reason == "Landlock of kernel " + wire::ask_kernel().release +
                             " was not available, must be for code that does not come with Posterior to run; "
                             "`posterior doctor` says what this system lacks and how to switch it on");
  CHECK(result.confinement.empty());
  auto bundled = ours();
  bundled.plugin = "org.example.pure";
  bundled.library = library_of("pure");
  result = pool.run({bundled, good()}, patient());
  CHECK(result.answers[0].why == host::failure::weakly_confined);
  CHECK(result.answers[1].plugin == "org.example.pure");
  CHECK(result.confinement == "partial");
}

TEST_CASE("without seccomp nobody's code is loaded") {
  for (const char* kernel : {"no_seccomp", "neither"})
    for (const auto& spec : {good(), ours()}) {
      CAPTURE(kernel, spec.bundled);
      host::worker_pool pool{with_worker(kernel)};
      const auto result = pool.run({spec}, patient());
      CHECK(result.answers[0].why == host::failure::not_confined);
      CHECK(result.answers[0].detail ==
            "The detector's process could not be confined, so its code was not loaded.");
      CHECK(result.answers[0].reason.find("seccomp of kernel " + wire::ask_kernel().release) == 0);
      CHECK(result.confinement.empty());
    }
}

TEST_CASE("it is Landlock that keeps a detector from a secret, and seccomp that keeps it from writing") {
  const char* secret = "/tmp/posterior-fault-secret";
  std::ofstream{secret} << "what a patient said";
  host::worker_pool pool{with_worker("no_landlock")};
  auto reads = faulty("reads_secret"), writes = faulty("writes_file");
  reads.bundled = writes.bundled = true;
  const auto result = pool.run({reads, writes}, patient());
  REQUIRE(result.findings.size() == 2);
  CHECK(result.findings[0].value == 666);
  CHECK(result.findings[1].value == 1);
  std::filesystem::remove(secret);
}

TEST_CASE("a worker that would load code with less than was required is ended by the host") {
  host::worker_pool pool{with_worker("boastful_worker")};
  const auto result = pool.run({ours()}, patient());
  CHECK(result.answers[0].why == host::failure::not_confined);
  CHECK(result.answers[0].reason.find("the worker would load code without what was required") == 0);
  CHECK(result.confinement.empty());
}

TEST_CASE("a worker that ends before it is confined counts as not started") {
  host::worker_pool pool{with_worker("silent_worker")};
  const auto result = pool.run({good()}, patient());
  CHECK(result.answers[0].why == host::failure::not_started);
  CHECK(result.answers[0].reason.find("exit 7; look whether the system has") == 0);
  CHECK(result.confinement.empty());
}

TEST_CASE("an ordinary detector with threads, exceptions, streams and chance works in full confinement") {
  host::worker_pool pool{options()};
  for (int i = 0; i < 3; ++i) {
    const auto result = pool.run({faulty("ordinary")}, patient());
    CAPTURE(result.answers[0].detail, result.answers[0].reason);
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].value == 401.55);
  }
}

TEST_CASE("confinement works for a user who is not root") {
  if (geteuid() != 0)
    SUCCEED("every test of this file shows it");
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
      _exit(1);
    host::worker_pool pool{options()};
    const auto result = pool.run({good(), faulty("ordinary")}, patient());
    _exit(result.findings.size() == 3 && !result.confinement.empty() ? 0 : 2);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 0);
}
