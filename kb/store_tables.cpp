// The tables of kb.sqlite as this program writes them (FORMAT.md section 10), and the views that anybody may
// read with sqlite3.
#include "kb/store.hpp"
#include "kb/store_sql.hpp"

namespace posterior::kb {
namespace {

constexpr int application_id = 0x504F5354; // "POST"

// A row is valid from revision `since` to the one before `until`; it is never changed otherwise and never
// deleted. `number` counts without gaps, so that a missing row is noticed.
constexpr const char* tables = R"sql(
CREATE TABLE revision(
  number INTEGER PRIMARY KEY,
  digest TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  statements INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  program TEXT NOT NULL,
  last_statement INTEGER NOT NULL,
  last_plugin INTEGER NOT NULL,
  last_dormant INTEGER NOT NULL,
  content TEXT NOT NULL,
  chain TEXT NOT NULL
) STRICT;
CREATE TABLE compiled(
  revision INTEGER PRIMARY KEY REFERENCES revision(number),
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE plugin(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  version TEXT NOT NULL,
  digest TEXT NOT NULL,
  location TEXT NOT NULL,
  status TEXT NOT NULL CHECK(status IN ('active', 'shadowed', 'disabled', 'refused')),
  origin TEXT NOT NULL CHECK(origin IN ('program', 'home', 'unknown')),
  form TEXT NOT NULL CHECK(form IN ('pack', 'source', 'packed', 'unknown')),
  manifest TEXT,
  checksum INTEGER NOT NULL,
  since INTEGER NOT NULL REFERENCES revision(number),
  until INTEGER REFERENCES revision(number),
  end_checksum INTEGER
) STRICT;
CREATE INDEX plugin_since ON plugin(since);
CREATE INDEX plugin_until ON plugin(until);
CREATE TABLE dormant(
  number INTEGER PRIMARY KEY,
  statement TEXT NOT NULL,
  missing TEXT NOT NULL,
  plugin TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  since INTEGER NOT NULL REFERENCES revision(number),
  until INTEGER REFERENCES revision(number),
  end_checksum INTEGER
) STRICT;
CREATE INDEX dormant_since ON dormant(since);
CREATE INDEX dormant_until ON dormant(until);
CREATE TABLE statement(
  number INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  plugin TEXT NOT NULL,
  version TEXT NOT NULL,
  file TEXT NOT NULL,
  line INTEGER NOT NULL,
  column_number INTEGER NOT NULL,
  body TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  since INTEGER NOT NULL REFERENCES revision(number),
  until INTEGER REFERENCES revision(number),
  ended TEXT CHECK(ended IN ('changed', 'renewed', 'superseded', 'withdrawn', 'asleep', 'plugin-removed',
    'plugin-disabled', 'plugin-refused')),
  ended_by TEXT,
  end_checksum INTEGER
) STRICT;
CREATE UNIQUE INDEX statement_now ON statement(kind, id) WHERE until IS NULL;
CREATE INDEX statement_since ON statement(since);
CREATE INDEX statement_until ON statement(until);
CREATE INDEX statement_id ON statement(id);
CREATE TABLE basis(
  statement INTEGER NOT NULL REFERENCES statement(number),
  kind TEXT NOT NULL CHECK(kind IN ('claim', 'source')),
  id TEXT NOT NULL,
  place TEXT NOT NULL
) STRICT;
CREATE INDEX basis_statement ON basis(statement);
CREATE INDEX basis_id ON basis(id);
CREATE TABLE file(
  path TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  mode INTEGER NOT NULL,
  owner INTEGER NOT NULL,
  device INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL,
  changed_ns INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  checksum INTEGER NOT NULL
) STRICT;
)sql";

// Their columns keep their names and meaning; new ones may be added at the end.
constexpr const char* views = R"sql(
CREATE VIEW v_revisions AS
  SELECT number AS revision, datetime(made_at, 'unixepoch') AS made_at_utc, program, digest, statements,
    (SELECT count(*) FROM statement s WHERE s.since = r.number) AS rows_begun,
    (SELECT count(*) FROM statement s WHERE s.until = r.number) AS rows_ended
  FROM revision r;
CREATE VIEW v_plugins AS
  SELECT id, version, status, origin, form, digest, location, since, until FROM plugin;
CREATE VIEW v_dormant AS
  SELECT statement, missing, plugin, since, until FROM dormant;
CREATE VIEW v_history AS
  SELECT kind, id, plugin, version, since, until, ended AS why_ended, ended_by, file, line, body
  FROM statement;
CREATE VIEW v_statements AS
  SELECT kind, id, coalesce(json_extract(body, '$.name'), json_extract(body, '$.title'),
      json_extract(body, '$.text'), '') AS name, plugin, version,
    coalesce(json_extract(body, '$.basis.grade'), json_extract(body, '$.grade')) AS grade,
    since, file, line, body
  FROM statement WHERE until IS NULL;
CREATE VIEW v_basis AS
  SELECT s.kind, s.id, b.kind AS rests_on, b.id AS rests_on_id, b.place
  FROM basis b JOIN statement s ON s.number = b.statement WHERE s.until IS NULL;
CREATE VIEW v_sources AS
  SELECT id, json_extract(body, '$.title') AS title, json_extract(body, '$.authors') AS authors,
    json_extract(body, '$.year') AS year, json_extract(body, '$.venue') AS venue,
    json_extract(body, '$.locator') AS locator, json_extract(body, '$.seen') AS seen, plugin
  FROM statement WHERE until IS NULL AND kind = 'source';
CREATE VIEW v_claims AS
  SELECT id, json_extract(body, '$.text') AS text, json_extract(body, '$.source') AS source,
    json_extract(body, '$.place') AS place, json_extract(body, '$.grade') AS grade,
    json_extract(body, '$.seen') AS seen, coalesce(json_extract(body, '$.contested'), 0) AS contested, plugin
  FROM statement WHERE until IS NULL AND kind = 'claim';
CREATE VIEW v_states AS
  SELECT id, json_extract(body, '$.name') AS name, json_extract(body, '$.kind') AS kind,
    coalesce(json_extract(body, '$.lateral'), 0) AS lateral,
    coalesce(json_extract(body, '$.leak[0]'), (json_extract(body, '$.leak.counts[0]') + 0.5) /
      (json_extract(body, '$.leak.counts[1]') + 1)) AS leak,
    json_extract(body, '$.leak[1]') AS leak_low, json_extract(body, '$.leak[2]') AS leak_high,
    json_extract(body, '$.basis.grade') AS grade, plugin
  FROM statement WHERE until IS NULL AND kind = 'state';
CREATE VIEW v_findings AS
  SELECT id, json_extract(body, '$.name') AS name, json_extract(body, '$.kind') AS kind,
    json_extract(body, '$.question') AS question, coalesce(json_extract(body, '$.lateral'), 0) AS lateral,
    json_extract(body, '$.unit') AS unit, coalesce(json_extract(body, '$.safety'), 0) AS safety,
    json_extract(body, '$.basis.grade') AS grade, plugin
  FROM statement WHERE until IS NULL AND kind = 'finding';
CREATE VIEW v_links AS
  SELECT id, json_extract(body, '$.from') AS cause, json_extract(body, '$.to') AS effect,
    coalesce(json_extract(body, '$.p[0]'), (json_extract(body, '$.p.counts[0]') + 0.5) /
      (json_extract(body, '$.p.counts[1]') + 1)) AS p, json_extract(body, '$.p[1]') AS p_low,
    json_extract(body, '$.p[2]') AS p_high, json_extract(body, '$.p[3]') AS word,
    json_extract(body, '$.because') AS because, coalesce(json_extract(body, '$.cut'), 0) AS cut,
    coalesce(json_extract(body, '$.contested'), json_extract(body, '$.basis.contested'), 0) AS contested,
    json_extract(body, '$.basis.grade') AS grade, plugin
  FROM statement WHERE until IS NULL AND kind = 'link';
CREATE VIEW v_exercises AS
  SELECT id, json_extract(body, '$.name') AS name, json_extract(body, '$.phase') AS phase,
    json_extract(body, '$.purpose') AS purpose, json_extract(body, '$.easier') AS easier,
    json_extract(body, '$.harder') AS harder, json_extract(body, '$.basis.grade') AS grade, plugin
  FROM statement WHERE until IS NULL AND kind = 'exercise';
CREATE VIEW v_rules AS
  SELECT id, json_extract(body, '$.name') AS name, json_extract(body, '$.urgency') AS urgency,
    json_extract(body, '$.action') AS action, plugin
  FROM statement WHERE until IS NULL AND kind = 'rule';
)sql";

// Files that an earlier program wrote get them with their next import.
constexpr const char* later_views = R"sql(
CREATE VIEW IF NOT EXISTS v_changes AS
  SELECT json_extract(body, '$.about') AS statement, json_extract(body, '$.field') AS field,
    json_extract(body, '$.before') AS before, json_extract(body, '$.now') AS now,
    json_extract(body, '$.by') AS decided_by, json_extract(body, '$.when') AS decided_on,
    json_extract(body, '$.reason') AS reason, since
  FROM statement WHERE until IS NULL AND kind = 'change';
CREATE VIEW IF NOT EXISTS v_withdrawals AS
  SELECT json_extract(body, '$.about') AS statement, json_extract(body, '$.kind') AS kind,
    json_extract(body, '$.name') AS name, json_extract(body, '$.by') AS decided_by,
    json_extract(body, '$.when') AS decided_on, json_extract(body, '$.reason') AS reason, since
  FROM statement WHERE until IS NULL AND kind = 'withdrawal';
CREATE VIEW IF NOT EXISTS v_suspensions AS
  SELECT json_extract(body, '$.rule') AS rule, json_extract(body, '$.until') AS last_day,
    json_extract(body, '$.by') AS decided_by, json_extract(body, '$.when') AS decided_on,
    json_extract(body, '$.reason') AS reason, since
  FROM statement WHERE until IS NULL AND kind = 'suspension';
CREATE VIEW IF NOT EXISTS v_drafts AS
  SELECT json_extract(body, '$.about') AS statement, json_extract(body, '$.kind') AS kind,
    json_extract(body, '$.name') AS name, json_extract(body, '$.status') AS status, plugin,
    json_extract(body, '$.digest') AS digest, json_extract(body, '$.by') AS decided_by,
    json_extract(body, '$.when') AS decided_on, json_extract(body, '$.reason') AS reason, since
  FROM statement WHERE until IS NULL AND kind = 'draft';
CREATE VIEW IF NOT EXISTS v_retired AS
  SELECT json_extract(body, '$.old') AS id, json_extract(body, '$.kind') AS kind,
    json_extract(body, '$.replaced_by') AS replaced_by, json_extract(body, '$.reason') AS reason, plugin, since
  FROM statement WHERE until IS NULL AND kind = 'retirement';
)sql";

} // namespace

void create_later_views(SQLite::Database& db) {
  db.exec(later_views);
}

bool is_later_view(std::string_view name) {
  return std::string_view(later_views).find("VIEW IF NOT EXISTS " + std::string(name) + " ") !=
         std::string_view::npos;
}

void create_tables(SQLite::Database& db) {
  db.exec(tables);
  db.exec(views);
  create_later_views(db);
  create_text_tables(db);
}

void mark_file(SQLite::Database& db) {
  db.exec("PRAGMA application_id = " + std::to_string(application_id));
  db.exec("PRAGMA user_version = " + std::to_string(store_schema));
}

bool is_marked(SQLite::Database& db) {
  return db.execAndGet("PRAGMA application_id").getInt64() == application_id;
}

} // namespace posterior::kb
