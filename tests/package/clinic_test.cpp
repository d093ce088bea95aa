// What a clinic makes outside the tree shows up in an assessment: the skeleton as sdk_out_of_tree.sh built it
// from the installed SDK, and packs of one file.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/determinism/documents.hpp"
#include "tests/staged/program.hpp"

using namespace posterior;
using determinism::read_json;

namespace {

namespace fs = std::filesystem;

const fs::path work = POSTERIOR_OUT_OF_TREE;
const fs::path built = work / "clinic/build/plugins";
const std::string skeleton_case = (built / "bridge-hold/cases/weaker-left.case.toml").string();

staged::surroundings with_plugins(const staged::folder& box, const fs::path& place) {
  return {box / "home", {place}, {}, {}};
}

node assessed(const std::string& file, const staged::surroundings& around) {
  const auto done = staged::assess({"--json", "--max-exercises", "6", file}, around);
  INFO(file << '\n' << done.error);
  REQUIRE(done.exit_code == 0);
  return read_json(done.out);
}

const node* with(const node& list, std::string_view key, const std::string& value) {
  const auto at = std::find_if(list.items.begin(), list.items.end(),
                               [&](const node& n) { return n.find(key)->text == value; });
  return at == list.items.end() ? nullptr : &*at;
}

const node* cause(const node& assessment, const std::string& id, const std::string& where) {
  for (const node& c : assessment.find("differential")->items)
    if (c.find("cause")->text == id && c.find("side")->text == where)
      return &c;
  return nullptr;
}

std::string status(const node& assessment, const std::string& plugin) {
  const node* p = with(*assessment.find("plugins"), "id", plugin);
  return p == nullptr ? "not listed" : p->find("status")->text;
}

bool planned(const node& assessment, const std::string& exercise) {
  const auto& phases = assessment.find("plan")->find("phases")->items;
  return std::any_of(phases.begin(), phases.end(),
                     [&](const node& p) { return with(*p.find("items"), "exercise", exercise); });
}

bool left_out(const node& assessment, const std::string& exercise) {
  return with(*assessment.find("plan")->find("left_out"), "exercise", exercise) != nullptr;
}

// The pack that the SDK installs, as a clinic copies it.
std::string installed_pack() {
  return staged::contents(work / "prefix/share/posterior/skeleton-pack/example.pack.toml");
}

const std::string patient = R"(schema = "posterior.case/1"
[patient]
age = 40
sex = "female"
[screening]
done = true
[[observation]]
finding = "sx-felt-tightness"
side = "left"
state = "present"
)";

const std::string tight_on_the_chair = patient + R"([[observation]]
finding = "example:chair-slump-tightness"
side = "left"
state = "present"
)";

const std::string own_cause = R"(schema = "posterior.pack/1"
[plugin]
id = "org.example.own-cause"
version = "0.1.0"
name = "A cause of its own"
summary = "One cause, its sign, its exercise."
vendor = "My clinic"
license = "CC0-1.0"
requires = ["org.posterior.core"]
prefix = "own"

[[state]]
id = "own:saddle-pressure"
name = "Pressure of the bicycle saddle"
kind = "cause"
lateral = true
present_when = "The saddle's edge presses on the hamstring's upper end and this brings on the complaint."
leak = "sometimes"
judgement = "Made up for a test."

[[finding]]
id = "own:saddle-mark"
name = "Mark of the saddle's edge"
kind = "sign"
question = "Is there a mark where the saddle's edge lies?"
lateral = true
minutes = 1
judgement = "Made up for a test."

[[observes]]
finding = "own:saddle-mark"
state = "own:saddle-pressure"
opinion = "supports"
judgement = "Made up for a test."

[[exercise]]
id = "own:saddle-pause"
name = "Standing on the pedals"
purpose = "Takes the load off the saddle's edge"
targets = ["posture"]
phase = "protection"
equipment = [["none"]]
dose = { reps = 3, per_day = 4, basis = "none: made up for a test" }
depth = 1
irritability = "high"
cues = ["Stand up for three turns of the pedals."]
stop = ["Pain grows"]
judgement = "Made up for a test."

