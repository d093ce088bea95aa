#include "kb/values/document.hpp"

#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior {
namespace {

void write(json_writer& w, const node& n) {
  switch (n.kind) {
  case node::type::null:
    w.null();
    return;
  case node::type::boolean:
    w.value(n.truth);
    return;
  case node::type::integer:
    w.value(n.integer);
    return;
  case node::type::number:
    w.value(n.number);
    return;
  case node::type::text:
    w.value(n.text);
    return;
  case node::type::array:
    w.begin_array();
    for (const node& one : n.items)
      write(w, one);
    w.end_array();
    return;
  case node::type::table:
    w.begin_object();
    for (const member& m : n.members) {
      w.key(m.name);
      write(w, m.value);
    }
    w.end_object();
    return;
  }
}

} // namespace

std::string json_text(const node& value) {
  json_writer w(0);
  write(w, value);
  return w.take();
}

const node* node::find(std::string_view key) const {
  for (const auto& [name, value] : members)
    if (name == key)
      return &value;
  return nullptr;
}

std::string describe(const node& value) {
  switch (value.kind) {
  case node::type::null:
    return "null";
  case node::type::boolean:
    return value.truth ? "true" : "false";
  case node::type::integer:
    return std::to_string(value.integer);
  case node::type::number:
    return format_number(value.number);
  case node::type::text:
    return "\"" + quoted(value.text) + "\"";
  case node::type::array:
    return "a list of " + std::to_string(value.items.size());
  case node::type::table:
    return "a table";
  }
  return "nothing";
}

} // namespace posterior
