// The full-text index (FTS5) and how it is asked.
//
// Ranking thousands of hits of a common word costs more than finding them. So the order of equal hits is
// decided when the index is made: rows are numbered in it, FTS5 gives its hits by number, and asking for the
// first twenty ends with the twentieth. What ranks before that is asked one after the other: all words in the
// name, then some of them, then the text, whole words before beginnings. No row is ranked that is not given.
//
// One column holds all words. Those of names stand there twice, the second time with a mark before them, so
// that "in the name" is a word like others and no look at the places of words. Kind, grade, plugin and
// sources are marked words too: a filter is one more list of rows to walk along.
#include <algorithm>

#include "kb/search_texts.hpp"
#include "kb/search_words.hpp"
#include "kb/store_sql.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

// No text may hold these characters; the index takes them for letters.
constexpr char name_mark = '\x1D', mark = '\x1E';
constexpr std::size_t most_near = 3;

// A word that no other value gives, of letters and digits only.
std::string tag(char what, std::string_view value) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out{mark, what};
  for (const char c : value) {
    const auto u = static_cast<unsigned char>(c);
    if ((c >= 'a' && c < 'z') || (c >= '0' && c <= '9'))
      out += c;
    else
      ((out += 'z') += digits[u >> 4]) += digits[u & 15];
  }
  return out;
}

// Marks of their own part one text from the next, so that no phrase reaches over.
void add_text(std::string& words, std::string_view text) {
  ((words += text) += '\n') += mark;
  words += '\n';
}

void add_name(std::string& words, std::string_view text) {
  for (const std::string_view word : words_in(text))
    ((words += name_mark) += word) += ' ';
  (words += name_mark) += ' ';
}

std::string index_words(const text_document& d) {
  std::string out;
  const auto each_name = [&](auto act) {
    act(d.name);
    std::for_each(d.aliases.begin(), d.aliases.end(), act);
    if (!d.name.empty())
      act(d.id);
  };
  each_name([&](std::string_view text) { add_text(out, text); });
  if (d.name.empty())
    add_text(out, d.id);
  for (const std::string& text : d.texts)
    add_text(out, text);
  each_name([&](std::string_view text) { add_name(out, text); });
  for (const std::string& k : d.kinds)
    (out += tag('k', k)) += ' ';
  for (const std::string& s : d.sources)
    (out += tag('s', s)) += ' ';
  for (const std::string& l : d.hidden_in)
    (out += tag('n', l)) += ' ';
  (out += tag('p', d.plugin)) += ' ';
  return out + tag('g', d.level);
}

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& one : list)
    (out += out.empty() ? "" : "\n") += one;
  return out;
}

// --- asking -----------------------------------------------------------------------

enum class place_of { name, text };

// "a b" as FTS5 takes it, each word with the mark of names if it must stand in one.
std::string phrase(const std::vector<std::string>& words, place_of where) {
  std::string out = "\"";
  for (const std::string& w : words) {
    out += out.size() > 1 ? " " : "";
    if (where == place_of::name)
      out += name_mark;
    out += w;
  }
  return out + "\"";
}

enum class form_of { word, beginning };

std::string term(const query_part& part, place_of where, form_of form) {
  return phrase(part.words, where) + (form == form_of::beginning && !part.whole ? "*" : "");
}

std::string terms(const std::vector<query_part>& parts, place_of where, form_of form, const char* between) {
  std::string out;
  for (const query_part& p : parts)
    (out += out.empty() ? "" : between) += term(p, where, form);
  return "(" + out + ")";
}

// What narrows every answer.
struct narrowing {
  std::string tags, unwanted;

  std::string operator()(const std::string& wanted) const {
    return "(" + wanted + tags + ") NOT (" + unwanted + ")";
  }
};

bool is_written(SQLite::Database& db, const std::string& language) {
  SQLite::Statement query(db, "SELECT 1 FROM statement_text WHERE statement_text MATCH ? LIMIT 1");
  query.bind(1, "\"" + tag('n', language) + "\"");
  return query.executeStep();
}

