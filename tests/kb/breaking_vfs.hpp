// SQLite's own file layer, whose n-th change of a file fails or ends the process. Installed for the whole
// process, so it belongs into a child.
#pragma once

#include <sqlite3.h>
#include <unistd.h>

#include <cstring>
#include <map>

namespace posterior::kb::breaking {

struct plan {
  int step = 0;  // 0: never
  int error = 0; // SQLITE_FULL, SQLITE_IOERR_WRITE ...; 0: the process ends there
  int count = 0;
};

inline plan& current() {
  static plan now;
  return now;
}

inline std::map<const sqlite3_io_methods*, sqlite3_io_methods>& patched() {
  static std::map<const sqlite3_io_methods*, sqlite3_io_methods> all;
  return all;
}

// The methods that a patched table was made of.
inline const sqlite3_io_methods* original(sqlite3_file* file) {
  for (const auto& [from, table] : patched())
    if (&table == file->pMethods)
      return from;
  return file->pMethods;
}

inline int step() {
  plan& p = current();
  if (++p.count != p.step)
    return SQLITE_OK;
  if (p.error == 0)
    ::_exit(9);
  return p.error;
}

// Half of what was to be written is there when it breaks.
inline int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
  if (current().count + 1 == current().step)
    original(file)->xWrite(file, bytes, size / 2, at);
  const int error = step();
  return error != SQLITE_OK ? error : original(file)->xWrite(file, bytes, size, at);
}
inline int truncate(sqlite3_file* file, sqlite3_int64 size) {
  const int error = step();
  return error != SQLITE_OK ? error : original(file)->xTruncate(file, size);
}
inline int sync(sqlite3_file* file, int flags) {
  const int error = step();
  return error != SQLITE_OK ? error : original(file)->xSync(file, flags);
}

inline sqlite3_vfs*& real() {
  static sqlite3_vfs* one = nullptr;
  return one;
}

inline int open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
  const int result = real()->xOpen(real(), name, file, flags, out);
  if (result != SQLITE_OK || file->pMethods == nullptr)
    return result;
  auto& table = patched();
  if (!table.contains(file->pMethods)) {
    sqlite3_io_methods own = *file->pMethods;
    own.xWrite = write;
    own.xTruncate = truncate;
    own.xSync = sync;
    table.emplace(file->pMethods, own);
  }
  file->pMethods = &table.at(file->pMethods);
  return result;
}

inline int remove(sqlite3_vfs*, const char* name, int and_folder) {
  const int error = step();
  return error != SQLITE_OK ? error : real()->xDelete(real(), name, and_folder);
}

// From now on every file of SQLite in this process.
inline void install(int at_step, int error) {
  static sqlite3_vfs own;
  current() = {at_step, error, 0};
  if (real() != nullptr)
    return;
  real() = sqlite3_vfs_find(nullptr);
  own = *real();
  own.zName = "breaking";
  own.xOpen = open;
  own.xDelete = remove;
  sqlite3_vfs_register(&own, 1);
}

} // namespace posterior::kb::breaking
