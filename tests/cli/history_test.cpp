// The history of the knowledge base on the command line: log, diff, verify, and replaying an old assessment.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "tests/cli/program.hpp"
#include "tests/cli/schema.hpp"

using posterior::tests::installation;

namespace posterior {
namespace {

namespace fs = std::filesystem;

void put_pack(const installation& here, const std::string& name, const std::string& leak) {
  fs::create_directories(here.home() / "plugins");
  std::ofstream(here.home() / "plugins/a.pack.toml")
      << "schema = \"posterior.pack/1\"\n[plugin]\nid = \"com.a.pack\"\nversion = \"1.0.0\"\nname = \"a\"\n"
         "summary = \"A pack.\"\nvendor = \"V\"\nlicense = \"MIT\"\nprefix = \"a\"\n[[state]]\nid = "
         "\"a:tight-band\"\nname = \""
      << name << "\"\nkind = \"cause\"\npresent_when = \"It is.\"\nleak = " << leak
      << "\njudgement = \"Ours.\"\n[[observes]]\nfinding = \"slump\"\nstate = \"a:tight-band\"\nopinion = "
         "\"supports\"\njudgement = \"Ours.\"\n";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("an old assessment is replayed byte for byte with the revision that it names") {
  const installation here;
  const std::string file = here.write("c.toml", tests::small_case()).string();
  const auto first = here.run({"assess", file, "--json"});
  REQUIRE(first.exit_code == 0);
  put_pack(here, "Tight band", "[0.2, 0.1, 0.3]");
  const auto second = here.run({"assess", file, "--json"});
  put_pack(here, "Tight band", "[0.4, 0.3, 0.5]");
  const auto third = here.run({"assess", file, "--json"});
  CHECK(first.out != second.out);
  CHECK(second.out != third.out);
  fs::remove(here.home() / "plugins/a.pack.toml");
  for (const auto& [revision, then] :
       {std::pair{"1", &first}, std::pair{"2", &second}, std::pair{"3", &third}}) {
    const auto again = here.run({"assess", file, "--json", "--revision", revision});
    CHECK(again.exit_code == 0);
    CHECK(again.out == then->out);
  }
  CHECK(has(here.run({"why", file, "a:tight-band", "--revision", "2"}).out, "Tight band"));
  CHECK(here.run({"why", file, "a:tight-band"}).exit_code == 1);
}

TEST_CASE("every question about a case is answered with the revision that it names") {
  const installation here;
  const std::string file = here.write("c.toml", tests::small_case()).string();
  const std::vector<std::vector<std::string>> questions{
      {"why-not", file, "static-hamstring-stretch"},
      {"next", file},
      {"compare", file, "hamstring-shortness@left", "hamstring-shortness@right"},
      {"whatif", file, "slump@left=absent"},
      {"sensitivity", file},
      {"kb", "search", "tight"}};
  std::vector<std::string> first;
  for (std::vector<std::string> words : questions) {
    words.push_back("--json");
    first.push_back(here.run(words).out);
  }
  put_pack(here, "Tight band", "[0.2, 0.1, 0.3]");
  for (std::size_t i = 0; i < questions.size(); ++i) {
    std::vector<std::string> words = questions[i];
    INFO(words[0]);
    words.push_back("--json");
    CHECK(here.run(words).out != first[i]);
    words.insert(words.end(), {"--revision", "1"});
    const auto again = here.run(words);
    CHECK(again.out == first[i]);
    words.back() = "7";
    CHECK(here.run(words).exit_code == 1);
  }
}

TEST_CASE("a replay asks the build of a detector that was in force then, and names one that is nowhere") {
  const installation here;
  if (!here.take_staged_plugins() || !fs::exists(here.plugins() / "neural-tension"))
    SKIP("no bundle with a detector was staged");
  const std::string file = here.write("c.toml", tests::small_case()).string();
  const auto first = here.run({"assess", file, "--json"});
  fs::rename(here.plugins() / "neural-tension", here.root() / "aside");
  CHECK(here.run({"assess", file, "--json"}).out != first.out);
  // The store holds it still.
  CHECK(here.run({"assess", file, "--json", "--revision", "1"}).out == first.out);
  for (const auto& e : fs::recursive_directory_iterator(here.home() / "store"))
    if (e.is_directory())
      fs::permissions(e.path(), fs::perms::owner_all);
  fs::remove_all(here.home() / "store");
  const auto gone = here.run({"assess", file, "--json", "--revision", "1"});
  CHECK(gone.exit_code == 3);
  CHECK(has(gone.error, "org.posterior.neural-tension"));
  CHECK(has(gone.error, "the build that was in force at revision 1 is no longer here"));
  CHECK(gone.out != first.out);
  // Found again by its digest, under whatever name it lies in the home.
  fs::create_directories(here.home() / "plugins");
  fs::rename(here.root() / "aside", here.plugins() / "moved");
  const auto again = here.run({"assess", file, "--json", "--revision", "1"});
  CHECK(again.exit_code == first.exit_code);
  CHECK(again.out == first.out);
}

TEST_CASE("log and diff say what came, changed and went, at 80 columns and as JSON with a schema") {
  const installation here;
  REQUIRE(here.run({"kb", "log"}).exit_code == 0);
  put_pack(here, "Tight band", "[0.2, 0.1, 0.3]");
  CHECK(has(here.run({"kb", "log", "--max", "1"}).out, "com.a.pack 1.0.0: came"));
  put_pack(here, "A band that is tight", "[0.4, 0.3, 0.5]");
  const auto diff = here.run({"kb", "diff", "2", "3"});
  CHECK(diff.exit_code == 0);
  CHECK(has(diff.out, "From revision 2 to 3: 0 added, 1 changed, 0 removed"));
  CHECK(has(diff.out, "leak: [0.2,0.1,0.3] -> [0.4,0.3,0.5]"));
  fs::remove(here.home() / "plugins/a.pack.toml");
  CHECK(has(here.run({"kb", "diff", "3", "4"}).out, "its plugin was removed"));
  CHECK(has(here.run({"kb", "log", "a:tight-band"}).out, "its plugin says something else"));
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"kb", "log"}, {"kb", "log", "a:tight-band"}, {"kb", "diff", "1", "3"}, {"kb", "verify"}}) {
    auto asked = words;
    asked.push_back("--json");
    const auto done = here.run(asked);
    INFO(done.out << done.error);
    CHECK(done.exit_code == 0);
    CHECK(tests::judge(done.out) == std::vector<std::string>{});
    std::istringstream text(here.run(words).out);
    for (std::string line; std::getline(text, line);)
      CHECK(line.size() <= 80);
  }
}

