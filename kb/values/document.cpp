#include "kb/values/document.hpp"

#include "kb/values/json_writer.hpp"
#include "kb/values/text.hpp"

namespace posterior {

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
