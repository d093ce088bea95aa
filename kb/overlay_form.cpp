// From canonical text back to the form of a document.
#include <algorithm>

#include "kb/canonical.hpp"
#include "kb/overlay_parts.hpp"

namespace posterior::kb {
namespace {

node* member_of(node& table, std::string_view name) {
  return const_cast<node*>(table.find(name));
}

void drop(node& table, std::string_view name) {
  std::erase_if(table.members, [&](const member& m) { return m.name == name; });
}

node text_node(std::string text) {
  node out;
  out.kind = node::type::text;
  out.text = std::move(text);
  return out;
}

// [mean, low, high, "word"] without the word.
void number_only(node* value) {
  if (value != nullptr && value->kind == node::type::array && value->items.size() == 4)
    value->items.pop_back();
}

void numbers_only(node* table) {
  if (table != nullptr)
    for (auto& [name, value] : table->members)
      number_only(&value);
}

// The row of "" is the table itself, beside the rows with names.
void unfold(node& table, std::string_view name) {
  node* rows = member_of(table, name);
  if (rows == nullptr)
    return;
  node out;
  out.kind = node::type::table;
  for (auto& [key, row] : rows->members)
    if (key.empty())
      out.members = row.members;
  for (auto& [key, row] : rows->members)
    if (!key.empty())
      out.members.push_back({key, row});
  *rows = std::move(out);
}

void lay_open_basis(node& table) {
  const node* found = table.find("basis");
  if (found == nullptr || found->kind != node::type::table)
    return;
  node basis = *found;
  drop(table, "basis");
  if (node* sources = member_of(basis, "sources"))
    for (node& one : sources->items) {
      const node* place = one.find("place");
      one = text_node(one.find("source")->text + (place != nullptr ? ": " + place->text : ""));
    }
  for (member& m : basis.members)
    table.members.push_back(std::move(m));
}

void lay_open_dose(node* dose) {
  if (dose == nullptr)
    return;
  for (auto& [name, value] : dose->members) {
    if (value.kind != node::type::array || value.items.size() != 2)
      continue;
    node range;
    range.kind = node::type::table;
    range.members = {{"min", value.items[0]}, {"max", value.items[1]}};
    value = std::move(range);
  }
}

void lay_open_side(node& table) {
  if (table.find("opposite") == nullptr)
    return;
  drop(table, "opposite");
  table.members.push_back({"side", text_node("opposite")});
}

void lay_open_reading(node& table) {
  for (const auto name : {"accuracy", "normal", "log_normal", "ratios"})
    unfold(table, name);
  if (node* rows = member_of(table, "accuracy")) {
    numbers_only(rows);
    for (auto& [name, row] : rows->members)
      numbers_only(&row);
  }
  drop(table, "ratio_present");
  drop(table, "ratio_absent");
  if (table.find("read") != nullptr || table.find("opinion") != nullptr)
    drop(table, "accuracy");
}

void lay_open_role(node& table) {
  const node* primary = table.find("primary");
  const bool is = primary != nullptr && primary->truth;
  drop(table, "primary");
  table.members.push_back({"role", text_node(is ? "primary" : "supporting")});
}

void lay_open_audience(node& table) {
  if (table.find("patient") == nullptr)
    return;
  drop(table, "patient");
  table.members.push_back({"audience", text_node("patient")});
}

// A level of evidence is a number in documents.
void lay_open_level(node& table) {
  node* level = member_of(table, "oxford");
  if (level == nullptr || level->text.size() != 1)
    return;
  level->kind = node::type::integer;
  level->integer = level->text[0] - '0';
  level->number = static_cast<double>(level->integer);
}

// What holds always has no weeks in documents.
void lay_open_sequence(node& table) {
  for (const auto form : {"at_most_one", "apart"})
    if (node* part = member_of(table, form))
      std::erase_if(part->members, [](const member& m) {
        return m.value.kind == node::type::integer && m.value.integer == 0;
      });
}

bool has_own_id(std::string_view kind) {
  for (const auto made : {"link", "observes", "prior", "indication", "theory", "message", "text"})
    if (kind == made)
      return false;
  return true;
}

} // namespace

void put_member(node& table, std::string_view name, const node& value) {
  if (node* old = member_of(table, name))
    *old = value;
  else
    table.members.push_back({std::string(name), value});
}

node document_form(std::string_view kind, std::string_view canonical_text) {
  node out = *parse_json(canonical_text, "canonical").root;
  drop(out, "statement");
  drop(out, "plugin");
  if (!has_own_id(kind))
    drop(out, "id");
  lay_open_basis(out);
  lay_open_dose(member_of(out, "dose"));
  for (const auto name : {"leak", "p", "credence"})
    number_only(member_of(out, name));
  lay_open_side(out);
  if (kind == "observes")
    lay_open_reading(out);
  if (kind == "indication")
    lay_open_role(out);
  if (kind == "sequence")
    lay_open_sequence(out);
  lay_open_audience(out);
  lay_open_level(out);
  if (kind == "state" && out.find("lateral") == nullptr)
    drop(out, "pair");
  if (kind == "precaution" && out.find("cause") == nullptr)
    drop(out, "above");
  return out;
}

node document_form(const scale& words) {
  node out = *parse_json(canonical_text(words), "canonical").root;
  for (const auto name : {"statement", "id", "basis"})
    drop(out, name);
  numbers_only(member_of(out, "words"));
  if (const node* found = out.find("read-bounds")) {
    const node bounds = *found;
    for (const auto& [name, bound] : bounds.members)
      if (node* row = member_of(*member_of(out, "read"), name))
        row->members.push_back({"bound", bound});
  }
  drop(out, "read-bounds");
  return out;
}

std::vector<field_text> field_texts(std::string_view canonical_text) {
  std::vector<field_text> out;
  const parsed document = parse_json(canonical_text, "canonical");
  for (const auto& [name, value] : document.root->members) {
    if (name == "statement" || name == "id" || name == "plugin")
      continue;
    if (name == "dose")
      for (const auto& [part, inner] : value.members)
        out.push_back({"dose." + part, json_text(inner)});
    else
      out.push_back({name, json_text(value)});
  }
  return out;
}

std::vector<field_text> field_texts(const scale& words) {
  std::vector<field_text> out;
  for (const auto& [name, value] : document_form(words).members)
    if (value.kind == node::type::table)
      for (const auto& [part, inner] : value.members)
        out.push_back({name + "." + part, json_text(inner)});
    else
      out.push_back({name, json_text(value)});
  return out;
}

} // namespace posterior::kb
