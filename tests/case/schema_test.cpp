#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <sstream>

#include "kb/values/document.hpp"
#include "tests/case/small_knowledge.hpp"

using namespace posterior;

namespace {

const std::shared_ptr<const kb::snapshot> k = small::knowledge();

node schema() {
  std::ifstream in(std::string(POSTERIOR_SOURCE_DIR) + "/sdk/schema/case.schema.json");
  std::stringstream text;
  text << in.rdbuf();
  auto parsed = parse_json(text.str(), "case.schema.json");
  REQUIRE(parsed.root);
  return std::move(*parsed.root);
}

const node& at(const node& from, std::initializer_list<std::string_view> path) {
  const node* n = &from;
  for (const auto key : path) {
    n = n->find(key);
    REQUIRE(n);
  }
  return *n;
}

std::string usable = "[[observation]]\nfinding = \"slump\"\nside = \"left\"\nstate = \"absent\"\n";

// Whether the reader knows a field: an unknown one is named, a known one with the value {} is a wrong type.
bool known(const std::string& table, const std::string& field) {
  const auto r = small::read(table + field + " = {}\n" + (table.starts_with("[[obs") ? "" : usable), *k);
  return small::codes(r.problems).find("unknown-field") == std::string::npos;
}

} // namespace

TEST_CASE("every field of the published case schema is one that the reader knows") {
  const node s = schema();
  for (const char* table : {"patient", "context", "screening"})
    for (const auto& [field, value] : at(s, {"properties", table, "properties"}).members) {
      CAPTURE(table, field);
      CHECK(known("[" + std::string(table) + "]\n", field));
    }
  for (const auto& [field, value] : at(s, {"properties", "choice", "items", "properties"}).members)
    CHECK(known("[[choice]]\n", field));
  for (const auto& [field, value] : at(s, {"$defs", "observation", "properties"}).members) {
    CAPTURE(field);
    CHECK((field == "finding" || known("[[observation]]\nfinding = \"slump\"\n", field)));
  }
  CHECK_FALSE(known("[patient]\n", "shoe_size"));
  CHECK_FALSE(known("[[observation]]\nfinding = \"slump\"\n", "shoe_size"));
}

TEST_CASE("every word of a closed list of the published case schema is accepted") {
  const node s = schema();
  const auto accepted = [](const std::string& text) { return small::codes(small::read(text, *k).problems); };
  for (const node& word : at(s, {"properties", "patient", "properties", "sex", "enum"}).items)
    CHECK(accepted("[patient]\nsex = \"" + word.text + "\"\n" + usable) == "");
  for (const node& word : at(s, {"properties", "context", "properties", "setting", "enum"}).items)
    CHECK(accepted("[context]\nsetting = \"" + word.text + "\"\n" + usable) == "");
  for (const node& word : at(s, {"$defs", "observation", "properties", "side", "enum"}).items)
    CHECK(accepted("[[observation]]\nfinding = \"slump\"\nstate = \"absent\"\nside = \"" + word.text +
                   "\"\n") == "");
  for (const node& word : at(s, {"$defs", "observation", "properties", "state", "enum"}).items)
    CHECK(accepted("[[observation]]\nfinding = \"slump\"\nstate = \"" + word.text + "\"\n") == "");
}
