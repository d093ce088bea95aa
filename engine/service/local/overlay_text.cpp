#include "engine/service/local/overlay_text.hpp"

#include <algorithm>

#include "kb/values/json_writer.hpp"

namespace posterior::service {
namespace {

constexpr std::string_view preamble =
    "# What this clinic says about the shared knowledge. Written by `posterior kb override`, `disable`,\n"
    "# `suspend`, `review` and `reset`, and by hand; `posterior kb overlay` shows what became of it.\n";

bool bare(std::string_view key) {
  return !key.empty() &&
         key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
             std::string_view::npos;
}

std::string toml_key(std::string_view key) {
  return bare(key) ? std::string(key) : toml_text(key);
}

std::string inline_table(const std::vector<member>& members) {
  std::string out;
  for (const member& m : members)
    out += (out.empty() ? "{ " : ", ") + toml_key(m.name) + " = " + toml_value(m.value);
  return out.empty() ? "{}" : out + " }";
}

// Each with its line feed.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, std::min(text.size(), text.find('\n') + 1));
    const std::string_view one = line.empty() ? text : line;
    out.emplace_back(one);
    text.remove_prefix(one.size());
  }
  return out;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& one : lines)
    out += one;
  return out;
}

bool blank(const std::string& line) {
  return line.find_first_not_of(" \t\r\n") == std::string::npos;
}

// Takes `path` out of nested tables, and tables that are empty then; false if it was not there.
bool take_out(std::vector<member>& in, std::string_view path) {
  for (auto m = in.begin(); m != in.end(); ++m) {
    if (m->name == path) {
      in.erase(m);
      return true;
    }
    const bool inside = path.starts_with(m->name + ".") && m->value.kind == node::type::table;
    if (inside && take_out(m->value.members, path.substr(m->name.size() + 1))) {
      if (m->value.members.empty())
        in.erase(m);
      return true;
    }
  }
  return false;
}

// The line of `key` between two lines (from 0, the last not included), if the value ends on it.
std::optional<std::size_t> line_of_key(const std::vector<std::string>& lines, std::size_t from,
                                       std::size_t to, std::string_view key) {
  for (std::size_t i = from; i < std::min(to, lines.size()); ++i) {
    const parsed one = parse_toml(lines[i], "");
    if (one.root && one.root->members.size() == 1 && one.root->members.front().name == key)
      return i;
  }
  return {};
}

} // namespace

std::string toml_text(std::string_view text) {
  json_writer w(0); // what JSON escapes in a text, TOML escapes in the same way
  w.value(text);
  return w.take();
}

std::string toml_value(const node& value) {
  switch (value.kind) {
  case node::type::table:
    return inline_table(value.members);
  case node::type::boolean:
    return value.truth ? "true" : "false";
  case node::type::integer:
    return std::to_string(value.integer);
  case node::type::number:
    return format_number(value.number);
  case node::type::text:
    return toml_text(value.text);
  case node::type::null:
    return "\"\"";
  case node::type::array:
    break;
  }
  std::string out = "[";
  for (const node& item : value.items)
    out += (out.size() > 1 ? ", " : "") + toml_value(item);
  return out + "]";
}

std::string with_entry(std::string document, kb::overlay_deed deed, const entry_lines& lines) {
  if (document.empty())
    document = std::string(preamble) + "schema = " + toml_text(kb::overlay_schema) + "\n";
  if (!document.ends_with('\n'))
    document += '\n';
  document += "\n[[" + std::string(to_string(deed)) + "]]\n";
  for (const auto& [key, value] : lines)
    document += std::string(key) + " = " + value + "\n";
  return document;
}

std::string without_entry(std::string_view document, const kb::overlay_entry& e) {
  std::vector<std::string> lines = lines_of(document);
  auto from = static_cast<std::size_t>(e.where.line - 1);
  const std::size_t to = std::min(static_cast<std::size_t>(e.last_line), lines.size());
  while (from > 0 && blank(lines[from - 1]))
    --from;
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(from),
              lines.begin() + static_cast<std::ptrdiff_t>(to));
  return joined(lines);
}

std::optional<std::string> without_field(std::string_view document, const kb::overlay_entry& e,
                                         std::string_view field) {
  std::vector<std::string> lines = lines_of(document);
  for (const std::string_view key : {"set", "was"}) {
    const node* table = e.table.find(key);
    if (table == nullptr)
      continue;
    node left = *table;
    const bool there = take_out(left.members, field);
    const auto at = line_of_key(lines, static_cast<std::size_t>(e.where.line),
                                static_cast<std::size_t>(e.last_line), key);
    if (!there && key == "was")
      continue;
    if (!there || !at)
      return {};
    lines[*at] = std::string(key) + " = " + toml_value(left) + "\n";
  }
  return joined(lines);
}

} // namespace posterior::service
