// Every misbehaviour of faults/fault.cpp: named in its answer, with the others undisturbed and nothing left
// behind.
#include <catch2/catch_test_macros.hpp>

#include <filesystem>

#include "tests/host/detectors.hpp"

using namespace posterior;
using namespace posterior::host_tests;
using host::failure;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

struct expectation {
  const char* fixture;
  failure why;
  const char* reason; // part of what the operator is told
};

const std::vector<expectation> expectations = {
    {"segfault", failure::died_evaluating, sanitized ? "" : "signal 11 (SEGV)"},
    {"abort_call", failure::died_evaluating, "signal 6 (ABRT)"},
    {"stack_overflow", failure::died_evaluating, sanitized ? "" : "signal 11 (SEGV)"},
#if !defined(__SANITIZE_THREAD__) // whose allocator passes over it
    {"double_free", failure::died_evaluating, ""},
#endif
    {"endless_loop", failure::evaluate_late, "more than 300 ms"},
    {"wait_for_ever", failure::evaluate_late, "more than 300 ms"},
    {"exit_0", failure::died_evaluating, "exit 0"},
    {"quick_exit_0", failure::died_evaluating, "exit 0"},
    {"closes_all", failure::died_evaluating, "closed its socket, or was killed"},
    {"throws_across", failure::died_evaluating, "signal 6 (ABRT)"},
    {"changes_rounding", failure::left_environment, ""},
    {"changes_locale", failure::left_environment, ""},
    {"forks", failure::evaluate_late, ""}, // its children hold its socket
    {"writes_file", failure::died_evaluating, ""},
    {"stops_itself", failure::evaluate_late, ""},
    {"ignores_signals", failure::evaluate_late, ""},
    {"sends_garbage", failure::bad_frame, "shorter than its head"},
    {"sends_other_answer", failure::bad_frame, "another request"},
    {"nan_value", failure::not_finite, "fault-value"},
    {"infinite_value", failure::not_finite, "fault-value"},
    {"huge_value", failure::out_of_range, "fault-value"},
    {"endless_push", failure::evaluate_late, ""},
    {"short_record", failure::unreadable_record, ""},
    {"vast_record", failure::unreadable_record, ""},
    {"wild_pointer", failure::died_evaluating, ""},
    {"vast_string", failure::unreadable_record, ""},
    {"no_record", failure::unreadable_record, ""},
    {"reserved_set", failure::unreadable_record, ""},
    {"undeclared", failure::undeclared_finding, "slump"},
    {"undeclared_rule", failure::undeclared_rule, "fault-value"},
    {"no_side", failure::wrong_side, ""},
    {"both_sides", failure::wrong_side, ""},
    {"side_of_midline", failure::wrong_side, ""},
    {"value_without_unit", failure::wrong_reading, ""},
    {"unknown_state", failure::wrong_reading, ""},
    {"level_too_high", failure::wrong_reading, ""},
    {"wrong_certainty", failure::wrong_certainty, ""},
    {"nan_certainty", failure::wrong_certainty, ""},
    {"twice", failure::repeated_finding, ""},
    {"reports_key", failure::reported, "status -1"},
    {"reports_text", failure::reported, "status -1"},
    {"heeds_deadline", failure::cancelled, "status -6"},
    {"constructor_segfault", failure::died_loading, ""},
    {"constructor_loop", failure::load_late, ""},
    {"constructor_exit", failure::died_loading, "exit 0"},
    {"constructor_throw", failure::died_loading, "signal 6 (ABRT)"},
    {"constructor_exec", failure::died_loading, "exit 0"},
    {"constructor_writes", failure::died_loading, ""},
    {"init_fails", failure::init_failed, "init returned -1: no licence?[31m"},
    {"init_loop", failure::load_late, ""},
    {"create_fails", failure::create_failed, "create returned -1: cannot be made today"},
    {"create_loop", failure::create_late, ""},
    {"create_nothing", failure::create_failed, "made no detector"},
    {"size_0", failure::bad_descriptor, "the descriptor's size was 0, must be at least 64"},
    {"wrong_major", failure::abi_major, "the plugin was built for ABI 2, this engine speaks 1"},
    {"newer_minor", failure::abi_minor, "the plugin needs ABI 1.99, this engine speaks 1.0"},
    {"null_id", failure::other_id, "id was nothing"},
    {"other_id", failure::other_id, "`org.example.somebody`"},
    {"other_version", failure::other_version, "`9.9.9`"},
    {"no_classes", failure::bad_class, "number of classes was 0"},
    {"null_classes", failure::bad_descriptor, "is NULL"},
    {"null_class", failure::bad_class, "is NULL"},
    {"other_class", failure::bad_class, "no class is called `org.example.fault`"},
    {"null_evaluate", failure::bad_class, "is NULL"},
    {"null_init", failure::bad_descriptor, "is NULL"},
    {"reserved_field", failure::bad_descriptor, "reserved field"},
    {"no_symbol", failure::file, "does not define posterior_plugin_v1"},
    {"borrowed_symbol", failure::file, "does not define posterior_plugin_v1"},
    {"missing_symbol", failure::not_loadable, "posterior_nobody_defines_this"},
    {"missing_library", failure::not_loadable, "libfault-lender.so"},
};

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
  std::filesystem::remove("/tmp/posterior-fault-was-here");
  for (const expectation& expected : expectations)
    DYNAMIC_SECTION(expected.fixture) {
      const std::size_t descriptors = open_descriptors();
      {
        host::worker_pool pool{impatient()};
        const auto result = pool.run({faulty(expected.fixture), good()}, patient());
        check_named(answer_of(result, "org.example.fault"), expected);
        CHECK(answer_of(result, "org.example.good").status == host::answer_status::answered);
        CHECK(result.findings.size() == 2);
        const auto again = pool.run({good()}, patient());
        CHECK(again.findings == result.findings);
      }
      CHECK(no_child_left());
      CHECK(open_descriptors() == descriptors);
      CHECK_FALSE((std::filesystem::exists("/tmp/posterior-fault-was-here") &&
                   std::filesystem::file_size("/tmp/posterior-fault-was-here") > 0));
    }
}

