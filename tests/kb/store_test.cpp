#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "kb/canonical.hpp"
#include "kb/knowledge_base.hpp"
#include "kb/store.hpp"
#include "world.hpp"

using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace posterior::kb {
namespace {

// A folder of its own, with a copy of the base world as the program's plugins.
class sandbox {
public:
  sandbox() {
    char name[] = "/tmp/posterior-kb-XXXXXX";
    root_ = ::mkdtemp(name);
    fs::copy(base_folder, root_ / "program", fs::copy_options::recursive);
    options.home = home();
    options.places = {{home() + "/plugins", bundle_origin::home}, {program(), bundle_origin::program}};
  }
  ~sandbox() {
    std::error_code ignored;
    fs::permissions(home(), fs::perms::owner_all, ignored);
    fs::remove_all(root_, ignored);
  }
  void forbid_writing() const {
    fs::permissions(root_, static_cast<fs::perms>(0755));
    fs::permissions(database(), static_cast<fs::perms>(0444));
    fs::permissions(home(), static_cast<fs::perms>(0555));
  }
  void allow_writing() const {
    fs::permissions(home(), static_cast<fs::perms>(0755));
    fs::permissions(database(), static_cast<fs::perms>(0600));
  }
  std::string home() const { return root_ / "home"; }
  std::string program() const { return root_ / "program"; }
  std::string database() const { return home() + "/kb.sqlite"; }

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << text;
  }
  void add_pack(const std::string& name, const std::string& text) const {
    write(home() + "/plugins/" + name + ".pack.toml", pack(name, text));
  }
  opened open() const {
    real_files files;
    return kb::open(files, options);
  }
  void sql(const std::string& text) const {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(database().c_str(), &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
  }

  open_options options;

private:
  fs::path root_;
};

const std::string own_state =
    "[[state]]\nid = \"a:s\"\nname = \"S\"\nkind = \"cause\"\npresent_when = \"P.\"\nleak = "
    "\"rarely\"\njudgement = \"J.\"\n";

// The real file system, counting reads.
class counting_files final : public file_system {
public:
  int reads = 0;
  std::int64_t ahead_ns = 0;

  file_result<file_info> status(const std::string& path) override { return real_.status(path); }
  file_result<std::string> read(const std::string& path, std::uint64_t limit) override {
    ++reads;
    return real_.read(path, limit);
  }
  file_result<std::vector<std::string>> list(const std::string& folder) override {
    return real_.list(folder);
  }
  file_result<std::string> resolve(const std::string& path) override { return real_.resolve(path); }
  int write(const std::string& path, std::string_view bytes, std::uint32_t mode) override {
    return real_.write(path, bytes, mode);
  }
  int make_folder(const std::string& path, std::uint32_t mode) override {
    return real_.make_folder(path, mode);
  }
  int remove(const std::string& path) override { return real_.remove(path); }
  std::int64_t now_ns() override { return real_.now_ns() + ahead_ns; }

private:
  real_files real_;
};

} // namespace

TEST_CASE("the first opening imports revision 1 and says so, the second loads it silently") {
  const sandbox box;
  const auto first = box.open();
  REQUIRE(first.knowledge);
  CHECK(first.knowledge->revision == 1);
  REQUIRE(first.notes.size() == 1);
  CHECK(first.notes[0] == "knowledge base: revision 1 imported (2 bundles, 37 statements)");
  const auto second = box.open();
  REQUIRE(second.knowledge);
  CHECK(second.notes.empty());
  CHECK(second.knowledge->revision == 1);
  CHECK(second.knowledge->digest == first.knowledge->digest);
}

TEST_CASE("what was stored loads as exactly what was merged") {
  const sandbox box;
  const auto made = box.open();
  const auto loaded = box.open();
  REQUIRE(loaded.knowledge);
  CHECK(digest(loaded.knowledge->all, loaded.knowledge->words) == made.knowledge->digest);
  CHECK(loaded.knowledge->plugins.size() == 2);
  CHECK(loaded.knowledge->asleep.size() == 1);
  CHECK(loaded.knowledge->find_state("forward-tilt")->from.where.file == "knowledge/world.toml");
  CHECK(loaded.knowledge->find_state("forward-tilt")->from.where.line ==
        made.knowledge->find_state("forward-tilt")->from.where.line);
  CHECK(loaded.bundles.size() == made.bundles.size());
  CHECK(all_problems(loaded.bundles) == all_problems(made.bundles));
}

TEST_CASE("the rows say the same as the compiled form") {
  const sandbox box;
  const auto made = box.open();
  store_result result;
  auto kept = store::open(box.database(), store::access::read, 0, result);
  REQUIRE(kept);
  scale words;
  const auto rows = kept->read_rows(words, result);
  REQUIRE(rows);
  CHECK(digest(*rows, words) == made.knowledge->digest);
}

TEST_CASE("the store finds the same texts in the same order as the index in memory") {
  const sandbox box;
  const auto made = box.open();
  store_result result;
  auto kept = store::open(box.database(), store::access::read, 0, result);
  REQUIRE(kept);
  search_index texts(*made.knowledge);
  for (const char* text : {"hip", "tilt", "made up", "slump neck", "zzz"}) {
    const search_query query{text, "", "", std::nullopt, 50};
    const auto a = kept->search(query, result), b = texts.search(query);
    REQUIRE(a.hits.size() == b.hits.size());
    for (std::size_t i = 0; i < a.hits.size(); ++i)
      CHECK(a.hits[i].id == b.hits[i].id);
  }
}

TEST_CASE("the file is for its owner only and holds strict tables, a schema number and a mark") {
  const sandbox box;
  box.open();
  struct stat s {};
  REQUIRE(::stat(box.database().c_str(), &s) == 0);
  CHECK((s.st_mode & 0777u) == 0600u);
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(box.database().c_str(), &db) == SQLITE_OK);
  const auto number = [&](const char* text) {
    sqlite3_stmt* q = nullptr;
    REQUIRE(sqlite3_prepare_v2(db, text, -1, &q, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_step(q) == SQLITE_ROW);
    const std::string out = reinterpret_cast<const char*>(sqlite3_column_text(q, 0));
    sqlite3_finalize(q);
    return out;
  };
  CHECK(number("PRAGMA user_version") == "1");
  CHECK(number("PRAGMA application_id") == "1347375956");
  CHECK(number("PRAGMA journal_mode") == "wal");
  CHECK(
      number(
          "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE "
          "'sqlite%' AND strict = 0") == "0");
  CHECK(number("SELECT plugin || ' ' || version FROM statement WHERE id = 'nerve-tension'") ==
        "org.posterior.nerve 0.1.0");
  CHECK(number("SELECT basis.id FROM basis JOIN statement ON statement.number = basis.statement WHERE "
               "statement.id "
               "= 'link.long-sitting.hip-flexor-short'") == "c1");
  CHECK(sqlite3_exec(db, "PRAGMA foreign_keys = ON; INSERT INTO basis VALUES (99999, 'claim', 'x', '')",
                     nullptr, nullptr, nullptr) != SQLITE_OK);
  sqlite3_close(db);
}

TEST_CASE("nothing is read again while sizes, times and inodes are the same") {
  const sandbox box;
  counting_files files;
  files.ahead_ns = 5'000'000'000; // so that the files just made count as settled
  open(files, box.options);
  files.reads = 0;
  REQUIRE(open(files, box.options).knowledge);
  CHECK(files.reads == 0);
}

TEST_CASE("files that changed a moment ago are read again, since their time might not move") {
  const sandbox box;
  counting_files files;
  open(files, box.options);
  files.reads = 0;
  open(files, box.options);
  CHECK(files.reads > 0);
}

TEST_CASE("a changed file is noticed, even with its old size and time") {
  const sandbox box;
  counting_files files;
  files.ahead_ns = 5'000'000'000;
  open(files, box.options);
  const std::string path = box.program() + "/core/scale.toml";
  const auto time = fs::last_write_time(path);
  std::string text = *real_files().read(path, 1 << 20);
  text.replace(text.find("0.65"), 4, "0.66");
  box.write(path, text);
  fs::last_write_time(path, time);
  const auto again = open(files, box.options);
  REQUIRE(again.knowledge);
  CHECK(again.knowledge->revision == 2);
  CHECK(again.knowledge->words.words.at("often").mean == 0.66);
}

TEST_CASE("a new pack makes the next revision and keeps the rows of what did not change") {
  const sandbox box;
  box.open();
  box.add_pack("a", own_state);
  const auto next = box.open();
  REQUIRE(next.knowledge);
  CHECK(next.knowledge->revision == 2);
  CHECK(next.knowledge->find_state("a:s"));
  store_result result;
  auto kept = store::open(box.database(), store::access::read, 0, result);
  REQUIRE(kept);
  const auto revisions = kept->revisions(result);
  REQUIRE(revisions.size() == 2);
  CHECK(revisions[0].digest != revisions[1].digest);
  fs::remove(box.home() + "/plugins/a.pack.toml");
  const auto last = box.open();
  CHECK(last.knowledge->revision == 3);
  CHECK(last.knowledge->digest == revisions[0].digest);
  CHECK_FALSE(last.knowledge->find_state("a:s"));
}

TEST_CASE("a broken pack is named at every opening and does not hide the rest") {
  const sandbox box;
  box.add_pack("a", own_state + "lek = 1\n");
  for (int i = 0; i < 2; ++i) {
    const auto found = box.open();
    REQUIRE(found.knowledge);
    CHECK(found.knowledge->revision == 1);
    REQUIRE_FALSE(found.notes.empty());
    CHECK_THAT(found.notes.back(), ContainsSubstring("plugin com.a.pack is left out: "));
    CHECK_THAT(found.notes.back(), ContainsSubstring("the field \"lek\" of the state \"a:s\" was not known"));
  }
}

TEST_CASE("bundles of the path variable join this process and are never stored") {
  const sandbox box;
  box.open();
  open_options with = box.options;
  box.write(box.home() + "/elsewhere/a.pack.toml", pack("a", own_state));
  with.places.insert(with.places.begin(), {box.home() + "/elsewhere", bundle_origin::path_variable});
  real_files files;
  const auto joined = open(files, with);
  REQUIRE(joined.knowledge);
  CHECK(joined.knowledge->find_state("a:s"));
  CHECK(joined.knowledge->revision == 0);
  const auto after = box.open();
  CHECK(after.knowledge->revision == 1);
  CHECK_FALSE(after.knowledge->find_state("a:s"));
  CHECK(after.notes.empty());
}

TEST_CASE("a disabled bundle takes no part, and the core cannot be disabled") {
  sandbox box;
  box.open();
  box.options.disabled = {"org.posterior.nerve", "org.posterior.core"};
  const auto without = box.open();
  REQUIRE(without.knowledge);
  CHECK(without.knowledge->revision == 2);
  CHECK_FALSE(without.knowledge->find_state("nerve-tension"));
  CHECK(without.knowledge->find_state("forward-tilt"));
}

TEST_CASE("a higher version in the home shadows the program's, and both places are named") {
  const sandbox box;
  fs::create_directories(box.home() + "/plugins");
  fs::copy(box.program() + "/nerve", box.home() + "/plugins/nerve", fs::copy_options::recursive);
  const std::string manifest = box.home() + "/plugins/nerve/plugin.toml";
  std::string text = *real_files().read(manifest, 1 << 20);
  text.replace(text.find("0.1.0"), 5, "0.2.0");
  box.write(manifest, text);
  for (int i = 0; i < 2; ++i) {
    const auto found = box.open();
    REQUIRE(found.knowledge);
    CHECK(found.knowledge->find_plugin("org.posterior.nerve")->about.version == "0.2.0");
    const auto shadowed =
        std::find_if(found.bundles.begin(), found.bundles.end(), [](const bundle& b) { return b.shadowed; });
    REQUIRE(shadowed != found.bundles.end());
    CHECK(shadowed->location == fs::canonical(box.program() + "/nerve").string());
    CHECK(shadowed->shadowed_by == fs::canonical(box.home() + "/plugins/nerve").string());
  }
  // A broken higher version must not hide the good lower one.
  box.write(box.home() + "/plugins/nerve/knowledge.toml", "[[sate]]\n");
  const auto found = box.open();
  REQUIRE(found.knowledge);
  CHECK(found.knowledge->find_plugin("org.posterior.nerve")->about.version == "0.1.0");
}

TEST_CASE("the same bundles elsewhere are used without an import, with their new place") {
  sandbox box;
  box.open();
  const std::string moved = box.program() + "-moved";
  fs::rename(box.program(), moved);
  box.options.places.back().folder = moved;
  const auto found = box.open();
  REQUIRE(found.knowledge);
  CHECK(found.knowledge->revision == 1);
  CHECK(found.knowledge->find_plugin("org.posterior.core")->location ==
        fs::canonical(moved).string() + "/core");
  fs::rename(moved, box.program());
}

// --- what can go wrong ------------------------------------------------------------

TEST_CASE("without permission to import, nothing stored is a failure and something stored is used as it is") {
  sandbox box;
  box.options.allow_import = false;
  const auto nothing = box.open();
  CHECK_FALSE(nothing.knowledge);
  CHECK(nothing.failure == open_failure::not_imported);
  CHECK_FALSE(fs::exists(box.database()));
  box.options.allow_import = true;
  box.open();
  box.add_pack("a", own_state);
  box.options.allow_import = false;
  const auto old = box.open();
  REQUIRE(old.knowledge);
  CHECK(old.knowledge->revision == 1);
  REQUIRE(old.notes.size() == 1);
  CHECK(old.notes[0] == "the plugin folders have changed since revision 1; it is used as it is");
}

TEST_CASE("a knowledge base of a newer program is refused with one sentence") {
  const sandbox box;
  box.open();
  box.sql("PRAGMA user_version = 2");
  const auto found = box.open();
  CHECK_FALSE(found.knowledge);
  CHECK(found.failure == open_failure::newer_store);
  REQUIRE(found.problems.size() == 1);
  CHECK(found.problems[0].text == "the schema of the knowledge base " + box.database() +
                                      " was 2, must be at most 1: a newer program wrote it");
}

TEST_CASE("a file that is no knowledge base is refused and left as it is") {
  const sandbox box;
  const std::string text(5000, 'x');
  box.write(box.database(), text);
  const auto found = box.open();
  CHECK_FALSE(found.knowledge);
  CHECK(found.failure == open_failure::damaged_store);
  REQUIRE(found.problems.size() == 1);
  CHECK_THAT(found.problems[0].text, ContainsSubstring("is damaged"));
  CHECK(*real_files().read(box.database(), 1 << 20) == text);
}

TEST_CASE("another program's database is refused") {
  const sandbox box;
  fs::create_directories(box.home());
  box.sql("CREATE TABLE t(x); PRAGMA user_version = 1");
  const auto found = box.open();
  CHECK(found.failure == open_failure::damaged_store);
  CHECK_THAT(found.problems[0].text, ContainsSubstring("must be a knowledge base"));
}

TEST_CASE("an empty file becomes a knowledge base") {
  const sandbox box;
  box.write(box.database(), "");
  const auto found = box.open();
  REQUIRE(found.knowledge);
  CHECK(found.knowledge->revision == 1);
}

TEST_CASE("a byte changed in the compiled form is noticed") {
  const sandbox box;
  box.open();
  box.sql(
      "UPDATE compiled SET bytes = CAST(substr(bytes, 1, 3000) || x'FF00FF' || substr(bytes, 3004) AS BLOB)");
  const auto found = box.open();
  CHECK_FALSE(found.knowledge);
  CHECK(found.failure == open_failure::damaged_store);
}

TEST_CASE("a statement changed outside the program is found by verify") {
  const sandbox box;
  box.open();
  store_result result;
  {
    auto kept = store::open(box.database(), store::access::read, 0, result);
    REQUIRE(kept);
    CHECK(kept->verify());
  }
  box.sql(
      "UPDATE statement SET body = replace(body, 'Long sitting', 'Short sitting') WHERE id = 'long-sitting'");
  auto kept = store::open(box.database(), store::access::read, 0, result);
  REQUIRE(kept);
  CHECK(kept->verify().text == "the state long-sitting in " + box.database() +
                                   " was changed outside the program, must be as it was imported");
}

TEST_CASE("a truncated file is refused") {
  const sandbox box;
  box.open();
  fs::remove(box.database() + "-wal");
  fs::remove(box.database() + "-shm");
  fs::resize_file(box.database(), fs::file_size(box.database()) / 2);
  const auto found = box.open();
  CHECK_FALSE(found.knowledge);
  CHECK(found.failure == open_failure::damaged_store);
}

TEST_CASE("a home that cannot be made keeps the knowledge in memory and says so once") {
  sandbox box;
  box.write(box.home(), "a file where the folder should be");
  box.options.places.erase(box.options.places.begin());
  const auto found = box.open();
  REQUIRE(found.knowledge);
  CHECK(found.knowledge->revision == 0);
  REQUIRE(found.notes.size() == 1);
  CHECK_THAT(found.notes[0], ContainsSubstring("; the knowledge is kept in memory"));
}

TEST_CASE("a lock held by somebody else is waited for, then the knowledge is used from memory") {
  sandbox box;
  box.open();
  box.add_pack("a", own_state);
  box.options.wait_ms = 100;
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(box.database().c_str(), &db) == SQLITE_OK);
  REQUIRE(sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  const auto found = box.open();
  REQUIRE(found.knowledge);
  CHECK(found.knowledge->find_state("a:s"));
  CHECK(found.knowledge->revision == 0);
  CHECK_THAT(found.notes.at(0), ContainsSubstring("is being written by another process"));
  sqlite3_close(db);
  CHECK(box.open().knowledge->revision == 2);
}

TEST_CASE("a lock that is let go in time is waited for") {
  sandbox box;
  box.open();
  box.add_pack("a", own_state);
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(box.database().c_str(), &db) == SQLITE_OK);
  REQUIRE(sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    sqlite3_close(db);
  });
  const auto found = box.open();
  later.join();
  REQUIRE(found.knowledge);
  CHECK(found.knowledge->revision == 2);
}

