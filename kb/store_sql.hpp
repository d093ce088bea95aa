// SQL shared by the store and the index in memory. Private to kb; whoever includes it catches
// SQLite::Exception.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "kb/codec.hpp"
#include "kb/search.hpp"
#include "kb/snapshot.hpp"

namespace posterior::kb {

// The full-text table over names and texts.
void create_text_table(SQLite::Database& db);
void fill_text_table(SQLite::Database& db, const statements& all);
search_result search_text_table(SQLite::Database& db, const search_query& query);

// Appends revision `number` with its rows, its texts and its compiled form; inside a transaction.
void write_revision(SQLite::Database& db, const compiled& what, std::int64_t number,
                    const std::string& fingerprint, std::int64_t now_ns);
std::int64_t statement_checksum(std::string_view text);

} // namespace posterior::kb
