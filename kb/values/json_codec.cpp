// The only file that knows Boost.JSON: its event parser fills our own tree, so that a repeated key is seen.
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>

#include <algorithm>

#include "kb/values/document.hpp"
#include "kb/values/text.hpp"

namespace posterior {
namespace {

namespace json = boost::json;

std::string escaped(std::string_view key) {
  std::string out;
  for (char c : key)
    out += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
  return out;
}

class handler {
public:
  static constexpr std::size_t max_object_size = 1u << 20;
  static constexpr std::size_t max_array_size = 1u << 20;
  static constexpr std::size_t max_key_size = 1u << 12;
  static constexpr std::size_t max_string_size = 1u << 22;

  node root;
  std::string repeated; // pointer of a repeated key

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code& ec) { return open(node::type::table, ec); }
  bool on_array_begin(json::error_code& ec) { return open(node::type::array, ec); }
  bool on_object_end(std::size_t, json::error_code&) { return close(); }
  bool on_array_end(std::size_t, json::error_code&) { return close(); }
  bool on_key_part(json::string_view s, std::size_t, json::error_code&) { return append(key_, s); }
  bool on_string_part(json::string_view s, std::size_t, json::error_code&) { return append(text_, s); }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  bool on_key(json::string_view s, std::size_t, json::error_code& ec) {
    append(key_, s);
    const node& table = *stack_.back();
    if (table.find(key_)) {
      repeated = table.pointer + "/" + escaped(key_);
      ec = json::error::syntax;
      return false;
    }
    return true;
  }
  bool on_string(json::string_view s, std::size_t, json::error_code&) {
    append(text_, s);
    node& n = place_value();
    n.kind = node::type::text;
    n.text = std::exchange(text_, {});
    return true;
  }
  bool on_int64(std::int64_t i, json::string_view, json::error_code&) {
    node& n = place_value();
    n.kind = node::type::integer;
    n.integer = i;
    n.number = static_cast<double>(i);
    return true;
  }
  bool on_uint64(std::uint64_t u, json::string_view, json::error_code&) {
    return set_number(static_cast<double>(u));
  }
  bool on_double(double d, json::string_view, json::error_code&) { return set_number(d); }
  bool on_bool(bool b, json::error_code&) {
    node& n = place_value();
    n.kind = node::type::boolean;
    n.truth = b;
    return true;
  }
  bool on_null(json::error_code&) {
    place_value();
    return true;
  }

private:
  static bool append(std::string& to, json::string_view s) {
    to.append(s.data(), s.size());
    return true;
  }
  bool set_number(double d) {
    node& n = place_value();
    n.kind = node::type::number;
    n.number = d;
    return true;
  }
  node& place_value() {
    if (stack_.empty())
      return root;
    node& parent = *stack_.back();
    if (parent.kind == node::type::array) {
      parent.items.emplace_back();
      parent.items.back().pointer = parent.pointer + "/" + std::to_string(parent.items.size() - 1);
      return parent.items.back();
    }
    parent.members.push_back({key_, node{}});
    parent.members.back().value.pointer = parent.pointer + "/" + escaped(key_);
    key_.clear();
    return parent.members.back().value;
  }
  bool open(node::type kind, json::error_code& ec) {
    if (stack_.size() >= static_cast<std::size_t>(nesting_limit)) {
      ec = json::error::too_deep;
      return false;
    }
    node& n = place_value();
    n.kind = kind;
    stack_.push_back(&n); // stays valid: a container grows only while it is the innermost
    return true;
  }
  bool close() {
    stack_.pop_back();
    return true;
  }

  std::vector<node*> stack_;
  std::string key_, text_;
};

place position(std::string_view text, std::size_t offset, const std::string& file) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const auto start = before.rfind('\n');
  const std::size_t column = start == std::string_view::npos ? before.size() + 1 : before.size() - start;
  return {file, static_cast<int>(lines) + 1, static_cast<int>(column), ""};
}

diagnostic problem(const json::error_code& ec, const handler& h, std::string_view text, std::size_t used,
                   const std::string& file) {
  if (!h.repeated.empty())
    return {severity::error,
            "json.repeated-key",
            {file, 0, 0, h.repeated},
            fault("the key", "given twice", "given once"),
            "keep one of the two values"};
  if (ec == json::error::too_deep)
    return {severity::error, "json.nesting", position(text, used, file),
            fault("the nesting", "deeper than 16", "at most 16 levels"), ""};
  return {severity::error, "json.syntax", position(text, used, file),
          "the file is not JSON here: " + quoted(ec.message(), 100),
          "numbers must be finite, texts need double quotes"};
}

} // namespace

parsed parse_json(std::string_view text, const std::string& file) {
  parsed out;
  json::parse_options options;
  options.max_depth = nesting_limit + 1;
  json::basic_parser<handler> parser(options);
  json::error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && text.find_first_not_of(" \t\r\n", used) != std::string_view::npos)
    ec = json::error::extra_data;
  if (ec) {
    out.problems.push_back(problem(ec, parser.handler(), text, used, file));
    return out;
  }
  if (parser.handler().root.kind != node::type::table) {
    out.problems.push_back({severity::error,
                            "json.syntax",
                            {file, 1, 1, ""},
                            fault("the document", describe(parser.handler().root), "a table"),
                            ""});
    return out;
  }
  out.root = std::move(parser.handler().root);
  return out;
}

} // namespace posterior