[[indication]]
exercise = "own:saddle-pause"
cause = "own:saddle-pressure"
role = "primary"
purpose = "Takes the load off the saddle's edge."
judgement = "Made up for a test."
)";

const std::string marked_by_the_saddle = patient + R"([[observation]]
finding = "own:saddle-mark"
side = "left"
state = "present"
)";

} // namespace

TEST_CASE("the skeleton's detector, built outside the tree, answers and its finding speaks for its cause") {
  const staged::folder box;
  const node answer = assessed(skeleton_case, with_plugins(box, built));
  CHECK(status(answer, "org.example.bridge-hold") == "answered");
  const node* weak = cause(answer, "eccentric-hamstring-weakness", "left");
  REQUIRE(weak != nullptr);
  const node* reason = with(*weak->find("for"), "finding", "myclinic:bridge-hold-asymmetry");
  REQUIRE(reason != nullptr);
  CHECK(reason->find("weight_db")->number > 0.5);
  CHECK(weak->find("posterior")->number > weak->find("prior")->number);
}

TEST_CASE("the letter names what the skeleton found") {
  const staged::folder box;
  const auto done = staged::assess({skeleton_case}, with_plugins(box, built));
  CHECK(done.exit_code == 0);
  CHECK(done.out.find("Bridge hold shorter than on the other side, left: present") != std::string::npos);
  CHECK(done.out.find("org.example.bridge-hold") != std::string::npos);
}

TEST_CASE("without the skeleton its case has nothing that can be used") {
  const staged::folder box;
  const auto done = staged::assess({"--json", skeleton_case}, {box / "home", {}, {}, {}});
  CHECK(done.exit_code == 4);
  CHECK(done.out.empty() == false);
  CHECK(done.error.find("myclinic:bridge-hold-time") != std::string::npos);
}

TEST_CASE("the pack of one file speaks for its cause and offers its exercise, wherever it is put") {
  for (const char* place : {"clinic", "clinic/mine.pack.toml", "home/plugins"}) {
    const staged::folder box;
    const std::string file =
        place == std::string("home/plugins") ? "home/plugins/mine.pack.toml" : "clinic/mine.pack.toml";
    box.write(file, installed_pack());
    const std::string seen = box.write("case.toml", tight_on_the_chair).string();
    const node answer = assessed(seen, with_plugins(box, box / place));
    INFO(place);
    CHECK(status(answer, "org.example.first-pack") == "no-code");
    const node* nerve = cause(answer, "neural-tension", "left");
    REQUIRE(nerve != nullptr);
    CHECK(with(*nerve->find("for"), "finding", "example:chair-slump-tightness") != nullptr);
    CHECK((planned(answer, "example:sit-tall-breaks") || left_out(answer, "example:sit-tall-breaks")));
  }
}

TEST_CASE("a pack of one file can bring a cause of its own, and the plan follows it") {
  const staged::folder box;
  box.write("clinic/own.pack.toml", own_cause);
  const auto here = with_plugins(box, box / "clinic");
  const node with_mark = assessed(box.write("marked.toml", marked_by_the_saddle).string(), here),
             without = assessed(box.write("plain.toml", patient).string(), here);
  const node *found = cause(with_mark, "own:saddle-pressure", "left"),
             *not_found = cause(without, "own:saddle-pressure", "left");
  REQUIRE(found != nullptr);
  REQUIRE(not_found != nullptr);
  CHECK(found->find("posterior")->number > not_found->find("posterior")->number + 0.1);
  CHECK(with(*found->find("for"), "finding", "own:saddle-mark") != nullptr);
  CHECK(planned(with_mark, "own:saddle-pause"));
  CHECK_FALSE(planned(without, "own:saddle-pause"));
}
