// Reading what was in force at any revision, and what became of it.
#include <algorithm>
#include <map>
#include <set>

#include "kb/canonical.hpp"
#include "kb/manifest_text.hpp"
#include "kb/store_sql.hpp"
#include "kb/store_state.hpp"

namespace posterior::kb {
namespace {

constexpr const char* in_force_at = " WHERE since <= ?1 AND (until IS NULL OR until > ?1) ";

bool read_statements(SQLite::Database& db, std::int64_t number, snapshot& into) {
  SQLite::Statement row(db, std::string("SELECT body, plugin, version, file, line, column_number FROM "
                                        "statement") +
                                in_force_at + "ORDER BY kind, id");
  row.bind(1, number);
  bool good = true;
  while (row.executeStep() && good) {
    const origin from{
        row.getColumn(1).getString(),
        row.getColumn(2).getString(),
        {row.getColumn(3).getString(), row.getColumn(4).getInt(), row.getColumn(5).getInt(), ""}};
    good = read_canonical(row.getColumn(0).getString(), from, into.all, into.words);
  }
  return good;
}

bundle_form form_in(const std::string& word) {
  return word == "pack"     ? bundle_form::pack_file
         : word == "packed" ? bundle_form::packed_folder
                            : bundle_form::source_folder;
}

// Where the manifest was not recorded: a bundle with derived findings had a detector, whatever it was called.
manifest told_by_statements(const std::string& id, const std::string& version, const snapshot& now) {
  manifest out;
  out.id = out.name = id;
  out.version = version;
  out.has_detector = std::any_of(now.all.findings.begin(), now.all.findings.end(),
                                 [&](const finding& f) { return f.derived && f.from.plugin == id; });
  return out;
}

bool read_plugins(SQLite::Database& db, std::int64_t number, snapshot& into) {
  SQLite::Statement row(db, std::string("SELECT id, version, digest, location, origin, form, manifest FROM "
                                        "plugin") +
                                in_force_at + "AND status = 'active' ORDER BY id");
  row.bind(1, number);
  bool good = true;
  while (row.executeStep() && good) {
    plugin_entry p;
    if (row.getColumn(6).isNull())
      p.about = told_by_statements(row.getColumn(0).getString(), row.getColumn(1).getString(), into);
    else
      good = read_manifest_text(row.getColumn(6).getString(), p.about);
    p.digest = row.getColumn(2).getString();
    p.location = row.getColumn(3).getString();
    p.origin = row.getColumn(4).getString() == "home" ? bundle_origin::home : bundle_origin::program;
    p.form = form_in(row.getColumn(5).getString());
    into.plugins.push_back(std::move(p));
  }
  return good;
}

void read_dormant(SQLite::Database& db, std::int64_t number, snapshot& into) {
  SQLite::Statement row(db, std::string("SELECT statement, missing, plugin FROM dormant") + in_force_at +
                                "ORDER BY statement, missing, number");
  row.bind(1, number);
  while (row.executeStep())
    into.asleep.push_back(
        {row.getColumn(0).getString(), row.getColumn(1).getString(), row.getColumn(2).getString()});
}

store_result no_revision(const std::string& path, std::int64_t number, std::int64_t last) {
  return {store_trouble::missing,
          fault("the revision of the knowledge base " + path, std::to_string(number),
                last == 0 ? "one that it has; it has none" : "from 1 to " + std::to_string(last))};
}

std::int64_t last_revision(SQLite::Database& db) {
  return db.execAndGet("SELECT coalesce(max(number), 0) FROM revision").getInt64();
}

// --- log ------------------------------------------------------------------------

struct plugin_state {
  std::string version, digest, status;
};

// What counts of a bundle at a revision: the copy in force, else any.
std::map<std::string, plugin_state> plugins_at(SQLite::Database& db, std::int64_t number) {
  std::map<std::string, plugin_state> out;
  SQLite::Statement row(db, std::string("SELECT id, version, digest, status FROM plugin") + in_force_at);
  row.bind(1, number);
  while (row.executeStep()) {
    plugin_state one{row.getColumn(1).getString(), row.getColumn(2).getString(),
                     row.getColumn(3).getString()};
    auto& at = out[row.getColumn(0).getString()];
    if (at.status.empty() || one.status == "active")
      at = std::move(one);
  }
  return out;
}

std::string what_happened(const plugin_state& before, const plugin_state& now) {
  if (before.status == now.status)
    return before.digest == now.digest && before.version == now.version ? "" : "changed";
  return now.status == "active" ? "in-force" : now.status;
}

std::vector<bundle_change> bundle_changes(const std::map<std::string, plugin_state>& before,
                                          const std::map<std::string, plugin_state>& now) {
  std::vector<bundle_change> out;
  for (const auto& [id, was] : before) {
    const auto at = now.find(id);
    if (at == now.end())
      out.push_back({id, "went", was.version, ""});
    else if (const std::string what = what_happened(was, at->second); !what.empty())
      out.push_back({id, what, was.version, at->second.version});
  }
  for (const auto& [id, is] : now)
    if (!before.contains(id))
      out.push_back({id, is.status == "active" ? "came" : is.status, "", is.version});
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return out;
}

void count_statements(SQLite::Database& db, revision_change& into) {
  SQLite::Statement row(
      db, "SELECT (SELECT count(*) FROM statement WHERE since = ?1), "
          "(SELECT count(*) FROM statement WHERE until = ?1 AND ended IN ('changed', 'superseded')), "
          "(SELECT count(*) FROM statement WHERE until = ?1 AND ended = 'renewed'), "
          "(SELECT count(*) FROM statement WHERE until = ?1)");
  row.bind(1, into.number);
  row.executeStep();
  const auto number = [&](int column) { return row.getColumn(column).getInt64(); };
  into.changed = number(1);
  into.added = number(0) - number(1) - number(2);
  into.gone = number(3) - number(1) - number(2);
}

std::vector<statement_event> events_of(SQLite::Database& db, const std::string& id, std::int64_t number) {
  std::vector<statement_event> out;
  SQLite::Statement row(db, "SELECT kind, id, plugin, version, until = ?2, ended, ended_by FROM statement "
                            "WHERE id = ?1 AND (since = ?2 OR until = ?2) ORDER BY kind, until IS NOT ?2");
  row.bind(1, id);
  row.bind(2, number);
  while (row.executeStep()) {
    const bool ended = !row.getColumn(4).isNull() && row.getColumn(4).getInt() == 1;
    out.push_back({row.getColumn(0).getString(), row.getColumn(1).getString(), row.getColumn(2).getString(),
                   row.getColumn(3).getString(), ended ? row.getColumn(5).getString() : "",
                   ended ? row.getColumn(6).getString() : ""});
  }
  return out;
}

// --- difference -------------------------------------------------------------------

struct row_at {
  std::string plugin, body;
};
using rows_at = std::map<std::pair<std::string, std::string>, row_at>;

// Rows in force at `at` that are not the rows in force at `other`.
rows_at rows_of(SQLite::Database& db, std::int64_t at, std::int64_t other) {
  rows_at out;
  SQLite::Statement row(db, "SELECT kind, id, plugin, body FROM statement WHERE since <= "
                            "?1 AND (until IS NULL OR until > ?1) AND NOT (since <= ?2 AND (until IS NULL OR "
                            "until > ?2))");
  row.bind(1, at);
  row.bind(2, other);
  while (row.executeStep())
    out[{row.getColumn(0).getString(), row.getColumn(1).getString()}] = {row.getColumn(2).getString(),
                                                                         row.getColumn(3).getString()};
  return out;
}

// Of what is not in force at `to`: why the last row before it ended. Nothing looking backwards in time.
std::string why_gone(SQLite::Database& db, const std::pair<std::string, std::string>& id,
                     const revision_diff& of) {
  SQLite::Statement row(db,
                        "SELECT ended FROM statement WHERE kind = ? AND id = ? AND until > ? AND until <= ? "
                        "ORDER BY number DESC LIMIT 1");
  row.bind(1, id.first);
  row.bind(2, id.second);
  row.bind(3, of.from);
  row.bind(4, of.to);
  return row.executeStep() ? row.getColumn(0).getString() : std::string();
}

void add_change(SQLite::Database& db, revision_diff& out, const std::pair<std::string, std::string>& id,
                const row_at* before, const row_at* now) {
  statement_change c{id.first, id.second, "changed", "", "", "", "", {}};
  if (before != nullptr)
    c.plugin_before = before->plugin;
  if (now != nullptr)
    c.plugin_now = now->plugin;
  c.name = name_in(now != nullptr ? now->body : before->body);
  if (before == nullptr) {
    c.what = "added";
  } else if (now == nullptr) {
    c.what = "removed";
    c.why = why_gone(db, id, out);
  } else {
    c.fields = compare_texts(before->body, now->body);
    if (c.fields.empty() && c.plugin_before == c.plugin_now)
      return; // another version says the same
  }
  out.changes.push_back(std::move(c));
}

} // namespace

std::optional<compiled> read_revision(SQLite::Database& db, const revision_entry& which) {
  std::optional<compiled> out(std::in_place);
  snapshot& s = out->content;
  if (!read_statements(db, which.number, s) || !read_plugins(db, which.number, s))
    return std::nullopt;
  read_dormant(db, which.number, s);
  sort(s.all);
  s.revision = which.number;
  s.digest = digest(s.all, s.words);
  return s.digest == which.digest ? std::move(out) : std::nullopt;
}

std::optional<compiled> store::read(std::int64_t number, store_result& result) {
  return guarded(state_->path, result, [&]() -> std::optional<compiled> {
    SQLite::Transaction at_one_moment(state_->db);
    const auto which = find_revision(state_->db, number);
    if (!which) {
      result = no_revision(state_->path, number, last_revision(state_->db));
      return std::nullopt;
    }
    auto out = read_revision(state_->db, *which);
    if (!out)
      result = {store_trouble::damaged, "the knowledge base " + state_->path +
                                            " is damaged (the rows of revision " + std::to_string(number) +
                                            " are not what its digest says)"};
    return out;
  });
}

std::vector<revision_change> store::log(const std::string& id, std::size_t most, store_result& result) {
  return guarded(state_->path, result, [&] {
    SQLite::Transaction at_one_moment(state_->db);
    std::vector<revision_change> out;
    auto now = plugins_at(state_->db, last_revision(state_->db));
    for (std::int64_t n = last_revision(state_->db); n > 0 && (most == 0 || out.size() < most); --n) {
      const auto entry = find_revision(state_->db, n);
      auto before = plugins_at(state_->db, n - 1);
      revision_change one{n, entry->made_at, entry->statements, entry->digest, entry->program, {}, 0, 0, 0,
                          {}};
      one.bundles = bundle_changes(before, now);
      now = std::move(before);
      if (!id.empty()) {
        one.events = events_of(state_->db, id, n);
        std::erase_if(one.bundles, [&](const bundle_change& b) { return b.id != id; });
        if (one.events.empty() && one.bundles.empty())
          continue;
      }
      count_statements(state_->db, one);
      out.push_back(std::move(one));
    }
    return out;
  });
}

std::optional<revision_diff> store::diff(std::int64_t from, std::int64_t to, store_result& result) {
  return guarded(state_->path, result, [&]() -> std::optional<revision_diff> {
    SQLite::Transaction at_one_moment(state_->db);
    const auto a = find_revision(state_->db, from), b = find_revision(state_->db, to);
    if (!a || !b) {
      result = no_revision(state_->path, a ? to : from, last_revision(state_->db));
      return std::nullopt;
    }
    revision_diff out{from, to, a->digest, b->digest, {}};
    const rows_at before = rows_of(state_->db, from, to), now = rows_of(state_->db, to, from);
    std::set<std::pair<std::string, std::string>> ids;
    for (const rows_at* rows : {&before, &now})
      for (const auto& [id, row] : *rows)
        ids.insert(id);
    for (const auto& id : ids) {
      const auto was = before.find(id), is = now.find(id);
      add_change(state_->db, out, id, was == before.end() ? nullptr : &was->second,
                 is == now.end() ? nullptr : &is->second);
    }
    return out;
  });
}

} // namespace posterior::kb
