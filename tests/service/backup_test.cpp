// A home as one file and back: what is taken and what is not, and a restore that fails or dies at every step.
#include <sys/wait.h>

#include <algorithm>
#include <map>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "engine/service/local/backup.hpp"
#include "engine/service/local/parcel.hpp"
#include "engine/service/local/swap.hpp"
#include "kb/store.hpp"
#include "tests/kb/sandbox.hpp"
#include "tests/trust/broken_disk.hpp"

using Catch::Matchers::ContainsSubstring;

namespace posterior::service {
namespace {

namespace fs = std::filesystem;

places at(const std::string& home) {
  return {[](const char*) { return std::nullopt; }, home, {}, {}};
}

// What a home says, whatever its files' times: its knowledge as digests, other files as bytes.
std::map<std::string, std::string> state_of(const std::string& home) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(home)) {
    const std::string name = fs::relative(entry.path(), home).string();
    const bool known = std::find(std::begin(home_names), std::end(home_names),
                                 name.substr(0, name.find('/'))) != std::end(home_names);
    if (entry.is_regular_file() && known && !name.starts_with("kb.sqlite"))
      out[name] = *kb::real_files().read(entry.path(), 1 << 24);
  }
  kb::store_result result;
  if (auto kept = kb::store::open(home + "/kb.sqlite", kb::store::access::read, 1000, result)) {
    for (const kb::revision_entry& r : kept->revisions(result))
      out["kb.sqlite"] += r.digest + "\n";
    CHECK(kept->verify(result).faults.empty());
  }
  CHECK((result || result.trouble == kb::store_trouble::missing));
  return out;
}

// One with a pack, a trust file, builds and strikes.
void fill(const kb::sandbox& box) {
  box.add_pack("a", kb::own_state);
  box.write(box.home() + "/overlay.toml", "# the clinic's\nschema = \"posterior.overlay/1\"\n");
  REQUIRE(box.open().knowledge);
  box.write(box.home() + "/trust.toml", "schema = \"posterior.trust/1\"\n");
  box.write(box.home() + "/strikes.json", "{}\n");
  box.write(box.home() + "/kept/0a/knowledge.toml", "# kept\n");
}

// Another state of the same home: more revisions, another pack, other files.
void change(const kb::sandbox& box) {
  fs::remove(box.home() + "/plugins/a.pack.toml");
  std::string other = kb::own_state;
  other.replace(other.find("a:s"), 3, "b:s");
  box.add_pack("b", other);
  REQUIRE(box.open().knowledge);
  box.write(box.home() + "/trust.toml", "schema = \"posterior.trust/1\"\n# other\n");
  fs::remove(box.home() + "/overlay.toml");
  box.write(box.home() + "/config.toml", "# new since\n");
}

std::string backed_up(const kb::sandbox& box) {
  trust::real_disk disk;
  auto made = make_backup(disk, at(box.home()));
  REQUIRE(made.problems.empty());
  return made.bytes;
}

} // namespace

TEST_CASE("a home comes back as it was when it was backed up") {
  const kb::sandbox box;
  fill(box);
  const auto before = state_of(box.home());
  const std::string bytes = backed_up(box);
  CHECK(bytes == backed_up(box));
  change(box);
  CHECK(state_of(box.home()) != before);
  trust::real_disk disk;
  const auto done = restore_backup(disk, at(box.home()), bytes, "b");
  CHECK(done.problems.empty());
  CHECK(done.files == before.size());
  CHECK(state_of(box.home()) == before);
  const auto found = box.open();
  REQUIRE(found.knowledge);
  CHECK(found.knowledge->revision == 1);
  CHECK(found.knowledge->digest == done.digest);
  CHECK(found.knowledge->find_state("a:s"));
}

TEST_CASE("a home that is not there yet is made by a restore") {
  const kb::sandbox box, other;
  fill(box);
  trust::real_disk disk;
  CHECK(restore_backup(disk, at(other.home()), backed_up(box), "b").problems.empty());
  CHECK(state_of(other.home()) == state_of(box.home()));
}

TEST_CASE("a backup holds no case, no lock, no link and nothing that nobody named") {
  const kb::sandbox box;
  fill(box);
  box.write(box.home() + "/cases/mine.case.toml", "schema = \"posterior.case/1\"\n");
  box.write(box.home() + "/case.toml", "schema = \"posterior.case/1\"\n");
  box.write(box.home() + "/plugins/.new-1/x", "half a plugin");
  fs::create_symlink("/etc/passwd", box.home() + "/plugins/link");
  std::string why;
  const auto what = read_parcel(backed_up(box), "b", backup_schema, why);
  REQUIRE(what);
  std::vector<std::string> names;
  for (const parcel_file& f : what->files)
    names.push_back(f.path);
  CHECK(names == std::vector<std::string>{"kb.sqlite", "kept/0a/knowledge.toml", "overlay.toml",
                                          "plugins/a.pack.toml", "strikes.json", "trust.toml"});
}

