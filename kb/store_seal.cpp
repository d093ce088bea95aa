// What makes a change outside the program visible: a checksum on every row, a digest over the rows of every
// revision, and a chain of these digests.
#include "kb/store_sql.hpp"
#include "kb/values/digest.hpp"

namespace posterior::kb {
namespace {

constexpr char parting = '\x1f';

std::string parted(std::initializer_list<std::string_view> columns) {
  std::string out;
  for (const std::string_view c : columns) {
    out += c;
    out += parting;
  }
  return out;
}

void add_rows(SQLite::Database& db, const std::string& sql, std::int64_t revision, std::string& out) {
  SQLite::Statement row(db, sql);
  row.bind(1, revision);
  while (row.executeStep()) {
    out += row.getColumn(0).getString();
    out += '\n';
  }
}

std::string hash_of_row(const std::string& before, SQLite::Statement& row) {
  std::string text = before + parting;
  for (int i = 0; i < row.getColumnCount(); ++i) {
    text += row.getColumn(i).getString();
    text += parting;
  }
  return sha256_hex(text);
}

} // namespace

// clang-format off
const row_table row_tables[3] = {
    {"statement",
     "kind || char(31) || id || char(31) || plugin || char(31) || version || char(31) || file || char(31) || line || "
     "char(31) || column_number || char(31) || body || char(31)",
     "number || char(31) || until || char(31) || coalesce(ended, '') || char(31) || coalesce(ended_by, '') || char(31)"},
    {"plugin",
     "id || char(31) || version || char(31) || digest || char(31) || location || char(31) || status || char(31) || "
     "origin || char(31) || form || char(31) || coalesce(manifest, '') || char(31)",
     "number || char(31) || until || char(31) || char(31) || char(31)"},
    {"dormant",
     "statement || char(31) || missing || char(31) || plugin || char(31)",
     "number || char(31) || until || char(31) || char(31) || char(31)"},
};
// clang-format on

std::int64_t row_checksum(std::initializer_list<std::string_view> columns) {
  return text_checksum(parted(columns));
}

std::int64_t text_checksum(std::string_view parted_columns) {
  return static_cast<std::int64_t>(checksum(parted_columns));
}

std::int64_t end_checksum(std::int64_t number, std::int64_t until, std::string_view ended,
                          std::string_view ended_by) {
  return row_checksum({std::to_string(number), std::to_string(until), ended, ended_by});
}

std::string content_of(SQLite::Database& db, std::int64_t revision) {
  std::string text;
  for (const row_table& t : row_tables) {
    const std::string from = std::string(" FROM ") + t.name + " WHERE ";
    add_rows(db,
             std::string("SELECT number || char(31) || ") + t.columns + from + "since = ? ORDER BY number",
             revision, text);
    text += "ended\n";
    add_rows(db, std::string("SELECT ") + t.end + from + "until = ? ORDER BY number", revision, text);
    text += "next\n";
  }
  return sha256_hex(text);
}

std::string chain_of(SQLite::Database& db, std::int64_t revision) {
  SQLite::Statement last(db, "SELECT chain FROM revision WHERE number = ?");
  last.bind(1, revision - 1);
  const std::string before = last.executeStep() ? last.getColumn(0).getString() : std::string();
  SQLite::Statement row(db, "SELECT number, digest, fingerprint, statements, made_at, program, "
                            "last_statement, last_plugin, last_dormant, content FROM revision WHERE number = "
                            "?");
  row.bind(1, revision);
  return row.executeStep() ? hash_of_row(before, row) : std::string();
}

void seal_revision(SQLite::Database& db, std::int64_t revision) {
  SQLite::Statement content(db, "UPDATE revision SET content = ? WHERE number = ?");
  content.bind(1, content_of(db, revision));
  content.bind(2, revision);
  content.exec();
  SQLite::Statement chain(db, "UPDATE revision SET chain = ? WHERE number = ?");
  chain.bind(1, chain_of(db, revision));
  chain.bind(2, revision);
  chain.exec();
}

} // namespace posterior::kb
