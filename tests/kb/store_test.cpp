#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "kb/canonical.hpp"
#include "kb/knowledge_base.hpp"
#include "kb/store.hpp"
#include "tests/kb/sandbox.hpp"

using Catch::Matchers::ContainsSubstring;

namespace posterior::kb {
namespace {

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
  CHECK(first.notes[0] == "knowledge base: revision 1 imported (2 bundles, 39 statements)");
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
  const auto rows = kept->read(1, result);
  REQUIRE(rows);
  CHECK(digest(rows->content.all, rows->content.words) == made.knowledge->digest);
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
  CHECK(number("PRAGMA user_version") == std::to_string(store_schema));
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

} // namespace posterior::kb