narrowing narrowed(SQLite::Database& db, const search_query& query, const std::vector<query_part>& unwanted) {
  narrowing out;
  const auto add = [&](char what, std::string_view value) {
    if (!value.empty())
      out.tags += " AND \"" + tag(what, value) + "\"";
  };
  add('k', query.kind);
  add('p', query.plugin);
  add('s', query.source);
  add('g', query.level ? to_string(*query.level) : std::string_view());
  const std::string language = is_written(db, query.language) ? query.language : "en";
  out.unwanted = "\"" + tag('n', language) + "\"";
  if (!unwanted.empty())
    out.unwanted += " OR " + terms(unwanted, place_of::text, form_of::beginning, " OR ");
  return out;
}

// Best first. A hit of one question that an earlier one gave counts there.
std::vector<std::string> questions(const std::vector<query_part>& wanted) {
  const char* all = " AND ";
  std::vector<std::string> out{terms(wanted, place_of::name, form_of::word, all),
                               terms(wanted, place_of::name, form_of::beginning, all)};
  const std::string anywhere = terms(wanted, place_of::text, form_of::beginning, all);
  if (wanted.size() > 1)
    out.push_back(anywhere + " AND " + terms(wanted, place_of::name, form_of::beginning, " OR "));
  out.push_back(terms(wanted, place_of::text, form_of::word, all));
  out.push_back(anywhere);
  return out;
}

// As many rows of each question as are wanted in all: those that are there already are fewer.
std::vector<std::int64_t> best_rows(SQLite::Database& db, const search_query& query,
                                    const query_parts& parts) {
  std::vector<std::int64_t> out;
  const narrowing narrow = narrowed(db, query, parts.unwanted);
  SQLite::Statement row(
      db, "SELECT rowid FROM statement_text WHERE statement_text MATCH ? ORDER BY rowid LIMIT ?");
  for (const std::string& question : questions(parts.wanted)) {
    row.bind(1, narrow(question));
    row.bind(2, static_cast<std::int64_t>(query.limit + 1));
    while (out.size() <= query.limit && row.executeStep())
      if (const std::int64_t number = row.getColumn(0).getInt64();
          std::find(out.begin(), out.end(), number) == out.end())
        out.push_back(number);
    row.reset();
    if (out.size() > query.limit)
      break;
  }
  return out;
}

search_hit hit_in(SQLite::Statement& row, const std::vector<query_part>& wanted) {
  search_hit out;
  out.kind = row.getColumn(0).getString();
  out.id = row.getColumn(1).getString();
  out.plugin = row.getColumn(2).getString();
  out.level = row.getColumn(3).getString();
  out.name = row.getColumn(4).getString();
  bool found = false;
  for (const int column : {6, 5, 4}) // texts, aliases, name
    if (!found)
      out.excerpt = excerpt(row.getColumn(column).getString(), wanted, found);
  return out;
}

void read_hits(SQLite::Database& db, const std::vector<std::int64_t>& rows,
               const std::vector<query_part>& wanted, search_result& out) {
  SQLite::Statement row(
      db, "SELECT kind, id, plugin, grade, name, aliases, texts FROM statement_card WHERE number = ?");
  for (const std::int64_t number : rows) {
    row.bind(1, number);
    if (row.executeStep())
      out.hits.push_back(hit_in(row, wanted));
    row.reset();
  }
}

// --- words that occur nowhere -------------------------------------------------------

bool occurs(SQLite::Database& db, const std::string& word) {
  SQLite::Statement query(db, "SELECT 1 FROM statement_text WHERE statement_text MATCH ? LIMIT 1");
  query.bind(1, phrase({word}, place_of::text) + "*");
  return query.executeStep();
}

// Words by how far they are, how many statements have them, and the alphabet.
struct candidate {
  std::size_t far;
  std::int64_t seldom; // less for more statements
  std::string word;
  auto operator<=>(const candidate&) const = default;
};

std::vector<candidate> candidates(SQLite::Database& db, const std::string& word) {
  std::vector<candidate> out;
  const std::string sought = folded(word);
  const std::size_t most = tolerance(sought);
  if (most == 0)
    return out;
  const std::u32string letters = code_points(sought);
  SQLite::Statement row(db, "SELECT word, statements FROM statement_word WHERE letters BETWEEN ? AND ?");
  row.bind(1, static_cast<std::int64_t>(letters.size() - most));
  row.bind(2, static_cast<std::int64_t>(letters.size() + most));
  while (row.executeStep()) {
    std::string known = row.getColumn(0).getString();
    if (const std::size_t far = distance(letters, code_points(known)); far <= most)
      out.push_back({far, -row.getColumn(1).getInt64(), std::move(known)});
  }
  std::sort(out.begin(), out.end());
  return out;
}

