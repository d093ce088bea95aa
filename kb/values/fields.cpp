#include "kb/values/fields.hpp"

#include <algorithm>
#include <cmath>

#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior {

std::string one_of(const std::vector<std::string_view>& choices) {
  std::string out;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0)
      out += i + 1 == choices.size() ? " or " : ", ";
    out += "\"" + std::string(choices[i]) + "\"";
  }
  return out;
}

fields::fields(const node& table, std::string file, std::string area, std::string what, diagnostics& problems)
    : table_(table)
    , file_(std::move(file))
    , area_(std::move(area))
    , what_(std::move(what))
    , problems_(problems) {}

place fields::at(const node& value) const {
  return {file_, value.line, value.column, value.pointer};
}

void fields::problem(const node& where, std::string_view code, std::string text, std::string hint,
                     severity level) {
  problems_.push_back({level, area_ + "." + std::string(code), at(where), std::move(text), std::move(hint)});
}

void fields::wrong(const node& value, std::string_view key, std::string_view needed) {
  problem(value, "wrong-type", fault("\"" + std::string(key) + "\" of " + what_, describe(value), needed));
}

void fields::missing(std::string_view key, std::string_view needed) {
  problem("missing-field", fault("\"" + std::string(key) + "\" of " + what_, "missing", needed));
}

const node* fields::raw(std::string_view key) {
  expected_.push_back(key);
  return table_.find(key);
}

bool fields::has(std::string_view key) {
  return raw(key) != nullptr;
}

const node* fields::typed(std::string_view key, node::type kind, std::string_view needed) {
  const node* value = raw(key);
  if (value && value->kind != kind) {
    wrong(*value, key, needed);
    return nullptr;
  }
  return value;
}

bool fields::clean(const node& value, std::string_view key) {
  if (const auto why = unclean(value.text); !why.empty()) {
    problem(value, "bad-text", fault("\"" + std::string(key) + "\" of " + what_, why, "plain UTF-8 text"));
    return false;
  }
  if (const auto n = length(value.text); n > text_limit) {
    problem(value, "text-too-long",
            fault("\"" + std::string(key) + "\" of " + what_, std::to_string(n) + " characters long",
                  "at most " + std::to_string(text_limit)));
    return false;
  }
  return true;
}

std::optional<std::string> fields::text(std::string_view key) {
  const node* value = typed(key, node::type::text, "a text");
  if (!value || !clean(*value, key))
    return std::nullopt;
  return value->text;
}

std::optional<std::string> fields::required_text(std::string_view key) {
  if (!has(key)) {
    missing(key, "a text");
    return std::nullopt;
  }
  auto value = text(key);
  if (value && value->empty()) {
    wrong(*table_.find(key), key, "a text that is not empty");
    return std::nullopt;
  }
  return value;
}

std::optional<double> fields::number(std::string_view key) {
  const node* value = raw(key);
  if (!value)
    return std::nullopt;
  if (!value->is_number() || !std::isfinite(value->number)) {
    wrong(*value, key, "a finite number");
    return std::nullopt;
  }
  return value->number;
}

std::optional<double> fields::number_between(std::string_view key, double low, double high) {
  const auto value = number(key);
  if (value && (*value < low || *value > high)) {
    problem(*table_.find(key), "out-of-range",
            fault("\"" + std::string(key) + "\" of " + what_, format_number(*value),
                  "between " + format_number(low) + " and " + format_number(high)));
    return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> fields::integer(std::string_view key) {
  const node* value = typed(key, node::type::integer, "a whole number");
  return value ? std::optional(value->integer) : std::nullopt;
}

bool fields::truth(std::string_view key, bool otherwise) {
  const node* value = typed(key, node::type::boolean, "true or false");
  return value ? value->truth : otherwise;
}

std::vector<std::string> fields::texts(std::string_view key) {
  std::vector<std::string> out;
  const node* list = typed(key, node::type::array, "a list of texts");
  if (!list)
    return out;
  for (const node& item : list->items) {
    if (item.kind != node::type::text)
      wrong(item, key, "a list of texts");
    else if (clean(item, key))
      out.push_back(item.text);
  }
  return out;
}

std::optional<std::size_t> fields::choice(std::string_view key,
                                          const std::vector<std::string_view>& choices) {
  const node* value = typed(key, node::type::text, one_of(choices));
  if (!value)
    return std::nullopt;
  const auto found = std::find(choices.begin(), choices.end(), value->text);
  if (found != choices.end())
    return static_cast<std::size_t>(found - choices.begin());
  const auto near = nearest(value->text, choices);
  problem(*value, "bad-choice",
          fault("\"" + std::string(key) + "\" of " + what_, describe(*value), one_of(choices)),
          near.empty() ? "" : "did you mean \"" + std::string(near) + "\"?");
  return std::nullopt;
}

std::optional<std::size_t> fields::required_choice(std::string_view key,
                                                   const std::vector<std::string_view>& choices) {
  if (!has(key)) {
    missing(key, one_of(choices));
    return std::nullopt;
  }
  return choice(key, choices);
}

const node* fields::table(std::string_view key) {
  return typed(key, node::type::table, "a table");
}
const node* fields::array(std::string_view key) {
  return typed(key, node::type::array, "a list");
}

std::vector<const node*> fields::tables(std::string_view key) {
  std::vector<const node*> out;
  const node* list = typed(key, node::type::array, "an array of tables ([[" + std::string(key) + "]])");
  if (!list)
    return out;
  for (const node& item : list->items) {
    if (item.kind == node::type::table)
      out.push_back(&item);
    else
      wrong(item, key, "an array of tables ([[" + std::string(key) + "]])");
  }
  return out;
}

void fields::finish() {
  for (const auto& [key, value] : table_.members) {
    if (std::find(expected_.begin(), expected_.end(), key) != expected_.end())
      continue;
    const auto near = nearest(key, expected_);
    problem(value, "unknown-field",
            fault("the field \"" + quoted(key) + "\" of " + what_, "not known", "one of the format"),
            near.empty() ? "" : "did you mean \"" + std::string(near) + "\"?");
  }
}

} // namespace posterior
