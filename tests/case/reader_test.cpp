#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <random>

#include "tests/case/small_knowledge.hpp"

using namespace posterior;
using cases::truth;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::shared_ptr<const kb::snapshot> k = small::knowledge();

// One observation table after a plain one, so that the case always has something usable.
cases::reading with(const std::string& observation) {
  return small::read(
      "[[observation]]\nfinding = \"hx-sitting\"\nstate = \"present\"\n[[observation]]\n" + observation, *k);
}

const cases::observation* second(const cases::reading& r) {
  return r.value && r.value->observations.size() > 1 ? &r.value->observations[1] : nullptr;
}

} // namespace

TEST_CASE("a case is read from TOML with patient, context, screening, choices and observations") {
  const auto r = small::read(R"([patient]
age = 34
sex = "female"
height = 1.72
[context]
complaint = "tight"
setting = "physio-outpatient"
[screening]
done = true
by = "clinician"
when = 2026-11-02
not_asked = ["red-fever"]
[[choice]]
tension = "x4-stretch"
take = "no-stretch"
[[observation]]
finding = "pke-angle"
side = "left"
value = 32
unit = "deg"
error = 3
[[observation]]
finding = "slump"
side = "left"
state = "absent"
certainty = 0.9
when = "2026-11-02"
[[observation]]
finding = "irritability"
level = "moderate"
)",
                             *k);
  REQUIRE(r.value);
  CHECK(r.problems.empty());
  const auto& c = *r.value;
  CHECK(c.who.age == 34);
  CHECK(c.who.sex_is == cases::sex::female);
  CHECK(c.who.height == 172);
  CHECK(c.in == cases::setting::physio_outpatient);
  CHECK(c.screened.done);
  CHECK(c.screened.day == 20759);
  CHECK(c.screened.not_asked == std::vector<std::string>{"red-fever"});
  CHECK(c.choices.at(0).take == "no-stretch");
  REQUIRE(c.observations.size() == 3);
  CHECK(c.observations[0].value == 32);
  CHECK(c.observations[0].error == 3);
  CHECK(c.observations[0].where == side::left);
  CHECK(c.observations[1].state == truth::absent);
  CHECK(c.observations[1].certainty == 0.9);
  CHECK(c.observations[1].day == 20759);
  CHECK(c.observations[2].level == 1);
}

TEST_CASE("the same case in JSON says the same, and its faults carry a pointer") {
  const auto r = cases::read(R"({"schema": "posterior.case/1", "patient": {"age": 34},
    "observation": [{"finding": "slump", "side": "left", "state": "present"},
                    {"finding": "slupm", "state": "present"}]})",
                             "case.json", *k);
  REQUIRE(r.value);
  CHECK(r.value->observations.size() == 1);
  REQUIRE(r.problems.size() == 1);
  CHECK(to_string(r.problems[0]) == "case.json#/observation/1/finding: the finding \"slupm\" of observation "
                                    "2 was not known, must be one of "
                                    "the knowledge base\nhint: did you mean \"slump\"?");
}

TEST_CASE("both sides become two observations") {
  const auto r =
      small::read("[[observation]]\nfinding = \"slump\"\nside = \"both\"\nstate = \"present\"\n", *k);
  REQUIRE(r.value);
  REQUIRE(r.value->observations.size() == 2);
  CHECK(r.value->observations[0].where == side::left);
  CHECK(r.value->observations[1].where == side::right);
}

TEST_CASE("values are converted to the finding's unit, their error with them") {
  const auto r = with("finding = \"trunk-weight\"\nvalue = 40000\nunit = \"g\"\nerror = 500\n");
  REQUIRE(second(r));
  CHECK(second(r)->value == 40);
  CHECK(second(r)->error == 0.5);
  CHECK(r.problems.empty());
}

