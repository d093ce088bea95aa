// The text of an overlay as the program changes it: nothing but what is meant.
#include <catch2/catch_test_macros.hpp>

#include "engine/service/local/overlay_text.hpp"

using namespace posterior;
using namespace posterior::service;

namespace {

const std::string by_hand = "# our clinic\n"
                            "schema = \"posterior.overlay/1\"\n"
                            "\n"
                            "# the audit of last year\n"
                            "[[override]]   # sitting\n"
                            "statement = \"link.a.b\"\n"
                            "set = { p = [0.4, 0.3, 0.5], because = \"It does.\" }\n"
                            "by = \"A. Smith\"\n"
                            "when = \"2026-11-02\"\n"
                            "reason = \"audit\"\n"
                            "\n"
                            "# not taught here\n"
                            "[[disable]]\n"
                            "statement = \"indication.x.y\"\n"
                            "by = \"A. Smith\"\n"
                            "when = \"2026-11-02\"\n"
                            "reason = \"audit\"\n";

kb::overlay_entry entry(int head, int last, const std::string& toml) {
  kb::overlay_entry e;
  e.where.line = head;
  e.last_line = last;
  e.table = *parse_toml(toml, "e").root;
  return e;
}

} // namespace

TEST_CASE("an entry is appended behind everything that stands there, comments included") {
  const std::string out = with_entry(by_hand, kb::overlay_deed::suspend,
                                     {{"rule", toml_text("rf-a")}, {"by", toml_text("B \"x\"")}});
  CHECK(out == by_hand + "\n[[suspend]]\nrule = \"rf-a\"\nby = \"B \\\"x\\\"\"\n");
  const std::string first = with_entry("", kb::overlay_deed::disable, {{"statement", toml_text("a")}});
  CHECK(parse_toml(first, "f").root);
  CHECK(first.find("\nschema = \"posterior.overlay/1\"\n\n[[disable]]\nstatement = \"a\"\n") !=
        std::string::npos);
  CHECK(with_entry("schema = \"s\"", kb::overlay_deed::disable, {}) == "schema = \"s\"\n\n[[disable]]\n");
}

TEST_CASE("an entry that is taken out leaves every other line and comment as it was") {
  const std::string out = without_entry(by_hand, entry(5, 10, "x = 1"));
  CHECK(out == "# our clinic\n"
               "schema = \"posterior.overlay/1\"\n"
               "\n"
               "# the audit of last year\n"
               "\n"
               "# not taught here\n"
               "[[disable]]\n"
               "statement = \"indication.x.y\"\n"
               "by = \"A. Smith\"\n"
               "when = \"2026-11-02\"\n"
               "reason = \"audit\"\n");
  CHECK(without_entry(with_entry(by_hand, kb::overlay_deed::disable, {{"statement", "\"a\""}}),
                      entry(19, 20, "x = 1")) == by_hand);
}

TEST_CASE("one field of an override goes, and the others stay") {
  const auto e = entry(5, 10, "set = { p = [0.4, 0.3, 0.5], because = \"It does.\" }");
  const auto out = without_field(by_hand, e, "p");
  REQUIRE(out);
  CHECK(out->find("set = { because = \"It does.\" }\n") != std::string::npos);
  CHECK(out->size() < by_hand.size());
  CHECK(out->find("# the audit of last year\n[[override]]   # sitting\n") != std::string::npos);
  const std::string dose = "[[override]]\nset = { dose = { sets = [2, 3], reps = 8 } }\n";
  const auto less =
      without_field(dose, entry(1, 2, "set = { dose = { sets = [2, 3], reps = 8 } }"), "dose.sets");
  REQUIRE(less);
  CHECK(*less == "[[override]]\nset = { dose = { reps = 8 } }\n");
}

TEST_CASE("an entry that is written in another way by hand is not taken apart") {
  const std::string text = "[[override]]\nset = { p = [\n0.4, 0.3, 0.5], q = 1 }\n";
  CHECK_FALSE(without_field(text, entry(1, 3, "set = { p = [0.4, 0.3, 0.5], q = 1 }"), "p"));
}

TEST_CASE("values are written as TOML that reads back as the same value") {
  for (const std::string text :
       {"x = [0.4, 0.3, 0.5]", "x = \"a \\\"quoted\\\" word\"", "x = true", "x = 3",
        "x = { sets = [2, 3], tempo = \"slow\" }", "x = [[\"a\", \"!b\"], [\"c\"]]"}) {
    const parsed read = parse_toml(text, "t");
    REQUIRE(read.root);
    CHECK("x = " + toml_value(read.root->members.front().value) == text);
  }
}
