// Every misbehaviour of faults/fault.cpp: named in its answer, with the others undisturbed and nothing left
// behind.
#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <signal.h>

#include "engine/wire/kernel_support.hpp"
#include "tests/host/expectations.hpp"
#include "tests/host/witness.hpp"

using namespace posterior;
using namespace posterior::host_tests;

namespace {

host::pool_options impatient() {
  host::pool_options out = options();
  out.allowed = {1500, 700, 50};
  return out;
}

const host::detector_answer& answer_of(const host::detection& result, const std::string& plugin) {
  for (const auto& one : result.answers)
    if (one.plugin == plugin)
      return one;
  FAIL("no answer of " << plugin);
  return result.answers.front();
}

void check_named(const host::detector_answer& answer, const expectation& expected) {
  CHECK(host::detail_of(answer.why) == host::detail_of(expected.why));
  CHECK(answer.why == expected.why);
  CHECK(answer.status == host::status_of(expected.why));
  CHECK_FALSE(answer.detail.empty());
  CHECK(answer.findings.empty());
  CAPTURE(answer.reason);
  CHECK(answer.reason.find(expected.reason) != std::string::npos);
}

} // namespace

TEST_CASE("a misbehaving detector is named, and the others still answer") {
  adopt_grandchildren();
  const witness here;
  for (const expectation& expected : expectations)
    DYNAMIC_SECTION(expected.fixture) {
      const std::size_t descriptors = open_descriptors();
      {
        host::worker_pool pool{impatient()};
        const auto result = pool.run({faulty(expected.fixture), good()}, patient());
        check_named(answer_of(result, id_of(expected.fixture)), expected);
        CHECK(answer_of(result, "org.example.good").status == host::answer_status::answered);
        CHECK(result.findings.size() == 2);
        const auto again = pool.run({good()}, patient());
        CHECK(again.findings == result.findings);
      }
      CHECK(no_child_left());
      CHECK(open_descriptors() == descriptors);
      here.check_untouched();
    }
}

TEST_CASE("a detector gets nothing that it may not have, and answers as if it had not tried") {
  if (wire::ask_kernel().landlock_abi == 0)
    SKIP("this kernel has no Landlock");
  adopt_grandchildren();
  const witness here;
  const host::file_descriptor inherited{open("/dev/null", O_RDONLY)}; // by whatever is started carelessly
  REQUIRE(inherited);
  for (const std::string& fixture : contained)
    DYNAMIC_SECTION(fixture) {
      {
        host::worker_pool pool{impatient()};
        for (int i = 0; i < 2; ++i) {
          const auto result = pool.run({faulty(fixture), good()}, patient());
          const auto& answer = answer_of(result, id_of(fixture));
          CAPTURE(answer.detail, answer.reason);
          REQUIRE(answer.status == host::answer_status::answered);
          REQUIRE(answer.findings.size() == 1);
          CHECK(answer.findings[0].value == 1); // 666: it got it
          CHECK(answer_of(result, "org.example.good").findings.size() == 2);
          CHECK(result.confinement == "full");
        }
      }
      CHECK(no_child_left());
      here.check_untouched();
    }
}

TEST_CASE("a detector that eats memory is stopped by its limit") {
  host::worker_pool pool{impatient()};
  const auto result = pool.run({faulty("eats_memory"), good()}, patient());
  if (sanitized)
    SUCCEED("a sanitizer's own memory cannot be bounded");
  else
    CHECK(answer_of(result, id_of("eats_memory")).why == failure::died_evaluating);
  CHECK(answer_of(result, "org.example.good").status == host::answer_status::answered);
}

TEST_CASE("an error that is a message key is passed on, any other text is not") {
  host::worker_pool pool{impatient()};
  CHECK(pool.run({faulty("reports_key")}, patient()).answers[0].error_key == "fault-rule");
  const auto text = pool.run({faulty("reports_text")}, patient()).answers[0];
  CHECK(text.error_key.empty());
  CHECK(text.reason == "status -1");
  CHECK(text.detail.find("34") == std::string::npos);
}

TEST_CASE("every misbehaviour at once leaves the good detector's answer as it is") {
  std::vector<host::detector_spec> all{good()};
  for (const expectation& expected : expectations) {
    all.push_back(faulty(expected.fixture));
  }
  host::pool_options patience = options();
  patience.allowed = {8000, 8000, 4000}; // a hundred processes share the machine
  host::worker_pool pool{patience};
  const auto result = pool.run(all, patient());
  REQUIRE(result.answers.size() == expectations.size() + 1);
  CHECK(answer_of(result, "org.example.good").status == host::answer_status::answered);
  for (const auto& one : result.answers)
    CHECK((one.status == host::answer_status::answered) == (one.plugin == "org.example.good"));
  CHECK(result.findings.size() == 2);
}