TEST_CASE("a fault in an observation is named with its code, and the rest of the case goes on") {
  const auto [text, code] = GENERATE(table<std::string, std::string>({
      {"finding = \"slmup\"\nstate = \"present\"", "case.unknown-finding"},
      {"state = \"present\"", "case.missing-field"},
      {"finding = \"torque-difference\"\nstate = \"present\"", "case.derived-stated"},
      {"finding = \"age\"\nstate = \"present\"", "case.attribute-stated"},
      {"finding = \"slump\"", "case.bad-state"},
      {"finding = \"slump\"\nstate = \"positive\"", "case.bad-state"},
      {"finding = \"slump\"\nstate = true", "case.bad-state"},
      {"finding = \"pke-angle\"\nstate = \"present\"\nvalue = 3\nunit = \"deg\"", "case.bad-state"},
      {"finding = \"slump\"\nstate = \"present\"\nunit = \"deg\"", "case.bad-state"},
      {"finding = \"pke-angle\"\nvalue = 3\nunit = \"deg\"\ncertainty = 0.5", "case.bad-state"},
      {"finding = \"slump\"\nstate = \"present\"\nerror = 1", "case.bad-state"},
      {"finding = \"slump\"\nstate = \"present\"\ncertainty = 1.5", "case.out-of-range"},
      {"finding = \"slump\"\nvalue = 3\nunit = \"deg\"", "case.bad-value"},
      {"finding = \"pke-angle\"\nvalue = 3\nunit = \"cm\"", "case.wrong-unit"},
      {"finding = \"pke-angle\"\nvalue = 3\nunit = \"degrees\"", "case.wrong-unit"},
      {"finding = \"pke-angle\"\nvalue = 3", "case.wrong-unit"},
      {"finding = \"pke-angle\"\nvalue = 91\nunit = \"deg\"", "case.out-of-range"},
      {"finding = \"pke-angle\"\nvalue = 9\nunit = \"deg\"\nerror = 0", "case.out-of-range"},
      {"finding = \"pke-angle\"\nvalue = \"9\"\nunit = \"deg\"", "case.wrong-type"},
      {"finding = \"pke-angle\"\nvalue = nan\nunit = \"deg\"", "case.wrong-type"},
      {"finding = \"irritability\"\nlevel = \"hgih\"", "case.bad-level"},
      {"finding = \"slump\"\nlevel = \"high\"", "case.bad-level"},
      {"finding = \"slump\"\nside = \"lfet\"\nstate = \"present\"", "case.bad-choice"},
      {"finding = \"slump\"\nstate = \"present\"\nwhen = \"2026-02-30\"", "case.bad-date"},
      {"finding = \"slump\"\nstate = \"present\"\ncertianty = 0.1", "case.unknown-field"},
  }));
  const auto r = with(text + "\n");
  REQUIRE(r.value);
  CHECK(r.value->observations.size() == 1);
  CHECK(small::codes(r.problems) == code);
  CHECK(has_errors(r.problems));
  CHECK(r.problems[0].where.line >= 5);
  CHECK(r.problems[0].where.column >= 1);
}

TEST_CASE("messages say what was found, what is needed and what was probably meant") {
  const auto message = [](const std::string& text) { return to_string(with(text).problems.at(0)); };
  CHECK(message("finding = \"slump\"\nstate = \"positive\"\n") ==
        "case.toml:7:9: \"state\" of observation 2 was \"positive\", must be \"present\", \"absent\" or "
        "\"unknown\"\nhint: did you mean \"present\"?");
  CHECK(message("finding = \"pke-angle\"\nvalue = 120\nunit = \"deg\"\n") ==
        "case.toml:7:9: \"value\" of observation 2 was 120 deg, must be 0 to 90 deg");
  CHECK(message("finding = \"pke-angle\"\nvalue = 12\nunit = \"cm\"\n") ==
        "case.toml:8:8: \"unit\" of observation 2 was \"cm\", must be \"deg\" or a unit of the same kind");
  CHECK(message("finding = \"slmup-tset\"\nstate = \"present\"\n") ==
        "case.toml:6:11: the finding \"slmup-tset\" of observation 2 was not known, must be one of the "
        "knowledge "
        "base\nhint: did you mean \"slump-test\"?");
}

TEST_CASE("an alias is accepted with a note") {
  const auto r = with("finding = \"slump-test\"\nside = \"left\"\nstate = \"present\"\n");
  REQUIRE(second(r));
  CHECK(second(r)->finding == "slump");
  CHECK(small::codes(r.problems) == "case.alias-used");
  CHECK_FALSE(has_errors(r.problems));
}

TEST_CASE("a side given for a finding without sides is named and the observation still counts") {
  const auto r = with("finding = \"pelvis-forward\"\nside = \"left\"\nstate = \"present\"\n");
  REQUIRE(second(r));
  CHECK(second(r)->where == side::none);
  CHECK(small::codes(r.problems) == "case.side-not-lateral");
}

TEST_CASE("a misspelt safety finding is remembered as what it was probably meant to be") {
  const auto near = with("finding = \"red-bladdr\"\nstate = \"present\"\n");
  REQUIRE(near.value);
  CHECK(near.value->unusable_near == std::vector<std::string>{"red-bladder"});
  CHECK_FALSE(near.value->unusable_unknown);
  const auto unknown = with("finding = \"something-else-entirely\"\nstate = \"present\"\n");
  REQUIRE(unknown.value);
  CHECK(unknown.value->unusable_unknown);
}

