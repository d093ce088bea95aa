#include "tests/determinism/documents.hpp"

#include <algorithm>
#include <stdexcept>

#include "kb/values/json_writer.hpp"

namespace posterior::determinism {
namespace {

void write(json_writer& w, const node& n);

void write_table(json_writer& w, const node& n) {
  w.begin_object();
  for (const member& m : n.members) {
    w.key(m.name);
    write(w, m.value);
  }
  w.end_object();
}

void write_array(json_writer& w, const node& n) {
  w.begin_array();
  for (const node& item : n.items)
    write(w, item);
  w.end_array();
}

void write(json_writer& w, const node& n) {
  using type = node::type;
  switch (n.kind) {
  case type::null:
    w.null();
    break;
  case type::boolean:
    w.value(n.truth);
    break;
  case type::integer:
    w.value(n.integer);
    break;
  case type::number:
    w.value(n.number);
    break;
  case type::text:
    w.value(n.text);
    break;
  case type::array:
    write_array(w, n);
    break;
  case type::table:
    write_table(w, n);
    break;
  }
}

node taken(parsed read) {
  if (!read.root)
    throw std::runtime_error(read.problems.empty() ? "no document" : to_string(read.problems.front()));
  return std::move(*read.root);
}

node& made(node& table, std::string_view key) {
  if (node* there = member_of(table, key))
    return *there = node{};
  table.members.push_back({std::string(key), {}});
  return table.members.back().value;
}

} // namespace

std::string to_json(const node& document) {
  json_writer w;
  write(w, document);
  return w.take();
}

node read_toml(const std::string& text) {
  return taken(parse_toml(text, "document"));
}

node read_json(const std::string& text) {
  return taken(parse_json(text, "document"));
}

node* member_of(node& table, std::string_view key) {
  const auto at = std::find_if(table.members.begin(), table.members.end(),
                               [key](const member& m) { return m.name == key; });
  return at == table.members.end() ? nullptr : &at->value;
}

void set(node& table, std::string_view key, const std::string& text) {
  node& value = made(table, key);
  value.kind = node::type::text;
  value.text = text;
}

void set(node& table, std::string_view key, double number) {
  node& value = made(table, key);
  value.kind = node::type::number;
  value.number = number;
}

void erase(node& table, std::string_view key) {
  std::erase_if(table.members, [key](const member& m) { return m.name == key; });
}

std::vector<node>& observations(node& one_case) {
  node* list = member_of(one_case, "observation");
  if (list == nullptr)
    throw std::runtime_error("the case has no observation");
  return list->items;
}

std::string without_revision(std::string assessment) {
  const std::string key = "\"revision\": ";
  const auto at = assessment.find(key);
  if (at == std::string::npos)
    throw std::runtime_error("the assessment names no revision");
  const auto end = assessment.find(',', at);
  return assessment.erase(at + key.size(), end - at - key.size());
}

std::string reordered(const std::string& toml, const std::function<void(std::vector<std::string>&)>& order) {
  const std::string mark = "\n[[observation]]\n";
  std::vector<std::string> blocks;
  std::string head = toml;
  auto at = toml.find(mark);
  head.resize(std::min(at, toml.size()));
  while (at != std::string::npos) {
    const auto next = toml.find(mark, at + 1);
    blocks.push_back(toml.substr(at, next == std::string::npos ? next : next - at));
    if (blocks.back().back() != '\n')
      blocks.back() += '\n';
    at = next;
  }
  order(blocks);
  for (const std::string& block : blocks)
    head += block;
  return head;
}

} // namespace posterior::determinism
