#include <algorithm>
#include <set>

#include <catch2/catch_test_macros.hpp>

#include "kb/each_reference.hpp"
#include "kb/search.hpp"
#include "kb/show.hpp"
#include "tests/kb/world.hpp"

namespace posterior::kb {
namespace {

std::shared_ptr<const snapshot> world() {
  return index(std::move(merge(base_bundles()).content));
}

bool has_relation(const item_card& card, std::string_view label, std::string_view id) {
  return std::any_of(card.relations.begin(), card.relations.end(),
                     [&](const relation& r) { return r.label == label && r.id == id; });
}

std::string field(const item_card& card, std::string_view label) {
  for (const auto& [name, value] : card.fields)
    if (name == label)
      return value;
  return "none";
}

// Two states of a pack "a", each brought about by `cause`.
std::string two_states_after(const std::string& cause) {
  std::string out;
  for (const std::string id : {"a:x", "a:y"})
    out += "[[state]]\nid = \"" + id +
           "\"\nname = \"X\"\nkind = \"impairment\"\nlateral = true\npresent_when = \"It is.\"\nleak = "
           "\"rarely\"\njudgement = \"J.\"\n[[link]]\nfrom = \"" +
           cause + "\"\nto = \"" + id + "\"\np = \"often\"\nbecause = \"B.\"\njudgement = \"J.\"\n";
  return out;
}

std::vector<std::string> ids(const search_result& r) {
  std::vector<std::string> out;
  for (const search_hit& h : r.hits)
    out.push_back(h.id);
  return out;
}

} // namespace

TEST_CASE("a state is shown with what brings it about, reads it, treats it and what it rests on") {
  const auto s = world();
  const auto card = show(*s, "hip-flexor-short");
  REQUIRE(card);
  CHECK(card->kind == "state");
  CHECK(card->name == "Short hip flexor");
  CHECK(field(*card, "leak") == "0.1 [0.05 to 0.2]");
  CHECK(field(*card, "present when") == "The hip does not reach neutral.");
  CHECK(field(*card, "lateral") == "yes");
  CHECK(has_relation(*card, "is brought about by", "long-sitting"));
  CHECK(has_relation(*card, "brings about", "forward-tilt"));
  CHECK(has_relation(*card, "is read by", "thomas"));
  CHECK(has_relation(*card, "is treated by", "hip-flexor-stretch"));
  REQUIRE(card->sources.size() == 1);
  CHECK(card->sources[0].claim == "c1");
  CHECK(card->sources[0].title == "[descr.] A cohort");
  CHECK(card->level == "low");
  CHECK(card->from.plugin == "org.posterior.core");
  CHECK(card->from.where.file == "knowledge/world.toml");
}

TEST_CASE("a cut link is shown with its reason") {
  const auto card = show(*world(), "forward-tilt");
  REQUIRE(card);
  const auto at = std::find_if(card->relations.begin(), card->relations.end(), [](const relation& r) {
    return r.label == "brings about" && r.id == "hip-flexor-short";
  });
  REQUIRE(at != card->relations.end());
  CHECK(at->detail == "sometimes = 0.32 [0.18 to 0.47], cut: It would close a loop.");
}

TEST_CASE("an item is shown by its alias, and links by what they join") {
  const auto s = world();
  REQUIRE(show(*s, "thomas-test"));
  CHECK(show(*s, "thomas-test")->id == "thomas");
  REQUIRE(show(*s, "link.long-sitting.hip-flexor-short"));
  CHECK(field(*show(*s, "link.long-sitting.hip-flexor-short"), "p") == "often = 0.65 [0.5 to 0.78]");
  CHECK_FALSE(show(*s, "nothing"));
}

TEST_CASE("a claim and a source say who rests on them") {
  const auto s = world();
  CHECK(has_relation(*show(*s, "c1"), "is named by (claims)", "thomas"));
  CHECK(has_relation(*show(*s, "guide-1"), "is named by (sources)", "red-bladder"));
  CHECK(has_relation(*show(*s, "mat"), "is named by (equipment)", "hip-flexor-stretch"));
}

TEST_CASE("an exercise shows its dose and its ladder") {
  const auto card = show(*world(), "hip-flexor-stretch");
  REQUIRE(card);
  CHECK(field(*card, "dose: sets") == "2 to 3");
  CHECK(field(*card, "dose: hold s") == "30");
  CHECK(has_relation(*card, "harder", "band-bridge"));
  CHECK(has_relation(*card, "avoid", "pc-back-pain"));
  CHECK(has_relation(*card, "is given for", "hip-flexor-short"));
}

TEST_CASE("a card names the plugins whose statements name the item, most first") {
  const auto m = merge(bundles_with({{"a", two_states_after("hip-flexor-short")}}));
  const auto s = index(snapshot(m.content));
  const auto card = show(*s, "hip-flexor-short");
  REQUIRE(card);
  REQUIRE(card->users.size() == 2);
  CHECK(card->users[0].plugin == "org.posterior.core");
  CHECK(card->users[1].plugin == "com.a.pack");
  CHECK(card->users[1].statements == 2);
  for (const relation& r : card->relations)
    CHECK(r.plugin == (r.id.starts_with("a:") ? "com.a.pack" : ""));
}

TEST_CASE("of many relations a card holds the first of each label, and counts the others") {
  const auto s = world();
  const auto whole = show(*s, "c1"), part = show(*s, "c1", 2);
  REQUIRE(whole);
  CHECK(whole->left.empty());
  REQUIRE(whole->relations.size() > 4);
  REQUIRE(part->left.size() == 1);
  CHECK(part->left[0].label == "is named by (claims)");
  const auto of_claims = static_cast<std::size_t>(
      std::count_if(whole->relations.begin(), whole->relations.end(),
                    [](const relation& r) { return r.label == "is named by (claims)"; }));
  CHECK(part->left[0].count == of_claims - 2);
  CHECK(part->relations.size() + part->left[0].count == whole->relations.size());
  CHECK(part->relations[0].id == whole->relations[0].id);
}

TEST_CASE("the index of who names what holds each statement under every label, and nothing else") {
  const auto s = world();
  std::size_t found = 0;
  each_kind(s->all, [&](std::string_view, const auto& list) {
    for (const auto& item : list) {
      std::set<std::pair<std::string, std::string>> named; // label and id
      each_reference visitor(
          [&](std::string_view label, const std::string& id) { named.emplace(label, id); });
      references(visitor, item);
      found += named.size();
      for (const auto& [label, id] : named) {
        const auto uses = s->users().of(id);
        CHECK(std::any_of(uses.begin(), uses.end(), [&, wanted = label](const use& u) {
          return u.label == wanted && s->users().plugins()[u.plugin] == item.from.plugin;
        }));
      }
    }
  });
  std::set<std::string> ids;
  std::size_t indexed = 0;
  each_kind(s->all, [&](std::string_view, const auto& list) {
    for (const auto& item : list)
      if (ids.insert(id_of(item)).second)
        indexed += s->users().of(id_of(item)).size();
  });
  CHECK(found > 50);
  CHECK(indexed == found);
  CHECK(s->users().of("nothing").empty());
}

TEST_CASE(
    "an id that nothing defines is told with what sleeps waiting for it, and a sleeper with what it misses") {
  const auto s = world();
  const absent_id missing = absence_of(*s, "not-there-yet");
  CHECK(missing.sleeps.empty());
  REQUIRE(missing.waiting.size() == 1);
  CHECK(missing.waiting[0].statement == "link.not-there-yet.nerve-tension");
  const absent_id asleep = absence_of(*s, "link.not-there-yet.nerve-tension");
  REQUIRE(asleep.sleeps.size() == 1);
  CHECK(asleep.sleeps[0].missing == "not-there-yet");
  CHECK(absence_of(*s, "thomas").waiting.empty());
}

TEST_CASE("what an item goes on without is on its card") {
  const auto m = merge(bundles_with(
      {{"a", "[[finding]]\nid = \"a:f\"\nname = \"F\"\nkind = \"sign\"\nquestion = \"Q?\"\nfamily = "
             "\"not-yet\"\njudgement = \"J.\"\n"}}));
  const auto card = show(*index(snapshot(m.content)), "a:f");
  REQUIRE(card);
  CHECK(card->missing == std::vector<std::string>{"not-yet"});
  CHECK(show(*world(), "thomas")->missing.empty());
}

TEST_CASE("a list is narrowed to a plugin and a grade") {
  const auto s = world();
  for (const listed& one : list(*s, "claim", {"org.posterior.core", "", "", grade::low, false})) {
    CHECK(one.plugin == "org.posterior.core");
    CHECK(one.level == "low");
  }
  const auto all = list(*s, "link").size();
  std::size_t by_grade = 0;
  for (const auto level : {grade::high, grade::moderate, grade::low, grade::very_low, grade::opinion})
    by_grade += list(*s, "link", {"", "", "", level, false}).size();
  CHECK(by_grade == all);
  CHECK(list(*s, "link", {"org.posterior.none", "", "", std::nullopt, false}).empty());
}

TEST_CASE("a misspelt id has near ones") {
  const auto near = near_ids(*world(), "hip-flexor-shrot");
  REQUIRE_FALSE(near.empty());
  CHECK(near[0] == "hip-flexor-short");
}

TEST_CASE("kinds of states are listed apart and together") {
  const auto s = world();
  CHECK(list(*s, "state").size() == 5);
  CHECK(list(*s, "cause").size() == 2);
  CHECK(list(*s, "planet").empty());
  const std::set<std::string_view> none{"symptom", "home",       "message",    "change", "withdrawal",
                                        "draft",   "suspension", "retirement", "text"};
  for (const auto kind : kinds())
    CHECK((none.contains(kind) || !list(*s, kind).empty()));
}

TEST_CASE("search finds words by their beginning, the name before the text") {
  search_index texts(*world());
  const auto found = texts.search({"hip flex", "", "", std::nullopt, 20});
  REQUIRE_FALSE(found.hits.empty());
  CHECK(found.hits[0].id == "hip-flexor-short");
  CHECK(found.hits[0].excerpt.find('[') != std::string::npos);
  CHECK(texts.search({"lunge", "", "", std::nullopt, 20}).hits.at(0).id == "hip-flexor-stretch");
}

TEST_CASE("search can be narrowed to kind, plugin and grade, and is limited") {
  search_index texts(*world());
  for (const search_hit& h : texts.search({"hip", "exercise", "", std::nullopt, 20}).hits)
    CHECK(h.kind == "exercise");
  CHECK(ids(texts.search({"slump", "", "org.posterior.nerve", std::nullopt, 20})).size() >= 2);
  CHECK(texts.search({"slump", "", "org.posterior.core", std::nullopt, 20}).hits.empty());
  for (const search_hit& h : texts.search({"hip", "", "", grade::moderate, 20}).hits)
    CHECK(h.level == "moderate");
  CHECK(texts.search({"hip", "", "", std::nullopt, 1}).hits.size() == 1);
}

TEST_CASE("operators, quotes and emptiness in a query are plain text") {
  search_index texts(*world());
  CHECK(texts.search({"", "", "", std::nullopt, 20}).hits.empty());
  CHECK(texts.search({"zzzz OR hip", "", "", std::nullopt, 20}).hits.empty());
  CHECK(texts.search({"hip\" ) NEAR(zzzz", "", "", std::nullopt, 20}).hits.empty());
  CHECK(texts.search({"\"*'", "", "", std::nullopt, 20}).hits.empty());
  CHECK_FALSE(texts.search({"(hip)", "", "", std::nullopt, 20}).hits.empty());
}

} // namespace posterior::kb
