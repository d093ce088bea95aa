#include <catch2/catch_test_macros.hpp>

#include "tests/host/detectors.hpp"

using namespace posterior;
using host::failure;

namespace {

struct world {
  std::int64_t now = 1'000'000;
  std::vector<host::offender> told;
  std::shared_ptr<host::memory_book> book = std::make_shared<host::memory_book>();
  host::supervisor watch{book, [this] { return now; }, [this](const auto& o) { told.push_back(o); }};
  host::detector_spec spec;

  world() {
    spec.plugin = "org.example.one";
    spec.version = "1.0.0";
    spec.bundle_digest = "d1";
  }
  void went(failure why) {
    host::detector_answer a;
    a.why = why;
    a.reason = why == failure::none ? "" : "signal 11 (SEGV)";
    watch.note(spec, a);
  }
  failure verdict() { return watch.judge({&spec})[0].why; }
};

} // namespace

TEST_CASE("the first crash costs no rest, the second one second, and an answer ends the row") {
  world w;
  CHECK(w.verdict() == failure::none);
  w.went(failure::died_evaluating);
  CHECK(w.verdict() == failure::none);
  w.now += 1000;
  w.went(failure::died_evaluating);
  CHECK(w.verdict() == failure::resting);
  w.now += 999;
  CHECK(w.verdict() == failure::resting);
  w.now += 1;
  CHECK(w.verdict() == failure::none);
  w.went(failure::none);
  CHECK(w.book->read()[0].in_a_row == 0);
}

TEST_CASE("failures in a row that are far apart cost five seconds each, but no quarantine") {
  world w;
  for (int i = 0; i < 4; ++i) {
    w.now += 9 * 60'000;
    CHECK(w.verdict() == failure::none);
    w.went(failure::evaluate_late);
  }
  CHECK(w.told.empty());
  w.now += 4999;
  CHECK(w.verdict() == failure::resting);
  w.now += 1;
  CHECK(w.verdict() == failure::none);
}

TEST_CASE("three strikes in ten minutes are quarantine, told once, with the reason, until it is lifted") {
  world w;
  for (int i = 0; i < 3; ++i) {
    w.now += 60'000;
    w.went(failure::died_loading);
    w.went(failure::none); // answers in between do not wash strikes away
  }
  CHECK(w.verdict() == failure::quarantined);
  REQUIRE(w.told.size() == 1);
  CHECK(w.told[0].strikes.size() == 3);
  CHECK(w.watch.judge({&w.spec})[0].reason.find("signal 11 (SEGV)") != std::string::npos);
  w.now += 24 * 3'600'000;
  CHECK(w.verdict() == failure::quarantined);
  CHECK(w.watch.lift("org.example.one"));
  CHECK(w.verdict() == failure::none);
  CHECK_FALSE(w.watch.lift("org.example.one"));
}

TEST_CASE("another build of the same plugin starts afresh") {
  world w;
  for (int i = 0; i < 3; ++i)
    w.went(failure::died_loading);
  CHECK(w.verdict() == failure::quarantined);
  w.spec.bundle_digest = "d2";
  CHECK(w.verdict() == failure::none);
}

TEST_CASE("an answer that is only refused, and code that did not run, are no strikes") {
  world w;
  for (int i = 0; i < 5; ++i) {
    w.went(failure::undeclared_finding);
    w.went(failure::out_of_range);
    w.went(failure::reported);
    w.went(failure::not_trusted);
    w.went(failure::not_started);
    w.went(failure::resting);
  }
  CHECK(w.verdict() == failure::none);
  CHECK(w.book->read().empty());
}

TEST_CASE("a crashing detector is started three times and then named as quarantined, and others answer on") {
  using namespace posterior::host_tests;
  std::int64_t now = 0;
  auto watch =
      std::make_shared<host::supervisor>(std::make_shared<host::memory_book>(), [&now] { return now; });
  auto how = options();
  how.watch = watch;
  host::worker_pool pool{how};
  const auto status = [&] {
    const auto got = pool.run({faulty("segfault"), good()}, patient());
    CHECK(got.answers[1].status == host::answer_status::answered);
    return got.answers[0].why;
  };
  CHECK(status() == failure::died_evaluating);
  CHECK(status() == failure::died_evaluating);
  CHECK(status() == failure::resting);
  now += 1000;
  CHECK(status() == failure::died_evaluating);
  CHECK(status() == failure::quarantined);
  CHECK(watch->lift(faulty("segfault").plugin));
  CHECK(status() == failure::died_evaluating);
}

TEST_CASE("workers that nobody asks for ten minutes, or that are not wanted any more, are ended") {
  using namespace posterior::host_tests;
  host::worker_pool pool{options()};
  pool.run({good(), pure()}, patient());
  CHECK(pool.idle_count() == 2);
  const auto now = std::chrono::steady_clock::now();
  pool.end_idle(now + std::chrono::minutes{9});
  CHECK(pool.idle_count() == 2);
  pool.keep_only({pure()});
  CHECK(pool.idle_count() == 1);
  pool.run({good(), pure()}, patient());
  CHECK(pool.idle_count() == 1); // the other one was not kept
  pool.end_idle(now + std::chrono::minutes{11});
  CHECK(pool.idle_count() == 0);
}
