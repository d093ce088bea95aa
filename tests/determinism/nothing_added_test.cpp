// What says nothing changes nothing: a bundle that nobody links to, an answer "unknown", the same answer said
// the other way round.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/determinism/documents.hpp"
#include "tests/staged/program.hpp"

using namespace posterior;
using namespace posterior::determinism;
using staged::case_file;

namespace {

const std::vector<std::string> cases{"tightness-paradox", "two-causes-at-once", "screening-not-done",
                                     "red-flag-in-an-ordinary-case"};

// A finding, a state that only it speaks about, and an exercise that no cause asks for.
const std::string unrelated = R"(schema = "posterior.pack/1"
[plugin]
id = "org.example.unrelated"
version = "0.1.0"
name = "Unrelated"
summary = "A finding that nothing links to."
vendor = "Nobody"
license = "CC0-1.0"
requires = ["org.posterior.core"]
prefix = "aaa"

[[finding]]
id = "aaa:cold-hands"
name = "Cold hands"
kind = "symptom"
question = "Are the hands cold?"
judgement = "Made up for a test."

[[state]]
id = "aaa:cold"
name = "Feels the cold"
kind = "risk"
present_when = "The person feels cold more than others do."
leak = "sometimes"
judgement = "Made up for a test."

[[observes]]
finding = "aaa:cold-hands"
state = "aaa:cold"
read = "told"
judgement = "Made up for a test."
)";

node assessed(const std::string& file, const staged::surroundings& around, const std::string& input = {}) {
  const auto done = staged::assess({"--json", file}, around, input);
  INFO(file << '\n' << input << '\n' << done.error);
  REQUIRE(done.exit_code == 0);
  return read_json(done.out);
}

// Everything but the named keys of the assessment.
std::string all_but(node assessment, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    REQUIRE(member_of(assessment, key) != nullptr);
    erase(assessment, key);
  }
  return to_json(assessment);
}

std::string digest(const node& assessment) {
  return assessment.find("knowledge")->find("digest")->text;
}

bool lists(const node& assessment, const std::string& plugin) {
  const auto& plugins = assessment.find("plugins")->items;
  return std::any_of(plugins.begin(), plugins.end(),
                     [&](const node& p) { return p.find("id")->text == plugin; });
}

std::string skeleton_pack() {
  return staged::contents(std::string(POSTERIOR_SOURCE_DIR) + "/sdk/skeleton-pack/example.pack.toml");
}

staged::surroundings with_pack(const staged::folder& box, const std::string& pack) {
  box.write("packed/plugins/added.pack.toml", pack);
  return {box / "packed", {}, {}, {}};
}

node read_case(const std::string& name) {
  return read_toml(staged::contents(case_file(name)));
}

// Every present and absent of the case as its opposite with certainty 0.
int turn_round(node& one_case) {
  int turned = 0;
  for (node& seen : observations(one_case)) {
    const node* state = seen.find("state");
    if (state == nullptr || state->text == "unknown" || seen.find("certainty") != nullptr)
      continue;
    set(seen, "state", state->text == "present" ? "absent" : "present");
    set(seen, "certainty", 0.0);
    ++turned;
  }
  return turned;
}

std::string but_for_the_case(node assessment) {
  return all_but(std::move(assessment), {"case_digest"});
}

// What was concluded: without what was written down, and without what could still be asked.
std::string conclusions(node assessment) {
  for (const char* list : {"differential", "outside"})
    for (node& cause : member_of(assessment, list)->items)
      erase(cause, "unknown");
  return all_but(std::move(assessment), {"case_digest", "recorded", "next_tests", "stop"});
}

bool is_recorded(const node& one_case, const std::string& finding) {
  const auto& list = one_case.find("observation")->items;
  return std::any_of(list.begin(), list.end(),
                     [&](const node& o) { return o.find("finding")->text == finding; });
}

// Observations "unknown" of findings that the case has nothing about.
int add_unknowns(node& one_case) {
  int added = 0;
  for (const char* finding :
       {"slump", "sx-felt-tightness", "nordic-break", "sign-hamstring-dominant-extension"}) {
    if (is_recorded(one_case, finding))
      continue;
    node seen;
    seen.kind = node::type::table;
    set(seen, "finding", finding);
    set(seen, "side", "left");
    set(seen, "state", "unknown");
    observations(one_case).insert(observations(one_case).begin(), std::move(seen));
    ++added;
  }
  return added;
}

} // namespace

TEST_CASE("a bundle that nothing links to changes the list of plugins and the digest, and nothing else") {
  const staged::folder box;
  const staged::surroundings plain{box / "plain", {}, {}, {}}, more = with_pack(box, unrelated);
  for (const std::string& name : cases) {
    const node before = assessed(case_file(name), plain), after = assessed(case_file(name), more);
    INFO(name);
    CHECK_FALSE(lists(before, "org.example.unrelated"));
    CHECK(lists(after, "org.example.unrelated"));
    CHECK(digest(before) != digest(after));
    CHECK((all_but(before, {"knowledge", "plugins"}) == all_but(after, {"knowledge", "plugins"})));
  }
}

TEST_CASE("a bundle that speaks about a cause changes more than the list of plugins and the digest") {
  const staged::folder box;
  const node before = assessed(case_file("neural-tension-alone"), {box / "plain", {}, {}, {}}),
             after = assessed(case_file("neural-tension-alone"), with_pack(box, skeleton_pack()));
  CHECK((all_but(before, {"knowledge", "plugins"}) != all_but(after, {"knowledge", "plugins"})));
}

TEST_CASE("an answer recorded as unknown concludes what no answer concludes") {
  const staged::folder box;
  const staged::surroundings here{box / "home", {}, {}, {}};
  int added = 0;
  for (const std::string& name : cases) {
    node asked = read_case(name);
    added += add_unknowns(asked);
    INFO(name);
    CHECK((conclusions(assessed("-", here, to_json(asked))) ==
           conclusions(assessed("-", here, to_json(read_case(name))))));
  }
  CHECK(added >= 4);
}

TEST_CASE("present and absent with certainty 0 count as plainly absent and present") {
  const staged::folder box;
  const staged::surroundings here{box / "home", {}, {}, {}};
  for (const std::string& name : staged::collection()) {
    node turned = read_case(name);
    if (turn_round(turned) == 0)
      continue;
    INFO(name);
    CHECK((but_for_the_case(assessed("-", here, to_json(turned))) ==
           but_for_the_case(assessed("-", here, to_json(read_case(name))))));
  }
}

TEST_CASE("certainty 1 is what is meant without a certainty, to the byte") {
  const staged::folder box;
  const staged::surroundings here{box / "home", {}, {}, {}};
  for (const std::string& name : cases) {
    node sure = read_case(name);
    for (node& seen : observations(sure))
      if (seen.find("state") != nullptr && seen.find("certainty") == nullptr)
        set(seen, "certainty", 1.0);
    INFO(name);
    CHECK((to_json(assessed("-", here, to_json(sure))) ==
           to_json(assessed("-", here, to_json(read_case(name))))));
  }
}

TEST_CASE("the opposite at full certainty is another answer") {
  const staged::folder box;
  const staged::surroundings here{box / "home", {}, {}, {}};
  node other = read_case(cases[0]);
  REQUIRE(turn_round(other) > 0);
  for (node& seen : observations(other))
    erase(seen, "certainty");
  CHECK((but_for_the_case(assessed("-", here, to_json(other))) !=
         but_for_the_case(assessed("-", here, to_json(read_case(cases[0]))))));
}
