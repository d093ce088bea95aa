// A parsed document, whether it was TOML or JSON: one tree with the place of every value, so that the readers
// of cases, manifests and knowledge exist once. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kb/values/diagnostic.hpp"

namespace posterior {

inline constexpr int nesting_limit = 16;

struct member;

struct node {
  enum class type : std::uint8_t { null, boolean, integer, number, text, array, table };

  type kind = type::null;
  bool truth = false;
  std::int64_t integer = 0;
  double number = 0;           // also filled for integers
  std::string text;            // dates and times arrive here as ISO text
  std::vector<node> items;     // array
  std::vector<member> members; // table, in the order of the file
  int line = 0, column = 0;
  std::string pointer;

  const node* find(std::string_view key) const;
  bool is_number() const { return kind == type::integer || kind == type::number; }
};

// One key of a table with its value.
struct member {
  std::string name;
  node value;
};

// "a table", "the text \"abc\"", "62": what to print as FOUND.
std::string describe(const node& value);

// The value as JSON without blanks.
std::string json_text(const node& value);

struct parsed {
  std::optional<node> root; // a table; empty if the text could not be read at all
  diagnostics problems;
};

// Refuses what is not UTF-8, nests deeper than 16, repeats a key, or is not a table; infinities and NaN are
// refused by the field readers. `file` is the name that places carry.
parsed parse_toml(std::string_view text, const std::string& file);
parsed parse_json(std::string_view text, const std::string& file);

} // namespace posterior
