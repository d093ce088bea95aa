#include "kb/store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/store_sql.hpp"
#include "kb/store_state.hpp"

namespace posterior::kb {

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

namespace {

// Made before SQLite opens it, so that it never exists with wider rights; journals take over its rights.
void make_private_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0)
    ::close(fd);
}

} // namespace

store::store(std::unique_ptr<state> s)
    : state_(std::move(s)) {}
store::~store() = default;
store::store(store&&) noexcept = default;
store& store::operator=(store&&) noexcept = default;

const std::string& store::old_copy() const {
  return state_->old_copy;
}

namespace {

// Another process may have made them meanwhile.
void make_tables(SQLite::Database& db) {
  SQLite::Transaction begin(db, SQLite::TransactionBehavior::IMMEDIATE);
  if (pragma_number(db, "user_version") == 0) {
    create_tables(db);
    mark_file(db);
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
  const bool marked = is_marked(db);
  if (version == 0 && !marked && pragma_number(db, "page_count") <= 1)
    return {store_trouble::missing, "the knowledge base " + path + " is empty"};
  if (!marked || version == 0)
    return {store_trouble::damaged,
            fault("the file " + path, "another program's database", "a knowledge base")};
  if (version > store_schema)
    return {store_trouble::newer,
            fault("the schema of the knowledge base " + path, std::to_string(version),
                  "at most " + std::to_string(store_schema) + ": a newer program wrote it")};
  if (version < store_schema)
    return {store_trouble::older, fault("the schema of the knowledge base " + path, std::to_string(version),
                                        std::to_string(store_schema) +
                                            ": the next command that may write there brings it forward")};
  return {};
}

// The copy is taken by another connection, while this one keeps others from writing.
std::string bring_forward(SQLite::Database& db, const std::string& path) {
  db.exec("PRAGMA foreign_keys = OFF");
  SQLite::Transaction begin(db, SQLite::TransactionBehavior::IMMEDIATE);
  const std::int64_t from = pragma_number(db, "user_version");
  if (from == store_schema)
    return {};
  const std::string aside = path + ".schema-" + std::to_string(from), made = aside + ".part";
  ::unlink(made.c_str()); // of an attempt that was cut off
  make_private_file(made);
  {
    SQLite::Database old(path, SQLite::OPEN_READONLY, 5000);
    old.backup(made.c_str(), SQLite::Database::BackupType::Save);
  }
  if (::rename(made.c_str(), aside.c_str()) != 0)
    throw SQLite::Exception(aside, SQLITE_CANTOPEN);
  migrate(db, from);
  mark_file(db);
  begin.commit();
  return aside;
}

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

bool lies_there(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0;
}

// In a folder that lets nobody write, SQLite cannot make the files that readers share; without a journal the
// file can be read as it lies there.
bool may_read_alone(const std::string& path) {
  struct stat s {};
  return ::access(path.c_str(), R_OK) == 0 && !lies_there(path + "-wal") && !lies_there(path + "-journal") &&
         ::stat(path.c_str(), &s) == 0 && S_ISREG(s.st_mode);
}

} // namespace

std::unique_ptr<store::state> store::connect(const std::string& path, access how, int wait_ms) {
  const auto reach = [&](const std::string& uri, int flags) {
    auto s = std::make_unique<state>(path, uri, flags, wait_ms);
    pragma_number(s->db, "schema_version");
    return s;
  };
  if (how == access::write)
    return reach(path, SQLite::OPEN_READWRITE);
  try {
    return reach(path, SQLite::OPEN_READONLY);
  } catch (const SQLite::Exception& e) {
    const int code = e.getErrorCode() & 0xFF;
    if (code != SQLITE_CANTOPEN && code != SQLITE_READONLY)
      throw;
    // What somebody who was cut off left half written is rolled back by whoever may write.
    if (lies_there(path + "-journal"))
      return reach(path, SQLite::OPEN_READWRITE);
    if (!may_read_alone(path))
      throw;
  }
  return reach(uri_of(path), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
}

std::optional<store> store::open(const std::string& path, access how, int wait_ms, store_result& result) {
  return guarded(path, result, [&]() -> std::optional<store> {
    const bool there = lies_there(path);
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
      make_tables(s->db);
      result = identify(s->db, path);
    }
    if (result.trouble == store_trouble::older && how == access::write) {
      s->old_copy = bring_forward(s->db, path);
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

constexpr const char* entry_columns =
    "SELECT number, digest, fingerprint, statements, made_at, program FROM revision ";

revision_entry entry_in(SQLite::Statement& row) {
  return {row.getColumn(0).getInt64(), row.getColumn(1).getString(), row.getColumn(2).getString(),
          row.getColumn(3).getInt64(), row.getColumn(4).getInt64(),  row.getColumn(5).getString()};
}

std::optional<revision_entry> latest_in(SQLite::Database& db) {
  SQLite::Statement row(db, std::string(entry_columns) + "ORDER BY number DESC LIMIT 1");
  return row.executeStep() ? std::optional(entry_in(row)) : std::nullopt;
}

} // namespace

std::optional<revision_entry> find_revision(SQLite::Database& db, std::int64_t number) {
  SQLite::Statement row(db, std::string(entry_columns) + "WHERE number = ?");
  row.bind(1, number);
  return row.executeStep() ? std::optional(entry_in(row)) : std::nullopt;
}

std::optional<revision_entry> store::latest(store_result& result) {
  return guarded(state_->path, result, [&] { return latest_in(state_->db); });
}

std::vector<revision_entry> store::revisions(store_result& result) {
  return guarded(state_->path, result, [&] {
    std::vector<revision_entry> out;
    SQLite::Statement row(state_->db, std::string(entry_columns) + "ORDER BY number");
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

// --- import ---------------------------------------------------------------------

std::optional<std::int64_t> store::import(const compiled& what, const std::string& fingerprint,
                                          std::int64_t now_ns, const std::string& program,
                                          store_result& result) {
  return guarded(state_->path, result, [&]() -> std::optional<std::int64_t> {
    SQLite::Transaction all_or_nothing(state_->db, SQLite::TransactionBehavior::IMMEDIATE);
    const auto last = latest_in(state_->db);
    if (last && last->fingerprint == fingerprint)
      return last->number;
    const std::int64_t number = last ? last->number + 1 : 1;
    write_revision(state_->db, what, number, fingerprint, now_ns, program);
    all_or_nothing.commit();
    return number;
  });
}

// --- remembered files -------------------------------------------------------------

namespace {

std::int64_t checksum_of_file(const std::string& path, const remembered_file& f) {
  const auto text = [](auto number) { return std::to_string(number); };
  return row_checksum({path, text(static_cast<std::int64_t>(f.info.size)), text(f.info.mode),
                       text(f.info.owner), text(static_cast<std::int64_t>(f.info.device)),
                       text(static_cast<std::int64_t>(f.info.inode)), text(f.info.modified_ns),
                       text(f.info.changed_ns), f.sha256});
}

} // namespace

file_memory store::remembered(store_result& result) {
  return guarded(state_->path, result, [&] {
    file_memory out;
    SQLite::Statement row(
        state_->db,
        "SELECT path, size, mode, owner, device, inode, modified_ns, changed_ns, sha256, checksum FROM file");
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
      const std::string path = row.getColumn(0).getString();
      if (checksum_of_file(path, f) == row.getColumn(9).getInt64()) // else it is read again
        out.emplace(path, std::move(f));
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
    SQLite::Statement row(state_->db, "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
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
      row.bind(10, checksum_of_file(path, f));
      row.exec();
      row.reset();
    }
    begin.commit();
    return true;
  });
}

search_result store::search(const search_query& query, store_result& result) {
  return guarded(state_->path, result, [&] { return search_text_tables(state_->db, query); });
}

std::optional<search_result> store::search_in(const snapshot& knowledge, const search_query& query,
                                              store_result& result) {
  return guarded(state_->path, result, [&]() -> std::optional<search_result> {
    const SQLite::Transaction at_one_moment(state_->db);
    const auto last = latest_in(state_->db);
    if (!last || last->number != knowledge.revision || last->digest != knowledge.digest)
      return std::nullopt;
    return search_text_tables(state_->db, query);
  });
}

} // namespace posterior::kb
