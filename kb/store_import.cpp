// One revision, row by row. The caller's transaction makes it all or nothing.
#include <map>
#include <utility>
#include <vector>

#include "kb/canonical.hpp"
#include "kb/store_sql.hpp"
#include "kb/values/digest.hpp"

namespace posterior::kb {
namespace {

class importer {
public:
  importer(SQLite::Database& db, const compiled& what, std::int64_t number)
      : db_(db)
      , what_(what)
      , number_(number) {}

  void run(const std::string& fingerprint, std::int64_t now_ns) {
    const auto lines = canonical_lines(what_.content.all, what_.content.words);
    SQLite::Statement row(db_, "INSERT INTO revision VALUES (?, ?, ?, ?, ?)");
    row.bind(1, number_);
    row.bind(2, what_.content.digest);
    row.bind(3, fingerprint);
    row.bind(4, static_cast<std::int64_t>(lines.size()));
    row.bind(5, now_ns / 1'000'000'000);
    row.exec();
    write_plugins();
    write_statements(lines);
    fill_text_table(db_, what_.content.all);
    write_compiled();
  }

private:
  static std::string status(const bundle& b) {
    return b.disabled ? "disabled" : b.shadowed ? "shadowed" : has_errors(b.problems) ? "refused" : "active";
  }

  void write_plugins() {
    SQLite::Statement row(db_, "INSERT INTO plugin VALUES (?, ?, ?, ?, ?, ?, ?)");
    for (std::size_t i = 0; i < what_.bundles.size(); ++i) {
      const bundle& b = what_.bundles[i];
      row.bind(1, number_);
      row.bind(2, static_cast<std::int64_t>(i));
      row.bind(3, b.about.id);
      row.bind(4, b.about.version);
      row.bind(5, b.digest);
      row.bind(6, b.location);
      row.bind(7, status(b));
      row.exec();
      row.reset();
    }
  }

  // Rows that say the same as before stay; the others end, and new ones begin with this revision.
  void write_statements(const std::vector<canonical_line>& lines) {
    std::map<std::pair<std::string, std::string>, std::pair<std::int64_t, std::string>> before;
    SQLite::Statement old(
        db_, "SELECT kind, id, number, body, plugin, version FROM statement WHERE until IS NULL");
    while (old.executeStep())
      before[{old.getColumn(0).getString(), old.getColumn(1).getString()}] = {
          old.getColumn(2).getInt64(),
          key(old.getColumn(3).getString(), old.getColumn(4).getString(), old.getColumn(5).getString())};
    std::vector<const canonical_line*> fresh;
    for (const canonical_line& l : lines) {
      const auto at = before.find({std::string(l.kind), l.id});
      if (at != before.end() && at->second.second == key(l.text, plugin(l), version(l)))
        before.erase(at);
      else
        fresh.push_back(&l);
    }
    SQLite::Statement end(db_, "UPDATE statement SET until = ? WHERE number = ?");
    for (const auto& [id, row] : before) {
      end.bind(1, number_);
      end.bind(2, row.first);
      end.exec();
      end.reset();
    }
    insert(fresh);
  }

  static std::string key(const std::string& body, const std::string& plugin, const std::string& version) {
    return plugin + " " + version + " " + body;
  }
  static std::string plugin(const canonical_line& l) { return l.from ? l.from->plugin : ""; }
  static std::string version(const canonical_line& l) { return l.from ? l.from->version : ""; }

  void insert(const std::vector<const canonical_line*>& lines) {
    SQLite::Statement row(db_,
                          "INSERT INTO statement(kind, id, plugin, version, file, line, column_number, body, "
                          "checksum, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    SQLite::Statement cited(db_, "INSERT INTO basis VALUES (?, ?, ?, ?)");
    for (const canonical_line* l : lines) {
      row.bind(1, std::string(l->kind));
      row.bind(2, l->id);
      row.bind(3, plugin(*l));
      row.bind(4, version(*l));
      row.bind(5, l->from ? l->from->where.file : "");
      row.bind(6, l->from ? l->from->where.line : 0);
      row.bind(7, l->from ? l->from->where.column : 0);
      row.bind(8, l->text);
      row.bind(9, statement_checksum(l->text));
      row.bind(10, number_);
      row.exec();
      row.reset();
      if (l->rests_on)
        insert_basis(cited, db_.getLastInsertRowid(), *l->rests_on);
    }
  }

  static void insert_basis(SQLite::Statement& cited, std::int64_t statement, const basis& rests_on) {
    const auto add = [&](const char* kind, const std::string& id, const std::string& place) {
      cited.bind(1, statement);
      cited.bind(2, kind);
      cited.bind(3, id);
      cited.bind(4, place);
      cited.exec();
      cited.reset();
    };
    for (const std::string& c : rests_on.claims)
      add("claim", c, "");
    for (const citation& c : rests_on.sources)
      add("source", c.source, c.place);
  }

  // Older revisions are rebuilt from their rows when somebody asks for them.
  void write_compiled() {
    db_.exec("DELETE FROM compiled");
    const std::string bytes = encode(what_);
    SQLite::Statement row(db_, "INSERT INTO compiled VALUES (?, ?)");
    row.bind(1, number_);
    row.bindNoCopy(2, bytes.data(), static_cast<int>(bytes.size()));
    row.exec();
  }

  SQLite::Database& db_;
  const compiled& what_;
  std::int64_t number_;
};

} // namespace

std::int64_t statement_checksum(std::string_view text) {
  return static_cast<std::int64_t>(checksum(text));
}

void write_revision(SQLite::Database& db, const compiled& what, std::int64_t number,
                    const std::string& fingerprint, std::int64_t now_ns) {
  importer(db, what, number).run(fingerprint, now_ns);
}

} // namespace posterior::kb
