#include "kb/history.hpp"

#include <algorithm>

#include "kb/values/document.hpp"

namespace posterior::kb {
namespace {

std::string text_of(const node* n) {
  return n == nullptr ? std::string() : json_text(*n);
}

bool is_table(const node* n) {
  return n != nullptr && n->kind == node::type::table;
}

void compare(const std::string& at, const node* before, const node* now, std::vector<field_change>& out);

void compare_members(const std::string& at, const node& before, const node& now,
                     std::vector<field_change>& out) {
  const std::string inside = at.empty() ? "" : at + ".";
  for (const member& m : before.members)
    compare(inside + m.name, &m.value, now.find(m.name), out);
  for (const member& m : now.members)
    if (before.find(m.name) == nullptr)
      compare(inside + m.name, nullptr, &m.value, out);
}

void compare(const std::string& at, const node* before, const node* now, std::vector<field_change>& out) {
  if (is_table(before) && is_table(now))
    return compare_members(at, *before, *now, out);
  std::string was = text_of(before), is = text_of(now);
  if (was != is)
    out.push_back({at, std::move(was), std::move(is)});
}

} // namespace

std::vector<field_change> compare_texts(std::string_view before, std::string_view now) {
  std::vector<field_change> out;
  const parsed a = parse_json(before, "before"), b = parse_json(now, "now");
  if (a.root && b.root)
    compare_members("", *a.root, *b.root, out);
  return out;
}

std::string name_in(std::string_view canonical_text) {
  const parsed document = parse_json(canonical_text, "statement");
  for (const char* key : {"name", "title", "text", "because"})
    if (const node* n = document.root ? document.root->find(key) : nullptr)
      return n->text;
  return {};
}

} // namespace posterior::kb
