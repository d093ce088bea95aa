#include "kb/store.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/canonical.hpp"
#include "kb/store_sql.hpp"

namespace posterior::kb {
namespace {

constexpr int application_id = 0x504F5354; // "POST"

// A statement is valid from revision `since` to the one before `until`; rows are never changed otherwise.
constexpr const char* tables = R"sql(
CREATE TABLE revision(
  number INTEGER PRIMARY KEY,
  digest TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  statements INTEGER NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE compiled(
  revision INTEGER PRIMARY KEY REFERENCES revision(number),
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE plugin(
  revision INTEGER NOT NULL REFERENCES revision(number),
  place INTEGER NOT NULL,
  id TEXT NOT NULL,
  version TEXT NOT NULL,
  digest TEXT NOT NULL,
  location TEXT NOT NULL,
  status TEXT NOT NULL CHECK(status IN ('active', 'shadowed', 'disabled', 'refused')),
  PRIMARY KEY(revision, place)
) STRICT;
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
  until INTEGER REFERENCES revision(number)
) STRICT;
CREATE UNIQUE INDEX statement_now ON statement(kind, id) WHERE until IS NULL;
CREATE INDEX statement_then ON statement(since, until);
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
  sha256 TEXT NOT NULL
) STRICT;
)sql";

store_result trouble_of(const SQLite::Exception& e, const std::string& path) {
  const int code = e.getErrorCode() & 0xFF;
  const std::string what = "the knowledge base " + path;
  switch (code) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return {store_trouble::busy, what + " is being written by another process"};
  case SQLITE_READONLY:
  case SQLITE_CANTOPEN:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return {store_trouble::unwritable, what + " cannot be written by this user"};
  case SQLITE_FULL:
    return {store_trouble::unwritable, what + " does not fit on the disk"};
  case SQLITE_IOERR:
    return {store_trouble::unwritable, what + " cannot be read or written: the disk reports an error"};
  default:
    return {store_trouble::damaged, what + " is damaged (" + e.what() + ")"};
  }
}

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

std::int64_t pragma_number(SQLite::Database& db, const char* name) {
  return db.execAndGet(std::string("PRAGMA ") + name).getInt64();
}

// Made before SQLite opens it, so that it never exists with wider rights; journals take over its rights.
void make_private_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0)
    ::close(fd);
}

} // namespace

struct store::state {
  std::string path;
  SQLite::Database db;

  state(std::string where, const std::string& uri, int flags, int wait_ms)
      : path(std::move(where))
      , db(uri, flags, wait_ms) {}
};

store::store(std::unique_ptr<state> s)
    : state_(std::move(s)) {}
store::~store() = default;
store::store(store&&) noexcept = default;
store& store::operator=(store&&) noexcept = default;

namespace {

void create_tables(SQLite::Database& db) {
  SQLite::Transaction begin(db, SQLite::TransactionBehavior::IMMEDIATE);
  if (pragma_number(db, "user_version") == 0) {
    db.exec(tables);
    create_text_table(db);
    db.exec("PRAGMA application_id = " + std::to_string(application_id));
    db.exec("PRAGMA user_version = " + std::to_string(store_schema));
  }
  begin.commit();
}

// Readers need not wait for writers then. Two processes cannot switch at once; whoever comes too late leaves
// it to the next.
void prefer_write_ahead(SQLite::Database& db) {
  try {
    db.exec("PRAGMA journal_mode = WAL");
  } catch (const SQLite::Exception& e) {
    if (e.getErrorCode() != SQLITE_BUSY && e.getErrorCode() != SQLITE_LOCKED)
      throw;
  }
}

// Which file this is, before anything in it is believed.
store_result identify(SQLite::Database& db, const std::string& path) {
  // One transaction, or another process could make the tables between two questions.
  SQLite::Transaction at_one_moment(db);
  const auto version = pragma_number(db, "user_version");
  const auto application = pragma_number(db, "application_id");
  if (version == 0 && application == 0 && pragma_number(db, "page_count") <= 1)
    return {store_trouble::missing, "the knowledge base " + path + " is empty"};
  if (application != application_id)
    return {store_trouble::damaged,
            fault("the file " + path, "another program's database", "a knowledge base")};
  if (version > store_schema)
    return {store_trouble::newer,
            fault("the schema of the knowledge base " + path, std::to_string(version),
                  "at most " + std::to_string(store_schema) + ": a newer program wrote it")};
  return {};
}

} // namespace

