// The detector of anterior pelvic tilt: tightness felt in a hamstring that is long.
#include <catch2/catch_test_macros.hpp>

#include "tests/plugins/notes.hpp"

namespace {

using namespace posterior::tests;
constexpr side left = side::left, right = side::right;
constexpr auto pattern = "tight-though-long";

note tilt(double degrees) {
  return number("pelvic-tilt-asis-psis", side::none, degrees);
}
// A woman whose left hamstring feels tight.
notes her(double knee_extension, double tilt_degrees) {
  return {female(), age(30), tilt(tilt_degrees), yes("sx-felt-tightness", left),
          number("pke", left, knee_extension)};
}
notes him(double knee_extension, double tilt_degrees) {
  notes list = her(knee_extension, tilt_degrees);
  list[0] = male();
  return list;
}

} // namespace

TEST_CASE("Tightness in a hamstring longer than the norm of the sex, with a forward pelvis, is the "
          "lengthened pattern") {
  CHECK(says(ask(her(4, 18)), pattern, left, state::present, "tight-long-tilted"));
  CHECK(says(ask(him(8, 18)), pattern, left, state::present, "tight-long-tilted"));
  CHECK_FALSE(ask(her(5, 18)).find(pattern, left));
  CHECK_FALSE(ask(him(9, 18)).find(pattern, left));
}

TEST_CASE("A long hamstring under a level pelvis speaks against the lengthened pattern") {
  CHECK(says(ask(her(4, 15)), pattern, left, state::absent, "tight-long-level"));
  CHECK(says(ask(her(4, -5)), pattern, left, state::absent, "tight-long-level"));
}

TEST_CASE("A short hamstring explains tightness without the tilt") {
  CHECK(says(ask(her(20, 18)), pattern, left, state::absent, "tight-and-short"));
  CHECK_FALSE(ask(him(20, 18)).find(pattern, left));
  CHECK(says(ask(him(33, 18)), pattern, left, state::absent, "tight-and-short"));
}

TEST_CASE("Where the sex is not known the norm that makes length less extreme is used") {
  notes patient = without(him(8, 18), "sex", side::none);
  CHECK(ask(patient).findings.empty());
  patient.push_back(number("pke", right, 4));
  patient.push_back(yes("sx-felt-tightness", right));
  CHECK(ask(patient).find(pattern, right));
  CHECK_FALSE(ask(with(with(her(25, 18), male()), tilt(18))).find(pattern, left));
}

TEST_CASE("A sex recorded both ways counts as not known") {
  CHECK(ask(with(him(8, 18), female())).findings.empty());
  CHECK(ask(with(her(8, 18), male())).findings.empty());
}

TEST_CASE("Active extension stands in only where the passive one is missing") {
  notes patient = with(her(15, 18), number("ake", left, 5));
  CHECK(ask(patient).findings.empty());
  CHECK(ask(without(patient, "pke", left)).find(pattern, left)->what == state::present);
}

TEST_CASE("A hamstring that is not felt as tight, or was not asked about, shows no lengthened pattern") {
  CHECK(ask(without(her(4, 18), "sx-felt-tightness", left)).findings.empty());
  CHECK(ask(with(without(her(4, 18), "sx-felt-tightness", left), no("sx-felt-tightness", left)))
            .findings.empty());
  CHECK(ask(with(her(4, 18), no("sx-felt-tightness", left))).findings.empty());
}

TEST_CASE("Without a measured tilt, a length or an adult nothing is said of the lengthened pattern") {
  CHECK(ask(without(her(4, 18), "pelvic-tilt-asis-psis", side::none)).findings.empty());
  CHECK(ask(without(her(4, 18), "pke", left)).findings.empty());
  notes child = her(4, 18);
  child[1] = age(16);
  CHECK(ask(child).findings.empty());
  CHECK(ask(without(her(4, 18), "age", side::none)).find(pattern, left));
}

TEST_CASE("The lengthened pattern is no surer than the report of tightness") {
  notes patient = without(her(4, 18), "sx-felt-tightness", left);
  patient.push_back(yes("sx-felt-tightness", left, 0.7));
  CHECK(ask(patient).find(pattern, left)->certainty == 0.7);
}

TEST_CASE("The newest length and tilt count") {
  notes patient = her(4, 18);
  patient.push_back(on_day(20000, number("pke", left, 12)));
  CHECK(ask(patient).findings.empty());
}

TEST_CASE("No case, however odd, makes the tilt detector fail, favour a side or heed the order of records") {
  std::set<std::string> heard;
  const std::string document = POSTERIOR_SOURCE_DIR "/plugins/anterior-pelvic-tilt/knowledge/derived.toml";
  CHECK(trouble({{"age", false, {12, 18, 34, 70}},
                 {"sex", false, {}},
                 {"sx-felt-tightness", true, {}},
                 {"pke", true, {-5, 4, 4.1, 8, 19.2, 33}},
                 {"ake", true, {4, 7.4, 8.7, 23.4, 34}},
                 {"pelvic-tilt-asis-psis", false, {-5, 8, 15, 20}}},
                document, heard) == "");
  CHECK(heard == values_of(document, "key"));
}
