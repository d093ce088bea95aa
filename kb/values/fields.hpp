// Reads the fields of one table: each getter takes a key off the list of what was expected, says what is
// wrong with its value in one sentence, and `finish` names every key that nobody asked for. Used by all
// readers of documents. Borrows the node and the list of problems; one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/values/document.hpp"

namespace posterior {

class fields {
public:
  // `what` names the table in messages ("observation 3", "the state \"x\""); `area` starts every code
  // ("case").
  fields(const node& table, std::string file, std::string area, std::string what, diagnostics& problems);

  bool has(std::string_view key);
  const node* raw(std::string_view key); // any type; marks the key as expected

  std::optional<std::string> text(std::string_view key);
  std::string text_or(std::string_view key, std::string_view otherwise) {
    return text(key).value_or(std::string(otherwise));
  }
  std::optional<std::string> required_text(std::string_view key);
  std::optional<double> number(std::string_view key);
  // Between `low` and `high`, both included.
  std::optional<double> number_between(std::string_view key, double low, double high);
  std::optional<std::int64_t> integer(std::string_view key);
  bool truth(std::string_view key, bool otherwise = false);
  std::vector<std::string> texts(std::string_view key);
  // One of `choices`; the index of the one found.
  std::optional<std::size_t> choice(std::string_view key, const std::vector<std::string_view>& choices);
  std::optional<std::size_t> required_choice(std::string_view key,
                                             const std::vector<std::string_view>& choices);
  const node* table(std::string_view key);
  const node* array(std::string_view key);
  // The tables of an array of tables; anything else in it is reported.
  std::vector<const node*> tables(std::string_view key);

  // Reports every key that no getter has asked for.
  void finish();

  // A problem at `at` (a value of this table) or at the table itself.
  void problem(const node& at, std::string_view code, std::string text, std::string hint = {},
               severity level = severity::error);
  void problem(std::string_view code, std::string text, std::string hint = {},
               severity level = severity::error) {
    problem(table_, code, std::move(text), std::move(hint), level);
  }
  void missing(std::string_view key, std::string_view needed);
  // Cleanliness and length of any text; false (and reported) if it may not pass.
  bool clean(const node& value, std::string_view key);

  place at(const node& value) const;
  place at() const { return at(table_); }
  const node& self() const { return table_; }
  const std::string& what() const { return what_; }
  const std::string& file() const { return file_; }
  diagnostics& problems() { return problems_; }

private:
  const node* typed(std::string_view key, node::type kind, std::string_view needed);
  void wrong(const node& value, std::string_view key, std::string_view needed);

  const node& table_;
  std::string file_, area_, what_;
  diagnostics& problems_;
  std::vector<std::string_view> expected_;
};

// `"a", "b" or "c"` for messages.
std::string one_of(const std::vector<std::string_view>& choices);

} // namespace posterior
