// Whether every byte that means something is as the program wrote it. The file is copied into memory first:
// what is looked at is one moment, nobody waits, and the full-text index can be asked to check itself.
#include <algorithm>
#include <set>

#include <SQLiteCpp/Backup.h>

#include "kb/canonical.hpp"
#include "kb/store_sql.hpp"
#include "kb/store_state.hpp"

namespace posterior::kb {

void copy_to_memory(SQLite::Database& from, SQLite::Database& memory) {
  SQLite::Backup copying(memory, from);
  if (copying.executeStep(-1) != SQLITE_DONE)
    throw SQLite::Exception("the file cannot be copied", SQLITE_CORRUPT);
}

namespace {

constexpr std::size_t most_faults = 100;

class verifier {
public:
  verifier(SQLite::Database& db, store_verdict& out)
      : db_(db)
      , out_(out) {}

  void run() {
    check_pages();
    check_schema();
    if (!out_.faults.empty())
      return; // what is read through broken pages or other tables says nothing
    check_references();
    for (const row_table& t : row_tables)
      check_rows(t);
    check_basis();
    check_revisions();
    check_files();
    check_latest();
  }

private:
  void add(const std::string& table, std::int64_t row, std::int64_t revision, std::string text) {
    if (out_.faults.size() < most_faults)
      out_.faults.push_back({table, row, revision, std::move(text)});
  }

  void check_pages() {
    SQLite::Statement row(db_, "PRAGMA integrity_check(20)");
    while (row.executeStep())
      if (const std::string text = row.getColumn(0).getString(); text != "ok")
        add("", 0, 0, fault("a page of the file", "damaged (" + text + ")", "as SQLite wrote it"));
  }

  static std::set<std::string> schema_of(SQLite::Database& db) {
    std::set<std::string> out;
    SQLite::Statement row(db,
                          "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema WHERE "
                          "name NOT LIKE 'sqlite_stat%'");
    while (row.executeStep())
      out.insert(row.getColumn(0).getString());
    return out;
  }

