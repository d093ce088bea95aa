// SQL shared by the store's files and the index in memory. Private to kb; whoever includes it catches
// SQLite::Exception.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "kb/codec.hpp"
#include "kb/search.hpp"
#include "kb/snapshot.hpp"

namespace posterior::kb {

// --- tables -----------------------------------------------------------------------

// Tables, views and the full-text index of today's schema, in an empty database.
void create_tables(SQLite::Database& db);
void mark_file(SQLite::Database& db); // as a knowledge base of today's schema
bool is_marked(SQLite::Database& db); // as a knowledge base of any

// From an older released schema to today's, inside the caller's transaction.
void migrate(SQLite::Database& db, std::int64_t from);

// The full-text index over names and texts, what is told of a hit, and the words that occur.
void create_text_tables(SQLite::Database& db);
void fill_text_tables(SQLite::Database& db, const statements& all);
search_result search_text_tables(SQLite::Database& db, const search_query& query);

// The views that came after the first files of this schema were written, where they are missing.
void create_later_views(SQLite::Database& db);
bool is_later_view(std::string_view name);

// --- importing --------------------------------------------------------------------

// Appends revision `number` with its rows, its texts and its compiled form; inside a transaction.
void write_revision(SQLite::Database& db, const compiled& what, std::int64_t number,
                    const std::string& fingerprint, std::int64_t now_ns, const std::string& program);

// Why a statement's row ended, in the words of the column `ended`. `now` is the row of the same kind and id
// that begins with the revision, if there is one.
struct row_text {
  std::string plugin, version, body;
};
std::string why_ended(const row_text& before, const row_text* now, const std::string& status_of_plugin,
                      bool asleep);

// --- sealing (store_seal.cpp) -------------------------------------------------------

// Against accidents: over the text of a row, its columns parted by a byte that occurs in none.
std::int64_t row_checksum(std::initializer_list<std::string_view> columns);
std::int64_t text_checksum(std::string_view parted_columns); // the same from what row_table's SQL gives
// Of when and why a row ended.
std::int64_t end_checksum(std::int64_t number, std::int64_t until, std::string_view ended,
                          std::string_view ended_by);

// SHA-256 over every row of statement, plugin and dormant that begins or ends with a revision.
std::string content_of(SQLite::Database& db, std::int64_t revision);
// SHA-256 over the chain before, and the row of this revision with its content: what the next one builds on.
std::string chain_of(SQLite::Database& db, std::int64_t revision);
// Fills in content and chain of a revision whose rows are all there.
void seal_revision(SQLite::Database& db, std::int64_t revision);

// The three tables whose rows have a life, and the columns that a row's checksum and content are made of.
struct row_table {
  const char* name;
  const char* columns; // one SQL expression: the columns, parted
  const char* end;     // the same for what is written when the row ends
};
extern const row_table row_tables[3];

} // namespace posterior::kb
