#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "engine/trust/layout.hpp"
#include "engine/trust/store.hpp"
#include "tests/trust/broken_disk.hpp"
#include "tests/trust/folder.hpp"

using namespace posterior;
using namespace posterior::trust;
using tests::broken_disk;

namespace {

namespace fs = std::filesystem;

const std::vector<archive_file> files{{"cases/a.case.toml", "x"},
                                      {"detector.so", std::string(5000, 'd')},
                                      {"knowledge.toml", "k"},
                                      {"plugin.toml", "p"}};
const kb::file_entry code{"detector.so", "", 5000};

std::string digest() {
  return digest_of(files);
}

void lay(const tests::folder& box, const std::string& where) {
  for (const archive_file& f : files)
    box.write(where + "/" + f.name, f.bytes);
}

// What any reader may find below the store: whole entries under their digests, and nothing else that has no
// dot before its name.
bool only_whole(const fs::path& store) {
  real_disk d;
  bundle_store s(d, store.string());
  std::error_code none;
  for (const auto& e : fs::directory_iterator(store, none))
    if (!e.path().filename().string().starts_with('.') && !s.is_whole(e.path().filename()))
      return false;
  return true;
}

} // namespace

TEST_CASE("an entry of the store holds the bundle's bytes, and nobody may write there") {
  const tests::folder box;
  lay(box, "b");
  real_disk d;
  bundle_store store(d, box / "store");
  const stored there = store.fetch(digest(), box / "b", code);
  REQUIRE(there.trouble == store_trouble::none);
  CHECK(there.folder == (box / "store").string() + "/" + digest());
  for (const archive_file& f : files)
    CHECK(tests::contents(there.folder + "/" + f.name) == f.bytes);
  for (const char* folder : {"", "/cases"})
    CHECK(d.status(there.folder + folder)->mode == 0555);
  CHECK(d.status(there.folder + "/detector.so")->mode == 0444);
  CHECK(store.is_whole(digest()));
}

TEST_CASE("a bundle that is no longer what its digest says is not stored") {
  const tests::folder box;
  lay(box, "b");
  box.write("b/knowledge.toml", "other");
  real_disk d;
  bundle_store store(d, box / "store");
  const stored there = store.fetch(digest(), box / "b", code);
  CHECK(there.trouble == store_trouble::changed);
  CHECK(there.reason ==
        "the bundle was changed since it was read, must be the one with the digest " + digest());
  CHECK(fs::is_empty(box / "store"));
  CHECK(store.fetch("../../etc", files, code).trouble == store_trouble::changed);
}

TEST_CASE("a signature beside the manifest is stored and is no part of the digest") {
  const tests::folder box;
  lay(box, "b");
  box.write("b/plugin.sig", "any");
  real_disk d;
  bundle_store store(d, box / "store");
  CHECK(store.fetch(digest(), box / "b", code).trouble == store_trouble::none);
  CHECK(store.is_whole(digest()));
}

TEST_CASE("an entry that somebody touched is made anew") {
  const tests::folder box;
  lay(box, "b");
  real_disk d;
  bundle_store store(d, box / "store");
  const std::string entry = store.fetch(digest(), box / "b", code).folder, file = entry + "/detector.so";
  const std::pair<const char*, std::function<void()>> touches[] = {
      {"other bytes of the same length",
       [&] {
         fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
         std::ofstream(file) << std::string(5000, 'e');
         fs::permissions(file, fs::perms::owner_write, fs::perm_options::remove);
       }},
      {"cut",
       [&] {
         fs::permissions(file, fs::perms::owner_write, fs::perm_options::add), fs::resize_file(file, 10);
       }},
      {"writable file", [&] { fs::permissions(file, fs::perms::owner_write, fs::perm_options::add); }},
      {"writable folder", [&] { fs::permissions(entry, fs::perms::owner_write, fs::perm_options::add); }},
      {"gone",
       [&] { fs::permissions(entry, fs::perms::owner_write, fs::perm_options::add), fs::remove(file); }},
      {"a link",
       [&] {
         fs::permissions(entry, fs::perms::owner_write, fs::perm_options::add), fs::remove(file),
             fs::create_symlink("/etc/passwd", file);
       }},
  };
  for (const auto& [what, touch] : touches) {
    INFO(what);
    touch();
    const stored again = store.fetch(digest(), box / "b", code);
    CHECK(again.trouble == store_trouble::none);
    CHECK(store.is_whole(digest()));
    CHECK(d.status(file)->mode == 0444);
  }
  for (const auto& e : fs::directory_iterator(box / "store"))
    CHECK(e.path().filename() == digest());
}