TEST_CASE("a backup taken while somebody writes holds the revision before") {
  const kb::sandbox box;
  fill(box);
  const auto before = state_of(box.home());
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(box.database().c_str(), &db) == SQLITE_OK);
  REQUIRE(sqlite3_exec(db, "BEGIN IMMEDIATE; DELETE FROM basis; DELETE FROM statement", nullptr, nullptr,
                       nullptr) == SQLITE_OK);
  const std::string bytes = backed_up(box);
  sqlite3_close(db);
  const kb::sandbox other;
  trust::real_disk disk;
  CHECK(restore_backup(disk, at(other.home()), bytes, "b").problems.empty());
  CHECK(state_of(other.home()) == before);
}

TEST_CASE("a backup with any byte changed is refused before anything changes") {
  const kb::sandbox box;
  fill(box);
  const std::string good = backed_up(box);
  change(box);
  const auto before = state_of(box.home());
  trust::real_disk disk;
  for (std::size_t i = 0; i < good.size(); i += good.size() / 60 + 1) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 4);
    const auto refused = restore_backup(disk, at(box.home()), bad, "b");
    INFO("byte " << i);
    // Flags and the time in gzip's own head mean nothing.
    if (i >= 10)
      CHECK_FALSE(refused.problems.empty());
  }
  CHECK_FALSE(restore_backup(disk, at(box.home()), good.substr(0, good.size() / 2), "b").problems.empty());
  CHECK_FALSE(restore_backup(disk, at(box.home()), "", "b").problems.empty());
  CHECK_FALSE(restore_backup(disk, at(box.home()), good + "x", "b").problems.empty());
  CHECK((state_of(box.home()) == before || state_of(box.home()).contains("overlay.toml")));
}

TEST_CASE(
    "a file of another kind, unknown names and a damaged knowledge base are refused with one sentence") {
  const kb::sandbox box;
  fill(box);
  const auto before = state_of(box.home());
  trust::real_disk disk;
  const auto refusal = [&](parcel what) {
    const auto done = restore_backup(disk, at(box.home()), write_parcel(std::move(what)), "b");
    REQUIRE(done.problems.size() == 1);
    return done.problems[0].text;
  };
  CHECK_THAT(refusal({"posterior.other/1", "", "", {}}), ContainsSubstring("of the kind posterior.other/1"));
  const std::string kind(backup_schema);
  CHECK_THAT(refusal({kind, "", "", {{"case.toml", "x", 0600}}}), ContainsSubstring("\"case.toml\""));
  CHECK_THAT(refusal({kind, "", "", {{"../x", "x", 0600}}}), ContainsSubstring("\"../x\""));
  CHECK_THAT(refusal({kind, "", "", {{"plugins//x", "x", 0600}}}), ContainsSubstring("plain names"));
  CHECK_THAT(refusal({kind, "", "", {{"kb.sqlite", std::string(9000, 'x'), 0600}}}),
             ContainsSubstring("is damaged"));
  box.sql("PRAGMA user_version = 9");
  const std::string newer = *kb::real_files().read(box.database(), 1 << 24);
  box.sql("PRAGMA wal_checkpoint(TRUNCATE)");
  const auto done = restore_backup(
      disk, at(box.home()),
      write_parcel({kind, "", "", {{"kb.sqlite", *kb::real_files().read(box.database(), 1 << 24), 0600}}}),
      "b");
  CHECK(done.newer);
  box.sql("PRAGMA user_version = " + std::to_string(kb::store_schema));
  CHECK(state_of(box.home()) == before);
}

// Counts every change of the disk that a restore makes, then fails each and ends the process at each.
TEST_CASE("a restore that fails or dies at any step has happened whole or not at all", "[slow]") {
  const kb::sandbox source;
  fill(source);
  const std::string bytes = backed_up(source);
  const auto after = state_of(source.home());
  int steps = 0, whole = 0, none = 0;
  for (const bool dies : {false, true}) {
    for (int step = 1;; ++step) {
      const kb::sandbox box;
      fill(box);
      change(box);
      const auto before = state_of(box.home());
      tests::broken_disk disk;
      dies ? disk.die_at(step) : disk.fail_at(step, ENOSPC);
      const pid_t child = ::fork();
      if (child == 0) {
        const auto done = restore_backup(disk, at(box.home()), bytes, "b");
        ::_exit(!disk.reached() ? 3 : done.problems.empty() ? 0 : 1);
      }
      int status = 0;
      REQUIRE(::waitpid(child, &status, 0) == child);
      REQUIRE(WIFEXITED(status));
      trust::real_disk mended;
      CHECK(finish_swap(mended, box.home()) == 0);
      const auto found = state_of(box.home());
      INFO("step " << step << (dies ? " dies" : " fails"));
      REQUIRE((found == before || found == after));
      (found == after ? whole : none)++;
      if (WEXITSTATUS(status) == 3)
        break;
      ++steps;
    }
  }
  CHECK(steps > 40);
  CHECK(whole > 5);
  CHECK(none > 20);
}

} // namespace posterior::service