TEST_CASE("many processes that open a new home at once make one revision") {
  const sandbox box;
  std::vector<pid_t> children;
  for (int i = 0; i < 6; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      const auto found = box.open();
      ::_exit(found.knowledge && found.knowledge->revision == 1 ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
  store_result result;
  auto kept = store::open(box.database(), store::access::read, 0, result);
  REQUIRE(kept);
  CHECK(kept->revisions(result).size() == 1);
}

// The largest file a child may write is lowered step by step, so that an import fails at every place where it
// writes.
TEST_CASE("a disk that is full at any step of an import leaves the revision before it", "[slow]") {
  const sandbox box;
  REQUIRE(box.open().knowledge);
  box.add_pack("a", own_state);
  const auto size = fs::file_size(box.database()) + (1u << 20);
  int stopped = 0;
  for (std::uintmax_t limit = 0; limit < size; limit += 16384) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::signal(SIGXFSZ, SIG_IGN);
      const rlimit most{limit, limit};
      ::setrlimit(RLIMIT_FSIZE, &most);
      const auto found = box.open();
      // Whatever happens, the new knowledge is answered with: stored or in memory.
      ::_exit(found.knowledge && found.knowledge->find_state("a:s") ? (found.knowledge->revision == 2 ? 0 : 3)
                                                                    : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    INFO("file size limit " << limit);
    REQUIRE(WEXITSTATUS(status) != 1);
    store_result result;
    auto kept = store::open(box.database(), store::access::read, 1000, result);
    REQUIRE(kept);
    const auto last = kept->latest(result);
    REQUIRE(last);
    REQUIRE(kept->load(last->number, result));
    if (WEXITSTATUS(status) == 0)
      break;
    REQUIRE(last->number == 1);
    ++stopped;
  }
  CHECK(stopped > 3);
  CHECK(box.open().knowledge->revision == 2);
}

TEST_CASE("an import killed at any moment leaves the revision before it or the one after", "[slow]") {
  const sandbox box;
  REQUIRE(box.open().knowledge);
  int before = 0, after = 0;
  for (int i = 0; i < 40; ++i) {
    box.add_pack("a", own_state + "# " + std::to_string(i) + "\n");
    store_result result;
    const auto was = store::open(box.database(), store::access::read, 1000, result)->latest(result)->number;
    const pid_t child = ::fork();
    if (child == 0) {
      box.open();
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(500 * i));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    auto kept = store::open(box.database(), store::access::read, 1000, result);
    REQUIRE(kept);
    const auto last = kept->latest(result);
    REQUIRE(last);
    REQUIRE((last->number == was || last->number == was + 1));
    REQUIRE(kept->load(last->number, result));
    (last->number == was ? before : after)++;
  }
  CHECK(before > 0);
  REQUIRE(box.open().knowledge);
}

// Opens in a child that may not write to the home, also when the tests run as root.
TEST_CASE("a read-only home is used as it lies there, and what is new is kept in memory") {
  const sandbox box;
  box.open();
  fs::remove(box.database() + "-wal");
  fs::remove(box.database() + "-shm");
  for (const bool changed : {false, true}) {
    if (changed)
      box.add_pack("a", own_state);
    box.forbid_writing();
    const pid_t child = ::fork();
    if (child == 0) {
      if (::geteuid() == 0 && ::setuid(65534) != 0)
        ::_exit(9);
      const auto found = box.open();
      const bool in_memory = found.notes.size() == 1 && found.notes[0].ends_with("kept in memory");
      const bool good = found.knowledge && (changed ? found.knowledge->revision == 0 && in_memory &&
                                                          found.knowledge->find_state("a:s")
                                                    : found.knowledge->revision == 1 && found.notes.empty());
      ::_exit(good ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    box.allow_writing();
  }
}

TEST_CASE("any file operation may fail while bundles are read, and the others still load") {
  real_files real;
  diagnostics problems;
  memory_files files;
  for (const auto& f : scan(real, {{base_folder, bundle_origin::program}}, problems))
    for (const auto& file : f.files)
      files.files["/program/" + fs::path(f.location).filename().string() + "/" + file.name] =
          *real.read(f.location + "/" + file.name, bundle_bytes_limit);
  files.files["/home/plugins/a.pack.toml"] = pack("a", own_state);
  const std::vector<search_place> places{{"/home/plugins", bundle_origin::home},
                                         {"/program", bundle_origin::program}};
  discover(files, places, problems);
  const int all = files.calls;
  REQUIRE(all > 20);
  problems.clear();
  for (int n = 1; n <= all; ++n) {
    files.fail_at = n;
    diagnostics of_places;
    const auto bundles = discover(files, places, of_places);
    bool told = !of_places.empty();
    for (const bundle& b : bundles)
      told = told || has_errors(b.problems);
    INFO("call " << n);
    CHECK(told);
    files.fail_at = 0;
  }
}

} // namespace posterior::kb