namespace {

std::string uri_of(const std::string& path) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out = "file:";
  for (const char c : path) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '%' || c == '?' || c == '#') {
      out += '%';
      out += digits[u >> 4];
      out += digits[u & 15];
    } else {
      out += c;
    }
  }
  return out + "?immutable=1";
}

// In a folder that lets nobody write, SQLite cannot make the files that readers share; without a journal the
// file can be read as it lies there.
bool may_read_alone(const std::string& path) {
  struct stat s {};
  return ::access(path.c_str(), R_OK) == 0 && ::access((path + "-wal").c_str(), F_OK) != 0 &&
         ::stat(path.c_str(), &s) == 0 && S_ISREG(s.st_mode);
}

} // namespace

std::unique_ptr<store::state> store::connect(const std::string& path, access how, int wait_ms) {
  const int flags = how == access::write ? SQLite::OPEN_READWRITE : SQLite::OPEN_READONLY;
  try {
    auto s = std::make_unique<state>(path, path, flags, wait_ms);
    pragma_number(s->db, "schema_version");
    return s;
  } catch (const SQLite::Exception& e) {
    const int code = e.getErrorCode() & 0xFF;
    if (how == access::write || (code != SQLITE_CANTOPEN && code != SQLITE_READONLY) || !may_read_alone(path))
      throw;
    return std::make_unique<state>(path, uri_of(path), flags | SQLite::OPEN_URI, wait_ms);
  }
}

std::optional<store> store::open(const std::string& path, access how, int wait_ms, store_result& result) {
  return guarded(path, result, [&]() -> std::optional<store> {
    const bool there = ::access(path.c_str(), F_OK) == 0;
    if (!there && how == access::read) {
      result = {store_trouble::missing, "there is no knowledge base " + path};
      return std::nullopt;
    }
    if (!there)
      make_private_file(path);
    auto s = connect(path, how, wait_ms);
    result = identify(s->db, path);
    if (result.trouble == store_trouble::missing && how == access::write) {
      s->db.exec("PRAGMA page_size = 16384");
      create_tables(s->db);
      result = identify(s->db, path);
    }
    if (how == access::write && result) {
      s->db.exec("PRAGMA foreign_keys = ON");
      prefer_write_ahead(s->db);
    }
    return result ? std::optional(store(std::move(s))) : std::nullopt;
  });
}

namespace {

revision_entry entry_in(SQLite::Statement& row) {
  return {row.getColumn(0).getInt64(), row.getColumn(1).getString(), row.getColumn(2).getString(),
          row.getColumn(3).getInt64()};
}

std::optional<revision_entry> latest_in(SQLite::Database& db) {
  SQLite::Statement row(
      db, "SELECT number, digest, fingerprint, statements FROM revision ORDER BY number DESC LIMIT 1");
  return row.executeStep() ? std::optional(entry_in(row)) : std::nullopt;
}

} // namespace

std::optional<revision_entry> store::latest(store_result& result) {
  return guarded(state_->path, result, [&] { return latest_in(state_->db); });
}

std::vector<revision_entry> store::revisions(store_result& result) {
  return guarded(state_->path, result, [&] {
    std::vector<revision_entry> out;
    SQLite::Statement row(state_->db,
                          "SELECT number, digest, fingerprint, statements FROM revision ORDER BY number");
    while (row.executeStep())
      out.push_back(entry_in(row));
    return out;
  });
}

std::optional<compiled> store::load(std::int64_t number, store_result& result) {
  return guarded(state_->path, result, [&]() -> std::optional<compiled> {
    SQLite::Statement row(state_->db, "SELECT bytes FROM compiled WHERE revision = ?");
    row.bind(1, number);
    std::optional<compiled> out;
    if (row.executeStep()) {
      const SQLite::Column bytes = row.getColumn(0);
      const std::string_view view(static_cast<const char*>(bytes.getBlob()),
                                  static_cast<std::size_t>(bytes.getBytes()));
      if (!decode(view, out.emplace()))
        out.reset();
    }
    if (!out)
      result = {store_trouble::damaged, "the knowledge base " + state_->path + " is damaged (revision " +
                                            std::to_string(number) + " cannot be read)"};
    else
      out->content.revision = number;
    return out;
  });
}

