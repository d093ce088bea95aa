#include "tests/cli/schema.hpp"

#include <algorithm>
#include <map>

#include "kb/values/document.hpp"
#include "tests/cli/program.hpp"

namespace posterior::tests {
namespace {

class schema_judge {
public:
  void check(const std::string& file, const node& schema, const node& value, const std::string& at);
  const node& load(const std::string& file);
  std::vector<std::string> faults;

private:
  const node& target(const std::string& file, const std::string& ref, std::string& into);
  bool fits(const std::string& file, const node& schema, const node& value, const std::string& at);
  void check_object(const std::string& file, const node& schema, const node& value, const std::string& at);
  void check_array(const std::string& file, const node& schema, const node& value, const std::string& at);
  void fault(const std::string& at, const std::string& what) { faults.push_back(at + ": " + what); }

  std::map<std::string, node> files_;
};

const node& schema_judge::load(const std::string& file) {
  auto it = files_.find(file);
  if (it == files_.end()) {
    parsed read =
        parse_json(contents(std::string(POSTERIOR_SOURCE_DIR "/engine/service/schema/") + file), file);
    if (!read.root)
      fault(file, read.problems.empty() ? "no schema" : read.problems.front().text);
    it = files_.emplace(file, read.root ? *read.root : node{}).first;
  }
  return it->second;
}

const node& schema_judge::target(const std::string& file, const std::string& ref, std::string& into) {
  const std::size_t hash = ref.find('#');
  into = hash == 0 ? file : ref.substr(0, hash);
  const node* defs = load(into).find("$defs");
  const node* found = defs == nullptr ? nullptr : defs->find(ref.substr(ref.rfind('/') + 1));
  if (found != nullptr)
    return *found;
  fault(ref, "is not defined");
  return load(into);
}

bool same(const node& a, const node& b) {
  return a.kind == b.kind && a.text == b.text && a.number == b.number && a.truth == b.truth;
}

bool has_type(const node& value, const std::string& type) {
  switch (value.kind) {
  case node::type::null:
    return type == "null";
  case node::type::boolean:
    return type == "boolean";
  case node::type::integer:
    return type == "integer" || type == "number";
  case node::type::number:
    return type == "number";
  case node::type::text:
    return type == "string";
  case node::type::array:
    return type == "array";
  case node::type::table:
    break;
  }
  return type == "object";
}

bool schema_judge::fits(const std::string& file, const node& schema, const node& value,
                        const std::string& at) {
  const std::size_t before = faults.size();
  check(file, schema, value, at);
  const bool good = faults.size() == before;
  faults.resize(before);
  return good;
}

void schema_judge::check_object(const std::string& file, const node& schema, const node& value,
                                const std::string& at) {
  if (const node* required = schema.find("required"))
    for (const node& key : required->items)
      if (value.find(key.text) == nullptr)
        fault(at, "lacks " + key.text);
  const node* properties = schema.find("properties");
  const node* others = schema.find("additionalProperties");
  std::size_t last = 0;
  for (const auto& [key, inner] : value.members) {
    const auto same_key = [&key = key](const member& other) { return other.name == key; };
    const node* one = properties == nullptr ? nullptr : properties->find(key);
    if (one == nullptr && others == nullptr) {
      fault(at, "has the unknown key " + key);
      continue;
    }
    check(file, one != nullptr ? *one : *others, inner, at + "/" + key);
    if (one == nullptr)
      continue;
    const auto index = static_cast<std::size_t>(
        std::find_if(properties->members.begin(), properties->members.end(), same_key) -
        properties->members.begin());
    if (index < last)
      fault(at, "has " + key + " out of order");
    last = index;
  }
}

void schema_judge::check_array(const std::string& file, const node& schema, const node& value,
                               const std::string& at) {
  if (const node* least = schema.find("minItems");
      least != nullptr && static_cast<double>(value.items.size()) < least->number)
    fault(at, "has too few items");
  if (const node* most = schema.find("maxItems");
      most != nullptr && static_cast<double>(value.items.size()) > most->number)
    fault(at, "has too many items");
  if (const node* items = schema.find("items"))
    for (std::size_t i = 0; i < value.items.size(); ++i)
      check(file, *items, value.items[i], at + "/" + std::to_string(i));
}

void schema_judge::check(const std::string& file, const node& schema, const node& value,
                         const std::string& at) {
  if (const node* ref = schema.find("$ref")) {
    std::string into;
    const node& found = target(file, ref->text, into);
    return check(into, found, value, at);
  }
  if (const node* any = schema.find("anyOf")) {
    if (std::none_of(any->items.begin(), any->items.end(),
                     [&](const node& s) { return fits(file, s, value, at); }))
      fault(at, "fits none of the alternatives");
    return;
  }
  if (const node* type = schema.find("type"); type != nullptr && !has_type(value, type->text))
    return fault(at, "is not of type " + type->text);
  if (const node* one = schema.find("const"); one != nullptr && !same(*one, value))
    fault(at, "is not " + one->text);
  if (const node* list = schema.find("enum");
      list != nullptr &&
      std::none_of(list->items.begin(), list->items.end(), [&](const node& n) { return same(n, value); }))
    fault(at, "is \"" + value.text + "\", which is not listed");
  if (const node* least = schema.find("minimum"); least != nullptr && value.number < least->number)
    fault(at, "is too small");
  if (const node* most = schema.find("maximum"); most != nullptr && value.number > most->number)
    fault(at, "is too large");
  if (value.kind == node::type::table)
    check_object(file, schema, value, at);
  if (value.kind == node::type::array)
    check_array(file, schema, value, at);
}

} // namespace

std::vector<std::string> judge(const std::string& json) {
  const parsed document = parse_json(json, "output");
  const node* named = document.root ? document.root->find("schema") : nullptr;
  if (named == nullptr)
    return {"/: is no document with a schema"};
  const std::string name = named->text.substr(0, named->text.find('/'));
  const std::string file = name.substr(name.find('.') + 1) + ".schema.json";
  schema_judge j;
  j.check(file, j.load(file), *document.root, "");
  return j.faults;
}

} // namespace posterior::tests
