// What the clinic's overlay does to merged knowledge.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/kb/overlay_world.hpp"

using Catch::Matchers::ContainsSubstring;

namespace posterior::kb {
namespace {

const std::string tilt_link = "link.hip-flexor-short.forward-tilt";

std::string link_of(const std::string& p, const std::string& more = "") {
  return "[[link]]\nfrom = \"hip-flexor-short\"\nto = \"forward-tilt\"\np = " + p +
         "\nbecause = \"It pulls the pelvis.\"\nclaims = [\"c2\"]\n" + more;
}

merge_result bundled() {
  real_files files;
  diagnostics problems;
  const std::string root = POSTERIOR_SOURCE_DIR;
  return merge(discover(files,
                        {{root + "/kb", bundle_origin::program}, {root + "/plugins", bundle_origin::program}},
                        problems));
}

// A pack of the bundle's own words, once as they are and once with a value in another place.
std::string own_items(const std::string& leak, const std::string& sets, const std::string& cutoff,
                      const std::string& sensitivity) {
  return "[[state]]\nid = \"a:s\"\nname = \"S\"\nkind = \"cause\"\npresent_when = \"P.\"\nleak = " + leak +
         "\njudgement = \"J.\"\n[[exercise]]\nid = \"a:e\"\nname = \"E\"\npurpose = \"P.\"\nphase = "
         "\"mobility\"\nirritability = \"low\"\njudgement = \"J.\"\ndose = { sets = " +
         sets +
         ", reps = 8 }\n[[finding]]\nid = \"a:f\"\nname = \"F\"\nkind = \"test\"\nquestion = \"Q\"\nunit = "
         "\"deg\"\nrange = [0, 90]\ncutoff = { above = " +
         cutoff +
         " }\njudgement = \"J.\"\n[[observes]]\nfinding = \"a:f\"\nstate = \"a:s\"\naccuracy = { sensitivity "
         "= " +
         sensitivity + ", specificity = [0.7, 0.5, 0.9] }\njudgement = \"J.\"\n";
}

} // namespace

TEST_CASE("a field that the clinic sets is the statement that a bundle with that value says") {
  const auto plain = own_items("[0.1, 0.05, 0.2]", "3", "30", "[0.8, 0.6, 0.9]");
  const auto written = own_items("[0.4, 0.3, 0.5]", "2", "25", "[0.9, 0.8, 0.95]");
  const auto ours = merged_with(
      overriding("a:s", "leak = [0.4, 0.3, 0.5]") + overriding("a:e", "dose = { sets = 2 }") +
          overriding("a:f", "cutoff = { above = 25 }") +
          overriding("observes.a:f.a:s",
                     "accuracy = { sensitivity = [0.9, 0.8, 0.95], specificity = [0.7, 0.5, 0.9] }"),
      {{"a", plain}});
  const auto theirs = merged_with("", {{"a", written}});
  INFO(told(ours.overlay));
  CHECK(ours.overlay.problems.empty());
  for (const auto id : {"a:s", "a:e", "a:f", "observes.a:f.a:s"}) {
    INFO(id);
    CHECK(text_of(ours, id) == text_of(theirs, id));
    CHECK(text_of(ours, id) != text_of(merged_with("", {{"a", plain}}), id));
  }
  const change* sets = change_of(ours, "a:e", "dose.sets");
  REQUIRE(sets);
  CHECK(sets->before == "[3,3]");
  CHECK(sets->now == "[2,2]");
  CHECK(sets->by == "A. Smith");
  CHECK(sets->when == "2026-11-02");
  CHECK(sets->reason == "Our audit.");
  CHECK(ours.content.all.changes.size() == 4);
}

TEST_CASE("every bundled statement reads back from the form of a document as it was") {
  const auto m = bundled();
  REQUIRE(m.content.all.links.size() > 100);
  statements back;
  diagnostics problems;
  const auto check = [&](std::string_view kind, const auto& item) {
    using T = std::remove_cvref_t<decltype(item)>;
    INFO(canonical_text(item));
    node root, list;
    list.kind = node::type::array;
    list.items.push_back(document_form(kind, canonical_text(item)));
    root.kind = node::type::table;
    root.members.push_back({std::string(kind), list});
    reading_context context{std::string(item.from.plugin), "1.0.0", "", true, &m.content.words, "f", "f"};
    statements one;
    read_statements(root, context, false, one, problems);
    for (const diagnostic& d : problems)
      UNSCOPED_INFO(to_string(d));
    REQUIRE(problems.empty());
    each_kind(one, [&](std::string_view, const auto& read) {
      if constexpr (std::same_as<typename std::remove_cvref_t<decltype(read)>::value_type, T>) {
        REQUIRE(read.size() == 1);
        // A word of the scale comes back as its number.
        std::string was = canonical_text(item);
        for (const auto& [word, number] : m.content.words.words)
          for (auto at = was.find(",\"" + word + "\"]"); at != std::string::npos;
               at = was.find(",\"" + word + "\"]"))
            was.erase(at, word.size() + 3);
        CHECK(canonical_text(read.front()) == was);
      }
    });
  };
  each_kind(m.content.all, [&](std::string_view kind, const auto& items) {
    for (const auto& item : items)
      if (!id_of(item).starts_with("tension."))
        check(kind, item);
  });
}

TEST_CASE("the clinic's statement beats those of all bundles, whatever their grade") {
  const auto m = merged_with(link_of("[0.9, 0.8, 0.95]", signed_by), {{"a", link_of("[0.2, 0.1, 0.25]")}});
  INFO(told(m.overlay));
  CHECK(m.overlay.problems.empty());
  CHECK_THAT(text_of(m, tilt_link), ContainsSubstring("\"p\":[0.9,0.8,0.95]"));
  const change* p = change_of(m, tilt_link, "p");
  REQUIRE(p);
  CHECK_THAT(p->before, ContainsSubstring("0.5]"));
  CHECK(p->now == "[0.9,0.8,0.95]");
  // What the bundles disagreed about is settled.
  CHECK(text_of(m, "tension." + tilt_link).empty());
}

TEST_CASE("the order of bundles is not seen beside an overlay") {
  const std::string overlay = link_of("[0.9, 0.8, 0.95]", signed_by) +
                              overriding("forward-tilt", "leak = 'often'") + disabling("thomas");
  const packs one{{"a", link_of("[0.2, 0.1, 0.25]")}, {"b", link_of("[0.7, 0.6, 0.8]")}};
  const packs other{{"b", link_of("[0.7, 0.6, 0.8]")}, {"a", link_of("[0.2, 0.1, 0.25]")}};
  CHECK(merged_with(overlay, one).content.digest == merged_with(overlay, other).content.digest);
  const std::string turned = disabling("thomas") + overriding("forward-tilt", "leak = 'often'") +
                             link_of("[0.9, 0.8, 0.95]", signed_by);
  CHECK(merged_with(turned, one).content.digest == merged_with(overlay, one).content.digest);
}

TEST_CASE("without an overlay the knowledge has the digest it has without the feature") {
  CHECK(merged_with("").content.digest == merge(base_bundles()).content.digest);
}

TEST_CASE("new ids of the clinic carry its prefix, and other statements may name them") {
  const auto m = merged_with("[[finding]]\nid = \"clinic:f\"\nname = \"F\"\nkind = \"sign\"\nquestion = "
                             "\"Q\"\njudgement = \"J.\"\n" +
                             std::string(signed_by) +
                             "[[observes]]\nfinding = \"clinic:f\"\nstate = \"forward-tilt\"\nopinion = "
                             "\"supports\"\njudgement = \"J.\"\n" +
                             signed_by);
  INFO(told(m.overlay));
  CHECK(m.overlay.problems.empty());
  CHECK_FALSE(text_of(m, "observes.clinic:f.forward-tilt").empty());
  const change* c = change_of(m, "clinic:f", "statement");
  REQUIRE(c);
  CHECK(c->before.empty());
  CHECK(c->now == text_of(m, "clinic:f"));
  CHECK(m.overlay.entries[0].statement == "clinic:f");
}

TEST_CASE("the clinic can add a text and a rule of sequence, and either can be a draft") {
  const std::string text = "[[text]]\nof = \"forward-tilt\"\nlang = \"de\"\nname = \"Beckenkippung\"\n";
  const std::string rule =
      "[[sequence]]\nid = \"clinic:seq-one\"\nname = \"One\"\nwhy = \"W.\"\njudgement = "
      "\"J.\"\nat_most_one = { exercises = [\"hip-flexor-stretch\", \"band-bridge\"] }\n";
  const std::string rule_signed = rule + "by = \"A. Smith\"\nday = \"2026-11-02\"\nreason = \"Ours.\"\n";
  const auto m = merged_with(text + signed_by + rule_signed);
  INFO(told(m.overlay));
  CHECK_FALSE(text_of(m, "text.forward-tilt.de").empty());
  CHECK_FALSE(text_of(m, "clinic:seq-one").empty());
  const auto held =
      merged_with(text + "review = \"draft\"\n" + signed_by + rule_signed + "review = \"draft\"\n");
  CHECK(text_of(held, "text.forward-tilt.de").empty());
  CHECK(text_of(held, "clinic:seq-one").empty());
  CHECK(held.content.all.drafts.size() == 2);
}

TEST_CASE("a word of the scale that the clinic sets is what every statement with that word says") {
  const auto m = merged_with(overriding("scale", "words = { often = [0.7, 0.6, 0.8] }"));
  INFO(told(m.overlay));
  CHECK(m.overlay.problems.empty());
  CHECK_THAT(text_of(m, "link.long-sitting.hip-flexor-short"), ContainsSubstring("[0.7,0.6,0.8,\"often\"]"));
  const change* c = change_of(m, "scale", "words.often");
  REQUIRE(c);
  CHECK(c->before == "[0.65,0.5,0.78]");
  CHECK(c->now == "[0.7,0.6,0.8]");
  const auto told_word =
      merged_with(overriding("scale", "read = { told = { sensitivity = [0.9, 0.8, 0.95] } }"));
  CHECK_THAT(text_of(told_word, "observes.hx-sitting.long-sitting"), ContainsSubstring("[0.9,0.8,0.95]"));
}

// --- taking out -------------------------------------------------------------------

TEST_CASE("what the clinic disables is out, what names it sleeps, and why is recorded") {
  const auto m = merged_with(disabling("thomas"));
  CHECK(text_of(m, "thomas").empty());
  CHECK(text_of(m, "observes.thomas.hip-flexor-short").empty());
  REQUIRE(m.content.all.withdrawals.size() == 1);
  CHECK(m.content.all.withdrawals[0].statement == "thomas");
  CHECK(m.content.all.withdrawals[0].kind == "finding");
  CHECK(m.content.all.withdrawals[0].name == "Thomas test");
  bool said = false;
  for (const bundle& b : m.bundles)
    for (const diagnostic& d : b.problems)
      said = said || d.text.find("which the clinic took out: it sleeps") != std::string::npos;
  CHECK(said);
  CHECK(text_of(merged_with(disabling("link.long-sitting.hip-flexor-short")),
                "link.long-sitting.hip-flexor-short")
            .empty());
}

TEST_CASE("neither a red-flag rule nor what it rests on or reads can be disabled") {
  const std::string plain = text_of(merged_with(""), "rf-cauda-equina");
  for (const auto id :
       {"rf-cauda-equina", "red-bladder", "sx-back-pain", "posture-tilt", "guide-1", "pc-back-pain"}) {
    const auto m = merged_with(disabling(id));
    INFO(id << "\n" << told(m.overlay));
    CHECK_THAT(told(m.overlay),
               ContainsSubstring("error kb.overlay-protected: overlay.toml:2:1: \"" + std::string(id) +
                                 "\" was disabled, must be left in force"));
    CHECK_FALSE(text_of(m, id).empty());
    CHECK(text_of(m, "rf-cauda-equina") == plain);
    CHECK(m.content.all.withdrawals.empty());
  }
}

// --- rules ------------------------------------------------------------------------

TEST_CASE("a red-flag rule can be made stricter and in no way weaker") {
  const std::string rule = "[[x]]";
  const auto more = merged_with(overriding("rf-cauda-equina", "or_when = [['hx-sitting >= 20']]"));
  INFO(told(more.overlay));
  CHECK(more.overlay.problems.empty());
  CHECK_THAT(
      text_of(more, "rf-cauda-equina"),
      ContainsSubstring(
          R"("when":[["red-bladder"],["sx-back-pain","age >= 50","!posture-tilt"],["hx-sitting >= 20"]])"));
  const std::string plain = text_of(merged_with(""), "rf-cauda-equina");
  for (const auto set : {"urgency = 'prompt'", "closes = 'nothing'", "when = [['red-bladder']]",
                         "name = 'Other'", "action = 'Wait'", "asks = []", "or_when = [['nowhere']]",
                         "or_when = []", "or_when = [['slump']]", "or_when = [['red-bladder@left']]"}) {
    const auto m = merged_with(overriding("rf-cauda-equina", set));
    INFO(set << "\n" << told(m.overlay));
    CHECK(text_of(m, "rf-cauda-equina") == plain);
    if (std::string_view(set) != "or_when = []")
      CHECK(m.overlay.problems.size() == 1);
  }
}

TEST_CASE("neither the question nor the cut-off of a finding that a rule reads can be set") {
  for (const auto& [id, set] :
       packs{{"sx-back-pain", "question = 'Other'"}, {"red-bladder", "question = 'Other'"}}) {
    const auto m = merged_with(overriding(id, set));
    INFO(told(m.overlay));
    CHECK_THAT(told(m.overlay), ContainsSubstring("kb.overlay-protected"));
    CHECK(text_of(m, id) == text_of(merged_with(""), id));
  }
}

TEST_CASE("a precaution of the core can be made stricter and not weaker") {
  const std::string plain = text_of(merged_with(""), "pc-back-pain");
  const auto harder = merged_with(overriding("pc-back-pain", "effect = 'block', above = 0.3"));
  CHECK_THAT(text_of(harder, "pc-back-pain"), ContainsSubstring("\"effect\":\"block\""));
  const auto softer = merged_with(overriding("pc-back-pain", "above = 0.9"));
  CHECK_THAT(told(softer.overlay), ContainsSubstring("kb.overlay-weaker"));
  CHECK(text_of(softer, "pc-back-pain") == plain);
}

TEST_CASE("several entries make one rule as strict as the strictest of them") {
  const auto m = merged_with(overriding("rf-cauda-equina", "or_when = [['hx-sitting >= 20']]") +
                             overriding("rf-cauda-equina", "or_when = [['age >= 90']]"));
  INFO(told(m.overlay));
  CHECK(m.overlay.problems.empty());
  CHECK_THAT(text_of(m, "rf-cauda-equina"), ContainsSubstring("[\"hx-sitting >= 20\"],[\"age >= 90\"]]"));
  CHECK(m.content.all.changes.size() == 1);
}

TEST_CASE("words of a text can be set, but not those about what a rule reads") {
  const std::string texts = "[[text]]\nof = \"thomas\"\nlang = \"de\"\nname = \"Thomas-Test\"\n"
                            "[[text]]\nof = \"sx-back-pain\"\nlang = \"de\"\nname = \"Rueckenschmerz\"\n";
  const auto ours = merged_with(overriding("text.thomas.de", "name = 'Thomas-Handgriff'"), {{"a", texts}});
  INFO(told(ours.overlay));
  CHECK_THAT(text_of(ours, "text.thomas.de"), ContainsSubstring("\"name\":\"Thomas-Handgriff\""));
  const auto added = merged_with(overriding("text.thomas.de", "why = 'Darum.'"), {{"a", texts}});
  CHECK_THAT(told(added.overlay), ContainsSubstring("must be one of the words that the text has"));
  const auto screened = merged_with(overriding("text.sx-back-pain.de", "name = 'Anders'"), {{"a", texts}});
  CHECK_THAT(told(screened.overlay), ContainsSubstring("kb.overlay-protected"));
  CHECK_THAT(told(merged_with(disabling("text.sx-back-pain.de"), {{"a", texts}}).overlay),
             ContainsSubstring("kb.overlay-protected"));
}

// --- suspensions ------------------------------------------------------------------

TEST_CASE("a suspension is a record beside the rule until its day is over") {
  const auto now = merged_with(suspending("rf-cauda-equina", "2026-11-20"));
  REQUIRE(now.content.all.suspensions.size() == 1);
  CHECK(now.content.all.suspensions[0].until == "2026-11-20");
  CHECK(now.valid_until_day == parse_date("2026-11-20"));
  CHECK_FALSE(text_of(now, "rf-cauda-equina").empty());
  const auto later = merged_with(suspending("rf-cauda-equina", "2026-11-20"), {}, false, "2026-11-21");
  CHECK(later.content.all.suspensions.empty());
  CHECK_FALSE(later.valid_until_day);
  CHECK(later.overlay.entries[0].standing == overlay_standing::expired);
  CHECK_THAT(told(later.overlay), ContainsSubstring("warning kb.overlay-expired"));
  CHECK(later.content.digest != now.content.digest);
  const auto early = merged_with(suspending("rf-cauda-equina", "2026-11-20"), {}, false, "2026-11-01");
  CHECK(early.content.all.suspensions.empty());
  CHECK(early.valid_until_day == parse_date("2026-11-01"));
}

TEST_CASE("of two suspensions of one rule neither counts") {
  const auto m =
      merged_with(suspending("rf-cauda-equina", "2026-11-25") + suspending("rf-cauda-equina", "2026-12-25"));
  CHECK(m.content.all.suspensions.empty());
  CHECK_THAT(told(m.overlay), ContainsSubstring("suspended here and at overlay.toml:8:1"));
  CHECK_THAT(told(m.overlay), ContainsSubstring("suspended here and at overlay.toml:2:1"));
}

// --- conflicts --------------------------------------------------------------------

TEST_CASE("of two entries for one field neither counts, and both places are named") {
  const std::string two =
      overriding("forward-tilt", "leak = 'often'") + overriding("forward-tilt", "leak = 'rarely'");
  const auto m = merged_with(two);
  CHECK(text_of(m, "forward-tilt") == text_of(merged_with(""), "forward-tilt"));
  CHECK_THAT(told(m.overlay),
             ContainsSubstring("overlay.toml:2:1: \"leak\" of \"forward-tilt\" was set here and at "
                               "overlay.toml:8:1, must be set once: neither counts"));
  CHECK_THAT(told(m.overlay),
             ContainsSubstring("overlay.toml:8:1: \"leak\" of \"forward-tilt\" was set here and at "
                               "overlay.toml:2:1, must be set once: neither counts"));
  CHECK(m.overlay.entries[1].standing == overlay_standing::doubled);
}

TEST_CASE("an entry sleeps while what it speaks about is not there, and wakes with it") {
  const std::string entry = overriding("a:s", "leak = [0.4, 0.3, 0.5]");
  const auto gone = merged_with(entry);
  CHECK(gone.overlay.entries[0].standing == overlay_standing::asleep);
  CHECK_THAT(told(gone.overlay), ContainsSubstring("warning kb.overlay-asleep: overlay.toml:2:1"));
  const auto kept = std::find_if(gone.content.asleep.begin(), gone.content.asleep.end(),
                                 [](const dormant& d) { return d.plugin == overlay_id; });
  REQUIRE(kept != gone.content.asleep.end());
  CHECK(kept->statement == "override.a:s");
  CHECK(kept->missing == "a:s");
  const auto back = merged_with(entry, {{"a", own_items("[0.1, 0.05, 0.2]", "3", "30", "[0.8, 0.6, 0.9]")}});
  CHECK(back.overlay.problems.empty());
  CHECK_THAT(text_of(back, "a:s"), ContainsSubstring("\"leak\":[0.4,0.3,0.5]"));
}

TEST_CASE("an upgrade that changes what the clinic replaced is told, and the clinic's counts") {
  const std::string entry =
      overriding("a:s", "leak = [0.4, 0.3, 0.5]", "was = { leak = '[0.1,0.05,0.2]' }\n");
  const auto before =
      merged_with(entry, {{"a", own_items("[0.1, 0.05, 0.2]", "3", "30", "[0.8, 0.6, 0.9]")}});
  CHECK(before.overlay.problems.empty());
  const auto after = merged_with(entry, {{"a", own_items("[0.2, 0.1, 0.3]", "3", "30", "[0.8, 0.6, 0.9]")}});
  CHECK_THAT(told(after.overlay), ContainsSubstring("warning kb.overlay-was"));
  CHECK_THAT(told(after.overlay), ContainsSubstring("it is now [0.2,0.1,0.3]"));
  CHECK_THAT(text_of(after, "a:s"), ContainsSubstring("\"leak\":[0.4,0.3,0.5]"));
  REQUIRE(change_of(after, "a:s", "leak"));
  CHECK(change_of(after, "a:s", "leak")->before == "[0.2,0.1,0.3]");
}

TEST_CASE("an addition that cannot stand is left out alone, and what it would close a loop with stays") {
  const auto m =
      merged_with("[[link]]\nfrom = \"forward-tilt\"\nto = \"long-sitting\"\np = 'often'\nbecause = "
                  "\"B.\"\njudgement = \"J.\"\n" +
                  std::string(signed_by) + overriding("forward-tilt", "leak = 'often'"));
  INFO(told(m.overlay));
  CHECK(text_of(m, "link.forward-tilt.long-sitting").empty());
  CHECK_FALSE(text_of(m, tilt_link).empty());
  CHECK(change_of(m, "forward-tilt", "leak"));
  CHECK_THAT(told(m.overlay),
             ContainsSubstring("overlay.toml:2:1: the link \"forward-tilt\" to \"long-sitting\" was "
                               "part of the loop"));
  for (const bundle& b : m.bundles)
    CHECK_FALSE(has_errors(b.problems));
}

TEST_CASE("setting one way in which a finding speaks takes the place of another") {
  const auto m = merged_with(overriding("observes.thomas.hip-flexor-short", "opinion = 'supports'"));
  INFO(told(m.overlay));
  CHECK_THAT(text_of(m, "observes.thomas.hip-flexor-short"), ContainsSubstring("\"opinion\":\"supports\""));
  CHECK(text_of(m, "observes.thomas.hip-flexor-short").find("accuracy") == std::string::npos);
  REQUIRE(change_of(m, "observes.thomas.hip-flexor-short", "accuracy"));
  CHECK(change_of(m, "observes.thomas.hip-flexor-short", "accuracy")->now.empty());
}

TEST_CASE("a word of opinion cannot be made a second reading of a finding") {
  const std::string second = "[[observes]]\nfinding = \"thomas\"\nstate = \"forward-tilt\"\nopinion = "
                             "\"supports\"\njudgement = \"J.\"\n";
  const auto m = merged_with(overriding("observes.thomas.forward-tilt", "read = 'seen'"), {{"a", second}});
  CHECK_THAT(told(m.overlay), ContainsSubstring("read for \"forward-tilt\" besides \"hip-flexor-short\""));
  CHECK_THAT(text_of(m, "observes.thomas.forward-tilt"), ContainsSubstring("\"opinion\":\"supports\""));
  CHECK(m.content.all.changes.empty());
}

} // namespace posterior::kb
