// Search over all texts of the knowledge: by words and their beginnings, by phrases, without what is not
// wanted, and past a slip of the keyboard.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/snapshot.hpp"

namespace posterior::kb {

// In `text` every word must occur, as a word or as the beginning of one; "several words" in quotes as they
// stand; and nothing of what has a minus before it. Case and accents make no difference.
struct search_query {
  std::string text;
  std::string kind, plugin;   // empty: any; a kind of state counts as a kind
  std::optional<grade> level; // of the statement
  std::size_t limit = 20;
  std::string source{}; // statements that rest on it, itself or through a claim; empty: any
  // Of the texts (FORMAT.md section 5). What nobody has put into it is looked for in English, and so is
  // everything in a language that nobody writes.
  std::string language = "en";
};

struct search_hit {
  std::string kind, id, name, plugin;
  std::string level;   // grade, or empty for kinds without one
  std::string excerpt; // around the words that were found, these in [brackets]
};

// A word that occurs nowhere, and the one that was looked for instead.
struct searched_instead {
  std::string asked, instead;
  bool operator==(const searched_instead&) const = default;
};

struct search_result {
  // Best first: all words in the name (also an alias or the id), then some of them, then the text alone;
  // whole words before beginnings. Equal ones by the length of the name, kind and id.
  std::vector<search_hit> hits;
  bool more = false; // than the limit lets through
  std::vector<searched_instead> instead;
  std::vector<std::string> near;    // other words that those which occur nowhere may have meant
  std::vector<std::string> nowhere; // words for which there is nothing like them either
};

// Whether the text of a query has a word to look for: exclusions alone find nothing.
bool asks_for_something(std::string_view text);

// An index in memory over one snapshot. One thread at a time.
class search_index {
public:
  explicit search_index(const snapshot& s);
  ~search_index();
  search_index(search_index&&) noexcept;
  search_index& operator=(search_index&&) noexcept;

  search_result search(const search_query& query);

private:
  struct state;
  std::unique_ptr<state> state_;
};

// Answers from the store for as long as its latest revision is this snapshot, else from an index in memory
// that is made at the first search; both answer alike. Any thread.
class searcher {
public:
  // `store` is the path of kb.sqlite; empty: there is none.
  searcher(std::shared_ptr<const snapshot> knowledge, std::string store);
  ~searcher();
  searcher(const searcher&) = delete;
  searcher& operator=(const searcher&) = delete;

  search_result search(const search_query& query) const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace posterior::kb