TEST_CASE("a safety finding said to be present counts even if its record has another fault") {
  const auto r = with("finding = \"red-bladder\"\nstate = \"present\"\nwhen = \"yesterday\"\n");
  REQUIRE(second(r));
  CHECK(second(r)->finding == "red-bladder");
  CHECK(second(r)->state == truth::present);
  CHECK(r.value->unusable_near == std::vector<std::string>{"red-bladder"});
  const auto ordinary = with("finding = \"slump\"\nstate = \"present\"\nwhen = \"yesterday\"\n");
  CHECK_FALSE(second(ordinary));
}

TEST_CASE("an unknown table leaves safety incomplete, since it may have held observations") {
  const auto r = with("finding = \"slump\"\nstate = \"present\"\n[[observatoin]]\nfinding = \"red-fever\"\n");
  REQUIRE(r.value);
  CHECK(r.value->unusable_unknown);
  CHECK(small::codes(r.problems) == "case.unknown-field");
}

TEST_CASE("what identifies a person is refused without being quoted") {
  const auto key = GENERATE(as<std::string>{}, "name", "birth_date", "dob", "email", "address", "patient_id");
  const auto r = small::read("[patient]\n" + key +
                                 " = \"Erika Mustermann 1980\"\nage = 40\n"
                                 "[[observation]]\nfinding = \"slump\"\nstate = \"present\"\n",
                             *k);
  REQUIRE(r.value);
  CHECK(r.value->who.age == 40);
  REQUIRE(small::codes(r.problems) == "case.identifying");
  CHECK_THAT(to_string(r.problems[0]),
             ContainsSubstring("a case holds no name, birth date or other identifier"));
  CHECK_THAT(to_string(r.problems[0]), !ContainsSubstring("Erika"));
}

TEST_CASE("patient attributes outside what a person can have are refused and not used") {
  const auto field = GENERATE(as<std::string>{}, "age = 340", "age = -1", "height = 172", "body_mass = 0",
                              "sex = \"femal\"", "pregnant = \"yes\"");
  const auto r = small::read(
      "[patient]\n" + field + "\n[[observation]]\nfinding = \"slump\"\nstate = \"present\"\n", *k);
  REQUIRE(r.value);
  CHECK(has_errors(r.problems));
  CHECK(r.problems.size() == 1);
  CHECK_FALSE(r.value->who.age);
  CHECK_FALSE(r.value->who.height);
  CHECK_FALSE(r.value->who.pregnant);
}

TEST_CASE("a screening with a fault leaves safety incomplete") {
  const auto line = GENERATE(as<std::string>{}, "not_asked = [\"red-fevr\"]", "don = true", "done = \"yes\"");
  const auto r = small::read(
      "[screening]\n" + line + "\n[[observation]]\nfinding = \"slump\"\nstate = \"absent\"\n", *k);
  REQUIRE(r.value);
  CHECK(has_errors(r.problems));
  CHECK(r.value->unusable_unknown);
}

TEST_CASE("a choice must name a recorded tension and one of its takes") {
  const auto [text, code] = GENERATE(table<std::string, std::string>({
      {"tension = \"x4-strech\"\ntake = \"stretch\"", "case.unknown-tension"},
      {"tension = \"x4-stretch\"\ntake = \"both\"", "case.unknown-take"},
      {"tension = \"x4-stretch\"", "case.missing-field"},
  }));
  const auto r =
      small::read("[[choice]]\n" + text + "\n[[observation]]\nfinding = \"slump\"\nstate = \"absent\"\n", *k);
  REQUIRE(r.value);
  CHECK(r.value->choices.empty());
  CHECK(small::codes(r.problems) == code);
}

TEST_CASE("of two choices about one tension the newer counts, and neither on one date") {
  const auto choices = [](const std::string& first, const std::string& other) {
    return small::read("[[choice]]\ntension = \"x4-stretch\"\ntake = \"stretch\"\n" + first +
                           "[[choice]]\ntension = \"x4-stretch\"\ntake = \"no-stretch\"\n" + other +
                           "[[observation]]\nfinding = \"slump\"\nstate = \"absent\"\n",
                       *k);
  };
  const auto newer = choices("when = \"2026-01-01\"\n", "when = \"2026-02-01\"\n");
  REQUIRE(newer.value);
  CHECK(newer.value->choices.at(0).take == "no-stretch");
  const auto same = choices("", "");
  REQUIRE(same.value);
  CHECK(same.value->choices.empty());
  CHECK(small::codes(same.problems) == "case.contradiction");
}

