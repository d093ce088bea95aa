
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "kb/values/date.hpp"
#include "kb/values/digest.hpp"
#include "kb/values/document.hpp"
#include "kb/values/fields.hpp"
#include "kb/values/id.hpp"
#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"
#include "kb/values/unit.hpp"

using namespace posterior;

TEST_CASE("ids are lower-case words joined by single hyphens") {
  CHECK(is_plain_id("hamstring-shortness"));
  CHECK(is_plain_id("iso-90-90"));
  CHECK_FALSE(is_plain_id(""));
  CHECK_FALSE(is_plain_id("Slump"));
  CHECK_FALSE(is_plain_id("9-test"));
  CHECK_FALSE(is_plain_id("a--b"));
  CHECK_FALSE(is_plain_id("a-"));
  CHECK_FALSE(is_plain_id(std::string(65, 'a')));
  CHECK(is_statement_id("myclinic:own-test"));
  CHECK_FALSE(is_statement_id("a:b:c"));
}

TEST_CASE("bundle ids are reverse DNS") {
  CHECK(is_bundle_id("org.posterior.neural-tension"));
  CHECK_FALSE(is_bundle_id("neural-tension"));
  CHECK_FALSE(is_bundle_id("org..x"));
  CHECK_FALSE(is_bundle_id("org.posterior."));
  CHECK_FALSE(is_bundle_id("Org.posterior"));
}

TEST_CASE("versions order by number, and a prerelease comes before its release") {
  CHECK(*version::parse("1.10.0") > *version::parse("1.9.9"));
  CHECK(*version::parse("1.0.0-rc1") < *version::parse("1.0.0"));
  CHECK_FALSE(version::parse("1.0"));
  CHECK_FALSE(version::parse("1.0.0-"));
  CHECK_FALSE(version::parse("v1.0.0"));
}

TEST_CASE("dates are read only if they exist") {
  CHECK(parse_date("1970-01-02") == 1);
  CHECK(format_date(*parse_date("2026-11-02")) == "2026-11-02");
  CHECK_FALSE(parse_date("2026-02-30"));
  CHECK_FALSE(parse_date("2026-2-3"));
  CHECK_FALSE(parse_date("1226-02-03"));
}

TEST_CASE("units convert within a dimension and are refused across dimensions") {
  CHECK(*convert(10, "mm", "cm") == 1);
  CHECK(*convert(50, "%", "1") == 0.5);
  CHECK_FALSE(convert(1, "deg", "cm"));
  CHECK_FALSE(convert(1, "furlong", "cm"));
}

TEST_CASE("text that could act on a terminal or hide itself is refused") {
  CHECK(unclean("Muskel\xC3\xA4hnlich\nzwei").empty());
  CHECK_FALSE(unclean("bell\a").empty());
  CHECK_FALSE(unclean("\xE2\x80\xAE reversed").empty());
  CHECK_FALSE(unclean("\xC3").empty());
  CHECK_FALSE(unclean("\xC0\x80").empty());
  CHECK_FALSE(unclean("\xED\xA0\x80").empty());
  CHECK(quoted("a\x1B[31mb\xFF") == "a?[31mb?");
}

TEST_CASE("a misspelt word is matched with the nearest known one and not with a distant one") {
  const std::vector<std::string_view> known{"slump", "slr-passive", "trendelenburg"};
  CHECK(nearest("trendelenberg", known) == "trendelenburg");
  CHECK(nearest("slupm", known) == "slump");
  CHECK(nearest("knee", known).empty());
}

TEST_CASE("numbers are written as the shortest text that reads back") {
  CHECK(format_number(62) == "62");
  CHECK(format_number(0.125) == "0.125");
  CHECK(format_number(0.1 + 0.2) == "0.30000000000000004");
  CHECK(format_number(-0.0) == "0");
  CHECK(format_number(0.0001) == "0.0001");
}

TEST_CASE("JSON is written in the order given and escapes what must be escaped") {
  json_writer w(0);
  w.begin_object()
      .member("b", 1)
      .member("a", "x\"\n\x01")
      .key("l")
      .begin_array()
      .value(1.5)
      .value(true)
      .null()
      .end_array();
  w.end_object();
  CHECK(w.take() == R"({"b":1,"a":"x\"\n\u0001","l":[1.5,true,null]})");
}

TEST_CASE("a document reads the same from TOML and from JSON, with the place of every value") {
  const auto toml = parse_toml("a = 1\n[[o]]\nfinding = \"slump\"\nvalue = 2.5\n", "c.toml");
  const auto json = parse_json(R"({"a": 1, "o": [{"finding": "slump", "value": 2.5}]})", "c.json");
  REQUIRE(toml.root);
  REQUIRE(json.root);
  CHECK(toml.root->find("o")->items[0].find("value")->number == 2.5);
  CHECK(toml.root->find("o")->items[0].find("value")->line == 4);
  CHECK(json.root->find("o")->items[0].find("value")->number == 2.5);
  CHECK(json.root->find("o")->items[0].find("value")->pointer == "/o/0/value");
}

TEST_CASE("broken documents give one sentence with the place") {
  const auto toml = parse_toml("a = 1\nb = \n", "c.toml");
  REQUIRE(toml.problems.size() == 1);
  CHECK(toml.problems[0].where.line == 2);
  const auto twice = parse_json(R"({"a": {"b": 1, "b": 2}})", "c.json");
  REQUIRE(twice.problems.size() == 1);
  CHECK(to_string(twice.problems[0]) ==
        "c.json#/a/b: the key was given twice, must be given once\nhint: keep one of the two values");
  const auto text = GENERATE(as<std::string>{}, "", "[1]", "{", "{\"a\":1} x", "{\"a\":nan}");
  const auto bad = parse_json(text, "c.json");
  CHECK_FALSE(bad.root);
  CHECK(bad.problems.size() == 1);
}

TEST_CASE("documents nested deeper than sixteen levels are refused") {
  const auto nest = [](int n) {
    return "{\"a\":" + std::string(static_cast<std::size_t>(n), '[') +
           std::string(static_cast<std::size_t>(n), ']') + "}";
  };
  CHECK(parse_json(nest(15), "c").root);
  CHECK_FALSE(parse_json(nest(16), "c").root);
  CHECK_FALSE(parse_json(nest(5000), "c").root);
  CHECK_FALSE(parse_toml("a = " + std::string(20, '[') + std::string(20, ']'), "c").root);
  CHECK_FALSE(parse_toml("a = " + std::string(5000, '[') + std::string(5000, ']'), "c").root);
}

TEST_CASE("unknown fields are named with the nearest known one, and wrong types with what was needed") {
  const auto doc = parse_toml("finding = 3\nsied = \"left\"\n", "c.toml");
  diagnostics problems;
  fields f(*doc.root, "c.toml", "case", "observation 1", problems);
  CHECK_FALSE(f.text("finding"));
  CHECK_FALSE(f.text("side"));
  f.finish();
  REQUIRE(problems.size() == 2);
  CHECK(to_string(problems[0]) == "c.toml:1:11: \"finding\" of observation 1 was 3, must be a text");
  CHECK(problems[1].hint == "did you mean \"side\"?");
}

TEST_CASE("infinite numbers are refused") {
  const auto doc = parse_toml("a = inf\nb = nan\n", "c.toml");
  diagnostics problems;
  fields f(*doc.root, "c.toml", "case", "the case", problems);
  CHECK_FALSE(f.number("a"));
  CHECK_FALSE(f.number("b"));
  CHECK(problems.size() == 2);
}

TEST_CASE("digests are SHA-256") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
