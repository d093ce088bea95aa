// One revision, row by row. The caller's transaction makes it all or nothing.
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "kb/canonical.hpp"
#include "kb/manifest_text.hpp"
#include "kb/store_sql.hpp"

namespace posterior::kb {
namespace {

std::string status_of(const bundle& b) {
  return b.disabled ? "disabled" : b.shadowed ? "shadowed" : has_errors(b.problems) ? "refused" : "active";
}

const char* word(bundle_origin o) {
  return o == bundle_origin::home ? "home" : "program";
}

const char* word(bundle_form f) {
  return f == bundle_form::pack_file ? "pack" : f == bundle_form::packed_folder ? "packed" : "source";
}

class importer {
public:
  importer(SQLite::Database& db, const compiled& what, std::int64_t number)
      : db_(db)
      , what_(what)
      , number_(number) {
    for (const bundle& b : what.bundles)
      if (const std::string now = status_of(b); now == "active" || !statuses_.contains(b.about.id))
        statuses_[b.about.id] = now;
    statuses_[std::string(overlay_id)] = "active";
    for (const dormant& d : what.content.asleep)
      asleep_.insert(d.statement);
    for (const change& c : what.content.all.changes)
      touched_.insert(c.statement);
    for (const withdrawal& w : what.content.all.withdrawals)
      touched_.insert(w.statement);
  }

