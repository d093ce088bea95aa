#include "tests/check/schema_judge.hpp"

#include <algorithm>
#include <array>
#include <regex>
#include <stdexcept>

#include "kb/values/text.hpp"
#include "tests/staged/program.hpp"

namespace posterior::check_tests {
namespace {

bool has_type(const node& value, const std::string& type) {
  using t = node::type;
  switch (value.kind) {
  case t::boolean:
    return type == "boolean";
  case t::integer:
    return type == "integer" || type == "number";
  case t::number:
    return type == "number";
  case t::text:
    return type == "string";
  case t::array:
    return type == "array";
  case t::table:
    return type == "object";
  case t::null:
    break;
  }
  return false;
}

bool same(const node& a, const node& b) {
  return a.kind == b.kind && a.text == b.text && a.number == b.number && a.truth == b.truth;
}

class judge {
public:
  explicit judge(const schema_judge& from)
      : from_(from) {}

  std::vector<std::string> faults;

  void check(const node& given, const node& value, const std::string& at) {
    const node& schema = from_.behind(given);
    for (const member& keyword : schema.members)
      one(keyword.name, keyword.value, schema, value, at);
  }

private:
  void fault(const std::string& at, const std::string& what) { faults.push_back(at + ": " + what); }

  std::size_t fitting(const node& list, const node& value, const std::string& at) const {
    return static_cast<std::size_t>(std::count_if(list.items.begin(), list.items.end(), [&](const node& s) {
      judge inner(from_);
      inner.check(s, value, at);
      return inner.faults.empty();
    }));
  }

  void one(const std::string& key, const node& wanted, const node& schema, const node& value,
           const std::string& at) {
    static constexpr std::array silent{"$schema", "$id", "title", "description", "$defs", "$ref"};
    if (std::find(silent.begin(), silent.end(), key) != silent.end())
      return;
    if (key == "type") {
      if (!has_type(value, wanted.text))
        fault(at, "is not of type " + wanted.text);
    } else if (key == "const") {
      if (!same(wanted, value))
        fault(at, "is not " + wanted.text);
    } else if (key == "enum") {
      if (std::none_of(wanted.items.begin(), wanted.items.end(),
                       [&](const node& n) { return same(n, value); }))
        fault(at, "is \"" + value.text + "\", which is not listed");
    } else if (key == "anyOf") {
      if (fitting(wanted, value, at) == 0)
        fault(at, "fits none of the alternatives");
    } else if (key == "oneOf") {
      if (fitting(wanted, value, at) != 1)
        fault(at, "fits " + std::to_string(fitting(wanted, value, at)) + " of the alternatives, not one");
    } else if (key == "required" || key == "properties" || key == "additionalProperties")
      table(key, wanted, schema, value, at);
    else
      size(key, wanted, value, at);
  }

  void table(const std::string& key, const node& wanted, const node& schema, const node& value,
             const std::string& at) {
    if (value.kind != node::type::table)
      return;
    if (key == "required")
      for (const node& name : wanted.items)
        if (value.find(name.text) == nullptr)
          fault(at, "lacks " + name.text);
    if (key == "additionalProperties")
      for (const member& m : value.members)
        if (schema.find("properties")->find(m.name) == nullptr)
          fault(at, "has the unknown key " + m.name);
    if (key == "properties")
      for (const member& m : value.members)
        if (const node* inner = wanted.find(m.name))
          check(*inner, m.value, at + "/" + m.name);
  }

  void size(const std::string& key, const node& wanted, const node& value, const std::string& at) {
    const auto count =
        static_cast<double>(value.kind == node::type::array ? value.items.size() : length(value.text));
    if (key == "items") {
      for (std::size_t i = 0; i < value.items.size(); ++i)
        check(wanted, value.items[i], at + "/" + std::to_string(i));
    } else if (key == "minItems" || key == "maxItems" || key == "maxLength") {
      if (key == "minItems" ? count < wanted.number : count > wanted.number)
        fault(at, "has " + std::to_string(count) + " parts");
    } else if (key == "minimum" || key == "maximum") {
      if (key == "minimum" ? value.number < wanted.number : value.number > wanted.number)
        fault(at, "is out of range");
    } else if (key == "pattern") {
      if (!std::regex_match(value.text, std::regex(wanted.text)))
        fault(at, "is \"" + value.text + "\", which has another form");
    } else
      fault(at, "is judged by the keyword " + key + ", which this test does not know");
  }

  const schema_judge& from_;
};

} // namespace

schema_judge::schema_judge(const std::string& name) {
  const std::string file = std::string(POSTERIOR_SOURCE_DIR) + "/sdk/schema/" + name;
  parsed read = parse_json(staged::contents(file), file);
  if (!read.root)
    throw std::runtime_error(file + " is no JSON");
  root_ = std::move(*read.root);
}

const node& schema_judge::behind(const node& schema) const {
  const node* ref = schema.find("$ref");
  if (ref == nullptr)
    return schema;
  const node* found = root_.find("$defs")->find(ref->text.substr(ref->text.rfind('/') + 1));
  if (found == nullptr)
    throw std::runtime_error(ref->text + " is not defined");
  return behind(*found);
}

std::vector<std::string> schema_judge::faults(const node& document) const {
  judge j(*this);
  j.check(root_, document, "");
  return j.faults;
}

} // namespace posterior::check_tests
