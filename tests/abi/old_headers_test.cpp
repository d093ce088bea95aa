// What was built against 1.0 is answered from by today's worker with the same bytes, and 1.0 and a minor
// version to come work together either way round.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/abi/ask.hpp"

using namespace posterior;
using namespace posterior::abi_tests;

namespace {

const std::string samples = POSTERIOR_SAMPLES;
const std::string today = std::string{POSTERIOR_STAGE} + "/libexec/posterior/posterior-worker";
const std::string to_come = POSTERIOR_NEWER_WORKER;

std::string library(const std::string& folder) {
  return samples + "/" + folder + "/detector.so";
}

} // namespace

TEST_CASE("a detector built with the headers of 1.0 gives the same as one built with today's") {
  const std::string sample = GENERATE("plain", "wrapped", "asking");
  for (const auto& asked : cases()) {
    const auto old = ask(today, library("sample-1.0-" + sample), asked);
    const auto now = ask(today, library("sample-now-" + sample), asked);
    INFO(sample << ": " << old);
    CHECK(old == now);
    CHECK(old.find("answered") != std::string::npos);
  }
}

TEST_CASE("what the samples give is what they were written to give") {
  const std::string sample = GENERATE("sample-1.0-plain", "sample-1.0-wrapped", "sample-1.0-asking", "newer");
  CHECK(ask(today, library(sample), cases().front()) ==
        "answered\n"
        "grade none graded 0x0p+0 2 0x1p+0 difference\n"
        "slr-difference left measured -0x1.9p+4 0 0x1p+0 difference\n"
        "slr-difference right measured 0x1.9p+4 0 0x1p+0 difference\n");
}

TEST_CASE("a detector of 1.0 works in the worker of a later minor, and one of a later minor in today's") {
  const std::string sample = GENERATE("sample-1.0-plain", "sample-1.0-wrapped", "sample-1.0-asking", "newer");
  for (const auto& asked : cases()) {
    const auto old = ask(today, library(sample), asked);
    INFO(sample << ": " << old);
    CHECK(ask(to_come, library(sample), asked) == old);
    CHECK(old.find("answered") != std::string::npos);
  }
}

TEST_CASE("a detector that needs a later minor than the worker speaks is refused, and works in one that "
          "speaks it") {
  const auto refused = ask(today, library("demanding"), cases().front());
  CHECK(refused == "failed: The detector needs a newer minor version of the ABI than this engine speaks.\n");
  CHECK(ask(to_come, library("demanding"), cases().front()).starts_with("answered\n"));
}