TEST_CASE("a store that others can change is not used") {
  const tests::folder box;
  lay(box, "b");
  fs::create_directory(box / "store");
  fs::permissions(box / "store", fs::perms::group_write, fs::perm_options::add);
  real_disk d;
  bundle_store store(d, box / "store");
  CHECK(store.fetch(digest(), box / "b", code).trouble == store_trouble::unsafe);
  fs::remove(box / "store");
  fs::create_directory_symlink(box / "b", box / "store");
  CHECK(store.fetch(digest(), box / "b", code).trouble == store_trouble::unsafe);
}

TEST_CASE("whichever step of the writer fails, nothing half-made is found, and the next writer succeeds") {
  int failed = 0;
  for (int step = 1; step < 500; ++step) {
    const tests::folder box;
    lay(box, "b");
    broken_disk d;
    d.fail_at(step, ENOSPC);
    bundle_store store(d, box / "store");
    const stored there = store.fetch(digest(), box / "b", code);
    if (!d.reached())
      break;
    failed += there.trouble != store_trouble::none;
    INFO(step << ' ' << d.what());
    CHECK((there.trouble == store_trouble::none) == !there.folder.empty());
    REQUIRE(only_whole(box / "store"));
    real_disk whole;
    bundle_store again(whole, box / "store");
    REQUIRE(again.fetch(digest(), box / "b", code).trouble == store_trouble::none);
    REQUIRE(again.is_whole(digest()));
  }
  CHECK(failed > 20);
}

TEST_CASE(
    "whichever step the writer is killed at, nothing half-made is found, and the next writer succeeds") {
  int killed = 0;
  for (int step = 1; step < 500; ++step) {
    const tests::folder box;
    lay(box, "b");
    const pid_t child = ::fork();
    if (child == 0) {
      broken_disk d;
      d.die_at(step);
      bundle_store store(d, box / "store");
      store.fetch(digest(), box / "b", code);
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
      break;
    ++killed;
    REQUIRE(only_whole(box / "store"));
    real_disk whole;
    bundle_store again(whole, box / "store");
    REQUIRE(again.fetch(digest(), box / "b", code).trouble == store_trouble::none);
    REQUIRE(again.is_whole(digest()));
  }
  CHECK(killed > 20);
}

TEST_CASE("eight processes that copy the same bundle at once all find it whole") {
  const tests::folder box;
  lay(box, "b");
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      bool good = true;
      for (int round = 0; round < 20; ++round) {
        real_disk d;
        bundle_store store(d, box / "store");
        const stored there = store.fetch(digest(), box / "b", code);
        good = good && there.trouble == store_trouble::none && store.is_whole(digest());
        if (i % 2 == 0)
          store.remove_unused({}); // its own lease keeps the entry
      }
      ::_exit(good ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  CHECK(only_whole(box / "store"));
}

TEST_CASE("an entry is removed only when nobody wants it and nobody has a lease on it") {
  const tests::folder box;
  lay(box, "b");
  real_disk d, other_process;
  bundle_store store(d, box / "store"), remover(other_process, box / "store");
  {
    const stored leased = store.fetch(digest(), box / "b", code);
    CHECK(remover.remove_unused({}).empty());
    CHECK(fs::exists(leased.folder));
  }
  CHECK(remover.remove_unused({digest()}).empty());
  CHECK((remover.remove_unused({}) == std::vector<std::string>{digest()}));
  CHECK(fs::is_empty(box / "store"));
}

TEST_CASE("what a killed writer left behind is swept after an hour, not before") {
  const tests::folder box;
  box.write("store/.new-1-2-3/x", "half");
  fs::permissions(box / "store", fs::perms::owner_all);
  broken_disk d;
  bundle_store store(d, box / "store");
  store.remove_unused({});
  CHECK(fs::exists(box / "store/.new-1-2-3"));
  d.later(3601);
  store.remove_unused({});
  CHECK_FALSE(fs::exists(box / "store/.new-1-2-3"));
}

TEST_CASE("without a folder that can be written the store says so") {
  const tests::folder box;
  lay(box, "b");
  box.write("file", "no folder");
  real_disk d;
  bundle_store store(d, (box / "file").string() + "/store");
  const stored there = store.fetch(digest(), box / "b", code);
  CHECK(there.trouble == store_trouble::unwritable);
  CHECK(there.reason.find("the store was ") != std::string::npos);
}