  void check_schema() {
    SQLite::Database fresh(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    create_tables(fresh);
    const auto needed = schema_of(fresh), found = schema_of(db_);
    const auto name = [](const std::string& text) { return text.substr(0, text.find(':')); };
    const auto is_there = [&](const std::string& view) {
      return std::any_of(found.begin(), found.end(), [&](const std::string& f) { return name(f) == view; });
    };
    const auto may_wait = [&](const std::string& one) {
      const std::string view = name(one);
      return view.starts_with("view ") && is_later_view(view.substr(5)) && !is_there(view);
    };
    for (const std::string& one : needed)
      if (!found.contains(one) && !may_wait(one))
        add("sqlite_schema", 0, 0,
            fault("the " + name(one), "missing or another one", "that of this schema"));
    for (const std::string& one : found)
      if (!needed.contains(one))
        add("sqlite_schema", 0, 0, fault("the " + name(one), "added outside the program", "left out"));
  }

  void check_references() {
    SQLite::Statement row(db_, "PRAGMA foreign_key_check");
    while (row.executeStep()) {
      const std::string table = row.getColumn(0).getString();
      const std::int64_t number = row.getColumn(1).getInt64();
      add(table, number, 0,
          fault("row " + std::to_string(number) + " of " + table, "naming a row that is not there",
                "one that names rows of " + row.getColumn(2).getString()));
    }
  }

  // --- rows with a life -------------------------------------------------------------

  static std::string row_name(const row_table& t, std::int64_t number, std::int64_t revision,
                              const std::string& id) {
    return "row " + std::to_string(number) + " of " + t.name + (id.empty() ? "" : " (" + id + ")") +
           " of revision " + std::to_string(revision);
  }

  void check_rows(const row_table& t) {
    const bool statements = std::string_view(t.name) == "statement";
    SQLite::Statement row(db_, std::string("SELECT number, ") + t.columns + ", checksum, since, until, " +
                                   t.end + ", end_checksum, " + (statements ? "kind || ' ' || id" : "''") +
                                   " FROM " + t.name + " ORDER BY number");
    std::int64_t expected = 1;
    for (; row.executeStep(); ++expected) {
      ++out_.rows;
      const std::int64_t number = row.getColumn(0).getInt64(), since = row.getColumn(3).getInt64();
      for (; expected < number; ++expected)
        add(t.name, expected, 0,
            fault("row " + std::to_string(expected) + " of " + t.name, "missing",
                  "kept: rows are never deleted"));
      const std::string name = row_name(t, number, since, row.getColumn(7).getString());
      if (text_checksum(row.getColumn(1).getString()) != row.getColumn(2).getInt64())
        add(t.name, number, since, fault(name, "changed outside the program", "as it was imported"));
      check_end(t, row, number, name);
    }
  }

  void check_end(const row_table& t, SQLite::Statement& row, std::int64_t number, const std::string& name) {
    const bool ended = !row.getColumn(4).isNull(), sealed = !row.getColumn(6).isNull();
    const bool good = ended == sealed &&
                      (!ended || text_checksum(row.getColumn(5).getString()) == row.getColumn(6).getInt64());
    if (!good)
      add(t.name, number, row.getColumn(4).isNull() ? 0 : row.getColumn(4).getInt64(),
          fault("the end of " + name, "changed outside the program", "as it was recorded"));
  }

  // The table of what statements rest on repeats what their texts say.
  void check_basis() {
    constexpr const char* said =
        "SELECT s.number, 'claim', j.value, '' FROM statement s, json_each(s.body, '$.basis.claims') j "
        "UNION ALL SELECT s.number, 'source', json_extract(j.value, '$.source'), "
        "coalesce(json_extract(j.value, '$.place'), '') FROM statement s, json_each(s.body, "
        "'$.basis.sources') j";
    constexpr const char* kept = "SELECT statement, kind, id, place FROM basis";
    compare_basis(said, kept, "missing");
    compare_basis(kept, said, "added or changed outside the program");
    const auto rows = db_.execAndGet("SELECT count(*) FROM basis").getInt64();
    if (rows != db_.execAndGet(std::string("SELECT count(*) FROM (") + said + ")").getInt64())
      add("basis", 0, 0,
          fault("the number of rows of basis", std::to_string(rows), "what the statements rest on"));
  }

  void compare_basis(const std::string& one, const std::string& other, const std::string& what) {
    SQLite::Statement row(db_, "SELECT * FROM (" + one + ") EXCEPT SELECT * FROM (" + other + ")");
    while (row.executeStep())
      add("basis", row.getColumn(0).getInt64(), 0,
          fault("the " + row.getColumn(1).getString() + " " + row.getColumn(2).getString() +
                    " that statement " + row.getColumn(0).getString() + " rests on",
                what, "as the statement's text says"));
  }

  // --- revisions ----------------------------------------------------------------------

  void check_revisions() {
    SQLite::Statement row(db_,
                          "SELECT number, digest, statements, content, chain, last_statement, last_plugin, "
                          "last_dormant, fingerprint, made_at, program FROM revision ORDER BY number");
    std::int64_t last[3] = {0, 0, 0};
    while (row.executeStep()) {
      const std::int64_t number = row.getColumn(0).getInt64();
      ++out_.revisions;
      if (number != out_.revisions)
        return add("revision", out_.revisions, out_.revisions,
                   fault("revision " + std::to_string(out_.revisions), "missing",
                         "kept: revisions are never deleted"));
      check_chain(row, number);
      for (int i = 0; i < 3; ++i)
        last[i] = row.getColumn(5 + i).getInt64();
    }
    for (int i = 0; i < 3; ++i)
      check_last(row_tables[i], last[i]);
  }

  void check_chain(SQLite::Statement& row, std::int64_t number) {
    const std::string what = "revision " + std::to_string(number);
    const std::size_t before = out_.faults.size();
    if (content_of(db_, number) != row.getColumn(3).getString())
      add("revision", number, number,
          fault("the rows of " + what, "others than were imported", "those that its digest covers"));
    if (chain_of(db_, number) != row.getColumn(4).getString())
      add("revision", number, number,
          fault("the row of " + what, "changed outside the program", "what the chain of revisions says"));
    if (before != out_.faults.size())
      return;
    if (!read_revision(db_, {number, row.getColumn(1).getString(), {}, 0, 0, {}}))
      add("revision", number, number,
          fault("the statements of " + what, "with another digest", row.getColumn(1).getString()));
  }

  void check_last(const row_table& t, std::int64_t recorded) {
    const std::int64_t found =
        db_.execAndGet(std::string("SELECT coalesce(max(number), 0) FROM ") + t.name).getInt64();
    for (std::int64_t n = found + 1; n <= recorded && n <= found + 5; ++n)
      add(t.name, n, 0,
          fault("row " + std::to_string(n) + " of " + t.name, "missing", "kept: rows are never deleted"));
    if (found > recorded)
      add(t.name, found, 0,
          fault("row " + std::to_string(found) + " of " + t.name, "added outside the program", "left out"));
  }

  // --- what repeats the rest ------------------------------------------------------------

  void check_files() {
    SQLite::Statement row(db_,
                          "SELECT path, path || char(31) || size || char(31) || mode || char(31) || owner "
                          "|| char(31) || device || char(31) || inode || char(31) || modified_ns || "
                          "char(31) || changed_ns || char(31) || sha256 || char(31), checksum FROM file");
    while (row.executeStep())
      if (text_checksum(row.getColumn(1).getString()) != row.getColumn(2).getInt64())
        add("file", 0, 0,
            fault("what is remembered of the file " + row.getColumn(0).getString(),
                  "changed outside the program", "as it was seen"));
  }

  // The compact form and the full-text index of the latest revision.
  void check_latest() {
    const auto last = find_revision(db_, out_.revisions);
    if (!last)
      return;
    out_.digest = last->digest;
    compiled stored;
    SQLite::Statement row(db_, "SELECT revision, bytes FROM compiled");
    const bool there = row.executeStep();
    const auto bytes = there ? row.getColumn(1).getString() : std::string();
    if (!there || row.getColumn(0).getInt64() != last->number)
      add("compiled", 0, last->number,
          fault("the compact form of revision " + std::to_string(last->number), "missing", "there"));
    else if (is_ours(bytes) &&
             (!decode(bytes, stored) || digest(stored.content.all, stored.content.words) != last->digest))
      add("compiled", last->number, last->number,
          fault("the compact form of revision " + std::to_string(last->number), "changed outside the program",
                "what its rows say"));
    if (out_.faults.empty())
      check_texts(*last);
  }

  // One that another version of the program wrote cannot be read, and is made anew at the next import.
  static bool is_ours(const std::string& bytes) { return was_written_by_this(bytes); }

  void check_texts(const revision_entry& last) {
    auto now = read_revision(db_, last);
    if (!now)
      return;
    SQLite::Database fresh(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    create_text_tables(fresh);
    fill_text_tables(fresh, now->content.all);
    try {
      for (SQLite::Database* db : {&fresh, &db_})
        db->exec("CREATE VIRTUAL TABLE temp.words_kept USING fts5vocab(main, statement_text, instance)");
      const bool same = same_rows(fresh, "SELECT * FROM statement_card ORDER BY number") &&
                        same_rows(fresh, "SELECT * FROM statement_word ORDER BY word") &&
                        same_rows(fresh, "SELECT term, doc, offset FROM temp.words_kept");
      db_.exec("INSERT INTO statement_text(statement_text) VALUES('integrity-check')");
      if (same)
        return;
    } catch (const SQLite::Exception&) { // said below
    }
    add("statement_text", 0, last.number,
        fault("the full-text index of revision " + std::to_string(last.number), "changed outside the program",
              "what its statements say"));
  }

  // Whether `fresh` and the store answer alike, row by row.
  bool same_rows(SQLite::Database& fresh, const char* question) {
    SQLite::Statement a(fresh, question), b(db_, question);
    for (bool more = true; more;) {
      more = a.executeStep();
      if (b.executeStep() != more)
        return false;
      for (int i = 0; more && i < a.getColumnCount(); ++i) {
        const SQLite::Column x = a.getColumn(i), y = b.getColumn(i);
        if (std::string_view(x.getText(), static_cast<std::size_t>(x.getBytes())) !=
            std::string_view(y.getText(), static_cast<std::size_t>(y.getBytes())))
          return false;
      }
    }
    return true;
  }

  SQLite::Database& db_;
  store_verdict& out_;
};

} // namespace

store_verdict store::verify(store_result& result) {
  store_verdict out;
  guarded(state_->path, result, [&] {
    SQLite::Database memory(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    copy_to_memory(state_->db, memory);
    verifier(memory, out).run();
    return true;
  });
  if (result.trouble == store_trouble::damaged)
    out.faults.push_back({"", 0, 0, result.text});
  return out;
}

store_result store::check_latest() {
  store_result result;
  guarded(state_->path, result, [&] {
    SQLite::Statement row(state_->db, "SELECT number, chain FROM revision ORDER BY number DESC LIMIT 1");
    if (row.executeStep() &&
        chain_of(state_->db, row.getColumn(0).getInt64()) != row.getColumn(1).getString())
      result = {store_trouble::damaged, "the knowledge base " + state_->path + " is damaged (" +
                                            fault("the row of revision " + row.getColumn(0).getString(),
                                                  "changed outside the program", "as it was imported") +
                                            ")"};
    return true;
  });
  return result;
}

std::optional<std::string> store::copy(store_result& result) {
  return guarded(state_->path, result, [&]() -> std::optional<std::string> {
    SQLite::Database memory(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    copy_to_memory(state_->db, memory);
    sqlite3_int64 size = 0;
    unsigned char* bytes = sqlite3_serialize(memory.getHandle(), "main", &size, 0);
    if (bytes == nullptr)
      throw SQLite::Exception("out of memory", SQLITE_NOMEM);
    std::string out(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    sqlite3_free(bytes);
    return out;
  });
}

} // namespace posterior::kb
