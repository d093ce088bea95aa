// The knowledge base on disk: one SQLite file (kb.sqlite), the only user of SQL and SQLiteCpp. Every row of a
// statement names its bundle, version, claims and sources; revisions are only ever added. All of an import
// happens in one transaction: killed at any point, the file holds the revision before or the one after.
// One thread; several processes may each have one open.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/codec.hpp"
#include "kb/files.hpp"
#include "kb/history.hpp"
#include "kb/search.hpp"

namespace posterior::kb {

inline constexpr int store_schema = 3; // PRAGMA user_version

enum class store_trouble {
  none,
  missing,    // no file, or nothing in it yet
  newer,      // written by a newer program
  older,      // of an older schema, and opened for reading only
  damaged,    // not a knowledge base, or bytes changed
  busy,       // somebody else holds the lock
  unwritable, // folder or disk does not let us write
};

struct store_result {
  store_trouble trouble = store_trouble::none;
  std::string text; // one sentence that names the file
  explicit operator bool() const { return trouble == store_trouble::none; }
};

struct revision_entry {
  std::int64_t number = 0;
  std::string digest, fingerprint;
  std::int64_t statements = 0;
  std::int64_t made_at = 0; // seconds since 1970
  std::string program;      // version that made it; empty: an older one that did not say
};

// What verify() found: one row or page that is not as the program wrote it.
struct store_fault {
  std::string table;                  // empty: the file itself
  std::int64_t row = 0, revision = 0; // 0: not about one
  std::string text;                   // one sentence
};

struct store_verdict {
  std::vector<store_fault> faults; // at most a hundred
  std::int64_t revisions = 0, rows = 0;
  std::string digest; // of the latest revision
};

// SHA-256 of files as they were when last read, so that unchanged files need not be read again.
struct remembered_file {
  file_info info;
  std::string sha256;
  bool operator==(const remembered_file&) const = default;
};
using file_memory = std::map<std::string, remembered_file>; // by full path

class store {
public:
  ~store();
  store(store&&) noexcept;
  store& operator=(store&&) noexcept;

  enum class access { read, write };
  // `write` makes the file (0600) and its tables where missing, and brings a file of an older released schema
  // to today's in one transaction, with a copy beside it (PATH.schema-N) made first. Waits at most `wait_ms`
  // for a lock.
  static std::optional<store> open(const std::string& path, access how, int wait_ms, store_result& result);

  // The copy that was made when opening brought the file forward from an older schema; empty: it did not.
  const std::string& old_copy() const;

  std::optional<revision_entry> latest(store_result& result);
  std::vector<revision_entry> revisions(store_result& result);

  // The compiled form of a revision; only the latest has one.
  std::optional<compiled> load(std::int64_t number, store_result& result);

  // What was in force at any revision, from its rows: slower than load, and independent of it. Its digest is
  // held against that of the revision. Without bundles; nothing with trouble `missing` if there is no such
  // revision.
  std::optional<compiled> read(std::int64_t number, store_result& result);

  // What every revision changed, newest first, at most `most` (0: all). With an id (of a statement or a
  // bundle) only those that touched it, with the rows of it.
  std::vector<revision_change> log(const std::string& id, std::size_t most, store_result& result);

  // The statements that differ between what was in force at two revisions, by kind and id.
  std::optional<revision_diff> diff(std::int64_t from, std::int64_t to, store_result& result);

  // Adds the next revision, unless the latest has this fingerprint already; its number in either case.
  std::optional<std::int64_t> import(const compiled& what, const std::string& fingerprint,
                                     std::int64_t now_ns, const std::string& program, store_result& result);

  file_memory remembered(store_result& result);
  // Best effort: gives up at once when somebody else is writing.
  void remember(const file_memory& files);

  // Whether the latest revision's row is what the chain says: what every opening can afford.
  store_result check_latest();

  // Every page, row, index and digest against each other, on a copy in memory: nobody waits for it.
  store_verdict verify(store_result& result);

  // The whole file as it is at this moment, also while others write: bytes of a database of their own.
  std::optional<std::string> copy(store_result& result);

  // In what is in force at the latest revision.
  search_result search(const search_query& query, store_result& result);
  // The same if that is `knowledge`, else nothing.
  std::optional<search_result> search_in(const snapshot& knowledge, const search_query& query,
                                         store_result& result);

private:
  struct state;
  explicit store(std::unique_ptr<state> s);
  static std::unique_ptr<state> connect(const std::string& path, access how, int wait_ms);
  std::unique_ptr<state> state_;
};

} // namespace posterior::kb
