// What a clinic says about the shared knowledge, as it is typed and read.
#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "kb/values/date.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/schema.hpp"

using posterior::tests::contents;
using posterior::tests::finished;
using posterior::tests::installation;

namespace posterior {
namespace {

namespace fs = std::filesystem;

const std::string id = "link.long-sitting.hip-flexor-short";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string day(int from_now) {
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return format_date(today.time_since_epoch().count() + from_now);
}

finished as(const installation& here, std::vector<std::string> words, const std::string& by = "A. Smith") {
  words.insert(words.end(), {"--by", by, "--reason", "our audit of 40 patients"});
  return here.run(words);
}

void put_draft(const installation& here) {
  fs::create_directories(here.home() / "plugins");
  std::ofstream(here.home() / "plugins/a.pack.toml")
      << "schema = \"posterior.pack/1\"\n[plugin]\nid = \"com.a.pack\"\nversion = \"1.0.0\"\nname = \"a\"\n"
         "summary = \"A pack.\"\nvendor = \"V\"\nlicense = \"MIT\"\nprefix = \"a\"\n"
         "[[state]]\nid = \"a:tight-band\"\nname = \"Tight band\"\nkind = \"cause\"\npresent_when = \"It "
         "is.\"\nleak "
         "= [0.2, 0.1, 0.3]\njudgement = \"Ours.\"\nreview = \"draft\"\n"
         "[[observes]]\nfinding = \"slump\"\nstate = \"a:tight-band\"\nopinion = \"supports\"\njudgement = "
         "\"Ours.\"\n";
}

std::string flagged_case() {
  return "schema = \"posterior.case/1\"\n[screening]\ndone = true\n[[observation]]\nfinding = "
         "\"red-saddle-numbness\"\nstate = \"present\"\n[[observation]]\nfinding = \"slump\"\nside "
         "= "
         "\"left\"\nstate = \"present\"\n";
}

} // namespace

TEST_CASE("an override counts in the next answer, is shown with what it replaced, and is taken back") {
  const installation here;
  const auto before = here.run({"kb", "show", id});
  const auto done = as(here, {"kb", "override", id, "p=[0.4, 0.3, 0.5]"});
  INFO(done.out << done.error);
  REQUIRE(done.exit_code == 0);
  CHECK(has(done.out, "p: [0.2,0.1,0.32,\"occasionally\"] -> [0.4,0.3,0.5]"));
  const auto shown = here.run({"kb", "show", id});
  CHECK(has(shown.out, "WHAT THE CLINIC CHANGED"));
  CHECK(has(shown.out, "by A. Smith"));
  const auto all = here.run({"kb", "overlay"});
  CHECK(has(all.out, "our audit of 40 patients"));
  const std::string file = here.write("c.toml", tests::small_case()).string();
  REQUIRE(as(here, {"kb", "override", "slump", "name=Our slump test"}).exit_code == 0);
  const auto answer = here.run({"assess", file, "--json"});
  CHECK(tests::judge(answer.out) == std::vector<std::string>{});
  CHECK(has(answer.out, "\"now\": \"[0.4,0.3,0.5]\""));
  CHECK(has(answer.out, "\"statement\": \"slump\""));
  CHECK(has(here.run({"assess", file}).out, "WHAT IS THE CLINIC'S OWN"));
  REQUIRE(here.run({"kb", "reset", "slump"}).exit_code == 0);
  REQUIRE(here.run({"kb", "reset", id}).exit_code == 0);
  CHECK(here.run({"kb", "show", id}).out == before.out);
  CHECK(here.run({"kb", "reset", id}).exit_code == 1);
}

TEST_CASE("an assessment with an emergency that is suspended begins with that and keeps its plan") {
  const installation here;
  const std::string file = here.write("c.toml", flagged_case()).string();
  const auto closed = here.run({"assess", file, "--exit-code"});
  REQUIRE(closed.exit_code == 20);
  REQUIRE(closed.out.starts_with("EMERGENCY"));
  const auto done = as(here, {"kb", "suspend", "rf-cauda-equina", "--until", day(30)}, "B. Jones");
  INFO(done.out << done.error);
  REQUIRE(done.exit_code == 0);
  const auto now = here.run({"assess", file, "--exit-code"});
  CHECK(now.exit_code == 0);
  CHECK(now.out.starts_with("SUSPENDED SAFETY RULE: "));
  CHECK(has(now.out, "Suspended by B. Jones on " + day(0) + ", until " + day(30)));
  CHECK(has(now.out, "It WOULD HAVE FIRED here"));
  CHECK_FALSE(has(now.out, "THE PLAN IS CLOSED"));
  CHECK_FALSE(has(now.out, "Clear: every"));
  const auto json = here.run({"assess", file, "--json"});
  CHECK(tests::judge(json.out) == std::vector<std::string>{});
  CHECK(has(json.out, "\"fires\": \"true\""));
  CHECK(has(here.run({"doctor"}).out, "the rule rf-cauda-equina is suspended until " + day(30)));
  // The revision before it is as it was.
  CHECK(here.run({"assess", file, "--exit-code", "--revision", "1"}).out == closed.out);
  REQUIRE(here.run({"kb", "reset", "rf-cauda-equina"}).exit_code == 0);
  CHECK(here.run({"assess", file, "--exit-code"}).exit_code == 20);
}

TEST_CASE("what if leads with a flag that stays open whatever is changed") {
  const installation here;
  const std::string file = here.write("c.toml", flagged_case()).string();
  CHECK(here.run({"whatif", file, "slump@left=absent"}).out.starts_with("EMERGENCY"));
  const std::string harmless = here.write("d.toml", tests::small_case()).string();
  CHECK(here.run({"whatif", harmless, "slump@left=absent"}).out.starts_with("WHAT IF"));
  CHECK(
      has(here.run({"whatif", harmless, "red-saddle-numbness=present"}).out, "THIS WOULD RAISE A RED FLAG"));
}

TEST_CASE("drafts take part only where somebody asks for them, and the answer says so first") {
  const installation here;
  put_draft(here);
  const std::string file = here.write("c.toml", tests::small_case()).string();
  const auto plain = here.run({"assess", file, "--json"});
  CHECK_FALSE(has(plain.out, "a:tight-band"));
  const auto with = here.run({"assess", file, "--json", "--with-drafts"});
  INFO(with.out.substr(0, 400) << with.error);
  CHECK(with.exit_code == 0);
  CHECK(tests::judge(with.out) == std::vector<std::string>{});
  CHECK(has(with.out, "\"drafts\": [\n    \"a:tight-band\"\n  ]"));
  CHECK(has(with.out, "\"revision\": 0"));
  CHECK(has(with.out, "\"cause\": \"a:tight-band\""));
  CHECK(here.run({"assess", file, "--with-drafts"}).out.starts_with("WITH DRAFTS"));
  CHECK(here.run({"next", file, "--with-drafts"}).out.starts_with("WITH DRAFTS"));
  CHECK(here.run({"whatif", file, "slump@left=present", "--with-drafts"}).out.starts_with("WITH DRAFTS"));
  CHECK(has(here.run({"why", file, "a:tight-band", "--with-drafts"}).out, "Tight band"));
  CHECK(here.run({"why", file, "a:tight-band"}).exit_code == 1);
  CHECK(here.run({"assess", file, "--with-drafts", "--revision", "1"}).exit_code == 2);
  CHECK(here.run({"assess", file, "--json"}).out == plain.out);
}

TEST_CASE("two people make an active statement of a draft") {
  const installation here;
  put_draft(here);
  const auto all = here.run({"kb", "drafts"});
  CHECK(has(all.out, "state Tight band (a:tight-band): draft"));
  CHECK(has(here.run({"kb", "drafts", "a:tight-band"}).out, "present_when: \"It is.\""));
  const auto first = as(here, {"kb", "review", "a:tight-band", "accept"});
  CHECK(has(first.out, "is reviewed"));
  const auto same = as(here, {"kb", "review", "a:tight-band", "accept"});
  CHECK(same.exit_code == 1);
  INFO(same.error);
  CHECK(has(same.error, "A. Smith"));
  const auto second = as(here, {"kb", "review", "a:tight-band", "accept"}, "B. Jones");
  CHECK(has(second.out, "is active."));
  CHECK(here.run({"kb", "show", "a:tight-band"}).exit_code == 0);
  CHECK(here.run({"kb", "drafts", "a:tight-band"}).exit_code == 1);
}

TEST_CASE("every answer about the overlay fits its schema and 80 columns") {
  const installation here;
  put_draft(here);
  const std::vector<std::vector<std::string>> asked{
      {"kb", "override", id, "p=[0.4, 0.3, 0.5]", "because=It does so here.", "--by", "A", "--reason", "r"},
      {"kb", "disable", "link.hip-flexor-short.front-hip-tight", "--by", "A", "--reason", "r"},
      {"kb", "suspend", "rf-cauda-equina", "--until", day(3), "--by", "A", "--reason", "r"},
      {"kb", "review", "a:tight-band", "reject", "--by", "A", "--reason", "r"},
      {"kb", "overlay"},
      {"kb", "drafts"},
      {"kb", "drafts", "a:tight-band"},
      {"kb", "show", id},
      {"kb", "show", "rf-cauda-equina"},
      {"kb", "reset", id, "because"},
      {"kb", "reset", id},
      {"kb", "overlay", "--revision", "2"}};
  for (std::vector<std::string> words : asked) {
    words.push_back("--json");
    const auto done = here.run(words);
    INFO(words[1] << done.out << done.error);
    CHECK(done.exit_code == 0);
    CHECK(tests::judge(done.out) == std::vector<std::string>{});
  }
  for (const std::vector<std::string>& words : asked) {
    std::istringstream text(here.run(words).out);
    for (std::string line; std::getline(text, line);)
      CHECK(line.size() <= 80);
  }
}

TEST_CASE("what is typed wrongly is refused with what is needed, and writes nothing") {
  const installation here;
  const auto refused = [&](const std::vector<std::string>& words, int code, const std::string& text) {
    const auto done = here.run(words);
    INFO(done.error);
    CHECK(done.exit_code == code);
    CHECK(has(done.error, text));
    CHECK_FALSE(fs::exists(here.home() / "overlay.toml"));
  };
  refused({"kb", "override", id, "p=often"}, 2, "the name of whoever decides this");
  refused({"kb", "override", id, "p=often", "--by", "A"}, 2, "one sentence why");
  refused({"kb", "override", id, "often", "--by", "A", "--reason", "r"}, 2, "a field, = and its value");
  refused({"kb", "override", id}, 2, "FIELD=VALUE");
  refused({"kb", "override", id, "p=nevermore", "--by", "A", "--reason", "r"}, 1, "nevermore");
  refused({"kb", "override", "link.long-sitting.hip-flexor-shor", "p=often", "--by", "A", "--reason", "r"}, 1,
          "did you mean \"" + id + "\"?");
  refused({"kb", "suspend", "rf-cauda-equina", "--by", "A", "--reason", "r"}, 2, "the last day");
  refused({"kb", "suspend", "rf-cauda-equina", "--until", day(91), "--by", "A", "--reason", "r"}, 1, day(90));
  refused({"kb", "suspend", id, "--until", day(9), "--by", "A", "--reason", "r"}, 1, "");
  refused({"kb", "review", id, "maybe", "--by", "A", "--reason", "r"}, 2, "accept or reject");
  refused({"kb", "review", id, "accept", "--by", "A", "--reason", "r"}, 1, "active already");
  refused({"kb", "disable", "rf-cauda-equina", "--by", "A", "--reason", "r"}, 1, "rf-cauda-equina");
  refused({"kb", "drafts", "nothing"}, 1, "nothing");
}

TEST_CASE("a file that is not understood is left out, and every assessment, the list and doctor say so") {
  const installation here;
  fs::create_directories(here.home());
  std::ofstream(here.home() / "overlay.toml") << "schema = \"posterior.overlay/1\"\n[[suspend]\n";
  const std::string file = here.write("c.toml", tests::small_case()).string();
  const auto done = here.run({"assess", file});
  CHECK(has(done.error, "overlay.toml:2"));
  CHECK(has(done.out, "overlay.toml"));
  CHECK(has(here.run({"kb", "overlay"}).out, "overlay.toml:2"));
  CHECK(has(here.run({"doctor"}).out, "overlay.toml:2"));
}

TEST_CASE("the overlay travels with a backup and with an export") {
  const installation here, there;
  REQUIRE(as(here, {"kb", "override", id, "p=[0.4, 0.3, 0.5]"}).exit_code == 0);
  const std::string backup = (here.root() / "b").string(), parcel = (here.root() / "e").string();
  REQUIRE(here.run({"backup", backup}).exit_code == 0);
  REQUIRE(here.run({"kb", "export", parcel}).exit_code == 0);
  const auto imported = there.run({"kb", "import", parcel});
  REQUIRE(imported.exit_code == 0);
  CHECK(contents(there.home() / "overlay.toml") == contents(here.home() / "overlay.toml"));
  CHECK(has(there.run({"kb", "overlay"}).out, "our audit of 40 patients"));
  REQUIRE(here.run({"kb", "reset", id}).exit_code == 0);
  REQUIRE(here.run({"restore", backup}).exit_code == 0);
  CHECK(has(here.run({"kb", "overlay"}).out, "our audit of 40 patients"));
}

TEST_CASE("a suspension does not travel to another clinic, and that is said") {
  const installation here, there;
  REQUIRE(as(here, {"kb", "override", id, "p=[0.4, 0.3, 0.5]"}).exit_code == 0);
  REQUIRE(as(here, {"kb", "suspend", "rf-cauda-equina", "--until", day(30)}).exit_code == 0);
  fs::create_directories(here.home() / "overlay");
  std::ofstream(here.home() / "overlay/more.toml")
      << "schema = \"posterior.overlay/1\"\n[[override]]\nstatement = \"rf-fever-alone\"\nset = { urgency = "
         "\"prompt\" }\nby = \"A. Smith\"\nwhen = \"2026-01-02\"\nreason = \"stricter here\"\n";
  const std::string parcel = (here.root() / "e").string();
  REQUIRE(here.run({"kb", "export", parcel}).exit_code == 0);
  const auto imported = there.run({"kb", "import", parcel});
  INFO(imported.out << imported.error);
  CHECK(imported.exit_code == 0);
  CHECK(
      has(imported.error, "the suspension of rf-cauda-equina by the clinic that exported this is left out"));
  CHECK(has(imported.error, "is in force here now"));
  const auto overlay = there.run({"kb", "overlay"});
  CHECK(has(overlay.out, "our audit of 40 patients"));
  CHECK(has(overlay.out, "stricter here"));
  CHECK_FALSE(has(overlay.out, "SUSPENDED"));
  const std::string file = there.write("c.toml", flagged_case()).string();
  CHECK(there.run({"assess", file, "--exit-code"}).exit_code == 20);
}

TEST_CASE("the README's commands about the overlay do what it says") {
  const installation here;
  std::istringstream text(contents(std::string(POSTERIOR_SOURCE_DIR) + "/README.md"));
  int typed = 0;
  for (std::string line; std::getline(text, line);) {
    const bool ours = line.starts_with("posterior kb ") && !has(line, "export");
    if (!ours)
      continue;
    std::vector<std::string> words;
    std::string word;
    bool inside = false;
    for (const char c : line.substr(10) + " ") {
      if (c == '"')
        inside = !inside;
      else if (c == ' ' && !inside)
        words.push_back(std::exchange(word, {}));
      else
        word += c;
    }
    const auto done = here.run(words);
    INFO(line << "\n" << done.out << done.error);
    CHECK(done.exit_code == 0);
    ++typed;
  }
  CHECK(typed == 4);
}

} // namespace posterior
