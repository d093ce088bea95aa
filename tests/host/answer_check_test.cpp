#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "engine/host/answer_check.hpp"

using namespace posterior;
using host::failure;

namespace {

host::detector_spec spec() {
  host::detector_spec out;
  out.plugin = "org.example.p";
  out.limits.records = 3;
  out.produces = {{"angle", {true, true, 0, 0, 90}},
                  {"sign", {false, false, 0, {}, {}}},
                  {"grade", {true, false, 3, {}, {}}}};
  out.rules = {"why-b", "why-a"};
  return out;
}

wire::finding angle(std::uint32_t side, double value) {
  return {"angle", "why-a", 3, side, value, 1, 0xFFFFFFFFu};
}
wire::finding sign() {
  return {"sign", "why-b", 1, 0, 0, 0.7, 0xFFFFFFFFu};
}

} // namespace

TEST_CASE("an answer that fits is given by finding and side, whatever order it came in") {
  const auto with = spec();
  host::answer_check check{with};
  REQUIRE(check.take(sign()) == failure::none);
  REQUIRE(check.take(angle(2, 40)) == failure::none);
  REQUIRE(check.take(angle(1, 30)) == failure::none);
  std::vector<host::derived_finding> out;
  REQUIRE(std::move(check).finish(out) == failure::none);
  REQUIRE(out.size() == 3);
  CHECK(out[0].finding == "angle");
  CHECK(out[0].where == side::left);
  CHECK(out[0].value == 30);
  CHECK(out[1].where == side::right);
  CHECK(out[2].finding == "sign");
  CHECK(out[2].certainty == 0.7);
  CHECK(out[2].plugin == "org.example.p");
}

TEST_CASE("one finding too many is refused even if the worker let it pass") {
  const auto with = spec();
  host::answer_check check{with};
  for (int i = 0; i < 3; ++i)
    REQUIRE(check.take(sign()) == failure::none);
  CHECK(check.take(sign()) == failure::too_many);
}

TEST_CASE("a measured finding may also be said to be present, a sign may not have a value") {
  const auto with = spec();
  host::answer_check check{with};
  auto present = angle(1, 0);
  present.state = 1;
  CHECK(check.take(present) == failure::none);
  auto valued = sign();
  valued.state = 3;
  CHECK(check.take(valued) == failure::wrong_reading);
}

TEST_CASE("the ends of a range and of certainty belong to it") {
  const auto with = spec();
  for (const double value : {0.0, 90.0})
    CHECK(host::answer_check{with}.take(angle(1, value)) == failure::none);
  for (const double value : {-0.001, 90.001})
    CHECK(host::answer_check{with}.take(angle(1, value)) == failure::out_of_range);
  auto sure = sign();
  for (const double certainty : {0.0, 1.0}) {
    sure.certainty = certainty;
    CHECK(host::answer_check{with}.take(sure) == failure::none);
  }
}

TEST_CASE("only the highest level and below can be given") {
  const auto with = spec();
  const wire::finding top{"grade", "why-a", 4, 1, 0, 1, 2};
  const wire::finding above{"grade", "why-a", 4, 1, 0, 1, 3};
  CHECK(host::answer_check{with}.take(top) == failure::none);
  CHECK(host::answer_check{with}.take(above) == failure::wrong_reading);
}

TEST_CASE("a key is passed on only if the bundle has a message for it") {
  const auto with = spec();
  const host::answer_check check{with};
  CHECK(check.known_key("why-a") == "why-a");
  CHECK(check.known_key("why-c").empty());
  CHECK(check.known_key("").empty());
}

TEST_CASE("each failure has its own sentence and a status") {
  std::vector<std::string_view> seen;
  for (int i = 2; i <= static_cast<int>(failure::repeated_finding); ++i) {
    const auto text = host::detail_of(static_cast<failure>(i));
    CAPTURE(i);
    CHECK_FALSE(text.empty());
    CHECK(std::find(seen.begin(), seen.end(), text) == seen.end());
    seen.push_back(text);
    CHECK(host::status_of(static_cast<failure>(i)) != host::answer_status::answered);
  }
  CHECK(host::to_string(host::answer_status::timed_out) == "timed-out");
}
