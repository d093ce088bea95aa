#include "kb/manifest_text.hpp"

#include "kb/values/document.hpp"
#include "kb/values/json_writer.hpp"

namespace posterior::kb {
namespace {

struct named_text {
  const char* name;
  std::string manifest::*member;
};

constexpr named_text texts[] = {
    {"id", &manifest::id},
    {"version", &manifest::version},
    {"name", &manifest::name},
    {"summary", &manifest::summary},
    {"vendor", &manifest::vendor},
    {"license", &manifest::license},
    {"homepage", &manifest::homepage},
    {"support", &manifest::support},
    {"prefix", &manifest::prefix},
    {"detector_file", &manifest::detector_file},
    {"detector_sha256", &manifest::detector_sha256},
    {"detector_reason", &manifest::detector_reason},
};

struct named_number {
  const char* name;
  int& (*of)(manifest&);
};

constexpr named_number numbers[] = {
    {"abi_major", [](manifest& m) -> int& { return m.abi_major; }},
    {"abi_minor", [](manifest& m) -> int& { return m.abi_minor; }},
    {"evaluate_ms", [](manifest& m) -> int& { return m.allowed.evaluate_ms; }},
    {"memory_mib", [](manifest& m) -> int& { return m.allowed.memory_mib; }},
    {"records", [](manifest& m) -> int& { return m.allowed.records; }},
};

const node* of_kind(const node& table, std::string_view name, node::type kind) {
  const node* n = table.find(name);
  return n != nullptr && n->kind == kind ? n : nullptr;
}

bool read_files(const node& list, manifest& into) {
  for (const node& one : list.items) {
    const node* path = of_kind(one, "path", node::type::text);
    const node* sha = of_kind(one, "sha256", node::type::text);
    const node* size = of_kind(one, "size", node::type::integer);
    if (path == nullptr || sha == nullptr || size == nullptr)
      return false;
    into.files.push_back({path->text, sha->text, static_cast<std::uint64_t>(size->integer)});
  }
  return true;
}

} // namespace

std::string manifest_text(const manifest& m) {
  json_writer w(0);
  w.begin_object();
  for (const named_text& t : texts)
    w.member(t.name, m.*t.member);
  manifest copy = m;
  for (const named_number& n : numbers)
    w.member(n.name, n.of(copy));
  w.member("has_detector", m.has_detector).strings("requires", m.requires_bundles);
  w.key("files").begin_array();
  for (const file_entry& f : m.files)
    w.begin_object()
        .member("path", f.path)
        .member("sha256", f.sha256)
        .member("size", static_cast<std::int64_t>(f.size))
        .end_object();
  w.end_array().end_object();
  return w.take();
}

bool read_manifest_text(std::string_view text, manifest& into) {
  const parsed document = parse_json(text, "manifest");
  if (!document.root)
    return false;
  into = {};
  for (const named_text& t : texts)
    if (const node* n = of_kind(*document.root, t.name, node::type::text))
      into.*t.member = n->text;
  for (const named_number& number : numbers)
    if (const node* n = of_kind(*document.root, number.name, node::type::integer))
      number.of(into) = static_cast<int>(n->integer);
  if (const node* n = of_kind(*document.root, "has_detector", node::type::boolean))
    into.has_detector = n->truth;
  if (const node* list = of_kind(*document.root, "requires", node::type::array))
    for (const node& one : list->items)
      into.requires_bundles.push_back(one.text);
  const node* files = of_kind(*document.root, "files", node::type::array);
  return !into.id.empty() && files != nullptr && read_files(*files, into);
}

} // namespace posterior::kb