  void run(const std::string& fingerprint, std::int64_t now_ns, const std::string& program) {
    const auto lines = canonical_lines(what_.content.all, what_.content.words);
    write_head(fingerprint, lines.size(), now_ns, program);
    write_plugins();
    write_dormant();
    write_statements(lines);
    fill_text_tables(db_, what_.content.all);
    write_compiled();
    finish_head();
    seal_revision(db_, number_);
  }

private:
  void write_head(const std::string& fingerprint, std::size_t lines, std::int64_t now_ns,
                  const std::string& program) {
    SQLite::Statement row(db_, "INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, '', '')");
    row.bind(1, number_);
    row.bind(2, what_.content.digest);
    row.bind(3, fingerprint);
    row.bind(4, static_cast<std::int64_t>(lines));
    row.bind(5, now_ns / 1'000'000'000);
    row.bind(6, program);
    row.exec();
  }

  void finish_head() {
    SQLite::Statement row(db_,
                          "UPDATE revision SET "
                          "last_statement = (SELECT coalesce(max(number), 0) FROM statement), "
                          "last_plugin = (SELECT coalesce(max(number), 0) FROM plugin), "
                          "last_dormant = (SELECT coalesce(max(number), 0) FROM dormant) WHERE number = ?");
    row.bind(1, number_);
    row.exec();
  }

  // --- plugins and sleepers: rows that say the same as before stay ---------------------

  // Rows in force, by their checksum; what is taken out of it goes on.
  std::multimap<std::int64_t, std::int64_t> in_force(const char* table) {
    std::multimap<std::int64_t, std::int64_t> out;
    SQLite::Statement old(db_, std::string("SELECT checksum, number FROM ") + table +
                                   " WHERE until IS NULL ORDER BY number");
    while (old.executeStep())
      out.emplace(old.getColumn(0).getInt64(), old.getColumn(1).getInt64());
    return out;
  }

  static bool goes_on(std::multimap<std::int64_t, std::int64_t>& before, std::int64_t check) {
    const auto at = before.find(check);
    if (at == before.end())
      return false;
    before.erase(at);
    return true;
  }

  void end_rows(const char* table, const std::multimap<std::int64_t, std::int64_t>& over) {
    SQLite::Statement end(db_, std::string("UPDATE ") + table +
                                   " SET until = ?, end_checksum = ? WHERE number = ?");
    for (const auto& [check, row] : over) {
      end.bind(1, number_);
      end.bind(2, end_checksum(row, number_, "", ""));
      end.bind(3, row);
      end.exec();
      end.reset();
    }
  }

  void write_plugins() {
    auto before = in_force("plugin");
    SQLite::Statement row(db_, "INSERT INTO plugin(id, version, digest, location, status, origin, form, "
                               "manifest, checksum, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const bundle& b : what_.bundles) {
      const std::string about = manifest_text(b.about), status = status_of(b);
      const std::int64_t check = row_checksum(
          {b.about.id, b.about.version, b.digest, b.location, status, word(b.origin), word(b.form), about});
      if (goes_on(before, check))
        continue;
      row.bind(1, b.about.id);
      row.bind(2, b.about.version);
      row.bind(3, b.digest);
      row.bind(4, b.location);
      row.bind(5, status);
      row.bind(6, word(b.origin));
      row.bind(7, word(b.form));
      row.bind(8, about);
      row.bind(9, check);
      row.bind(10, number_);
      row.exec();
      row.reset();
    }
    end_rows("plugin", before);
  }

  void write_dormant() {
    auto before = in_force("dormant");
    SQLite::Statement row(
        db_, "INSERT INTO dormant(statement, missing, plugin, checksum, since) VALUES (?, ?, ?, ?, ?)");
    for (const dormant& d : what_.content.asleep) {
      const std::int64_t check = row_checksum({d.statement, d.missing, d.plugin});
      if (goes_on(before, check))
        continue;
      row.bind(1, d.statement);
      row.bind(2, d.missing);
      row.bind(3, d.plugin);
      row.bind(4, check);
      row.bind(5, number_);
      row.exec();
      row.reset();
    }
    end_rows("dormant", before);
  }

  // --- statements ----------------------------------------------------------------------

  struct before_row {
    std::int64_t number = 0;
    row_text text;
  };
  using key = std::pair<std::string, std::string>; // kind and id

  std::map<key, before_row> statements_before() {
    std::map<key, before_row> out;
    SQLite::Statement old(
        db_, "SELECT kind, id, number, plugin, version, body FROM statement WHERE until IS NULL");
    while (old.executeStep())
      out[{old.getColumn(0).getString(), old.getColumn(1).getString()}] = {
          old.getColumn(2).getInt64(),
          {old.getColumn(3).getString(), old.getColumn(4).getString(), old.getColumn(5).getString()}};
    return out;
  }

  // Rows that say the same as before stay; the others end, and new ones begin with this revision.
  void write_statements(const std::vector<canonical_line>& lines) {
    auto before = statements_before();
    std::vector<const canonical_line*> fresh;
    std::map<key, const canonical_line*> replaced;
    for (const canonical_line& l : lines) {
      const auto at = before.find({std::string(l.kind), l.id});
      if (at != before.end() && at->second.text.body == l.text && at->second.text.plugin == plugin(l) &&
          at->second.text.version == version(l)) {
        before.erase(at);
        continue;
      }
      fresh.push_back(&l);
      if (at != before.end())
        replaced.emplace(at->first, &l);
    }
    end_statements(before, replaced);
    insert(fresh);
  }

  void end_statements(const std::map<key, before_row>& before,
                      const std::map<key, const canonical_line*>& replaced) {
    SQLite::Statement end(
        db_, "UPDATE statement SET until = ?, ended = ?, ended_by = ?, end_checksum = ? WHERE number = ?");
    for (const auto& [id, old] : before) {
      const auto at = replaced.find(id);
      std::optional<row_text> now;
      if (at != replaced.end())
        now = row_text{plugin(*at->second), version(*at->second), at->second->text};
      const auto status = statuses_.find(old.text.plugin);
      const std::string why =
          why_ended(old.text, now ? &*now : nullptr, status == statuses_.end() ? "" : status->second,
                    asleep_.contains(id.second));
      const std::string by = why == "superseded" ? now->plugin
                             : (why == "changed" || why == "withdrawn") && touched_.contains(id.second)
                                 ? std::string(overlay_id)
                                 : "";
      end.bind(1, number_);
      end.bind(2, why);
      end.bind(3, by);
      end.bind(4, end_checksum(old.number, number_, why, by));
      end.bind(5, old.number);
      end.exec();
      end.reset();
    }
  }

  static std::string plugin(const canonical_line& l) { return l.from ? l.from->plugin : ""; }
  static std::string version(const canonical_line& l) { return l.from ? l.from->version : ""; }

  void insert(const std::vector<const canonical_line*>& lines) {
    SQLite::Statement row(db_,
                          "INSERT INTO statement(kind, id, plugin, version, file, line, column_number, body, "
                          "checksum, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    SQLite::Statement cited(db_, "INSERT INTO basis VALUES (?, ?, ?, ?)");
    for (const canonical_line* l : lines) {
      const place where = l->from ? l->from->where : place{};
      row.bind(1, std::string(l->kind));
      row.bind(2, l->id);
      row.bind(3, plugin(*l));
      row.bind(4, version(*l));
      row.bind(5, where.file);
      row.bind(6, where.line);
      row.bind(7, where.column);
      row.bindNoCopy(8, l->text);
      row.bind(9, row_checksum({l->kind, l->id, plugin(*l), version(*l), where.file,
                                std::to_string(where.line), std::to_string(where.column), l->text}));
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
  std::map<std::string, std::string> statuses_; // of plugins by id
  std::set<std::string> asleep_;
  std::set<std::string> touched_; // by the clinic's overlay
};

} // namespace

std::string why_ended(const row_text& before, const row_text* now, const std::string& status_of_plugin,
                      bool asleep) {
  if (now != nullptr && now->plugin != before.plugin)
    return "superseded";
  if (now != nullptr)
    return now->body == before.body ? "renewed" : "changed";
  if (status_of_plugin.empty())
    return before.plugin.empty() ? "withdrawn" : "plugin-removed";
  if (status_of_plugin == "disabled")
    return "plugin-disabled";
  if (status_of_plugin == "refused")
    return "plugin-refused";
  return asleep ? "asleep" : "withdrawn";
}

void write_revision(SQLite::Database& db, const compiled& what, std::int64_t number,
                    const std::string& fingerprint, std::int64_t now_ns, const std::string& program) {
  create_later_views(db);
  importer(db, what, number).run(fingerprint, now_ns, program);
}

} // namespace posterior::kb
