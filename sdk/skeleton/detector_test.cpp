// The detector without the engine. Any test framework will do; this one needs none.
#include <posterior/testing.hpp>

#include <cstdio>

using namespace posterior::sdk;

namespace {

int failures = 0;

void check(bool holds, const char* what) {
  if (!holds)
    ++failures;
  std::printf("%s  %s\n", holds ? "ok  " : "FAIL", what);
}

testing::answer with_holds(double left, double right) {
  testing::fake_case patient;
  patient.measured("myclinic:bridge-hold-time", side::left, left);
  patient.measured("myclinic:bridge-hold-time", side::right, right);
  return testing::run(posterior_plugin_v1, patient);
}

bool says(const testing::answer& answer, side on, state what) {
  const auto* found = answer.find("myclinic:bridge-hold-asymmetry", on);
  return found != nullptr && found->what == what;
}

} // namespace

int main() {
  const auto weaker_left = with_holds(20, 60);
  check(says(weaker_left, side::left, state::present), "a much shorter hold is present on its side");
  check(says(weaker_left, side::right, state::absent), "and absent on the other");
  check(weaker_left.complaints.empty(), "the engine would take every finding");
  check(says(with_holds(45, 60), side::left, state::absent), "three quarters of the other side is even");

  testing::fake_case one_side;
  one_side.measured("myclinic:bridge-hold-time", side::left, 20);
  check(testing::run(posterior_plugin_v1, one_side).findings.empty(), "one side alone says nothing");
  check(testing::run(posterior_plugin_v1, testing::fake_case{}).status == POSTERIOR_OK,
        "an empty case is no error");
  return failures == 0 ? 0 : 1;
}
