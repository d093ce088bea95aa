// What can go wrong with a store: a newer or damaged file, a full or read-only disk, locks, kills.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "kb/knowledge_base.hpp"
#include "kb/store.hpp"
#include "tests/kb/sandbox.hpp"

using Catch::Matchers::ContainsSubstring;

namespace posterior::kb {

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
  box.sql("PRAGMA user_version = " + std::to_string(store_schema + 1));
  const auto found = box.open();
  CHECK_FALSE(found.knowledge);
  CHECK(found.failure == open_failure::newer_store);
  REQUIRE(found.problems.size() == 1);
  CHECK(found.problems[0].text == "the schema of the knowledge base " + box.database() + " was " +
                                      std::to_string(store_schema + 1) + ", must be at most " +
                                      std::to_string(store_schema) + ": a newer program wrote it");
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
