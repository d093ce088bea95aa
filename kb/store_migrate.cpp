// From every released schema to today's, in one transaction of the caller. What an older schema did not
// record is filled in from what it did, else left empty, never guessed.
//
// Schema 2: another full-text index.
// Schema 1: revision, statement (since, until) without reasons, plugin once for every revision and without
// its manifest, no sleepers, no digests of rows.
#include <map>
#include <set>
#include <tuple>

#include "kb/canonical.hpp"
#include "kb/manifest_text.hpp"
#include "kb/store_sql.hpp"
#include "kb/store_state.hpp"

namespace posterior::kb {
namespace {

constexpr const char* put_aside = R"sql(
DROP INDEX statement_now;
DROP INDEX statement_then;
DROP INDEX basis_statement;
DROP INDEX basis_id;
DROP TABLE statement_word;
DROP TABLE statement_text;
ALTER TABLE revision RENAME TO old_revision;
ALTER TABLE compiled RENAME TO old_compiled;
ALTER TABLE plugin RENAME TO old_plugin;
ALTER TABLE statement RENAME TO old_statement;
ALTER TABLE basis RENAME TO old_basis;
ALTER TABLE file RENAME TO old_file;
)sql";

constexpr const char* take_over = R"sql(
INSERT INTO revision SELECT number, digest, fingerprint, statements, made_at, '', 0, 0, 0, '', ''
  FROM old_revision ORDER BY number;
INSERT INTO compiled SELECT revision, bytes FROM old_compiled;
INSERT INTO statement(number, kind, id, plugin, version, file, line, column_number, body, checksum, since, until)
  SELECT number, kind, id, plugin, version, file, line, column_number, body, 0, since, until
  FROM old_statement ORDER BY number;
INSERT INTO basis SELECT statement, kind, id, place FROM old_basis;
)sql";

constexpr const char* let_go = R"sql(
DROP TABLE old_basis;
DROP TABLE old_statement;
DROP TABLE old_plugin;
DROP TABLE old_compiled;
DROP TABLE old_file;
DROP TABLE old_revision;
)sql";

// The full-text index of what is in force, from its rows.
void fill_texts(SQLite::Database& db) {
  statements now;
  scale words;
  SQLite::Statement row(db,
                        "SELECT body, plugin, version FROM statement WHERE until IS NULL ORDER BY kind, id");
  while (row.executeStep())
    read_canonical(row.getColumn(0).getString(),
                   {row.getColumn(1).getString(), row.getColumn(2).getString(), {}}, now, words);
  fill_text_tables(db, now);
}

class from_schema_1 {
public:
  explicit from_schema_1(SQLite::Database& db)
      : db_(db) {}

  void run() {
    db_.exec(put_aside);
    create_tables(db_);
    db_.exec(take_over);
    read_compiled();
    write_plugins();
    write_dormant();
    write_reasons();
    db_.exec(let_go);
    fill_checksums();
    fill_texts(db_);
    finish_heads();
  }

private:
  // What the program that wrote it still knew about its bundles; nothing if it cannot be read any more.
  void read_compiled() {
    SQLite::Statement row(db_, "SELECT revision, bytes FROM old_compiled ORDER BY revision DESC LIMIT 1");
    if (!row.executeStep())
      return;
    const SQLite::Column bytes = row.getColumn(1);
    if (decode({static_cast<const char*>(bytes.getBlob()), static_cast<std::size_t>(bytes.getBytes())},
               latest_))
      compiled_of_ = row.getColumn(0).getInt64();
    else
      latest_ = {};
  }

  const bundle* bundle_of(const std::string& digest) const {
    for (const bundle& b : latest_.bundles)
      if (!digest.empty() && b.digest == digest)
        return &b;
    return nullptr;
  }

  using plugin_row = std::tuple<std::string, std::string, std::string, std::string, std::string>;

  std::map<std::int64_t, std::multiset<plugin_row>> plugins_by_revision() {
    std::map<std::int64_t, std::multiset<plugin_row>> out;
    SQLite::Statement revision(db_, "SELECT number FROM revision");
    while (revision.executeStep())
      out[revision.getColumn(0).getInt64()];
    SQLite::Statement row(db_, "SELECT revision, id, version, digest, location, status FROM old_plugin");
    while (row.executeStep())
      out[row.getColumn(0).getInt64()].emplace(row.getColumn(1).getString(), row.getColumn(2).getString(),
                                               row.getColumn(3).getString(), row.getColumn(4).getString(),
                                               row.getColumn(5).getString());
    return out;
  }

  // One row for as long as nothing about a bundle changed, where there was one for every revision.
  void write_plugins() {
    std::multimap<plugin_row, std::int64_t> in_force; // to the number of its row
    for (auto& [revision, now] : plugins_by_revision()) {
      for (auto at = in_force.begin(); at != in_force.end();) {
        const auto same = now.find(at->first);
        if (same != now.end()) {
          now.erase(same);
          ++at;
          continue;
        }
        end_plugin(at->second, revision);
        at = in_force.erase(at);
      }
      for (const plugin_row& one : now)
        in_force.emplace(one, begin_plugin(one, revision));
      remember_statuses(revision, in_force);
    }
  }

  void end_plugin(std::int64_t number, std::int64_t revision) {
    SQLite::Statement end(db_, "UPDATE plugin SET until = ? WHERE number = ?");
    end.bind(1, revision);
    end.bind(2, number);
    end.exec();
  }

