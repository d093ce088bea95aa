// Claims, sources, tensions, what is said twice, and the causal map as data.
#include <algorithm>
#include <set>

#include <catch2/catch_test_macros.hpp>

#include "kb/causal_map.hpp"
#include "kb/codec.hpp"
#include "kb/evidence.hpp"
#include "kb/overlaps.hpp"
#include "kb/show.hpp"
#include "tests/kb/world.hpp"

namespace posterior::kb {
namespace {

std::string source_text(const std::string& id, const std::string& title, const std::string& locator) {
  return "[[source]]\nid = \"" + id + "\"\ntitle = \"" + title + "\"\nyear = 2021\nlocator = \"" + locator +
         "\"\nseen = \"abstract\"\n";
}

std::string claim_text(const std::string& id, const std::string& source, const std::string& text) {
  return "[[claim]]\nid = \"" + id + "\"\ntext = \"" + text + "\"\nsource = \"" + source +
         "\"\ngrade = \"low\"\nseen = \"abstract\"\n";
}

std::string link_text(const std::string& p, const std::string& claim, const std::string& more = "") {
  return "[[link]]\nfrom = \"long-sitting\"\nto = \"forward-tilt\"\np = " + p +
         "\nbecause = \"B.\"\nclaims = [\"" + claim + "\"]\n" + more;
}

std::shared_ptr<const snapshot> with(const std::vector<std::pair<std::string, std::string>>& packs) {
  auto m = merge(bundles_with(packs));
  INFO(all_problems(m.bundles));
  REQUIRE(m.usable);
  for (const bundle& b : m.bundles)
    REQUIRE_FALSE(has_errors(b.problems));
  return index(std::move(m.content));
}

std::vector<overlap> of_kind(const snapshot& s, overlap_kind what, const narrowing& only = {}) {
  std::vector<overlap> out = overlaps_of(s, only);
  std::erase_if(out, [&](const overlap& o) { return o.what != what; });
  return out;
}

std::set<std::string> ids(const causal_map& m) {
  std::set<std::string> out;
  for (const map_link& l : m.links)
    out.insert(l.what->id());
  return out;
}

const std::string both = "link.long-sitting.forward-tilt";

} // namespace

TEST_CASE("two plugins that cite one claim for one link are listed with both places, as counted once") {
  const auto s = with({{"a", link_text("\"often\"", "c1")}, {"b", link_text("\"often\"", "c1")}});
  const auto found = of_kind(*s, overlap_kind::one_claim);
  REQUIRE(found.size() == 1);
  CHECK(found[0].id == both);
  CHECK(found[0].counted_once());
  CHECK(found[0].shared == std::vector<std::string>{"c1"});
  REQUIRE(found[0].said.size() == 2);
  CHECK(found[0].said[0].from.plugin == "com.a.pack");
  CHECK(found[0].said[1].from.plugin == "com.b.pack");
  CHECK(found[0].said[0].from.where.line > 0);
  CHECK(of_kind(*with({{"a", link_text("\"often\"", "c1")}}), overlap_kind::one_claim).empty());
}

TEST_CASE("a card counts every plugin that says a statement about the item, merged or not") {
  const auto s = with({{"a", link_text("\"often\"", "c1")}, {"b", link_text("\"often\"", "c1")}});
  for (const char* id : {"long-sitting", "c1"}) {
    const auto card = show(*s, id);
    REQUIRE(card);
    for (const std::string plugin : {"com.a.pack", "com.b.pack"})
      CHECK(std::count_if(card->users.begin(), card->users.end(),
                          [&](const item_user& u) { return u.plugin == plugin && u.statements == 1; }) == 1);
  }
}

TEST_CASE("different claims of one source for one link are two voices, and are listed as worth a look") {
  const auto s = with({{"a", link_text("\"often\"", "c1")}, {"b", link_text("\"often\"", "c3")}});
  CHECK(of_kind(*s, overlap_kind::one_claim).empty());
  const auto found = of_kind(*s, overlap_kind::one_work);
  REQUIRE(found.size() == 1);
  CHECK(found[0].shared == std::vector<std::string>{"cohort-1"});
  CHECK_FALSE(found[0].counted_once());
  const auto apart = with({{"a", link_text("\"often\"", "c1")}, {"b", link_text("\"often\"", "c2")}});
  CHECK(of_kind(*apart, overlap_kind::one_work).empty());
}

TEST_CASE("one work under the names of two plugins is found by its DOI, and its claims by their words") {
  const auto s = with(
      {{"a", source_text("a:x", "A trial", "doi:10.1000/ABC.1") +
                 claim_text("a:k", "a:x", "Stretching for six weeks made the straight leg rise further.") +
                 link_text("\"often\"", "a:k")},
       {"b",
        source_text("b:y", "The same trial", "https://doi.org/10.1000/abc.1") +
            claim_text("b:k", "b:y", "Stretching for six weeks made the straight leg rise much further.") +
            link_text("\"often\"", "b:k")}});
  REQUIRE(of_kind(*s, overlap_kind::same_source).size() == 1);
  CHECK(of_kind(*s, overlap_kind::same_source)[0].said[1].id == "b:y");
  REQUIRE(of_kind(*s, overlap_kind::same_words).size() == 1);
  CHECK(of_kind(*s, overlap_kind::same_words)[0].id == "a:k");
  CHECK(of_kind(*s, overlap_kind::one_work).size() == 1);
  const auto other = with({{"a", source_text("a:x", "A trial", "doi:10.1000/abc.1")},
                           {"b", source_text("b:y", "Another", "doi:10.1000/abc.2")}});
  CHECK(of_kind(*other, overlap_kind::same_source).empty());
}

TEST_CASE("links between the same states with other gates that rest on one claim are listed") {
  const auto s = with({{"a", link_text("\"often\"", "c1") +
                                 link_text("\"often\"", "c1", "only_with = [\"hip-flexor-short\"]\n")}});
  const auto found = of_kind(*s, overlap_kind::same_ends);
  REQUIRE(found.size() == 1);
  CHECK(found[0].said[1].id == both + ".with.hip-flexor-short");
}

TEST_CASE("overlaps are narrowed to a plugin, a source and a state") {
  const auto s = with({{"a", link_text("\"often\"", "c1")}, {"b", link_text("\"often\"", "c1")}});
  CHECK(overlaps_of(*s, {"com.a.pack", "", "", {}, false}).size() == 1);
  CHECK(overlaps_of(*s, {"org.posterior.nerve", "", "", {}, false}).empty());
  CHECK(overlaps_of(*s, {"", "c1", "", {}, false}).size() == 1);
  CHECK(overlaps_of(*s, {"", "cohort-1", "", {}, false}).size() == 1);
  CHECK(overlaps_of(*s, {"", "guide-1", "", {}, false}).empty());
  CHECK(overlaps_of(*s, {"", "", "forward-tilt", {}, false}).size() == 1);
  CHECK(overlaps_of(*s, {"", "", "nerve-tension", {}, false}).empty());
}

TEST_CASE("who said what before the merge is no part of the digest, and is kept in the compact form") {
  auto one = merge(bundles_with({{"a", link_text("\"often\"", "c1")}}));
  auto two = merge(bundles_with({{"a", link_text("\"often\"", "c1")}, {"b", link_text("\"often\"", "c1")}}));
  CHECK(one.content.said_apart.empty());
  REQUIRE(two.content.said_apart.size() == 2);
  CHECK(one.content.digest == two.content.digest);
  compiled kept{std::move(two.content), {}}, back;
  REQUIRE(decode(encode(kept), back));
  REQUIRE(back.content.said_apart.size() == 2);
  CHECK(back.content.said_apart[1].from.plugin == "com.b.pack");
  CHECK(back.content.said_apart[1].rests_on.claims == std::vector<std::string>{"c1"});
}

TEST_CASE(
    "claims are listed with what rests on them, and narrowed by plugin, grade, source, state and doubt") {
  const auto s = with({{"a", claim_text("a:k", "guide-1", "Own.") + link_text("\"often\"", "a:k")}});
  const auto all = claims_of(*s, {});
  REQUIRE(all.size() == s->all.claims.size());
  CHECK(all[0].what->id == "a:k");
  CHECK(all[0].used_by == std::vector<std::string>{both});
  CHECK(claims_of(*s, {"com.a.pack", "", "", {}, false}).size() == 1);
  CHECK(claims_of(*s, {"", "guide-1", "", {}, false}).size() == 2);
  CHECK(claims_of(*s, {"", "", "", grade::moderate, false}).size() == 1);
  for (const listed_claim& c : claims_of(*s, {"", "", "nerve-tension", {}, false}))
    CHECK(c.what->id != "a:k");
  CHECK(claims_of(*s, {"", "", "forward-tilt", {}, false}).size() >= 2);
  for (const listed_claim& c : claims_of(*s, {"", "", "", {}, true}))
    CHECK(c.what->contested);
}

TEST_CASE("a source says how many claims and statements it carries, each counted once") {
  const auto s = with({});
  const auto list = sources_of(*s, {"", "guide-1", "", {}, false});
  REQUIRE(list.size() == 1);
  CHECK(list[0].claims.size() == 1);
  std::set<std::string> users;
  for (const use& u : s->users().of("c2"))
    users.insert(std::to_string(u.kind) + "/" + std::to_string(u.at));
  for (const use& u : s->users().of("guide-1"))
    if (u.label == "sources")
      users.insert(std::to_string(u.kind) + "/" + std::to_string(u.at));
  CHECK(list[0].used_by == users.size());
  CHECK(sources_of(*s, {"", "", "", grade::moderate, false}).size() == 1);
  CHECK(sources_of(*s, {"", "", "", grade::high, false}).empty());
}

TEST_CASE(
    "recorded tensions and those found by comparing are told apart, and narrowed to a state and a source") {
  const auto s = with({{"a", link_text("[0.2, 0.1, 0.3]", "c1")}, {"b", link_text("[0.8, 0.7, 0.9]", "c3")}});
  const auto list = tensions_of(*s, {});
  REQUIRE(list.size() == 2);
  CHECK(std::count_if(list.begin(), list.end(), [](const listed_tension& t) { return t.found; }) == 1);
  const auto about = tensions_of(*s, {"", "", "long-sitting", {}, false});
  REQUIRE(about.size() == 1);
  CHECK(about[0].what->id == "tension." + both);
  for (const listed_tension& t : tensions_of(*s, {"", "guide-1", "", {}, false}))
    CHECK(t.what->id != "tension." + both);
}

TEST_CASE("the map of a state holds what leads to it and what it leads to, and cut links between those") {
  const auto s = with({});
  const causal_map whole = map_of(*s, map_choice{});
  CHECK(whole.links.size() == s->all.links.size());
  CHECK(whole.states.size() + whole.apart.size() == s->all.states.size());
  const causal_map tilt = map_of(*s, map_choice{"hip-flexor-short", "", "", 1});
  CHECK(ids(tilt).contains("link.long-sitting.hip-flexor-short"));
  CHECK(ids(tilt).contains("link.forward-tilt.nerve-tension"));
  CHECK(ids(tilt).contains("link.forward-tilt.hip-flexor-short"));
  const causal_map end = map_of(*s, map_choice{"long-sitting", "", "", 1});
  CHECK(end.links.size() == whole.links.size());
  const causal_map alone = map_of(*s, map_choice{"cauda-equina", "", "", 1});
  CHECK(alone.links.empty());
  REQUIRE(alone.apart.size() == 1);
  CHECK(alone.apart[0]->id == "cauda-equina");
}

TEST_CASE("the map around a state grows link by link") {
  const auto s = with({});
  CHECK(ids(map_of(*s, map_choice{"", "", "nerve-tension", 1})) ==
        std::set<std::string>{"link.forward-tilt.nerve-tension"});
  const auto two = ids(map_of(*s, map_choice{"", "", "nerve-tension", 2}));
  CHECK(two.contains("link.hip-flexor-short.forward-tilt"));
  CHECK_FALSE(two.contains("link.long-sitting.hip-flexor-short"));
  CHECK(map_of(*s, map_choice{"", "", "nerve-tension", 9}).links.size() == s->all.links.size());
}

TEST_CASE("the map of a plugin holds each link that it says, also those that others say too") {
  const auto s = with({{"a", link_text("\"often\"", "c1")}, {"b", link_text("\"often\"", "c1")}});
  for (const char* plugin : {"com.a.pack", "com.b.pack"})
    CHECK(ids(map_of(*s, map_choice{"", plugin, "", 1})) == std::set<std::string>{both});
}

TEST_CASE("a link is disputed where it is contested or a tension was found on it") {
  const auto marked = [](const snapshot& s) {
    const causal_map m = map_of(s, map_choice{"", "com.a.pack", "", 1});
    return m.links.size() == 1 && m.links[0].disputed;
  };
  CHECK_FALSE(marked(*with({{"a", link_text("\"often\"", "c1")}})));
  CHECK(marked(*with({{"a", link_text("\"often\"", "c1", "contested = true\n")}})));
  CHECK(
      marked(*with({{"a", link_text("[0.2, 0.1, 0.3]", "c1")}, {"b", link_text("[0.8, 0.7, 0.9]", "c3")}})));
}

} // namespace posterior::kb
