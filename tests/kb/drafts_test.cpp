// Drafts, their review, and ids that are used no more.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/kb/overlay_world.hpp"

using Catch::Matchers::ContainsSubstring;

namespace posterior::kb {
namespace {

const std::string id = "link.long-sitting.forward-tilt";

std::string draft_link(const std::string& p = "[0.2, 0.1, 0.3]") {
  return "[[link]]\nfrom = \"long-sitting\"\nto = \"forward-tilt\"\np = " + p +
         "\nbecause = \"So it is.\"\nclaims = [\"c1\"]\nreview = \"draft\"\n";
}

std::string verdict(const std::string& what, const std::string& digest, const std::string& by,
                    const std::string& on = id) {
  return "[[review]]\nstatement = \"" + on + "\"\nverdict = \"" + what + "\"\ndigest = \"" + digest +
         "\"\nby = \"" + by + "\"\nwhen = \"2026-11-02\"\nreason = \"Read it.\"\n";
}

const draft& only_draft(const merge_result& m) {
  REQUIRE(m.content.all.drafts.size() == 1);
  return m.content.all.drafts[0];
}

std::string digest_of(const packs& beside) {
  return only_draft(merged_with("", beside)).digest;
}

} // namespace

TEST_CASE("a draft does not reason, is listed with its text, and is no part of the digest") {
  const auto m = merged_with("", {{"a", draft_link()}});
  CHECK(text_of(m, id).empty());
  CHECK(only_draft(m).statement == id);
  CHECK(only_draft(m).status == review_status::draft);
  CHECK_THAT(only_draft(m).text, ContainsSubstring("[0.2,0.1,0.3]"));
  CHECK(m.content.digest == merged_with("").content.digest);
}

TEST_CASE("what names a draft sleeps until it is active") {
  const std::string state =
      "[[state]]\nid = \"a:s\"\nname = \"S\"\nkind = \"cause\"\npresent_when = \"P.\"\nleak = "
      "\"rarely\"\njudgement = \"J.\"\nreview = \"draft\"\n";
  const std::string link = "[[link]]\nfrom = \"forward-tilt\"\nto = \"a:s\"\np = 'rarely'\nbecause = "
                           "\"B.\"\njudgement = \"J.\"\n";
  const packs with{{"a", state + link}};
  const auto m = merged_with("", with);
  CHECK(text_of(m, "link.forward-tilt.a:s").empty());
  CHECK_THAT(all_problems(m.bundles),
             ContainsSubstring("names the state \"a:s\", which is a draft: it sleeps"));
  const std::string digest = digest_of(with);
  const auto active =
      merged_with(verdict("accept", digest, "A", "a:s") + verdict("accept", digest, "B", "a:s"), with);
  INFO(told(active.overlay));
  CHECK_FALSE(text_of(active, "link.forward-tilt.a:s").empty());
}

TEST_CASE("two people accept a draft before it reasons; the second acceptance by one person does not count") {
  const packs with{{"a", draft_link()}};
  const std::string digest = digest_of(with);
  const auto one = merged_with(verdict("accept", digest, "A. Smith"), with);
  CHECK(only_draft(one).status == review_status::reviewed);
  CHECK(only_draft(one).by == "A. Smith");
  CHECK(text_of(one, id).empty());
  const auto same =
      merged_with(verdict("accept", digest, "A. Smith") + verdict("accept", digest, "a smith"), with);
  CHECK(only_draft(same).status == review_status::reviewed);
  CHECK(text_of(same, id).empty());
  CHECK_THAT(told(same.overlay), ContainsSubstring("kb.overlay-same-name: overlay.toml:9:1"));
  const auto two =
      merged_with(verdict("accept", digest, "A. Smith") + verdict("accept", digest, "B. Jones"), with);
  INFO(told(two.overlay));
  CHECK(two.overlay.problems.empty());
  CHECK(two.content.all.drafts.empty());
  CHECK_FALSE(text_of(two, id).empty());
  const change* c = change_of(two, id, "review");
  REQUIRE(c);
  CHECK(c->by == "B. Jones");
  // Reasoning with it is reasoning with what a bundle says plainly.
  const auto plain = merged_with("", {{"a", draft_link().substr(0, draft_link().find("review"))}});
  CHECK(text_of(two, id) == text_of(plain, id));
}

TEST_CASE("a rejected draft is retired with its reason, even after it was accepted") {
  const packs with{{"a", draft_link()}};
  const std::string digest = digest_of(with);
  for (const std::string& before : {std::string(), verdict("accept", digest, "A"),
                                    verdict("accept", digest, "A") + verdict("accept", digest, "B")}) {
    const auto m = merged_with(before + verdict("reject", digest, "C"), with);
    CHECK(only_draft(m).status == review_status::retired);
    CHECK(only_draft(m).reason == "Read it.");
    CHECK(text_of(m, id).empty());
    CHECK(text_of(merged_with(before + verdict("reject", digest, "C"), with, true), id).empty());
  }
}

TEST_CASE("a verdict on another text of the same id counts for nothing and is told") {
  const std::string digest = digest_of({{"a", draft_link()}});
  const std::string accepted = verdict("accept", digest, "A") + verdict("accept", digest, "B");
  const packs changed{{"a", draft_link("[0.3, 0.2, 0.4]")}};
  const auto m = merged_with(accepted, changed);
  CHECK(only_draft(m).status == review_status::draft);
  CHECK_THAT(told(m.overlay), ContainsSubstring("warning kb.overlay-other-text"));
  // Once the new text was judged, the old verdicts are history.
  const auto judged = merged_with(accepted + verdict("accept", digest_of(changed), "A"), changed);
  CHECK(judged.overlay.problems.empty());
  CHECK(only_draft(judged).status == review_status::reviewed);
}

TEST_CASE("with drafts they reason and are still listed") {
  const auto m = merged_with("", {{"a", draft_link()}}, true);
  CHECK_FALSE(text_of(m, id).empty());
  CHECK(only_draft(m).statement == id);
}

TEST_CASE("several bundles that draft one link are judged as one text in any order") {
  const packs one{{"a", draft_link()}, {"b", draft_link("[0.3, 0.2, 0.4]")}};
  const packs other{{"b", draft_link("[0.3, 0.2, 0.4]")}, {"a", draft_link()}};
  CHECK(digest_of(one) == digest_of(other));
  CHECK(digest_of(one) != digest_of({{"a", draft_link()}}));
}

TEST_CASE("what the clinic adds may be a draft too") {
  const auto m = merged_with(draft_link() + signed_by);
  CHECK(text_of(m, id).empty());
  CHECK(only_draft(m).statement == id);
  CHECK(m.overlay.entries[0].why == "it is a draft");
}

// --- retired ids --------------------------------------------------------------------

namespace {
const std::string retire =
    "[[retired]]\nid = \"a:old\"\nkind = \"state\"\nreplaced_by = \"a:s\"\nreason = \"It was two "
    "things.\"\n";
std::string state_named(const std::string& state) {
  return "[[state]]\nid = \"" + state +
         "\"\nname = \"S\"\nkind = \"cause\"\npresent_when = \"P.\"\nleak = \"rarely\"\njudgement = \"J.\"\n";
}
} // namespace

TEST_CASE("what names a retired id sleeps, and says what takes its place") {
  const std::string link = "[[link]]\nfrom = \"forward-tilt\"\nto = \"a:old\"\np = 'rarely'\nbecause = "
                           "\"B.\"\njudgement = \"J.\"\n";
  const auto m = merged_with("", {{"a", retire + state_named("a:s")}, {"b", link}});
  CHECK(text_of(m, "link.forward-tilt.a:old").empty());
  CHECK_THAT(
      all_problems(m.bundles),
      ContainsSubstring("names the state \"a:old\", which is retired (It was two things.): it sleeps\nhint: "
                        "\"a:s\" takes its place"));
  const auto s = index(snapshot(m.content));
  REQUIRE(s->find_retirement("a:old"));
  CHECK(s->find_retirement("a:old")->replaced_by == "a:s");
  CHECK_FALSE(s->find_retirement("a:s"));
}

TEST_CASE("a retired id cannot be defined again") {
  const auto m = merged_with("", {{"a", retire + state_named("a:old")}});
  CHECK_THAT(all_problems(m.bundles),
             ContainsSubstring("the id \"a:old\" was retired at /home/plugins/a.pack.toml"));
  CHECK(text_of(m, "a:old").empty());
}

} // namespace posterior::kb
