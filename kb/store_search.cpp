// FTS5: four columns, of which the name weighs most. Every word of the query is a prefix, all must occur.
#include <algorithm>
#include <cctype>

#include "kb/reader.hpp"
#include "kb/schema.hpp"
#include "kb/store_sql.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

// Collects what people read in a statement: names and aliases apart from the rest.
class text_collector {
public:
  std::string name, aliases, text;

  void operator()(std::string_view key, const std::string& value) {
    if (key == "name" || key == "title")
      name = value;
    else if (is_prose(key))
      add(text, value);
  }
  void operator()(std::string_view key, const std::vector<std::string>& list) {
    for (const std::string& value : list)
      if (key == "aliases")
        add(aliases, value);
      else if (is_prose(key))
        add(text, value);
  }
  void operator()(std::string_view, const std::vector<take>& list) {
    for (const take& t : list)
      add(text, t.text);
  }
  void operator()(std::string_view, const dose& d) { visit(*this, d); }
  void operator()(std::string_view, const basis& b) { add(text, b.judgement); }
  template <typename T>
  void operator()(std::string_view, const T&) {}

private:
  static bool is_prose(std::string_view key) {
    static constexpr std::string_view prose[] = {
        "text",       "present_when", "population", "question", "how",     "position", "reliability",
        "because",    "action",       "timing",     "purpose",  "targets", "caution",  "cues",
        "errors",     "stop",         "note",       "why",      "authors", "venue",    "locator",
        "cut_reason", "tempo",        "load",       "year",     "reason"};
    return std::find(std::begin(prose), std::end(prose), key) != std::end(prose);
  }
  static void add(std::string& to, const std::string& value) {
    if (!value.empty())
      to += (to.empty() ? "" : "\n") + value;
  }
};

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    const bool part = std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80;
    if (part)
      out.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!out.back().empty())
      out.emplace_back();
  }
  if (out.back().empty())
    out.pop_back();
  return out;
}

std::string match_text(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words)
    out += (out.empty() ? "\"" : " \"") + w + "\"*";
  return out;
}

bool occurs(SQLite::Database& db, const std::string& word) {
  SQLite::Statement query(db, "SELECT 1 FROM statement_text WHERE statement_text MATCH ? LIMIT 1");
  query.bind(1, "\"" + word + "\"*");
  return query.executeStep();
}

std::vector<std::string> near_words(SQLite::Database& db, const std::vector<std::string>& words) {
  std::vector<std::string> out, known;
  for (const std::string& word : words) {
    if (occurs(db, word))
      continue;
    if (known.empty()) {
      SQLite::Statement terms(db, "SELECT term FROM statement_word");
      while (terms.executeStep())
        known.push_back(terms.getColumn(0).getString());
    }
    const std::vector<std::string_view> views(known.begin(), known.end());
    if (const auto near = nearest(word, views); !near.empty())
      out.emplace_back(near);
  }
  return out;
}

search_hit hit_in(SQLite::Statement& row) {
  search_hit out;
  out.kind = row.getColumn(0).getString();
  out.id = row.getColumn(1).getString();
  out.plugin = row.getColumn(2).getString();
  out.level = row.getColumn(3).getString();
  out.name = row.getColumn(4).getString();
  out.excerpt = row.getColumn(5).getString();
  return out;
}

} // namespace

void create_text_table(SQLite::Database& db) {
  db.exec(
      "CREATE VIRTUAL TABLE statement_text USING fts5(kind UNINDEXED, id, plugin UNINDEXED, grade UNINDEXED, "
      "name, aliases, body, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')");
  db.exec("CREATE VIRTUAL TABLE statement_word USING fts5vocab(statement_text, row)");
}

void fill_text_table(SQLite::Database& db, const statements& all) {
  db.exec("DELETE FROM statement_text");
  SQLite::Statement insert(db, "INSERT INTO statement_text(kind, id, plugin, grade, name, aliases, body) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?)");
  each_kind(all, [&](std::string_view kind, const auto& list) {
    for (const auto& item : list) {
      text_collector texts;
      visit(texts, item);
      const basis* rests_on = basis_of(item);
      std::string level;
      if (rests_on)
        level = to_string(rests_on->level);
      else if constexpr (requires { item.level; })
        level = to_string(item.level);
      insert.bind(1, std::string(kind));
      insert.bind(2, id_of(item));
      insert.bind(3, item.from.plugin);
      insert.bind(4, level);
      insert.bind(5, texts.name);
      insert.bind(6, texts.aliases);
      insert.bind(7, texts.text);
      insert.exec();
      insert.reset();
    }
  });
}

search_result search_text_table(SQLite::Database& db, const search_query& query) {
  search_result out;
  const auto words = words_of(query.text);
  if (words.empty() || words.size() > 32)
    return out;
  SQLite::Statement rows(
      db, "SELECT kind, id, plugin, grade, name, snippet(statement_text, -1, '[', ']', ' ... ', 12) "
          "FROM statement_text WHERE statement_text MATCH ?1 AND (?2 = '' OR kind = ?2) AND (?3 = '' OR "
          "plugin = ?3) "
          "AND (?4 = '' OR grade = ?4) "
          "ORDER BY round(bm25(statement_text, 0, 8, 0, 0, 10, 8, 1), 6), kind, id LIMIT ?5");
  rows.bind(1, match_text(words));
  rows.bind(2, query.kind);
  rows.bind(3, query.plugin);
  rows.bind(4, query.level ? std::string(to_string(*query.level)) : std::string());
  rows.bind(5, static_cast<std::int64_t>(query.limit));
  while (rows.executeStep())
    out.hits.push_back(hit_in(rows));
  if (out.hits.empty())
    out.near = near_words(db, words);
  return out;
}

// --- the index in memory ------------------------------------------------------------

struct search_index::state {
  SQLite::Database db{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
};

search_index::search_index(const snapshot& s)
    : state_(std::make_unique<state>()) {
  SQLite::Transaction all_at_once(state_->db);
  create_text_table(state_->db);
  fill_text_table(state_->db, s.all);
  all_at_once.commit();
}
search_index::~search_index() = default;
search_index::search_index(search_index&&) noexcept = default;
search_index& search_index::operator=(search_index&&) noexcept = default;

search_result search_index::search(const search_query& query) {
  try {
    return search_text_table(state_->db, query);
  } catch (const SQLite::Exception&) {
    return {}; // out of memory: an index in memory has no other way to fail
  }
}

} // namespace posterior::kb
