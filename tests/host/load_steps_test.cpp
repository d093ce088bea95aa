// The fourteen steps of loading: each that is done here has a failure with exactly its text, and the first
// eight run nothing of the plugin.
#include <catch2/catch_test_macros.hpp>

#include <set>

#include "engine/host/load_steps.hpp"
#include "engine/wire/kernel_support.hpp"
#include "tests/host/detectors.hpp"

using namespace posterior;
using namespace posterior::host_tests;
using host::failure;
using host::load_step;

namespace {

host::detector_answer answer_to(const host::detector_spec& spec, const std::string& worker = {}) {
  host::pool_options how = options();
  how.allowed = {1500, 700, 50};
  if (!worker.empty())
    how.worker = worker;
  host::worker_pool pool{how};
  return pool.run({spec}, patient()).answers[0];
}

struct text {
  load_step step;
  std::string what, rest; // rest: what was found, what is needed, and what to do
};

void check(const host::detector_answer& answer, const text& expected) {
  CHECK(answer.detail == expected.what);
  CHECK(answer.reason == expected.rest);
  CHECK(host::step_of(answer.why) == expected.step);
}

} // namespace

TEST_CASE("the table of steps names all fourteen once and in order") {
  std::uint8_t number = 0;
  for (const host::load_step_line& line : host::load_steps) {
    CHECK(static_cast<std::uint8_t>(line.step) == ++number);
    CHECK_FALSE(line.name.empty());
    CHECK_FALSE(line.done_by.empty());
  }
  CHECK(number == 14);
}

TEST_CASE("each step of loading that fails says what, what was found, what is needed and what to do") {
  const std::string author =
      "install the plugin anew, or ask its author for a build with the SDK's CMake functions";
  auto spec = good();
  SECTION("1 the file") {
    spec.library = "/nowhere/detector.so";
    check(answer_to(spec), {load_step::file, "The detector's file cannot be opened.",
                            "/nowhere/detector.so: No such file or directory; " + author});
  }
  SECTION("5 what stands in it") {
    spec.library = library_of("rpath");
    check(answer_to(spec),
          {load_step::file, "The detector's library names a folder to load other libraries from.",
           spec.library + ": RPATH was `/tmp/posterior-somewhere`, must not be there; " + author});
  }
  SECTION("7 starting a worker") {
    check(answer_to(spec, "/nowhere/worker"),
          {load_step::start, "The detector's process could not be started.",
           "/nowhere/worker: No such file or directory; look whether the system has processes, memory and "
           "descriptors left; `posterior doctor` tries each plugin"});
  }
  SECTION("8 confining it") {
    check(
        answer_to(spec, std::string{POSTERIOR_WORKERS} + "/worker-no_seccomp"),
        {load_step::confine, "The detector's process could not be confined, so its code was not loaded.",
         "seccomp of kernel " + wire::ask_kernel().release +
             " was not available, must be for any detector's code to run; `posterior doctor` says what this "
             "system lacks and how to switch it on"});
  }
  SECTION("9 the loader") {
    spec = faulty("missing_symbol");
    check(answer_to(spec),
          {load_step::load, "The detector's library could not be loaded.",
           spec.library + ": undefined symbol: posterior_nobody_defines_this; install what is missing, "
                          "or ask the author for a build with the SDK's CMake functions, which link "
                          "it in"});
  }
  SECTION("11 the descriptor: its ABI") {
    check(answer_to(faulty("wrong_major")),
          {load_step::descriptor, "The detector was built for another major version of the ABI.",
           "the plugin was built for ABI 2, this engine speaks 1; ask the author for a build against SDK 1.x "
           "as "
           "this engine has it, or upgrade Posterior"});
  }
  SECTION("11 the descriptor: its id") {
    check(answer_to(faulty("other_id")),
          {load_step::descriptor, "The detector's library names another plugin than its manifest does.",
           "the library's id was `org.example.somebody`, must be `org.example.fault-other-id` as in "
           "plugin.toml; "
           "library and manifest must come from one build: install the plugin anew, or ask its author"});
  }
  SECTION("12 init") {
    check(answer_to(faulty("init_fails")),
          {load_step::create, "The detector's init() reported an error.",
           "init returned -1: no licence?[31m; look at the plugin's settings, or ask its author"});
  }
  SECTION("12 create") {
    check(answer_to(faulty("create_nothing")),
          {load_step::create, "The detector could not be created and said so.",
           "create returned 0 and made no detector; look at the plugin's settings, or ask its author"});
  }
}

TEST_CASE("failures of loading have sentences of their own, and each has a cure") {
  std::set<std::string_view> sentences;
  for (int i = 1; i <= static_cast<int>(failure::repeated_finding); ++i) {
    const auto why = static_cast<failure>(i);
    const auto step = host::step_of(why);
    if (!step || why == failure::file)
      continue;
    CHECK(sentences.insert(host::detail_of(why)).second);
    if (*step >= load_step::start)
      CHECK_FALSE(host::cure_of(why).empty());
  }
  CHECK(sentences.size() >= 18);
}
