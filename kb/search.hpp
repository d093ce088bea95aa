// Search over all texts of the knowledge, by words and their beginnings.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/snapshot.hpp"

namespace posterior::kb {

struct search_query {
  std::string text;           // words; every one must occur, as a word or the beginning of one
  std::string kind, plugin;   // empty: any
  std::optional<grade> level; // of the statement
  std::size_t limit = 20;
};

struct search_hit {
  std::string kind, id, name, plugin;
  std::string level;   // grade, or empty for kinds without one
  std::string excerpt; // around the words that were found, these in [brackets]
};

struct search_result {
  std::vector<search_hit> hits;  // best first; equal ones by kind and id
  std::vector<std::string> near; // for words that occur nowhere: the nearest that do
};

// An index in memory over one snapshot, for whoever has no store or must not look at a newer one. Ranks as
// the store does. One thread at a time.
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

} // namespace posterior::kb
