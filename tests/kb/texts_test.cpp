// Codes, levels of evidence, and words in other languages and for patients.
#include <algorithm>

#include <catch2/catch_test_macros.hpp>

#include "kb/canonical.hpp"
#include "kb/codec.hpp"
#include "kb/reader.hpp"
#include "kb/show.hpp"
#include "tests/kb/reads_back.hpp"
#include "tests/kb/world.hpp"

namespace posterior::kb {
namespace {

const std::string german = "[[text]]\nof = \"forward-tilt\"\nlang = \"de\"\nname = \"Beckenkippung\"\n";
const std::string plain = "[[text]]\nof = \"forward-tilt\"\nlang = \"en\"\naudience = \"patient\"\n"
                          "text = \"Your pelvis tips forward.\"\njudgement = \"Plain words.\"\n";
const std::string coded =
    "[[state]]\nid = \"a:coded\"\nname = \"S\"\nkind = \"risk\"\npresent_when = \"It is.\"\n"
    "leak = \"rarely\"\njudgement = \"J.\"\n"
    "codes = [{ system = \"icf\", code = \"b7300\", relation = \"close\", seen = \"memory\" },"
    "{ system = \"loinc\", code = \"29463-7\", relation = \"broad\", seen = \"abstract\" }]\n";
const std::string studies =
    "[[source]]\nid = \"a:trial\"\ntitle = \"T\"\nseen = \"abstract\"\noxford = 2\nlicence = \"CC-BY-4.0\"\n"
    "[[source]]\nid = \"a:page\"\ntitle = \"T\"\nseen = \"abstract\"\n"
    "[[claim]]\nid = \"a:one\"\ntext = \"It is.\"\nsource = \"a:trial\"\ngrade = \"low\"\nseen = "
    "\"abstract\"\n"
    "[[claim]]\nid = \"a:two\"\ntext = \"It is.\"\nsource = \"a:trial\"\ngrade = \"low\"\nseen = "
    "\"abstract\"\n"
    "oxford = 4\n"
    "[[claim]]\nid = \"a:three\"\ntext = \"It is.\"\nsource = \"a:page\"\ngrade = \"low\"\nseen = "
    "\"abstract\"\n";

merge_result with(const std::string& statements_text) {
  return merge(bundles_with({{"a", statements_text}}));
}

} // namespace

TEST_CASE("codes, levels, licences and texts read back from their canonical and compiled forms as the same") {
  const auto m = with(german + plain + coded + studies);
  INFO(all_problems(m.bundles));
  REQUIRE(m.content.all.texts.size() == 2);
  check_reads_back(m);
  const auto& states = m.content.all.states;
  const auto at =
      std::find_if(states.begin(), states.end(), [](const state& s) { return s.id == "a:coded"; });
  REQUIRE(at->codes.size() == 2);
  CHECK(at->codes[1] == code{"loinc", "29463-7", "broad", seen_as::abstract});
}

TEST_CASE("a claim has the Oxford level of its source unless it says its own") {
  const auto s = index(with(studies).content);
  CHECK(s->find_claim("a:one")->oxford == "2");
  CHECK(s->find_claim("a:two")->oxford == "4");
  CHECK(s->find_claim("a:three")->oxford.empty());
  CHECK(s->find_source("a:trial")->licence == "CC-BY-4.0");
}

TEST_CASE("the texts of an item are found by its id, those for clinicians first") {
  const auto s = index(with(plain + german).content);
  const auto texts = s->texts_of("forward-tilt");
  REQUIRE(texts.size() == 2);
  CHECK(texts[0]->id() == "text.forward-tilt.de");
  CHECK(texts[1]->id() == "text.forward-tilt.en.patient");
  CHECK(s->texts_of("long-sitting").empty());
}

TEST_CASE("a text about something unknown sleeps, and wakes when it is defined") {
  const std::string text = "[[text]]\nof = \"a:coded\"\nlang = \"de\"\nname = \"N\"\n";
  const auto alone = with(text);
  CHECK(alone.content.all.texts.empty());
  CHECK(std::any_of(alone.content.asleep.begin(), alone.content.asleep.end(), [](const dormant& d) {
    return d.statement == "text.a:coded.de" && d.missing == "a:coded";
  }));
  CHECK(with(text + coded).content.all.texts.size() == 1);
}

TEST_CASE("texts and codes change the digest, and nothing else that is said") {
  const auto without = with("");
  const auto some = with(german);
  CHECK(without.content.digest != some.content.digest);
  CHECK(count(some.content.all) == count(without.content.all) + 1);
}

TEST_CASE("the card of an item holds its words, those for clinicians first, name before the rest") {
  const auto card = show(*index(with(plain + german).content), "forward-tilt");
  REQUIRE(card);
  REQUIRE(card->words.size() == 2);
  CHECK(card->words[0].lang == "de");
  CHECK_FALSE(card->words[0].patient);
  CHECK(card->words[0].fields == std::vector<std::pair<std::string, std::string>>{{"name", "Beckenkippung"}});
  CHECK(card->words[1].patient);
  CHECK(card->words[1].fields.front().second == "Your pelvis tips forward.");
}

} // namespace posterior::kb