TEST_CASE("a detector that eats memory is stopped by its limit") {
  host::worker_pool pool{impatient()};
  const auto result = pool.run({faulty("eats_memory"), good()}, patient());
  if (sanitized)
    SUCCEED("a sanitizer's own memory cannot be bounded");
  else
    CHECK(answer_of(result, "org.example.fault").why == failure::died_evaluating);
  CHECK(answer_of(result, "org.example.good").status == host::answer_status::answered);
}

TEST_CASE("what a detector prints reaches nobody, and what a thread of it does ends with it") {
  adopt_grandchildren();
  for (const char* fixture : {"prints", "leaves_thread", "none"}) {
    CAPTURE(fixture);
    host::worker_pool pool{impatient()};
    const auto result = pool.run({faulty(fixture)}, patient());
    REQUIRE(result.answers.size() == 1);
    CHECK(result.answers[0].status == host::answer_status::answered);
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].value == 1);
  }
  CHECK(no_child_left());
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
    auto spec = faulty(expected.fixture);
    all.push_back(spec);
  }
  host::pool_options patience = options();
  patience.allowed = {8000, 8000, 4000}; // seventy processes share the machine
  host::worker_pool pool{patience};
  const auto result = pool.run(all, patient());
  REQUIRE(result.answers.size() == expectations.size() + 1);
  CHECK(answer_of(result, "org.example.good").status == host::answer_status::answered);
  for (const auto& one : result.answers)
    if (one.plugin == "org.example.fault")
      CHECK(one.status != host::answer_status::answered);
  CHECK(result.findings.size() == 2);
}