std::optional<statements> store::read_rows(scale& words, store_result& result) {
  return guarded(state_->path, result, [&]() -> std::optional<statements> {
    statements out;
    SQLite::Statement row(state_->db,
                          "SELECT body, plugin, version, file, line, column_number FROM statement "
                          "WHERE until IS NULL ORDER BY kind, id");
    while (row.executeStep()) {
      const origin from{
          row.getColumn(1).getString(),
          row.getColumn(2).getString(),
          {row.getColumn(3).getString(), row.getColumn(4).getInt(), row.getColumn(5).getInt(), ""}};
      if (!read_canonical(row.getColumn(0).getString(), from, out, words)) {
        result = {store_trouble::damaged,
                  "the knowledge base " + state_->path + " is damaged (a statement cannot be read)"};
        return std::nullopt;
      }
    }
    return out;
  });
}

// --- import ---------------------------------------------------------------------

std::optional<std::int64_t> store::import(const compiled& what, const std::string& fingerprint,
                                          std::int64_t now_ns, store_result& result) {
  return guarded(state_->path, result, [&]() -> std::optional<std::int64_t> {
    SQLite::Transaction all_or_nothing(state_->db, SQLite::TransactionBehavior::IMMEDIATE);
    const auto last = latest_in(state_->db);
    if (last && last->fingerprint == fingerprint)
      return last->number;
    const std::int64_t number = last ? last->number + 1 : 1;
    write_revision(state_->db, what, number, fingerprint, now_ns);
    all_or_nothing.commit();
    return number;
  });
}

// --- remembered files -------------------------------------------------------------

file_memory store::remembered(store_result& result) {
  return guarded(state_->path, result, [&] {
    file_memory out;
    SQLite::Statement row(
        state_->db,
        "SELECT path, size, mode, owner, device, inode, modified_ns, changed_ns, sha256 FROM file");
    while (row.executeStep()) {
      remembered_file f;
      f.info.kind = file_kind::regular;
      f.info.size = static_cast<std::uint64_t>(row.getColumn(1).getInt64());
      f.info.mode = row.getColumn(2).getUInt();
      f.info.owner = row.getColumn(3).getUInt();
      f.info.device = static_cast<std::uint64_t>(row.getColumn(4).getInt64());
      f.info.inode = static_cast<std::uint64_t>(row.getColumn(5).getInt64());
      f.info.modified_ns = row.getColumn(6).getInt64();
      f.info.changed_ns = row.getColumn(7).getInt64();
      f.sha256 = row.getColumn(8).getString();
      out.emplace(row.getColumn(0).getString(), std::move(f));
    }
    return out;
  });
}

void store::remember(const file_memory& files) {
  store_result ignored;
  guarded(state_->path, ignored, [&] {
    state_->db.setBusyTimeout(0);
    SQLite::Transaction begin(state_->db, SQLite::TransactionBehavior::IMMEDIATE);
    state_->db.exec("DELETE FROM file");
    SQLite::Statement row(state_->db, "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const auto& [path, f] : files) {
      row.bind(1, path);
      row.bind(2, static_cast<std::int64_t>(f.info.size));
      row.bind(3, f.info.mode);
      row.bind(4, f.info.owner);
      row.bind(5, static_cast<std::int64_t>(f.info.device));
      row.bind(6, static_cast<std::int64_t>(f.info.inode));
      row.bind(7, f.info.modified_ns);
      row.bind(8, f.info.changed_ns);
      row.bind(9, f.sha256);
      row.exec();
      row.reset();
    }
    begin.commit();
    return true;
  });
}

store_result store::verify() {
  store_result result;
  guarded(state_->path, result, [&] {
    const std::string pages = state_->db.execAndGet("PRAGMA integrity_check(1)").getString();
    if (pages != "ok")
      result = {store_trouble::damaged, "the knowledge base " + state_->path + " is damaged (" + pages + ")"};
    SQLite::Statement row(state_->db, "SELECT kind, id, body, checksum FROM statement");
    while (result && row.executeStep())
      if (statement_checksum(row.getColumn(2).getString()) != row.getColumn(3).getInt64())
        result = {store_trouble::damaged, fault("the " + row.getColumn(0).getString() + " " +
                                                    row.getColumn(1).getString() + " in " + state_->path,
                                                "changed outside the program", "as it was imported")};
    return true;
  });
  return result;
}

search_result store::search(const search_query& query, store_result& result) {
  return guarded(state_->path, result, [&] { return search_text_table(state_->db, query); });
}

} // namespace posterior::kb