TEST_CASE("a finding that is recorded and also listed as not asked is named, and the record counts") {
  const auto r = small::read("[screening]\ndone = true\nnot_asked = [\"red-fever\"]\n"
                             "[[observation]]\nfinding = \"red-fever\"\nstate = \"absent\"\n",
                             *k);
  REQUIRE(r.value);
  CHECK(small::codes(r.problems) == "case.contradiction");
}

TEST_CASE("what is no case gives one sentence and is not readable") {
  std::string garbage(1'000'000, ' ');
  std::mt19937 random(7);
  for (char& c : garbage)
    c = static_cast<char>(random() % 256);
  std::string letters(1'000'000, 'x');
  const std::vector<std::pair<std::string, std::string>> table{
      {"", "case.empty"},
      {" \n\t\n", "case.empty"},
      {garbage, "case.not-a-case"},
      {std::string("\x7F"
                   "ELF\0\0",
                   6),
       "case.not-a-case"},
      {"schema = \"posterior.case/1\" # \xE9t\xE9\n", "case.not-a-case"},
      {letters, "toml.syntax"},
      {std::string(1'000'000, '['), ""},
      {"{" + std::string(1'000'000, '['), "json.syntax"},
      {std::string(cases::case_bytes_limit + 1, '#'), "case.too-large"},
      {"schema = \"posterior.case/1\"\n[[observation]]\nfinding = \"slu", "toml.syntax"},
      {"{\"schema\": \"posterior.case/1\", \"observation\": [{\"finding\"", "json.syntax"},
      {"title = \"a plugin\"\n", "case.not-a-case"},
      {"schema = \"posterior.plugin/1\"\n", "case.not-a-case"},
      {"schema = 1\n", "case.not-a-case"},
  };
  for (const auto& [text, code] : table) {
    const auto r = cases::read(text, "case.toml", *k);
    CAPTURE(text.substr(0, 40), small::codes(r.problems));
    CHECK_FALSE(r.value);
    CHECK_FALSE(r.readable);
    REQUIRE(r.problems.size() == 1);
    CHECK(r.problems[0].level == severity::error);
    CHECK(to_string(r.problems[0]).size() < 400);
    if (!code.empty())
      CHECK(r.problems[0].code == code);
  }
}

TEST_CASE("more than two thousand observations are refused with the limit and the number found") {
  std::string many;
  for (int i = 0; i < 2001; ++i)
    many += "[[observation]]\nfinding = \"slump\"\nstate = \"present\"\n";
  const auto r = small::read(many, *k);
  CHECK_FALSE(r.value);
  REQUIRE(r.problems.size() == 1);
  CHECK(to_string(r.problems[0]) == "case.toml: the number of observations was 2001, must be at most 2000");
}

TEST_CASE("a case without a usable observation is readable but has no value") {
  const auto r = small::read(
      "[screening]\ndone = true\n[[observation]]\nfinding = \"nonsense\"\nstate = \"present\"\n", *k);
  CHECK(r.readable);
  CHECK_FALSE(r.value);
  CHECK(small::codes(r.problems) == "case.unknown-finding case.nothing-usable");
}

TEST_CASE("free text is checked for characters that act on a terminal, and for its length") {
  const auto r = small::read(
      "[context]\ncomplaint = \"\\u001b[31m\"\n[[observation]]\nfinding = \"slump\"\nstate = \"absent\"\n",
      *k);
  REQUIRE(r.value);
  CHECK(r.value->complaint.empty());
  CHECK(small::codes(r.problems) == "case.bad-text");
}

TEST_CASE("a case cut off anywhere is refused with a sentence or read as far as it is whole") {
  const std::string toml =
      small::case_text("[patient]\nage = 34\n[screening]\ndone = true\n[[observation]]\nfinding = "
                       "\"pke-angle\"\nside = \"left\"\nvalue = 32\nunit = \"deg\"\n");
  const std::string json =
      R"({"schema": "posterior.case/1", "observation": [{"finding": "slump", "side": "left", "state": "present"}]})";
  for (const std::string& whole : {toml, json}) {
    REQUIRE(cases::read(whole, "c", *k).value);
    for (std::size_t n = 0; n + 1 < whole.size(); ++n) {
      const auto r = cases::read(whole.substr(0, n), "c", *k);
      CAPTURE(n);
      CHECK((r.value || has_errors(r.problems)));
      CHECK((r.readable || r.problems.size() == 1));
    }
  }
}