TEST_CASE("revisions that are not there and words that are no revision are refused") {
  const installation here;
  const std::string file = here.write("c.toml", tests::small_case()).string();
  const auto none = here.run({"assess", file, "--revision", "7"});
  CHECK(none.exit_code == 1);
  CHECK(has(none.error, "was 7, must be from 1 to 1"));
  CHECK(here.run({"assess", file, "--revision", "first"}).exit_code == 2);
  CHECK(here.run({"kb", "diff", "1", "x"}).exit_code == 2);
  CHECK(here.run({"kb", "diff", "1", "2"}).exit_code == 1);
  CHECK(here.run({"kb", "log", "no-such-thing"}).exit_code == 1);
}

TEST_CASE("verify ends with 12 for a changed file, and with 11 where there is none") {
  const installation here;
  CHECK(here.run({"kb", "verify"}).exit_code == 11);
  here.run({"kb", "log"});
  CHECK(here.run({"kb", "verify"}).exit_code == 0);
  const std::string path = here.home() / "kb.sqlite";
  for (const char* more : {"-wal", "-shm"})
    fs::remove(path + more);
  fs::resize_file(path, fs::file_size(path) / 2);
  const auto broken = here.run({"kb", "verify"});
  CHECK(broken.exit_code == 12);
  CHECK(has(broken.out, "posterior restore FILE"));
  const auto refused = here.run({"kb", "list", "rules"});
  CHECK(refused.exit_code == 11);
  CHECK(has(refused.error, "is damaged"));
  CHECK(has(refused.error, "posterior restore FILE"));
}

} // namespace posterior
