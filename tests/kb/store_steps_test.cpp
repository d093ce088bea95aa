// Every change that an import or a migration makes to a file is counted, and each one fails once in every way
// and ends the process once: nothing is lost, and what is there is the state before or the one after.
#include <sys/wait.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "engine/trust/gzip.hpp"
#include "kb/store.hpp"
#include "tests/kb/breaking_vfs.hpp"
#include "tests/kb/sandbox.hpp"

using Catch::Matchers::ContainsSubstring;

namespace posterior::kb {
namespace {

constexpr int never_reached = 3, stored = 0, in_memory = 4, no_knowledge = 5;

// Opens in a child whose `step`-th change breaks.
int open_breaking(const sandbox& box, int step, int error) {
  const pid_t child = ::fork();
  if (child == 0) {
    breaking::install(step, error);
    const auto found = box.open();
    if (breaking::current().count < step)
      ::_exit(never_reached);
    if (!found.knowledge || !found.knowledge->find_state("a:s"))
      ::_exit(no_knowledge);
    // Where it could not be stored one sentence says so.
    const bool told = !found.notes.empty() && found.notes[0].ends_with("; the knowledge is kept in memory");
    ::_exit(found.knowledge->revision > 0 ? stored : told ? in_memory : 7);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Where thousands of files are made and none needs to outlive the machine: in memory, where there is such a
// folder.
std::string quick_folder() {
  return ::access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
}

std::int64_t revision_of(const sandbox& box) {
  store_result result;
  auto kept = store::open(box.database(), store::access::read, 1000, result);
  INFO(result.text);
  REQUIRE(kept);
  const auto verdict = kept->verify(result);
  for (const store_fault& f : verdict.faults)
    UNSCOPED_INFO(f.text);
  REQUIRE(verdict.faults.empty());
  return verdict.revisions;
}

} // namespace

TEST_CASE("an import whose every change of a file fails or ends the process loses nothing", "[slow]") {
  int steps = 0, before = 0, after = 0;
  for (const int error : {0, SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC}) {
    for (int step = 1;; ++step) {
      const sandbox box(quick_folder());
      REQUIRE(box.open().knowledge);
      box.add_pack("a", own_state);
      box.write_overlay(box.overriding("forward-tilt", "leak = 'often'") + box.disabling("thomas"));
      const int how = open_breaking(box, step, error);
      INFO("step " << step << ", error " << error << ", ended with " << how);
      if (how == never_reached)
        break;
      ++steps;
      CHECK((error == 0 ? how == 9 : how == stored || how == in_memory));
      const std::int64_t found = revision_of(box);
      REQUIRE((found == 1 || found == 2));
      if (how == stored)
        CHECK(found == 2);
      (found == 1 ? before : after)++;
      // Whatever happened, the next one goes on.
      CHECK(box.open().knowledge->revision == 2);
    }
  }
  CHECK(steps > 40);
  CHECK(before > 10);
  CHECK(after > 0);
}

TEST_CASE("the first import of a home whose every change fails or ends the process can be done again",
          "[slow]") {
  int steps = 0;
  for (const int error : {0, SQLITE_FULL}) {
    for (int step = 1;; ++step) {
      const sandbox box(quick_folder());
      box.add_pack("a", own_state);
      const int how = open_breaking(box, step, error);
      if (how == never_reached)
        break;
      ++steps;
      INFO("step " << step << ", error " << error << ", ended with " << how);
      CHECK((error == 0 ? how == 9 : how == stored || how == in_memory));
      const auto again = box.open();
      REQUIRE(again.knowledge);
      CHECK(again.knowledge->revision == 1);
      CHECK(revision_of(box) == 1);
    }
  }
  CHECK(steps > 20);
}

TEST_CASE("bringing a file forward whose every change fails or ends the process can be done again",
          "[slow]") {
  for (const std::string schema : {"1", "2"}) {
    const auto packed = real_files().read(
        std::string(POSTERIOR_SOURCE_DIR) + "/tests/data/store/schema-" + schema + ".sqlite.gz", 1 << 24);
    REQUIRE(packed);
    const auto old = trust::gunzip(*packed, 1 << 24);
    int steps = 0;
    for (const int error : {0, SQLITE_FULL}) {
      for (int step = 1;; ++step) {
        const sandbox box(quick_folder());
        box.add_pack("a", own_state);
        box.write(box.database(), old.bytes);
        const int how = open_breaking(box, step, error);
        if (how == never_reached)
          break;
        ++steps;
        INFO("schema " << schema << ", step " << step << ", error " << error << ", ended with " << how);
        CHECK((error == 0 ? how == 9 : how == stored || how == in_memory));
        const auto again = box.open();
        REQUIRE(again.knowledge);
        CHECK(again.knowledge->revision == 5);
        store_result result;
        auto kept = store::open(box.database(), store::access::read, 1000, result);
        CHECK(kept->read(3, result)->content.find_state("a:s")->name == "S renamed");
      }
    }
    CHECK(steps > 60);
  }
}

TEST_CASE("two that import different knowledge at once make two revisions, one after the other") {
  for (int round = 0; round < 8; ++round) {
    const sandbox box;
    REQUIRE(box.open().knowledge);
    std::vector<pid_t> children;
    for (const char* name : {"a", "b"}) {
      const pid_t child = ::fork();
      if (child == 0) {
        sandbox* own = new sandbox; // its folder holds this child's pack
        std::string state = own_state;
        state.replace(state.find("a:s"), 1, name);
        own->write(own->program() + "/" + name + ".pack.toml", pack(name, state));
        own->options.home = box.home();
        const auto found = own->open();
        ::_exit(found.knowledge && found.knowledge->revision > 1 ? 0 : 1);
      }
      children.push_back(child);
    }
    for (const pid_t child : children) {
      int status = 0;
      REQUIRE(::waitpid(child, &status, 0) == child);
      CHECK(status == 0);
    }
    CHECK(revision_of(box) == 3);
  }
}

TEST_CASE("a corrupted page is answered with one sentence, and what can be made anew is not lost") {
  const sandbox box;
  box.open();
  box.sql("PRAGMA journal_mode = DELETE");
  const std::string good = *real_files().read(box.database(), 1 << 24);
  int refused = 0;
  for (std::size_t page = 1; page < good.size() / 16384; ++page) {
    std::string bad = good;
    for (std::size_t i = 0; i < 256; ++i)
      bad[page * 16384 + i] = static_cast<char>(0xA5);
    box.write(box.database(), bad);
    const auto found = box.open();
    INFO("page " << page + 1);
    CHECK((found.knowledge || (found.failure == open_failure::damaged_store && found.problems.size() == 1)));
    refused += found.knowledge ? 0 : 1;
    store_result result;
    auto kept = store::open(box.database(), store::access::read, 1000, result);
    CHECK((!kept || !kept->verify(result).faults.empty()));
  }
  CHECK(refused > 0);
}

} // namespace posterior::kb
