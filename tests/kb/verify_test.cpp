// What is changed in the file outside the program is found, and named.
#include <algorithm>
#include <map>
#include <random>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "kb/store.hpp"
#include "tests/kb/sandbox.hpp"

using Catch::Matchers::ContainsSubstring;

namespace posterior::kb {
namespace {

store_verdict verdict_of(const sandbox& box) {
  store_result result;
  auto kept = store::open(box.database(), store::access::read, 1000, result);
  if (kept)
    return kept->verify(result);
  return {{{"", 0, 0, result.text}}, 0, 0, ""};
}

bool names(const store_verdict& v, const std::string& table, std::int64_t row, std::int64_t revision) {
  return std::any_of(v.faults.begin(), v.faults.end(), [&](const store_fault& f) {
    return f.table == table && (row == 0 || f.row == row) && (revision == 0 || f.revision == revision);
  });
}

void fill(const sandbox& box) {
  box.open();
  box.add_pack("a", own_state);
  box.open();
  fs::remove(box.home() + "/plugins/a.pack.toml");
  box.open();
}

// Everything that the tables say, as text.
std::string dump(const std::string& path) {
  sqlite3* db = nullptr;
  std::string out;
  if (sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK)
    for (const char* table : {"revision", "compiled", "plugin", "dormant", "statement", "basis", "file",
                              "statement_card", "statement_word", "statement_text_data", "sqlite_schema"}) {
      const auto add = [](void* into, int n, char** values, char**) {
        for (int i = 0; i < n; ++i)
          *static_cast<std::string*>(into) += std::string(values[i] == nullptr ? "" : values[i]) + "|";
        return 0;
      };
      const std::string sql =
          std::string("SELECT ") + (std::string(table) == "compiled" ? "hex(bytes)" : "*") + " FROM " + table;
      if (sqlite3_exec(db, sql.c_str(), add, &out, nullptr) != SQLITE_OK)
        out += "broken";
    }
  sqlite3_close(db);
  return out;
}

} // namespace

TEST_CASE("a file that only the program wrote is found whole") {
  const sandbox box;
  fill(box);
  const auto v = verdict_of(box);
  for (const store_fault& f : v.faults)
    UNSCOPED_INFO(f.text);
  CHECK(v.faults.empty());
  CHECK(v.revisions == 3);
  CHECK(v.rows > 40);
  CHECK(v.digest.size() == 64);
}

TEST_CASE("a changed statement is named with table, row and revision") {
  const sandbox box;
  fill(box);
  box.sql(
      "UPDATE statement SET body = replace(body, 'Long sitting', 'Short sitting') WHERE id = 'long-sitting'");
  const auto v = verdict_of(box);
  CHECK(names(v, "statement", 0, 1));
  REQUIRE_FALSE(v.faults.empty());
  CHECK_THAT(v.faults[0].text,
             ContainsSubstring("(state long-sitting) of revision 1 was changed outside the program"));
}

TEST_CASE("each kind of change outside the program is found in its table") {
  const std::pair<const char*, const char*> changes[] = {
      {"UPDATE statement SET version = '9.9.9' WHERE number = 5", "statement"},
      {"UPDATE statement SET line = line + 1 WHERE number = 5", "statement"},
      {"UPDATE statement SET until = 3, ended = 'withdrawn', ended_by = '' WHERE number = 5", "statement"},
      {"UPDATE statement SET until = NULL, ended = NULL WHERE id = 'a:s'", "statement"},
      {"UPDATE statement SET ended = 'withdrawn' WHERE id = 'a:s'", "statement"},
      {"DELETE FROM basis; DELETE FROM statement WHERE number = 5", "statement"},
      {"DELETE FROM basis; DELETE FROM statement WHERE number = (SELECT max(number) FROM statement)",
       "statement"},
      {"INSERT INTO statement SELECT 900, 'state', 'x', plugin, version, file, line, column_number, body, "
       "checksum, "
       "since, 2, 'changed', '', 0 FROM statement WHERE number = 5",
       "statement"},
      {"UPDATE basis SET id = 'c9' WHERE rowid = 1", "basis"},
      {"DELETE FROM basis WHERE rowid = 1", "basis"},
      {"INSERT INTO basis VALUES (1, 'claim', 'c9', '')", "basis"},
      {"UPDATE plugin SET digest = 'x' WHERE number = 1", "plugin"},
      {"DELETE FROM plugin WHERE number = 1", "plugin"},
      {"UPDATE dormant SET missing = 'x' WHERE number = 1", "dormant"},
      {"UPDATE revision SET made_at = made_at + 1 WHERE number = 1", "revision"},
      {"UPDATE revision SET digest = 'x' WHERE number = 2", "revision"},
      {"UPDATE revision SET chain = 'x' WHERE number = 2", "revision"},
      {"PRAGMA foreign_keys = OFF; DELETE FROM revision WHERE number = 2", "revision"},
      {"UPDATE compiled SET bytes = CAST(substr(bytes, 1, 3000) || x'FF00FF' || substr(bytes, 3004) AS BLOB)",
       "compiled"},
      {"UPDATE file SET sha256 = 'x'", "file"},
      {"UPDATE statement_card SET texts = 'other words' WHERE id = 'long-sitting'", "statement_text"},
      {"DELETE FROM statement_card WHERE id = 'long-sitting'", "statement_text"},
      {"UPDATE statement_word SET word = 'thmoas' WHERE word = 'thomas'", "statement_text"},
      {"INSERT INTO statement_text(rowid, words) VALUES (9999, 'other words')", "statement_text"},
      {"CREATE TABLE own(x)", "sqlite_schema"},
      {"DROP VIEW v_links", "sqlite_schema"},
      {"DROP INDEX statement_id", "sqlite_schema"},
  };
  for (const auto& [sql, table] : changes) {
    const sandbox box;
    fill(box);
    // So that `file` has a row, whatever the clock said.
    store_result result;
    store::open(box.database(), store::access::write, 1000, result)
        ->remember({{"/a", remembered_file{{}, "00"}}});
    REQUIRE(verdict_of(box).faults.empty());
    box.sql(sql);
    INFO(sql);
    CHECK(names(verdict_of(box), table, 0, 0));
  }
}

TEST_CASE("the full-text index alone, changed below its table, is found") {
  const sandbox box;
  fill(box);
  box.sql("UPDATE statement_text_data SET block = zeroblob(length(block)) WHERE id > 10 AND id = (SELECT "
          "max(id) FROM "
          "statement_text_data)");
  CHECK_FALSE(verdict_of(box).faults.empty());
}

TEST_CASE("a truncated file is found") {
  const sandbox box;
  fill(box);
  box.sql("PRAGMA wal_checkpoint(TRUNCATE)");
  for (const char* more : {"-wal", "-shm"})
    fs::remove(box.database() + more);
  fs::resize_file(box.database(), fs::file_size(box.database()) / 2);
  CHECK_FALSE(verdict_of(box).faults.empty());
}

// Bytes that nothing reads (free space inside pages) may differ: then every table still says the same.
TEST_CASE("of bytes flipped anywhere, each is found or changes nothing that is said", "[slow]") {
  const sandbox box;
  fill(box);
  box.sql("PRAGMA journal_mode = DELETE");
  const std::string good = *real_files().read(box.database(), 1 << 24), said = dump(box.database());
  const std::string copy = box.home() + "/copy.sqlite";
  std::minstd_rand random(7);
  int found = 0, missed = 0;
  for (int i = 0; i < 400; ++i) {
    std::string bytes = good;
    char& one = bytes[random() % bytes.size()];
    one = static_cast<char>(one ^ (1 << (random() % 8)));
    box.write(copy, bytes);
    store_result result;
    auto kept = store::open(copy, store::access::read, 1000, result);
    if (!kept || !kept->verify(result).faults.empty() || !result) {
      ++found;
      continue;
    }
    if (dump(copy) != said)
      ++missed;
  }
  CHECK(found > 20);
  CHECK(missed == 0);
}

TEST_CASE("opening notices a changed row of the latest revision at once") {
  const sandbox box;
  fill(box);
  box.sql("UPDATE revision SET statements = statements + 1 WHERE number = 3");
  const auto found = box.open();
  CHECK_FALSE(found.knowledge);
  CHECK(found.failure == open_failure::damaged_store);
  REQUIRE(found.problems.size() == 1);
  CHECK_THAT(found.problems[0].text,
             ContainsSubstring("the row of revision 3 was changed outside the program"));
  CHECK_THAT(found.problems[0].hint, ContainsSubstring("posterior restore"));
}

TEST_CASE("a copy taken while somebody writes is whole") {
  const sandbox box;
  fill(box);
  sqlite3* writer = nullptr;
  REQUIRE(sqlite3_open(box.database().c_str(), &writer) == SQLITE_OK);
  REQUIRE(sqlite3_exec(writer, "BEGIN IMMEDIATE; DELETE FROM basis", nullptr, nullptr, nullptr) == SQLITE_OK);
  store_result result;
  const auto bytes = store::open(box.database(), store::access::read, 1000, result)->copy(result);
  REQUIRE(bytes);
  sqlite3_close(writer);
  box.write(box.home() + "/copy.sqlite", *bytes);
  auto kept = store::open(box.home() + "/copy.sqlite", store::access::read, 1000, result);
  REQUIRE(kept);
  CHECK(kept->verify(result).faults.empty());
}

} // namespace posterior::kb
