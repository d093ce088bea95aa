#include <algorithm>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "kb/canonical.hpp"
#include "tests/kb/world.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;

namespace posterior::kb {
namespace {

const link* find_link(const snapshot& s, std::string_view from, std::string_view to) {
  for (const link& l : s.all.links)
    if (l.source == from && l.target == to)
      return &l;
  return nullptr;
}

std::string claim_text(const std::string& prefix, const std::string& id, const std::string& level) {
  return "[[claim]]\nid = \"" + prefix + ":" + id + "\"\ntext = \"Own.\"\nsource = \"cohort-1\"\ngrade = \"" +
         level + "\"\nseen = \"abstract\"\n";
}

std::string link_text(const std::string& p, const std::string& claim, const std::string& extra = "") {
  return "[[link]]\nfrom = \"long-sitting\"\nto = \"forward-tilt\"\np = " + p +
         "\nbecause = \"So it is.\"\nclaims = [\"" + claim + "\"]\n" + extra;
}

const bundle& named(const merge_result& m, std::string_view id) {
  return *std::find_if(m.bundles.begin(), m.bundles.end(), [&](const bundle& b) { return b.about.id == id; });
}

} // namespace

TEST_CASE("the base world merges without an error and one link of it sleeps") {
  const auto m = merge(base_bundles());
  REQUIRE(m.usable);
  for (const bundle& b : m.bundles)
    CHECK_FALSE(has_errors(b.problems));
  REQUIRE(m.content.asleep.size() == 1);
  CHECK(m.content.asleep[0].statement == "link.not-there-yet.nerve-tension");
  CHECK(m.content.asleep[0].missing == "not-there-yet");
  CHECK_FALSE(find_link(m.content, "not-there-yet", "nerve-tension"));
}

TEST_CASE("what a refused bundle says about findings and people stands in nobody's way") {
  const std::string states = "[[state]]\nid = \"%:s\"\nname = \"S\"\nkind = \"impairment\"\npresent_when = "
                             "\"So.\"\nleak = [0.1, 0.05, 0.2]\njudgement = \"Ours.\"\n";
  const auto state_of = [&](const std::string& prefix) {
    std::string out = states;
    return out.replace(out.find('%'), 1, prefix);
  };
  const auto finding = [](const std::string& id) {
    return "[[finding]]\nid = \"" + id +
           "\"\nname = \"F\"\nkind = \"sign\"\nquestion = \"Is it?\"\njudgement = \"Ours.\"\n";
  };
  const auto reads = [](const std::string& id, const std::string& of) {
    return "[[observes]]\nfinding = \"" + id + "\"\nstate = \"" + of +
           "\"\nread = \"told\"\njudgement = \"Ours.\"\n";
  };
  const std::string women = "[[prior]]\nstate = \"%\"\nsex = \"female\"\nleak = [0.2, 0.1, 0.3]\njudgement = "
                            "\"Ours.\"\n";
  const auto prior_of = [&](const std::string& of) {
    std::string out = women;
    return out.replace(out.find('%'), 1, of);
  };
  const std::string by_age =
      "[[prior]]\nstate = \"a:s\"\nage = [40, 60]\nleak = [0.2, 0.1, 0.3]\njudgement = \"Ours.\"\n";
  // b reads a finding of a for its own state and speaks about women, and is refused for a second reading of
  // its own finding; c does the same as b's first reading.
  const auto m = merge(bundles_with({{"a", state_of("a") + finding("a:f")},
                                     {"b", state_of("b") + finding("b:f") + reads("a:f", "b:s") +
                                               reads("b:f", "a:s") + reads("b:f", "b:s") + prior_of("a:s")},
                                     {"c", state_of("c") + reads("a:f", "c:s") + by_age}}));
  CHECK(has_errors(named(m, "com.b.pack").problems));
  CHECK_FALSE(has_errors(named(m, "com.c.pack").problems));
  CHECK(std::any_of(m.content.all.readings.begin(), m.content.all.readings.end(),
                    [](const observes& o) { return o.finding == "a:f" && o.state == "c:s"; }));
  CHECK(std::count_if(m.content.all.priors.begin(), m.content.all.priors.end(),
                      [](const prior& p) { return p.state == "a:s"; }) == 1);
}

TEST_CASE("all orders of five bundles give the same digest") {
  auto bundles = bundles_with({{"a", claim_text("a", "k1", "low") + link_text("[0.2, 0.1, 0.3]", "a:k1")},
                               {"b", claim_text("b", "k1", "low") + link_text("[0.7, 0.6, 0.8]", "b:k1")},
                               {"c", claim_text("c", "k1", "low") + link_text("[0.5, 0.2, 0.7]", "a:k1")}});
  REQUIRE(bundles.size() == 5);
  std::vector<std::size_t> order{0, 1, 2, 3, 4};
  std::string digest, asleep;
  do {
    std::vector<bundle> shuffled;
    for (const std::size_t i : order)
      shuffled.push_back(bundles[i]);
    const auto m = merge(std::move(shuffled));
    REQUIRE(m.usable);
    if (digest.empty())
      digest = m.content.digest;
    REQUIRE(m.content.digest == digest);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("the order of statements within a bundle is not seen in the digest") {
  auto bundles = base_bundles();
  const std::string before = merge(bundles).content.digest;
  for (bundle& b : bundles) {
    std::reverse(b.says.states.begin(), b.says.states.end());
    std::reverse(b.says.links.begin(), b.says.links.end());
    std::reverse(b.says.claims.begin(), b.says.claims.end());
  }
  CHECK(merge(bundles).content.digest == before);
}

TEST_CASE("the same claim cited twice for one link counts once") {
  const auto once = merge(
      bundles_with({{"a", link_text("[0.2, 0.1, 0.3]", "c1")}, {"b", link_text("[0.6, 0.5, 0.9]", "c3")}}));
  const auto twice = merge(bundles_with({{"a", link_text("[0.2, 0.1, 0.3]", "c1")},
                                         {"b", link_text("[0.6, 0.5, 0.9]", "c3")},
                                         {"c", link_text("[0.2, 0.1, 0.3]", "c1")}}));
  REQUIRE(find_link(once.content, "long-sitting", "forward-tilt"));
  CHECK_THAT(find_link(twice.content, "long-sitting", "forward-tilt")->p.mean,
             WithinAbs(find_link(once.content, "long-sitting", "forward-tilt")->p.mean, 1e-15));
}

TEST_CASE("at equal grade the mean of the log-odds and the hull of the intervals hold") {
  const auto m = merge(
      bundles_with({{"a", link_text("[0.2, 0.1, 0.3]", "c1")}, {"b", link_text("[0.8, 0.25, 0.9]", "c3")}}));
  const link* l = find_link(m.content, "long-sitting", "forward-tilt");
  REQUIRE(l);
  CHECK_THAT(l->p.mean, WithinAbs(0.5, 1e-12));
  CHECK(l->p.low == 0.1);
  CHECK(l->p.high == 0.9);
  CHECK(l->rests_on.claims == std::vector<std::string>{"c1", "c3"});
  CHECK(l->rests_on.level == grade::low);
}

TEST_CASE("the best grade wins") {
  const auto m = merge(
      bundles_with({{"a", link_text("[0.2, 0.1, 0.3]", "c1")}, {"b", link_text("[0.5, 0.25, 0.9]", "c2")}}));
  const link* l = find_link(m.content, "long-sitting", "forward-tilt");
  REQUIRE(l);
  CHECK(l->p.mean == 0.5);
  CHECK(l->p.low == 0.25);
  CHECK(l->rests_on.level == grade::moderate);
}

TEST_CASE("disjoint intervals of different claims become a tension") {
  const auto m = merge(
      bundles_with({{"a", link_text("[0.2, 0.1, 0.3]", "c1")}, {"b", link_text("[0.8, 0.7, 0.9]", "c3")}}));
  const auto s = index(snapshot(m.content));
  const tension* t = s->find_tension("tension.link.long-sitting.forward-tilt");
  REQUIRE(t);
  CHECK(t->text == "How often long-sitting brings about forward-tilt: com.a.pack says 0.2 (0.1 to 0.3), "
                   "com.b.pack says 0.8 (0.7 to 0.9).");
  CHECK(t->between == std::vector<std::vector<std::string>>{{"c1"}, {"c3"}});
  const auto agreed = merge(
      bundles_with({{"a", link_text("[0.2, 0.1, 0.3]", "c1")}, {"b", link_text("[0.4, 0.3, 0.9]", "c3")}}));
  CHECK(agreed.content.all.tensions.size() == 1);
}

TEST_CASE("a word that several bundles use for one link stays a word") {
  const auto m =
      merge(bundles_with({{"a", link_text("\"often\"", "c1")}, {"b", link_text("\"often\"", "c3")}}));
  const link* l = find_link(m.content, "long-sitting", "forward-tilt");
  REQUIRE(l);
  CHECK(l->p.word == "often");
  CHECK(l->p.mean == 0.65);
}

TEST_CASE("a link that one bundle cuts is cut") {
  const auto m =
      merge(bundles_with({{"a", link_text("\"often\"", "c2")},
                          {"b", link_text("\"often\"", "c3", "cut = true\ncut_reason = \"R.\"\n")}}));
  const link* l = find_link(m.content, "long-sitting", "forward-tilt");
  REQUIRE(l);
  CHECK(l->cut);
  CHECK(l->cut_reason == "R.");
}

TEST_CASE("of two doses of equal grade every field takes the gentler") {
  const auto text = [](const char* dose, const char* claim) {
    return "[[indication]]\nexercise = \"band-bridge\"\ncause = \"forward-tilt\"\nrole = "
           "\"supporting\"\npurpose = "
           "\"P.\"\ndose = " +
           std::string(dose) + "\nclaims = [\"" + claim + "\"]\n";
  };
  const auto m =
      merge(bundles_with({{"a", text("{ sets = 3, reps = { min = 8, max = 10 }, rest_s = 30 }", "c1")},
                          {"b", text("{ sets = 2, reps = { min = 6, max = 12 }, rest_s = 60 }", "c3")}}));
  const auto s = index(snapshot(m.content));
  const auto list = s->indications_of("band-bridge");
  REQUIRE(list.size() == 1);
  REQUIRE(list[0]->how_much);
  CHECK(list[0]->how_much->sets == range{2, 2});
  CHECK(list[0]->how_much->reps == range{8, 10});
  CHECK(list[0]->how_much->rest_s == range{60, 60});
}

TEST_CASE("opinions that point in opposite directions become a tension") {
  const auto text = [](const char* word, const char* claim) {
    return "[[observes]]\nfinding = \"sx-back-pain\"\nstate = \"forward-tilt\"\nopinion = \"" +
           std::string(word) + "\"\nclaims = [\"" + claim + "\"]\n";
  };
  const auto m = merge(bundles_with({{"a", text("supports", "c1")}, {"b", text("weakly-against", "c3")}}));
  CHECK(std::any_of(m.content.all.tensions.begin(), m.content.all.tensions.end(),
                    [](const tension& t) { return t.id == "tension.observes.sx-back-pain.forward-tilt"; }));
}

TEST_CASE("a sleeping link wakes when a bundle defines what it names") {
  const auto m = merge(bundles_with({}));
  CHECK(m.content.asleep.size() == 1);
  auto bundles = base_bundles();
  state s;
  s.id = "not-there-yet";
  s.rests_on.judgement = "Made up.";
  s.from.plugin = "org.posterior.nerve";
  bundles[1].says.states.push_back(s);
  const auto awake = merge(std::move(bundles));
  CHECK(awake.content.asleep.empty());
  CHECK(find_link(awake.content, "not-there-yet", "nerve-tension"));
}

TEST_CASE("what rests on an unknown claim sleeps, and what speaks about that too") {
  const auto m = merge(bundles_with(
      {{"a", "[[state]]\nid = \"a:new\"\nname = \"N\"\nkind = \"cause\"\npresent_when = \"P.\"\nleak = "
             "\"rarely\"\nclaims = [\"c99\"]\n[[link]]\nfrom = \"a:new\"\nto = \"forward-tilt\"\np = "
             "\"often\"\nbecause = \"B.\"\njudgement = \"J.\"\n"}}));
  REQUIRE(m.content.asleep.size() == 3);
  CHECK(m.content.asleep[0].statement == "a:new");
  CHECK(m.content.asleep[1].statement == "link.a:new.forward-tilt");
}

TEST_CASE("a hint for a missing id names what is there, as often as it is missed, and never what sleeps") {
  const auto link = [](const char* from, const char* to) {
    return "[[link]]\nfrom = \"" + std::string(from) + "\"\nto = \"" + to +
           "\"\np = \"often\"\nbecause = \"B.\"\njudgement = \"J.\"\n";
  };
  const auto m = merge(bundles_with(
      {{"a",
        link("forward-tild", "nerve-tension") + link("forward-tild", "hip-flexor-short") +
            link("a:asleeq", "forward-tilt") +
            "[[state]]\nid = \"a:asleep\"\nname = \"N\"\nkind = \"cause\"\npresent_when = \"P.\"\nleak = "
            "\"rarely\"\nclaims = [\"c99\"]\n"}}));
  const std::string told = all_problems(m.bundles);
  const auto first = told.find("did you mean \"forward-tilt\"?");
  REQUIRE(first != std::string::npos);
  CHECK(told.find("did you mean \"forward-tilt\"?", first + 1) != std::string::npos);
  CHECK_THAT(told, ContainsSubstring("names the state \"a:asleeq\""));
  CHECK_THAT(told, !ContainsSubstring("did you mean \"a:asleep\"?"));
}

TEST_CASE(
    "an exercise goes on without a precaution that no bundle defines, and the snapshot does not name it") {
  const auto m = merge(bundles_with(
      {{"a",
        "[[exercise]]\nid = \"a:ex\"\nname = \"N\"\npurpose = \"P.\"\nphase = \"neural\"\nirritability = "
        "\"low\"\navoid = [\"pc-back-pain\", \"pc-back-pian\"]\njudgement = \"J.\"\ndose = { sets = 1 "
        "}\n"}}));
  const auto s = index(snapshot(m.content));
  REQUIRE(s->find_exercise("a:ex"));
  CHECK(s->find_exercise("a:ex")->avoid == std::vector<std::string>{"pc-back-pain"});
  CHECK_THAT(all_problems(m.bundles), ContainsSubstring("did you mean \"pc-back-pain\"?"));
}

TEST_CASE("an alternative with a finding that no bundle defines is taken out of a condition") {
  const auto m = merge(bundles_with(
      {{"a", "[[precaution]]\nid = \"a:pc-x\"\nname = \"N\"\neffect = \"warn\"\nwhy = \"W.\"\nwhen = "
             "[[\"sx-back-pain\", \"nowhere\"], [\"red-bladder\"]]\nall = true\njudgement = \"J.\"\n"},
       {"b", "[[precaution]]\nid = \"b:pc-x\"\nname = \"N\"\neffect = \"warn\"\nwhy = \"W.\"\nwhen = "
             "[[\"nowhere\"]]\nall = true\njudgement = \"J.\"\n"}}));
  const auto s = index(snapshot(m.content));
  REQUIRE(s->find_precaution("a:pc-x"));
  REQUIRE(s->find_precaution("a:pc-x")->when.size() == 1);
  CHECK(s->find_precaution("a:pc-x")->when[0][0].finding == "red-bladder");
  CHECK_FALSE(s->find_precaution("b:pc-x"));
}

TEST_CASE("grade and seen come from the claims where the statement gives none") {
  const auto s = index(merge(base_bundles()).content);
  CHECK(s->find_state("hip-flexor-short")->rests_on.level == grade::low);
  CHECK(s->find_state("hip-flexor-short")->rests_on.seen == seen_as::abstract);
  CHECK(s->find_state("forward-tilt")->rests_on.seen == seen_as::full_text);
  CHECK(s->find_state("long-sitting")->rests_on.level == grade::opinion);
  CHECK(s->find_state("long-sitting")->rests_on.seen == seen_as::judgement);
}

TEST_CASE("a clinic's bundle that closes a loop is refused and the bundled one stays") {
  const auto m = merge(bundles_with({{"a", "[[link]]\nfrom = \"nerve-tension\"\nto = \"forward-tilt\"\np = "
                                           "\"often\"\nbecause = \"B.\"\njudgement = \"J.\"\n"}}));
  CHECK(m.usable);
  CHECK(has_errors(named(m, "com.a.pack").problems));
  CHECK_FALSE(has_errors(named(m, "org.posterior.nerve").problems));
  CHECK(find_link(m.content, "forward-tilt", "nerve-tension"));
}

TEST_CASE("two clinics' bundles that close a loop together are both refused") {
  const auto text = [](const char* from, const char* to) {
    return "[[link]]\nfrom = \"" + std::string(from) + "\"\nto = \"" + to +
           "\"\np = \"often\"\nbecause = \"B.\"\njudgement = \"J.\"\n";
  };
  const auto m = merge(bundles_with({{"a", text("cauda-equina", "forward-tilt")},
                                     {"b", text("forward-tilt", "cauda-equina")},
                                     {"c", text("long-sitting", "cauda-equina")}}));
  CHECK(has_errors(named(m, "com.a.pack").problems));
  CHECK(has_errors(named(m, "com.b.pack").problems));
  CHECK_FALSE(has_errors(named(m, "com.c.pack").problems));
}

TEST_CASE("a loop within the core refuses the core and is named") {
  auto bundles = base_bundles();
  for (link& l : bundles[0].says.links)
    l.cut = false;
  const auto m = merge(std::move(bundles));
  CHECK_FALSE(m.usable);
  REQUIRE(m.content.loops.size() == 1);
  CHECK(m.content.loops[0] == "forward-tilt -> hip-flexor-short -> forward-tilt (claims c2)");
}

TEST_CASE("without a core there is nothing to reason with") {
  auto bundles = base_bundles();
  bundles.erase(bundles.begin());
  CHECK_FALSE(merge(std::move(bundles)).usable);
}

TEST_CASE("every statement reads back from its canonical text as the same text") {
  const auto m = merge(base_bundles());
  for (const canonical_line& l : canonical_lines(m.content.all, m.content.words)) {
    statements back;
    scale words;
    INFO(l.text);
    REQUIRE(read_canonical(l.text, l.from ? *l.from : origin{}, back, words));
    const auto again = canonical_lines(back, words);
    const auto same = [&](const canonical_line& x) { return x.text == l.text; };
    CHECK(std::any_of(again.begin(), again.end(), same));
  }
}

TEST_CASE("a canonical text with an unknown word or kind is not read") {
  statements into;
  scale words;
  CHECK_FALSE(read_canonical(R"({"statement":"planet","id":"x"})", {}, into, words));
  CHECK_FALSE(read_canonical(R"({"statement":"state","id":"x","kind":"planet"})", {}, into, words));
  CHECK_FALSE(read_canonical(R"({"statement":"state","id":7})", {}, into, words));
  CHECK_FALSE(read_canonical("{", {}, into, words));
}

TEST_CASE("any change of a statement changes the digest, and where it stands does not") {
  auto bundles = base_bundles();
  const std::string before = merge(bundles).content.digest;
  auto moved = bundles;
  for (bundle& b : moved) {
    b.location = "/elsewhere";
    for (state& s : b.says.states)
      s.from.where.line += 7;
  }
  CHECK(merge(moved).content.digest == before);
  bundles[0].says.states[0].leak.mean += 1e-9;
  CHECK(merge(bundles).content.digest != before);
}

} // namespace posterior::kb
