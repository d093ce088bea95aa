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
#include "kb/search.hpp"

namespace posterior::kb {

inline constexpr int store_schema = 1; // PRAGMA user_version

enum class store_trouble {
  none,
  missing,    // no file, or nothing in it yet
  newer,      // written by a newer program
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
  // `write` makes the file (0600) and its tables where missing. Waits at most `wait_ms` for a lock.
  static std::optional<store> open(const std::string& path, access how, int wait_ms, store_result& result);

  std::optional<revision_entry> latest(store_result& result);
  std::vector<revision_entry> revisions(store_result& result);

  // The compiled form of a revision; only the latest has one.
  std::optional<compiled> load(std::int64_t number, store_result& result);

  // What the latest revision says, from its rows: slower than load, and independent of it.
  std::optional<statements> read_rows(scale& words, store_result& result);

  // Adds the next revision, unless the latest has this fingerprint already; its number in either case.
  std::optional<std::int64_t> import(const compiled& what, const std::string& fingerprint,
                                     std::int64_t now_ns, store_result& result);

  file_memory remembered(store_result& result);
  // Best effort: gives up at once when somebody else is writing.
  void remember(const file_memory& files);

  // SQLite's own check of every page, and the checksum of every statement's text.
  store_result verify();

  search_result search(const search_query& query, store_result& result);

private:
  struct state;
  explicit store(std::unique_ptr<state> s);
  static std::unique_ptr<state> connect(const std::string& path, access how, int wait_ms);
  std::unique_ptr<state> state_;
};

} // namespace posterior::kb
