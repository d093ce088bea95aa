// What one home exports in another, whole or not at all, whatever fails and wherever the process ends.
#include <sys/wait.h>

#include <map>

#include <catch2/catch_test_macros.hpp>

#include "engine/service/local/exchange.hpp"
#include "engine/service/local/local.hpp"
#include "engine/service/local/swap.hpp"
#include "kb/catalogue.hpp"
#include "kb/merge.hpp"
#include "kb/places.hpp"
#include "tests/kb/sandbox.hpp"
#include "tests/trust/broken_disk.hpp"
#include "tests/trust/folder.hpp"

namespace posterior::service {
namespace {

namespace fs = std::filesystem;

std::string state_of(const std::string& prefix, const std::string& name) {
  return "[[state]]\nid = \"" + prefix + ":s\"\nname = \"" + name +
         "\"\nkind = \"cause\"\npresent_when = \"P.\"\nleak = \"rarely\"\njudgement = \"J.\"\n";
}

// A prefix with the core of the tests, and a home.
struct machine {
  tests::folder box;
  places at;

  machine() {
    fs::create_directories(box / "lib/posterior/plugins");
    fs::copy(kb::base_folder + "/core", box / "lib/posterior/plugins/core", fs::copy_options::recursive);
    at.variables = [](const char*) { return std::nullopt; };
    at.home = box / "home";
    at.prefix = box.path();
    at.worker = POSTERIOR_STAGE "/libexec/posterior/posterior-worker";
  }

  void put(const std::string& prefix, const std::string& name) const {
    box.write("home/plugins/com." + prefix + ".pack.pack.toml", kb::pack(prefix, state_of(prefix, name)));
  }

  std::string exported() const {
    trust::real_disk disk;
    kb::real_files files;
    diagnostics problems;
    const auto found = kb::search_places(at.variables, at.home.string(), at.prefix.string());
    const auto knowledge = kb::index(kb::merge(kb::discover(files, found, problems)).content);
    const auto out = export_knowledge(disk, *knowledge, at.home.string());
    REQUIRE(out.problems.empty());
    return out.bytes;
  }

  import_outcome import(const std::string& bytes, trust::disk& disk) const {
    const workforce workers = make_workers(at);
    return import_knowledge(disk, {at, workers.pool, workers.watch, false}, bytes, "the file");
  }

  // Everything of the home that is not somebody's who is at it.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(at.home))
      if (const std::string name = fs::relative(entry.path(), at.home).string();
          entry.is_regular_file() && name.find("/.") == std::string::npos && !name.starts_with(".") &&
          name != "plugins.lock")
        out[name] = tests::contents(entry.path());
    return out;
  }
};

// Gives a new name to one pack, leaves one as it is, brings one that is not there, and an overlay.
std::string wanted() {
  const machine source;
  source.put("a", "New name");
  source.put("b", "The same");
  source.put("c", "New here");
  source.box.write("home/overlay.toml", "# the other clinic's\n");
  return source.exported();
}

void fill(const machine& m) {
  // Under another file name than an installed pack has, so that the old one must go.
  m.box.write("home/plugins/mine.pack.toml", kb::pack("a", state_of("a", "Old name")));
  m.put("b", "The same");
  m.put("d", "Only here");
}

} // namespace

TEST_CASE("an import brings what is new, replaces what is other, and leaves alone what is only here") {
  const machine m;
  fill(m);
  trust::real_disk disk;
  const auto done = m.import(wanted(), disk);
  for (const diagnostic& d : done.problems)
    UNSCOPED_INFO(d.text);
  REQUIRE(done.problems.empty());
  const auto found = m.files();
  CHECK(found.size() == 5);
  CHECK(found.at("plugins/com.a.pack.pack.toml").find("New name") != std::string::npos);
  CHECK_FALSE(found.contains("plugins/mine.pack.toml"));
  CHECK(found.at("plugins/com.d.pack.pack.toml").find("Only here") != std::string::npos);
  CHECK(found.at("overlay.toml") == "# the other clinic's\n");
  CHECK_FALSE(fs::exists(m.at.home / ".restore"));
  std::map<std::string, std::string> what;
  for (const imported_bundle& b : done.bundles)
    what[b.plugin] = b.what;
  CHECK(what["com.a.pack"] == "replaced");
  CHECK(what["com.b.pack"] == "unchanged");
  CHECK(what["com.c.pack"] == "installed");
}

TEST_CASE("an import of which one bundle is turned away at the door changes nothing") {
  const machine m;
  fill(m);
  // The home's own b is of a later version.
  std::string later = kb::pack("b", state_of("b", "Later"));
  later.replace(later.find("1.0.0"), 5, "2.0.0");
  m.box.write("home/plugins/com.b.pack.pack.toml", later);
  const auto before = m.files();
  trust::real_disk disk;
  const auto done = m.import(wanted(), disk);
  CHECK_FALSE(done.problems.empty());
  CHECK(done.bundles.empty());
  CHECK(m.files() == before);
  CHECK_FALSE(fs::exists(m.at.home / ".restore"));
}

// Counts every change of the disk that an import makes, then fails each and ends the process at each.
TEST_CASE("an import that fails or dies at any step has happened whole or not at all", "[slow]") {
  const std::string bytes = wanted();
  const machine finished;
  fill(finished);
  trust::real_disk good;
  REQUIRE(finished.import(bytes, good).problems.empty());
  const auto after = finished.files();
  int steps = 0, whole = 0, none = 0;
  for (const bool dies : {false, true}) {
    for (int step = 1;; ++step) {
      const machine m;
      fill(m);
      const auto before = m.files();
      tests::broken_disk disk;
      dies ? disk.die_at(step) : disk.fail_at(step, ENOSPC);
      const pid_t child = ::fork();
      if (child == 0) {
        const auto done = m.import(bytes, disk);
        ::_exit(!disk.reached() ? 3 : done.problems.empty() ? 0 : 1);
      }
      int status = 0;
      REQUIRE(::waitpid(child, &status, 0) == child);
      REQUIRE(WIFEXITED(status));
      trust::real_disk mended;
      CHECK(finish_swap(mended, m.at.home.string()) == 0);
      const auto found = m.files();
      INFO("step " << step << (dies ? " dies" : " fails"));
      for (const auto& [name, text] : found)
        UNSCOPED_INFO(name);
      REQUIRE((found == before || found == after));
      (found == after ? whole : none)++;
      if (WEXITSTATUS(status) == 3)
        break;
      ++steps;
    }
  }
  CHECK(steps > 60);
  CHECK(whole > 8);
  CHECK(none > 30);
}

} // namespace posterior::service
