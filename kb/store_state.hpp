// What the files of the store share. Private to kb.
#pragma once

#include <sqlite3.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include "kb/store.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::kb {

struct store::state {
  std::string path;
  SQLite::Database db;
  std::string old_copy; // of the file before it was brought forward

  state(std::string where, const std::string& uri, int flags, int wait_ms)
      : path(std::move(where))
      , db(uri, flags, wait_ms) {}
};

store_result trouble_of(const SQLite::Exception& e, const std::string& path);

// Runs `act`; every exception of the library ends here.
template <typename Act>
auto guarded(const std::string& path, store_result& result, Act act) -> decltype(act()) {
  try {
    result = {};
    return act();
  } catch (const SQLite::Exception& e) {
    result = trouble_of(e, path);
  }
  return {};
}

inline std::int64_t pragma_number(SQLite::Database& db, const char* name) {
  return db.execAndGet(std::string("PRAGMA ") + name).getInt64();
}

// Everything of `db` in a database in memory.
void copy_to_memory(SQLite::Database& from, SQLite::Database& memory);

// The snapshot of one revision, from its rows; nothing if a row cannot be read or the digest differs.
std::optional<compiled> read_revision(SQLite::Database& db, const revision_entry& which);
std::optional<revision_entry> find_revision(SQLite::Database& db, std::int64_t number);

} // namespace posterior::kb
