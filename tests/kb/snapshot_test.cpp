#include <catch2/catch_test_macros.hpp>

#include "kb/snapshot.hpp"

namespace posterior::kb {
namespace {

template <typename T>
T named(const std::string& id) {
  T item;
  item.id = id;
  return item;
}

link between(const std::string& a, const std::string& b) {
  link l;
  l.source = a;
  l.target = b;
  return l;
}

snapshot sample() {
  snapshot s;
  s.all.states = {named<state>("b"), named<state>("a"), named<state>("c")};
  s.all.findings = {named<finding>("slump"), named<finding>("slr")};
  s.all.findings[0].aliases = {"slump-test"};
  s.all.links = {between("b", "c"), between("a", "c"), between("a", "b")};
  message m;
  m.key = "weak";
  m.text = "weak";
  m.from.plugin = "org.x";
  s.all.messages = {m};
  return s;
}

} // namespace

TEST_CASE("a frozen snapshot finds items by id whatever order they came in") {
  const auto s = index(sample());
  REQUIRE(s->find_state("a"));
  CHECK(s->find_state("a")->id == "a");
  CHECK(s->find_state("c")->id == "c");
  CHECK_FALSE(s->find_state("d"));
  CHECK(s->find_message("org.x", "weak"));
  CHECK_FALSE(s->find_message("org.y", "weak"));
  CHECK_FALSE(s->find_message("org.x", "strong"));
}

TEST_CASE("a finding is also found by its alias") {
  const auto s = index(sample());
  REQUIRE(s->find_finding("slump-test"));
  CHECK(s->find_finding("slump-test")->id == "slump");
  CHECK_FALSE(s->find_finding("slump-tes"));
}

TEST_CASE("links are found from both ends") {
  const auto s = index(sample());
  CHECK(s->links_from("a").size() == 2);
  CHECK(s->links_from("c").empty());
  REQUIRE(s->links_to("c").size() == 2);
  CHECK(s->links_to("c")[0]->source == "a");
  CHECK(s->links_to("c")[1]->source == "b");
}

} // namespace posterior::kb
