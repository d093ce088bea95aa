// The C++ wrapper and the doubles of testing.hpp, driven through the C functions as a worker drives them.
#include <catch2/catch_test_macros.hpp>

#include <posterior/testing.hpp>

#include <functional>
#include <new>
#include <stdexcept>

using namespace posterior::sdk;

namespace {

// A detector that does what the test says.
std::function<posterior_status(const case_view&, finding_sink&)> to_do;
std::function<void()> to_do_when_made;

class puppet {
public:
  puppet(host_ref, std::string_view) {
    if (to_do_when_made)
      to_do_when_made();
  }
  posterior_status evaluate(const case_view& patient, finding_sink& out) { return to_do(patient, out); }
};

testing::answer ask(const testing::fake_case& patient, testing::fake_host& host, std::size_t limit = 256) {
  static constexpr posterior_detector_class made_by = detail::class_of<puppet>("org.example.puppet");
  static constexpr const posterior_detector_class* classes[] = {&made_by};
  static constexpr posterior_plugin plugin = detail::plugin_of("org.example.puppet", "1.0.0", classes);
  return testing::run(plugin, patient, host, limit);
}
testing::answer ask(const testing::fake_case& patient) {
  testing::fake_host host;
  return ask(patient, host);
}

} // namespace

TEST_CASE("the newest observation of a finding and side is found, and the undated counts as oldest") {
  testing::fake_case patient;
  patient.measured("slr", side::left, 50).on_day(20);
  patient.measured("slr", side::left, 40).on_day(10);
  patient.measured("slr", side::left, 30);
  patient.measured("slr", side::right, 99).on_day(30);
  patient.present("slr", side::left).on_day(40);
  to_do = [](const case_view& seen, finding_sink&) {
    CHECK(seen.value("slr", side::left) == 50);
    CHECK(seen.find("slr", side::left)->is_present());
    CHECK(seen.is_present("slr", side::left));
    CHECK_FALSE(seen.is_absent("slr", side::left));
    CHECK_FALSE(seen.value("slr", side::none));
    CHECK_FALSE(seen.find("slump"));
    std::vector<double> values;
    seen.each("slr", side::left, [&](const observation& one) { values.push_back(one.value); });
    CHECK(values == std::vector<double>{50, 40, 30, 0});
    return POSTERIOR_OK;
  };
  CHECK(ask(patient).status == POSTERIOR_OK);
}

TEST_CASE("what was not recorded is neither present nor absent") {
  testing::fake_case patient;
  patient.unknown("a");
  to_do = [](const case_view& seen, finding_sink&) {
    CHECK_FALSE(seen.is_present("a"));
    CHECK_FALSE(seen.is_absent("a"));
    CHECK_FALSE(seen.is_present("b"));
    CHECK_FALSE(seen.is_absent("b"));
    CHECK(seen.find("a").has_value());
    return POSTERIOR_OK;
  };
  CHECK(ask(patient).status == POSTERIOR_OK);
}

TEST_CASE("a record of an unknown kind is skipped") {
  testing::fake_case patient;
  patient.unknown_record().present("a").unknown_record();
  to_do = [](const case_view& seen, finding_sink&) {
    int count = 0;
    for (const observation& one : seen)
      count += one.finding == "a" ? 1 : 100;
    CHECK(count == 1);
    return POSTERIOR_OK;
  };
  CHECK(ask(patient).status == POSTERIOR_OK);
  testing::fake_case nothing_known;
  nothing_known.unknown_record();
  to_do = [](const case_view& seen, finding_sink&) {
    CHECK(seen.empty());
    return POSTERIOR_OK;
  };
  CHECK(ask(nothing_known).status == POSTERIOR_OK);
}

TEST_CASE("each kind of finding arrives as it was pushed") {
  to_do = [](const case_view&, finding_sink& out) {
    out.present("p", side::left, "why", 0.9);
    out.absent("a", side::right, "why");
    out.measured("m", side::none, -2.5, "why");
    out.graded("g", side::none, 2, "why");
    return POSTERIOR_OK;
  };
  const auto answer = ask({});
  REQUIRE(answer.findings.size() == 4);
  CHECK(answer.complaints.empty());
  CHECK(answer.find("p", side::left)->what == state::present);
  CHECK(answer.find("p", side::left)->certainty == 0.9);
  CHECK(answer.find("p", side::right) == nullptr);
  CHECK(answer.find("a", side::right)->what == state::absent);
  CHECK(answer.find("m")->value == -2.5);
  CHECK(answer.find("g")->level == 2);
  CHECK(answer.find("g")->rule == "why");
}

TEST_CASE("when the sink is full, evaluation fails with that status and further findings are not pushed") {
  to_do = [](const case_view&, finding_sink& out) {
    for (int i = 0; i < 10; ++i)
      out.present("p", side::left, "why");
    return POSTERIOR_OK;
  };
  testing::fake_host host;
  const auto answer = ask({}, host, 3);
  CHECK(answer.status == POSTERIOR_E_LIMIT);
  CHECK(answer.findings.size() == 3);
}

TEST_CASE("whatever is thrown becomes a status, and nothing leaves the plugin") {
  to_do = [](const case_view&, finding_sink&) -> posterior_status {
    throw std::runtime_error{"with a patient's age in it"};
  };
  CHECK(ask({}).status == POSTERIOR_E_FAILED);
  CHECK(ask({}).error == "an exception was thrown");
  to_do = [](const case_view&, finding_sink&) -> posterior_status { throw 42; };
  CHECK(ask({}).status == POSTERIOR_E_FAILED);
  to_do = [](const case_view&, finding_sink&) -> posterior_status { throw std::bad_alloc{}; };
  CHECK(ask({}).status == POSTERIOR_E_NO_MEMORY);
  to_do_when_made = [] { throw std::runtime_error{"no"}; };
  CHECK(ask({}).status == POSTERIOR_E_FAILED);
  to_do_when_made = nullptr;
}

TEST_CASE("a detector can fail with a reason") {
  to_do = [](const case_view&, finding_sink& out) {
    out.fail("units-unclear");
    return POSTERIOR_OK;
  };
  const auto answer = ask({});
  CHECK(answer.status == POSTERIOR_E_FAILED);
  CHECK(answer.error == "units-unclear");
}

TEST_CASE("a detector sees that its time is up") {
  to_do = [](const case_view& seen, finding_sink&) -> posterior_status {
    return seen.cancelled() ? POSTERIOR_E_CANCELLED : POSTERIOR_OK;
  };
  testing::fake_host host;
  CHECK(ask({}, host).status == POSTERIOR_OK);
  host.past_deadline = true;
  CHECK(ask({}, host).status == POSTERIOR_E_CANCELLED);
}

TEST_CASE("the recording sink complains of what the engine would refuse") {
  to_do = [](const case_view&, finding_sink& out) {
    out.measured("m", side::none, 0.0 / 0.0 * 1.0, "why");
    out.present("p", side::left, "", 1);
    out.present("q", side::left, "why", 1.5);
    out.graded("g", side::none, POSTERIOR_NO_LEVEL, "why");
    return POSTERIOR_OK;
  };
  const auto answer = ask({});
  REQUIRE(answer.complaints.size() == 4);
  CHECK(answer.complaints[0] == "finding 'm' has a value that is not finite");
  CHECK(answer.complaints[1] == "finding 'p' has no rule key");
  CHECK(answer.complaints[2] == "finding 'q' has a certainty outside 0 to 1");
  CHECK(answer.complaints[3] == "finding 'g' has a level without being graded, or none though graded");
}
