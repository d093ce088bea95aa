// The only file that knows toml++.
#include <sstream>
#include <toml++/toml.h>

#include "kb/values/document.hpp"
#include "kb/values/text.hpp"

namespace posterior {
namespace {

template <typename T>
std::string streamed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

bool convert(const toml::node& from, node& to, int depth);

bool convert_children(const toml::node& from, node& to, int depth) {
  if (const toml::array* list = from.as_array()) {
    to.kind = node::type::array;
    to.items.resize(list->size());
    for (std::size_t i = 0; i < list->size(); ++i)
      if (!convert((*list)[i], to.items[i], depth + 1))
        return false;
    return true;
  }
  to.kind = node::type::table;
  for (const auto& [key, value] : *from.as_table()) {
    to.members.push_back({std::string(key.str()), node{}});
    if (!convert(value, to.members.back().value, depth + 1))
      return false;
  }
  return true;
}

bool convert(const toml::node& from, node& to, int depth) {
  if (depth > nesting_limit)
    return false;
  to.line = static_cast<int>(from.source().begin.line);
  to.column = static_cast<int>(from.source().begin.column);
  if (from.is_array() || from.is_table())
    return convert_children(from, to, depth);
  if (const auto* b = from.as_boolean()) {
    to.kind = node::type::boolean;
    to.truth = b->get();
  } else if (const auto* i = from.as_integer()) {
    to.kind = node::type::integer;
    to.integer = i->get();
    to.number = static_cast<double>(i->get());
  } else if (const auto* f = from.as_floating_point()) {
    to.kind = node::type::number;
    to.number = f->get();
  } else if (const auto* s = from.as_string()) {
    to.kind = node::type::text;
    to.text = s->get();
  } else if (const auto* d = from.as_date()) {
    to.kind = node::type::text;
    to.text = streamed(d->get());
  } else if (const auto* t = from.as_time()) {
    to.kind = node::type::text;
    to.text = streamed(t->get());
  } else if (const auto* dt = from.as_date_time()) {
    to.kind = node::type::text;
    to.text = streamed(dt->get());
  }
  return true;
}

// toml++ describes an error over several clauses; the first sentence is enough for a person.
diagnostic syntax_error(const toml::parse_error& error, const std::string& file) {
  const auto at = error.source().begin;
  return {severity::error,
          "toml.syntax",
          {file, static_cast<int>(at.line), static_cast<int>(at.column), ""},
          "the file is not TOML here: " + quoted(error.description(), 160),
          "see https://toml.io for the format; texts need quotes, lists need commas"};
}

} // namespace

parsed parse_toml(std::string_view text, const std::string& file) {
  parsed out;
  try {
    const toml::table table = toml::parse(text, std::string_view(file));
    node root;
    if (convert(table, root, 0)) {
      if (root.line == 0)
        root.line = root.column = 1;
      out.root = std::move(root);
    } else {
      out.problems.push_back({severity::error,
                              "toml.nesting",
                              {file, 0, 0, ""},
                              fault("the nesting", "deeper than 16", "at most 16 levels"),
                              ""});
    }
  } catch (const toml::parse_error& error) {
    out.problems.push_back(syntax_error(error, file));
  } catch (const std::exception& error) {
    out.problems.push_back({severity::error,
                            "toml.syntax",
                            {file, 0, 0, ""},
                            "the file could not be read as TOML: " + quoted(error.what(), 160),
                            ""});
  }
  return out;
}

} // namespace posterior
