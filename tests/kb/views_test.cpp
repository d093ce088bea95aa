// The queries that FORMAT.md prints, run on a real file.
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/kb/sandbox.hpp"

namespace posterior::kb {
namespace {

const std::string& format() {
  static const std::string text =
      *real_files().read(std::string(POSTERIOR_SOURCE_DIR) + "/kb/FORMAT.md", 1 << 20);
  return text;
}

// The statements of the fenced block behind "## 11.", without comments.
std::vector<std::string> printed_queries() {
  const std::size_t from = format().find("```sql", format().find("## 11."));
  REQUIRE(from != std::string::npos);
  const std::string block = format().substr(from + 7, format().find("```", from + 7) - from - 7);
  std::vector<std::string> out;
  std::string one;
  for (std::size_t at = 0; at < block.size();) {
    const std::size_t end = block.find('\n', at);
    const std::string line = block.substr(at, end - at);
    at = end == std::string::npos ? block.size() : end + 1;
    if (line.starts_with("--"))
      continue;
    one += line + "\n";
    if (line.ends_with(";"))
      out.push_back(std::exchange(one, {}));
  }
  return out;
}

struct answer {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::string error;
};

answer ask(const std::string& path, const std::string& sql) {
  answer out;
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  char* error = nullptr;
  const auto take = [](void* into, int n, char** values, char**) {
    auto& rows = static_cast<answer*>(into)->rows;
    rows.emplace_back();
    for (int i = 0; i < n; ++i)
      rows.back().emplace_back(values[i] == nullptr ? "" : values[i]);
    return 0;
  };
  sqlite3_stmt* s = nullptr;
  if (sqlite3_prepare_v2(db, sql.c_str(), -1, &s, nullptr) == SQLITE_OK)
    for (int i = 0; i < sqlite3_column_count(s); ++i)
      out.columns.emplace_back(sqlite3_column_name(s, i));
  sqlite3_finalize(s);
  if (sqlite3_exec(db, sql.c_str(), take, &out, &error) != SQLITE_OK)
    out.error = error;
  sqlite3_free(error);
  sqlite3_close(db);
  return out;
}

void fill_history(const sandbox& box) {
  box.open();
  box.add_pack("a", own_state);
  box.open();
  fs::remove(box.home() + "/plugins/a.pack.toml");
  box.open();
}

} // namespace

TEST_CASE("every query that the format page prints runs, and finds something") {
  const sandbox box;
  box.open();
  box.add_pack("a", own_state + "contested = true\n" +
                        "[[source]]\nid = \"a:src\"\ntitle = \"T\"\nseen = \"memory\"\n"
                        "[[claim]]\nid = \"a:c\"\ntext = \"X.\"\nsource = \"a:src\"\ngrade = \"low\"\nseen = "
                        "\"memory\"\ncontested = true\n");
  REQUIRE(box.open().knowledge->find_claim("a:c"));
  fs::remove(box.home() + "/plugins/a.pack.toml");
  box.add_pack("b", "[[source]]\nid = \"b:src\"\ntitle = \"T\"\nseen = \"memory\"\n"
                    "[[claim]]\nid = \"b:c\"\ntext = \"X.\"\nsource = \"b:src\"\ngrade = \"low\"\nseen = "
                    "\"memory\"\ncontested = true\n"
                    "[[retired]]\nid = \"b:old\"\nkind = \"state\"\nreason = \"It was two things.\"\n"
                    "[[link]]\nfrom = \"long-sitting\"\nto = \"forward-tilt\"\np = [0.2, 0.1, "
                    "0.3]\nbecause = \"B.\"\nclaims = [\"c1\"]\nreview = \"draft\"\n");
  box.write_overlay(box.overriding("forward-tilt", "leak = 'often'") + box.disabling("thomas") +
                    box.suspending("rf-cauda-equina"));
  REQUIRE(box.open().knowledge->find_claim("b:c"));
  const auto queries = printed_queries();
  REQUIRE(queries.size() >= 19);
  for (const std::string& sql : queries) {
    INFO(sql);
    const answer found = ask(box.database(), sql);
    CHECK(found.error.empty());
    CHECK_FALSE(found.rows.empty());
  }
}

TEST_CASE("every view has exactly the columns that the format page names") {
  const sandbox box;
  box.open();
  const auto views =
      ask(box.database(), "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name").rows;
  REQUIRE(views.size() == 18);
  for (const auto& row : views) {
    const std::string& view = row[0];
    INFO(view);
    const std::size_t at = format().find("| `" + view + "` | `");
    REQUIRE(at != std::string::npos);
    const std::size_t from = at + view.size() + 8;
    std::string columns;
    for (const std::string& c : ask(box.database(), "SELECT * FROM " + view).columns)
      columns += (columns.empty() ? "" : ", ") + c;
    CHECK(format().substr(from, format().find('`', from) - from) == columns);
  }
}

TEST_CASE("the views tell what ended and what was in force before") {
  const sandbox box;
  fill_history(box);
  const auto ended =
      ask(box.database(), "SELECT kind, id, since, until, why_ended FROM v_history WHERE until IS "
                          "NOT NULL");
  REQUIRE(ended.rows.size() == 1);
  CHECK(ended.rows[0] == std::vector<std::string>{"state", "a:s", "2", "3", "plugin-removed"});
  CHECK(ask(box.database(), "SELECT revision FROM v_revisions").rows.size() == 3);
  CHECK(ask(box.database(),
            "SELECT p, p_low, p_high, word FROM v_links WHERE id = 'link.long-sitting.hip-flexor-short'")
            .rows.size() == 1);
}

TEST_CASE("the views cannot be written through") {
  const sandbox box;
  box.open();
  CHECK_FALSE(ask(box.database(), "DELETE FROM v_links").error.empty());
}

} // namespace posterior::kb
