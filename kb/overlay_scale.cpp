// Sets words of the scale, before any statement is read with them.
#include <algorithm>

#include "kb/overlay_parts.hpp"
#include "kb/reader.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

// The entry's part of the scale, put where it belongs; false if there is nothing of that name.
bool put_words(node& scale_form, const node& set, std::string& unknown) {
  for (const auto& [name, value] : set.members) {
    node* area = const_cast<node*>(scale_form.find(name));
    unknown = name;
    if (area == nullptr)
      return false;
    if (name == "credence") {
      *area = value;
      continue;
    }
    if (value.kind != node::type::table)
      return false;
    for (const auto& [word, numbers] : value.members) {
      unknown = name + "." + word;
      node* row = const_cast<node*>(area->find(word));
      if (row == nullptr)
        return false;
      if (row->kind == node::type::table)
        for (const auto& [part, number] : numbers.members)
          put_member(*row, part, number);
      else
        *row = numbers;
    }
  }
  return true;
}

bool read_words(overlay_document& said, overlay_entry& e, scale& words) {
  node form = document_form(words);
  std::string unknown;
  diagnostics problems;
  if (!put_words(form, *e.table.find("set"), unknown)) {
    set_aside(said, e, overlay_standing::refused, "overlay-invalid",
              fault("\"" + quoted(unknown) + "\" of the scale", "set", "a word that the scale has"));
    return false;
  }
  scale now = read_scale(form, e.where.file, problems);
  if (!problems.empty()) {
    set_aside(said, e, overlay_standing::refused, "overlay-invalid", problems.front().text,
              problems.front().hint);
    return false;
  }
  now.basis = words.basis;
  words = std::move(now);
  return true;
}

} // namespace

void set_words(overlay_document& said, scale& words, std::vector<change>& changes) {
  for (overlay_entry& e : said.entries) {
    if (e.deed != overlay_deed::override || e.statement != "scale" ||
        e.standing != overlay_standing::in_force)
      continue;
    const auto before = field_texts(words);
    if (!read_words(said, e, words))
      continue;
    const auto now = field_texts(words);
    for (std::size_t i = 0; i < now.size(); ++i)
      if (std::find(e.fields.begin(), e.fields.end(), now[i].name) != e.fields.end())
        add_change(said, e, now[i].name, before[i].text, now[i].text, changes);
  }
}

} // namespace posterior::kb
