// Revisions: what was in force at each, what each changed, and files of older schemas.
#include <algorithm>
#include <utility>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "engine/trust/gzip.hpp"
#include "kb/canonical.hpp"
#include "kb/store.hpp"
#include "tests/kb/sandbox.hpp"

using Catch::Matchers::ContainsSubstring;

namespace posterior::kb {
namespace {

std::string own_link(const std::string& p) {
  return "[[link]]\nfrom = \"a:s\"\nto = \"forward-tilt\"\np = " + p +
         "\nbecause = \"B.\"\njudgement = \"J.\"\n";
}

store reading(const sandbox& box) {
  store_result result;
  auto kept = store::open(box.database(), store::access::read, 1000, result);
  INFO(result.text);
  REQUIRE(kept);
  return std::move(*kept);
}

// Revisions: 1 without, 2 with the pack, 3 with another number and name, 4 without it again.
std::vector<std::shared_ptr<const snapshot>> four_revisions(const sandbox& box) {
  std::vector<std::shared_ptr<const snapshot>> out;
  out.push_back(box.open().knowledge);
  box.add_pack("a", own_state + own_link("[0.5, 0.4, 0.6]"));
  out.push_back(box.open().knowledge);
  std::string renamed = own_state;
  renamed.replace(renamed.find("name = \"S\""), 10, "name = \"T\"");
  box.add_pack("a", renamed + own_link("[0.6, 0.4, 0.7]"));
  out.push_back(box.open().knowledge);
  fs::remove(box.home() + "/plugins/a.pack.toml");
  out.push_back(box.open().knowledge);
  return out;
}

const statement_change& change_of(const revision_diff& d, const std::string& id) {
  const auto at =
      std::find_if(d.changes.begin(), d.changes.end(), [&](const statement_change& c) { return c.id == id; });
  REQUIRE(at != d.changes.end());
  return *at;
}

} // namespace

TEST_CASE("every revision stays readable as exactly what was in force then") {
  const sandbox box;
  const auto made = four_revisions(box);
  store kept = reading(box);
  for (std::size_t i = 0; i < made.size(); ++i) {
    REQUIRE(made[i]);
    store_result result;
    auto then = kept.read(static_cast<std::int64_t>(i + 1), result);
    INFO("revision " << i + 1 << " " << result.text);
    REQUIRE(then);
    CHECK(then->content.digest == made[i]->digest);
    CHECK(digest(then->content.all, then->content.words) == made[i]->digest);
    CHECK(then->content.revision == made[i]->revision);
    CHECK(then->content.asleep.size() == made[i]->asleep.size());
    REQUIRE(then->content.plugins.size() == made[i]->plugins.size());
    for (std::size_t p = 0; p < made[i]->plugins.size(); ++p) {
      CHECK(then->content.plugins[p].digest == made[i]->plugins[p].digest);
      CHECK(then->content.plugins[p].location == made[i]->plugins[p].location);
      CHECK(then->content.plugins[p].about.name == made[i]->plugins[p].about.name);
      CHECK(then->content.plugins[p].origin == made[i]->plugins[p].origin);
    }
  }
  CHECK(made[0]->digest != made[1]->digest);
  CHECK(made[1]->digest != made[2]->digest);
}

TEST_CASE("a revision that is not there is refused with the range that is") {
  const sandbox box;
  box.open();
  store_result result;
  CHECK_FALSE(reading(box).read(2, result));
  CHECK(result.trouble == store_trouble::missing);
  CHECK_THAT(result.text, ContainsSubstring("was 2, must be from 1 to 1"));
}

TEST_CASE("the log says which bundles came, changed and went, and how many statements") {
  const sandbox box;
  four_revisions(box);
  store_result result;
  const auto log = reading(box).log("", 0, result);
  REQUIRE(log.size() == 4);
  CHECK(log[0].number == 4);
  REQUIRE(log[0].bundles.size() == 1);
  CHECK(log[0].bundles[0].id == "com.a.pack");
  CHECK(log[0].bundles[0].what == "went");
  CHECK(log[0].gone == 2);
  CHECK(log[1].bundles.at(0).what == "changed");
  CHECK(log[1].changed == 2);
  CHECK(log[1].added == 0);
  CHECK(log[2].bundles.at(0).what == "came");
  CHECK(log[2].bundles.at(0).version_now == "1.0.0");
  CHECK(log[2].added == 2);
  CHECK(log[3].bundles.size() == 2);
  CHECK(reading(box).log("", 2, result).size() == 2);
}

TEST_CASE("the log of one statement tells why each of its rows ended") {
  const sandbox box;
  four_revisions(box);
  store_result result;
  const auto log = reading(box).log("a:s", 0, result);
  REQUIRE(log.size() == 3);
  REQUIRE(log[0].events.size() == 1);
  CHECK(log[0].events[0].why == "plugin-removed");
  REQUIRE(log[1].events.size() == 2);
  CHECK(log[1].events[0].why == "changed");
  CHECK(log[1].events[1].why.empty());
  CHECK(log[2].events.at(0).plugin == "com.a.pack");
}

TEST_CASE("a statement's row says why it ended: disabled, refused, withdrawn or renewed") {
  sandbox box;
  store_result result;
  const auto last_reason = [&] { return reading(box).log("a:s", 1, result).at(0).events.at(0); };
  box.add_pack("a", own_state);
  box.open();
  box.options.disabled = {"com.a.pack"};
  box.open();
  CHECK(last_reason().why == "plugin-disabled");
  box.options.disabled = {};
  box.open();
  box.add_pack("a", own_state + "lek = 1\n");
  box.open();
  CHECK(last_reason().why == "plugin-refused");
  box.add_pack("a", own_state);
  box.open();
  std::string newer = pack("a", own_state);
  newer.replace(newer.find("1.0.0"), 5, "1.1.0");
  box.write(box.home() + "/plugins/a.pack.toml", newer);
  box.open();
  CHECK(last_reason().why == "renewed");
  box.add_pack("a", "[[source]]\nid = \"a:src\"\ntitle = \"T\"\nseen = \"memory\"\n");
  box.open();
  CHECK(last_reason().why == "withdrawn");
}

TEST_CASE("a difference names statements added, removed and changed, field by field") {
  const sandbox box;
  four_revisions(box);
  store_result result;
  store kept = reading(box);
  const auto added = kept.diff(1, 2, result);
  REQUIRE(added);
  CHECK(added->changes.size() == 2);
  CHECK(change_of(*added, "a:s").what == "added");
  CHECK(change_of(*added, "a:s").plugin_now == "com.a.pack");
  const auto changed = kept.diff(2, 3, result);
  REQUIRE(changed);
  const statement_change& state = change_of(*changed, "a:s");
  CHECK(state.what == "changed");
  REQUIRE(state.fields.size() == 1);
  CHECK(state.fields[0].field == "name");
  CHECK(state.fields[0].before == "\"S\"");
  CHECK(state.fields[0].now == "\"T\"");
  const statement_change& link = change_of(*changed, "link.a:s.forward-tilt");
  REQUIRE(link.fields.size() == 1);
  CHECK(link.fields[0].before == "[0.5,0.4,0.6]");
  const auto removed = kept.diff(2, 4, result);
  REQUIRE(removed);
  CHECK(change_of(*removed, "a:s").what == "removed");
  CHECK(change_of(*removed, "a:s").why == "plugin-removed");
  CHECK(kept.diff(1, 4, result)->changes.empty());
  CHECK_FALSE(kept.diff(1, 9, result));
  CHECK_THAT(result.text, ContainsSubstring("was 9, must be from 1 to 4"));
}

// --- older schemas ----------------------------------------------------------------

namespace {

void put_fixture(const sandbox& box, const std::string& name) {
  const auto packed =
      real_files().read(std::string(POSTERIOR_SOURCE_DIR) + "/tests/data/store/" + name, 1 << 24);
  REQUIRE(packed);
  const auto bytes = trust::gunzip(*packed, 1 << 24);
  REQUIRE(bytes.fault == trust::gunzip_fault::none);
  box.write(box.database(), bytes.bytes);
}

} // namespace

TEST_CASE("a file of schema 1 is brought forward whole, with a copy beside it") {
  const sandbox box;
  put_fixture(box, "schema-1.sqlite.gz");
  const std::string before = *real_files().read(box.database(), 1 << 24);
  const auto found = box.open();
  REQUIRE(found.knowledge);
  CHECK_THAT(found.notes.at(0),
             ContainsSubstring("brought forward to schema " + std::to_string(store_schema)));
  CHECK(fs::exists(box.database() + ".schema-1"));
  store kept = reading(box);
  store_result result;
  const auto verdict = kept.verify(result);
  for (const store_fault& f : verdict.faults)
    UNSCOPED_INFO(f.text);
  CHECK(verdict.faults.empty());
  const auto revisions = kept.revisions(result);
  REQUIRE(revisions.size() >= 4);
  CHECK(revisions[0].digest == "742a1069385bbf2a530c8d8c9b299887813036e6479f70036b5105d5aa548b37");
  CHECK(revisions[2].digest == "6116a4f7498a2a5dc04a1143bbb66b88bdb3b38c2b0bdd6322ca0bcda0c0af09");
  for (std::int64_t n = 1; n <= 4; ++n)
    CHECK(kept.read(n, result));
  CHECK(kept.read(2, result)->content.find_state("a:s")->name == "S");
  CHECK(kept.read(3, result)->content.find_state("a:s")->name == "S renamed");
  const auto log = kept.log("a:s", 0, result);
  REQUIRE(log.size() == 3);
  CHECK(log[0].events.at(0).why == "plugin-removed");
  CHECK(log[1].events.at(0).why == "changed");
  CHECK(log[2].bundles.empty());
  const auto bundles = kept.log("com.a.pack", 0, result);
  CHECK(bundles.size() == 3);
}

TEST_CASE("a file of schema 2 is brought forward with all its revisions, and can be searched") {
  const sandbox box;
  put_fixture(box, "schema-2.sqlite.gz");
  REQUIRE(box.open().knowledge);
  CHECK(fs::exists(box.database() + ".schema-2"));
  store kept = reading(box);
  store_result result;
  const auto verdict = kept.verify(result);
  for (const store_fault& f : verdict.faults)
    UNSCOPED_INFO(f.text);
  CHECK(verdict.faults.empty());
  const auto revisions = kept.revisions(result);
  REQUIRE(revisions.size() == 5); // the fifth by this version of the program
  CHECK(revisions[0].digest == "742a1069385bbf2a530c8d8c9b299887813036e6479f70036b5105d5aa548b37");
  CHECK(kept.read(3, result)->content.find_state("a:s")->name == "S renamed");
  search_query query;
  query.text = "hip flex";
  CHECK(kept.search(query, result).hits.at(0).id == "hip-flexor-short");
}

TEST_CASE("the copy beside a file that was brought forward is what it was before") {
  const sandbox box;
  put_fixture(box, "schema-1.sqlite.gz");
  box.open();
  fs::rename(box.database() + ".schema-1", box.home() + "/old.sqlite");
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open((box.home() + "/old.sqlite").c_str(), &db) == SQLITE_OK);
  sqlite3_stmt* q = nullptr;
  REQUIRE(sqlite3_prepare_v2(db, "SELECT count(*) FROM statement WHERE until IS NULL", -1, &q, nullptr) ==
          SQLITE_OK);
  REQUIRE(sqlite3_step(q) == SQLITE_ROW);
  CHECK(sqlite3_column_int(q, 0) == 39);
  sqlite3_finalize(q);
  sqlite3_close(db);
}

TEST_CASE("a file of an older schema is left alone where nothing may be imported") {
  sandbox box;
  put_fixture(box, "schema-1.sqlite.gz");
  box.options.allow_import = false;
  const auto found = box.open();
  CHECK_FALSE(found.knowledge);
  CHECK(found.failure == open_failure::not_imported);
  REQUIRE(found.problems.size() == 1);
  CHECK_THAT(found.problems[0].text, ContainsSubstring("was 1, must be " + std::to_string(store_schema)));
  CHECK_FALSE(fs::exists(box.database() + ".schema-1"));
}

} // namespace posterior::kb