void correct(SQLite::Database& db, std::vector<query_part>& wanted, search_result& out) {
  for (query_part& part : wanted)
    for (std::string& word : part.words) {
      if (occurs(db, word))
        continue;
      const auto found = candidates(db, word);
      if (found.empty()) {
        out.nowhere.push_back(word);
        continue;
      }
      out.instead.push_back({word, found.front().word});
      for (std::size_t i = 1; i < std::min(found.size(), most_near + 1); ++i)
        out.near.push_back(found[i].word);
      word = found.front().word;
    }
}

void fill_words(SQLite::Database& db) {
  db.exec("CREATE VIRTUAL TABLE temp.words_made USING fts5vocab(main, statement_text, row)");
  db.exec(
      "INSERT INTO statement_word SELECT term, length(term), doc FROM temp.words_made WHERE length(term) > 2 "
      "AND term NOT GLOB '*[0-9\x1d\x1e]*'");
  db.exec("DROP TABLE temp.words_made");
}

} // namespace

void create_text_tables(SQLite::Database& db) {
  db.exec(
      std::string(
          "CREATE VIRTUAL TABLE statement_text USING fts5(words, content = '', prefix = '1 2 3 4 5 6 7 8', "
          "tokenize = \"unicode61 remove_diacritics 2 tokenchars '") +
      name_mark + mark + "'\")");
  db.exec("CREATE TABLE statement_card(number INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, "
          "plugin TEXT NOT NULL, grade TEXT NOT NULL, name TEXT NOT NULL, aliases TEXT NOT NULL, "
          "texts TEXT NOT NULL) STRICT");
  db.exec("CREATE TABLE statement_word(word TEXT PRIMARY KEY, letters INTEGER NOT NULL, "
          "statements INTEGER NOT NULL) STRICT, WITHOUT ROWID");
}

void fill_text_tables(SQLite::Database& db, const statements& all) {
  db.exec("INSERT INTO statement_text(statement_text) VALUES('delete-all')");
  db.exec("DELETE FROM statement_card");
  db.exec("DELETE FROM statement_word");
  SQLite::Statement words(db, "INSERT INTO statement_text(rowid, words) VALUES (?, ?)");
  SQLite::Statement card(db, "INSERT INTO statement_card VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  std::int64_t number = 0;
  for (const text_document& d : documents_of(all)) {
    words.bind(1, ++number);
    words.bind(2, index_words(d));
    words.exec();
    words.reset();
    card.bind(1, number);
    int column = 1;
    for (const std::string& value :
         {d.kind, d.id, d.plugin, d.level, d.name, joined(d.aliases), joined(d.texts)})
      card.bind(++column, value);
    card.exec();
    card.reset();
  }
  fill_words(db);
}

search_result search_text_tables(SQLite::Database& db, const search_query& query) {
  search_result out;
  query_parts parts = parts_of_query(query.text);
  if (parts.wanted.empty() || query.limit == 0)
    return out;
  correct(db, parts.wanted, out);
  if (!out.nowhere.empty())
    return out;
  std::vector<std::int64_t> rows = best_rows(db, query, parts);
  out.more = rows.size() > query.limit;
  rows.resize(std::min(rows.size(), query.limit));
  read_hits(db, rows, parts.wanted, out);
  return out;
}

bool asks_for_something(std::string_view text) {
  return !parts_of_query(text).wanted.empty();
}

// --- the index in memory ------------------------------------------------------------

struct search_index::state {
  SQLite::Database db{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
};

search_index::search_index(const snapshot& s)
    : state_(std::make_unique<state>()) {
  SQLite::Transaction all_at_once(state_->db);
  create_text_tables(state_->db);
  fill_text_tables(state_->db, s.all);
  all_at_once.commit();
}
search_index::~search_index() = default;
search_index::search_index(search_index&&) noexcept = default;
search_index& search_index::operator=(search_index&&) noexcept = default;

search_result search_index::search(const search_query& query) {
  try {
    return search_text_tables(state_->db, query);
  } catch (const SQLite::Exception&) {
    return {}; // out of memory: an index in memory has no other way to fail
  }
}

} // namespace posterior::kb