  std::int64_t begin_plugin(const plugin_row& one, std::int64_t revision) {
    const auto& [id, version, digest, location, status] = one;
    SQLite::Statement row(db_, "INSERT INTO plugin(id, version, digest, location, status, origin, form, "
                               "manifest, checksum, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)");
    const bundle* known = bundle_of(digest);
    row.bind(1, id);
    row.bind(2, version);
    row.bind(3, digest);
    row.bind(4, location);
    row.bind(5, status);
    row.bind(6, known == nullptr ? "unknown" : known->origin == bundle_origin::home ? "home" : "program");
    row.bind(7, known == nullptr                            ? "unknown"
                : known->form == bundle_form::pack_file     ? "pack"
                : known->form == bundle_form::packed_folder ? "packed"
                                                            : "source");
    if (known != nullptr)
      row.bind(8, manifest_text(known->about));
    row.bind(9, revision);
    row.exec();
    return db_.getLastInsertRowid();
  }

  void remember_statuses(std::int64_t revision, const std::multimap<plugin_row, std::int64_t>& in_force) {
    auto& now = statuses_[revision];
    for (const auto& [row, number] : in_force)
      if (const auto& status = std::get<4>(row); status == "active" || !now.contains(std::get<0>(row)))
        now[std::get<0>(row)] = status;
  }

  // Who slept was not recorded: what sleeps now is told from the revision on that says so.
  void write_dormant() {
    SQLite::Statement row(
        db_, "INSERT INTO dormant(statement, missing, plugin, checksum, since) VALUES (?, ?, ?, 0, ?)");
    for (const dormant& d : latest_.content.asleep) {
      row.bind(1, d.statement);
      row.bind(2, d.missing);
      row.bind(3, d.plugin);
      row.bind(4, compiled_of_);
      row.exec();
      row.reset();
    }
  }

  void write_reasons() {
    SQLite::Statement old(db_, "SELECT a.number, a.until, a.plugin, a.version, a.body, b.plugin, b.version, "
                               "b.body FROM old_statement a LEFT JOIN old_statement b ON b.kind = a.kind AND "
                               "b.id = a.id AND b.since = a.until WHERE a.until IS NOT NULL");
    SQLite::Statement end(db_, "UPDATE statement SET ended = ?, ended_by = ? WHERE number = ?");
    while (old.executeStep()) {
      const row_text before{old.getColumn(2).getString(), old.getColumn(3).getString(),
                            old.getColumn(4).getString()};
      row_text now;
      if (!old.getColumn(5).isNull())
        now = {old.getColumn(5).getString(), old.getColumn(6).getString(), old.getColumn(7).getString()};
      const bool again = !old.getColumn(5).isNull();
      const auto& statuses = statuses_[old.getColumn(1).getInt64()];
      const auto status = statuses.find(before.plugin);
      const std::string why =
          why_ended(before, again ? &now : nullptr, status == statuses.end() ? "" : status->second, false);
      end.bind(1, why);
      end.bind(2, why == "superseded" ? now.plugin : std::string());
      end.bind(3, old.getColumn(0).getInt64());
      end.exec();
      end.reset();
    }
  }

  void fill_checksums() {
    for (const row_table& t : row_tables) {
      fill(t.name, t.columns, "checksum", "");
      fill(t.name, t.end, "end_checksum", " WHERE until IS NOT NULL");
    }
  }

  void fill(const std::string& table, const std::string& text, const std::string& column,
            const std::string& which) {
    std::map<std::int64_t, std::int64_t> sums;
    SQLite::Statement row(db_, "SELECT number, " + text + " FROM " + table + which);
    while (row.executeStep())
      sums[row.getColumn(0).getInt64()] = text_checksum(row.getColumn(1).getString());
    SQLite::Statement set(db_, "UPDATE " + table + " SET " + column + " = ? WHERE number = ?");
    for (const auto& [number, sum] : sums) {
      set.bind(1, sum);
      set.bind(2, number);
      set.exec();
      set.reset();
    }
  }

  void finish_heads() {
    db_.exec(
        "UPDATE revision SET "
        "last_statement = (SELECT coalesce(max(number), 0) FROM statement WHERE since <= revision.number), "
        "last_plugin = (SELECT coalesce(max(number), 0) FROM plugin WHERE since <= revision.number), "
        "last_dormant = (SELECT coalesce(max(number), 0) FROM dormant WHERE since <= revision.number)");
    const std::int64_t last = db_.execAndGet("SELECT coalesce(max(number), 0) FROM revision").getInt64();
    for (std::int64_t r = 1; r <= last; ++r)
      seal_revision(db_, r);
  }

  SQLite::Database& db_;
  compiled latest_;
  std::int64_t compiled_of_ = 0;
  std::map<std::int64_t, std::map<std::string, std::string>> statuses_;
};

void from_schema_2(SQLite::Database& db) {
  db.exec("DROP TABLE statement_word");
  db.exec("DROP TABLE statement_text");
  create_text_tables(db);
  fill_texts(db);
}

} // namespace

void migrate(SQLite::Database& db, std::int64_t from) {
  if (from == 1)
    from_schema_1(db).run();
  else
    from_schema_2(db);
}

} // namespace posterior::kb
