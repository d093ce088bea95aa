// The fields of a statement as words, for the card of one item. Private to kb; pure.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kb/schema.hpp"

namespace posterior::kb {

std::string number(double x); // to the sixth decimal
// "often = 0.65 [0.5 to 0.78]".
std::string text_of(const estimate& e);
std::string text_of(const range& r);
std::string text_of(const clauses& when);
std::string text_of(const cutoff& c);
std::string text_of(const accuracy& a);
std::string text_of(const normal_reading& n);
std::string text_of(const ratio_reading& r);
std::string text_of(const exercise_group& g);

std::string joined(const std::vector<std::string>& list, std::string_view between);
// "present_when" -> "present when".
std::string label_of(std::string_view key);

// Visits a statement (schema.hpp) and collects label and value, in reading order, of what is not shown as a
// relation or elsewhere on the card.
class field_lister {
public:
  std::vector<std::pair<std::string, std::string>> out;

  void operator()(std::string_view key, const std::string& value) {
    static constexpr std::string_view elsewhere[] = {"id",       "name",   "from",  "to",        "finding",
                                                     "state",    "source", "rule",  "cause",     "plugin",
                                                     "exercise", "family", "title", "retest_of", "of"};
    if (!value.empty() && std::find(std::begin(elsewhere), std::end(elsewhere), key) == std::end(elsewhere))
      add(key, value);
  }
  void operator()(std::string_view key, const std::vector<std::string>& list) {
    static constexpr std::string_view shown[] = {"aliases", "levels", "targets", "cues", "errors", "stop"};
    if (!list.empty() && std::find(std::begin(shown), std::end(shown), key) != std::end(shown))
      add(key, joined(list, "; "));
  }
  void operator()(std::string_view key, bool value) {
    if (value)
      add(key, "yes");
  }
  void operator()(std::string_view key, int value) { add(key, std::to_string(value)); }
  void operator()(std::string_view key, double value) { add(key, number(value)); }
  void operator()(std::string_view key, const estimate& value) {
    if (value != estimate{})
      add(key, text_of(value));
  }
  void operator()(std::string_view key, const clauses& value) {
    if (!value.empty())
      add(key, text_of(value));
  }
  void operator()(std::string_view key, const std::vector<cutoff>& list) {
    for (const cutoff& c : list)
      add(key, text_of(c));
  }
  void operator()(std::string_view key, const std::vector<phase>& list) {
    for (const phase p : list)
      add(key, std::string(to_string(p)));
  }
  void operator()(std::string_view, const std::vector<code>& list) {
    for (const code& c : list)
      out.emplace_back("code (" + c.system + ")",
                       c.value + ", " + c.relation + ", " + std::string(to_string(c.seen)));
  }
  // Groups of exercises keep their order; ids are relations, too.
  void operator()(std::string_view key, const std::vector<exercise_group>& list) {
    for (std::size_t i = 0; i < list.size(); ++i)
      out.emplace_back(label_of(key) + " (" + std::to_string(i + 1) + ")", text_of(list[i]));
  }
  template <typename T>
  requires std::same_as<T, exclusion> || std::same_as<T, coverage> || std::same_as<T, spacing>
  void operator()(std::string_view key, const T& form) {
    field_lister inner;
    visit(inner, form);
    for (auto& [label, value] : inner.out)
      out.emplace_back(label_of(key) + ": " + label, std::move(value));
  }
  void operator()(std::string_view, const std::vector<take>& list) {
    for (const take& t : list)
      out.emplace_back("reading \"" + t.id + "\"", t.text);
  }
  template <typename T>
  requires std::same_as<T, accuracy> || std::same_as<T, normal_reading> || std::same_as<T, ratio_reading>
  void operator()(std::string_view key, const std::map<std::string, T>& rows) {
    for (const auto& [name, row] : rows)
      out.emplace_back(label_of(key) + (name.empty() ? "" : " (" + name + ")"), text_of(row));
  }
  // Of a graded reading.
  void operator()(std::string_view key, const std::vector<std::vector<double>>& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i)
      out.emplace_back(label_of(key) + " (" + std::to_string(i) + ")",
                       number(rows[i][0]) + " without, " + number(rows[i][1]) + " with");
  }
  void operator()(std::string_view, const dose& d) {
    field_lister inner;
    visit(inner, d);
    for (auto& [label, value] : inner.out)
      out.emplace_back("dose: " + label, std::move(value));
  }
  template <typename T>
  void operator()(std::string_view key, const std::optional<T>& value) {
    if (value)
      (*this)(key, *value);
  }
  void operator()(std::string_view key, const range& value) { add(key, text_of(value)); }
  template <typename T>
  requires std::is_enum_v<T>
  void operator()(std::string_view key, T value) { add(key, std::string(to_string(value))); }
  // Relations and the basis have their own places; groups of ids are relations too.
  void operator()(std::string_view, const basis&) {}
  void operator()(std::string_view, const std::vector<std::vector<std::string>>&) {}

private:
  void add(std::string_view key, std::string value) { out.emplace_back(label_of(key), std::move(value)); }
};

} // namespace posterior::kb
