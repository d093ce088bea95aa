#include "engine/service/local/scaffold.hpp"

#include <algorithm>
#include <set>

#include "kb/catalogue.hpp"
#include "kb/places.hpp"
#include "kb/reader.hpp"
#include "kb/schema.hpp"
#include "kb/values/id.hpp"
#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

namespace fs = std::filesystem;

// What a skeleton calls itself, and what stands there afterwards.
using renaming = std::vector<std::pair<std::string, std::string>>;

struct skeleton {
  std::string_view folder, id, title, name;
};

constexpr skeleton detector_skeleton{"skeleton", "org.example.bridge-hold", "Bridge hold, side by side",
                                     "bridge-hold"};
constexpr skeleton knowledge_skeleton{"skeleton-knowledge", "org.example.first-bundle", "First bundle", ""};
constexpr skeleton pack_skeleton{"skeleton-pack", "org.example.first-pack", "First pack", ""};

diagnostic mistake(std::string text, std::string hint = {}) {
  return {severity::error, "scaffold", {"posterior plugin new", 0, 0, ""}, std::move(text), std::move(hint)};
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  if (what.empty())
    return text;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

std::string last_part(const std::string& id) {
  return id.substr(id.rfind('.') + 1);
}

// "hip-strength" is called "Hip strength" until its author knows better.
std::string title_of(std::string name) {
  std::replace(name.begin(), name.end(), '-', ' ');
  if (!name.empty() && name.front() >= 'a' && name.front() <= 'z')
    name.front() = static_cast<char>(name.front() - 'a' + 'A');
  return name;
}

std::optional<diagnostic> refusal_of(const scaffold_request& asked) {
  const std::string found = "\"" + posterior::quoted(asked.id) + "\"";
  if (!is_bundle_id(asked.id))
    return mistake(fault("ID", found, "reverse DNS: your internet name backwards, then a name"),
                   "for example org.example.hip-strength");
  if (kb::is_house_id(asked.id))
    return mistake(fault("ID", found, "outside org.posterior"),
                   "that name belongs to the plugins of the program");
  if (!is_plain_id(last_part(asked.id)))
    return mistake(
        fault("the last part of ID", found, "lower-case words joined by hyphens, beginning with a letter"));
  if (!is_plain_id(asked.prefix) || asked.prefix.size() > 24)
    return mistake(fault("the prefix", "\"" + posterior::quoted(asked.prefix) + "\"",
                         "lower-case words joined by hyphens, at most 24 bytes"),
                   "give one with --prefix WORD");
  return {};
}

std::vector<scaffold_file> files_below(const fs::path& folder) {
  std::vector<scaffold_file> out;
  kb::real_files files;
  std::error_code failed;
  for (const auto& e : fs::recursive_directory_iterator(folder, failed)) {
    auto bytes = e.is_regular_file(failed) ? files.read(e.path().string(), kb::bundle_bytes_limit)
                                           : kb::file_result<std::string>{};
    if (bytes)
      out.push_back({fs::relative(e.path(), folder, failed).string(), std::move(*bytes)});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

// What belongs to a new plugin of a skeleton's files.
void rename_all(std::vector<scaffold_file>& files, const renaming& names) {
  for (scaffold_file& f : files)
    for (const auto& [what, by] : names)
      f.bytes = replaced(std::move(f.bytes), what, by);
}

void rename_build(std::vector<scaffold_file>& files, std::string_view old, const std::string& name) {
  for (scaffold_file& f : files)
    if (f.name == "CMakeLists.txt")
      f.bytes = replaced(std::move(f.bytes), old, name);
    else if (f.name == "README.md")
      f.bytes = replaced(std::move(f.bytes), "plugins/" + std::string(old), "plugins/" + name);
}

void put_below(std::vector<scaffold_file>& files, const std::string& folder) {
  for (scaffold_file& f : files)
    f.name = folder + "/" + f.name;
}

scaffold_answer from_skeleton(const places& at, const scaffold_request& asked, const skeleton& from,
                              std::string_view old_prefix) {
  const fs::path share = at.prefix / "share/posterior";
  std::vector<scaffold_file> files = files_below(share / from.folder);
  if (files.empty())
    return {std::nullopt, mistake(fault("the skeleton", "missing", "in " + (share / from.folder).string()),
                                  "install the SDK of Posterior beside the program")};
  const std::string name = last_part(asked.id), prefix(old_prefix);
  rename_all(files, {{"../schema/", (share / "editor-schema/").string()},
                     {std::string(from.id), asked.id},
                     {std::string(from.title), title_of(name)},
                     {prefix + ":", asked.prefix + ":"},
                     {"prefix = \"" + prefix + "\"", "prefix = \"" + asked.prefix + "\""}});
  rename_build(files, from.name, name);
  scaffold out{name, std::move(files)};
  if (asked.kind == "pack") {
    out.name += ".pack.toml";
    out.files.resize(1);
    out.files.front().name = out.name;
  } else
    put_below(out.files, name);
  return {std::move(out), {}};
}

// --- from a plugin that is there -------------------------------------------------------------------------

std::optional<kb::bundle> find_bundle(const places& at, const std::string& from) {
  kb::real_files files;
  diagnostics problems;
  std::vector<kb::search_place> where = kb::search_places(at.variables, at.home.string(), at.prefix.string());
  const bool is_place = from.find('/') != std::string::npos || files.status(from + "/plugin.toml");
  if (is_place)
    where.insert(where.begin(), {from, kb::bundle_origin::home});
  std::vector<kb::bundle> all = kb::discover(files, where, problems);
  const auto real = is_place ? files.resolve(from) : kb::file_result<std::string>{};
  for (kb::bundle& b : all)
    if (real ? b.location == *real : !b.shadowed && (b.about.id == from || b.about.id.ends_with("." + from)))
      return std::move(b);
  return {};
}

std::set<std::string> own_ids(const kb::statements& all) {
  std::set<std::string> out;
  kb::each_kind(all, [&](std::string_view, const auto& list) {
    for (const auto& item : list) {
      if constexpr (requires { item.id.size(); })
        out.insert(item.id);
      if constexpr (requires { item.aliases; })
        out.insert(item.aliases.begin(), item.aliases.end());
    }
  });
  return out;
}

// An id where a document names it: in quotation marks, or in a condition or citation between them.
std::string with_prefix(std::string text, const std::set<std::string>& ids, const std::string& prefix) {
  constexpr std::string_view inner = "abcdefghijklmnopqrstuvwxyz0123456789-:";
  std::string out;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '"')
      in_text = !in_text;
    const auto end = std::min(text.find_first_not_of(inner, i), text.size());
    const std::string word = text.substr(i, end - i);
    if (in_text && ids.contains(word))
      out += prefix + ":" + word.substr(word.find(':') == std::string::npos ? 0 : word.find(':') + 1);
    else
      out += word.empty() ? text.substr(i, 1) : word;
    i = word.empty() ? i + 1 : end;
  }
  return out;
}

std::string head_of(const kb::manifest& old, const scaffold_request& asked) {
  const auto field = [](std::string_view key, const std::string& value) {
    return std::string(key) + " = \"" + value + "\"\n";
  };
  return "# Made of " + old.id + " " + old.version + ".\n" + field("schema", "posterior.plugin/1") +
         field("id", asked.id) + field("version", "0.1.0") + field("name", title_of(last_part(asked.id))) +
         field("summary", old.summary) + field("vendor", "My clinic") + field("license", old.license) +
         "requires = [\"" + std::string(kb::core_id) + "\"]\n" + field("prefix", asked.prefix);
}

bool travels(const std::string& name) {
  return name == "knowledge.toml" || name.starts_with("knowledge/") || name.starts_with("cases/");
}

scaffold_answer from_plugin(const places& at, const scaffold_request& asked) {
  const auto found = find_bundle(at, asked.from);
  const std::string named = "\"" + posterior::quoted(asked.from) + "\"";
  if (!found || has_errors(found->problems))
    return {std::nullopt, mistake(fault("--from", named, "the id or folder of a sound plugin"),
                                  "`posterior plugin list` shows those that are installed")};
  if (asked.kind != "knowledge" || found->about.has_detector || found->form == kb::bundle_form::pack_file)
    return {std::nullopt,
            mistake(fault("--from", named + (found->about.has_detector ? ", a plugin with code" : ""),
                          "a bundle without code, with --kind knowledge"),
                    "a bundle does not hold the sources of its code; begin with the skeleton")};
  const std::set<std::string> ids = own_ids(found->says);
  const std::string name = last_part(asked.id);
  scaffold out{name, {{"plugin.toml", head_of(found->about, asked)}}};
  for (scaffold_file& f : files_below(found->location))
    if (travels(f.name))
      out.files.push_back({f.name, with_prefix(std::move(f.bytes), ids, asked.prefix)});
  put_below(out.files, name);
  return {std::move(out), {}};
}

} // namespace

scaffold_answer make_scaffold(const places& at, const scaffold_request& given) {
  scaffold_request asked = given;
  if (asked.prefix.empty())
    asked.prefix = last_part(asked.id);
  if (auto no = refusal_of(asked))
    return {std::nullopt, std::move(*no)};
  if (!asked.from.empty())
    return from_plugin(at, asked);
  if (asked.kind == "detector")
    return from_skeleton(at, asked, detector_skeleton, "myclinic");
  if (asked.kind == "knowledge")
    return from_skeleton(at, asked, knowledge_skeleton, "example");
  if (asked.kind == "pack")
    return from_skeleton(at, asked, pack_skeleton, "example");
  return {std::nullopt,
          mistake(fault("--kind", "\"" + posterior::quoted(asked.kind) + "\"",
                        "\"knowledge\" (a folder without code), \"pack\" (one file) or \"detector\""))};
}

} // namespace posterior::service
