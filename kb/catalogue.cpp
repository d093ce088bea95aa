// Reads what scan() found. Every file is read once: what is hashed is what is parsed.
#include "kb/catalogue.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "kb/reader.hpp"
#include "kb/values/digest.hpp"
#include "kb/values/id.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

bool is_knowledge(std::string_view name) {
  const bool in_folder = name.starts_with("knowledge/") && name.find('/', 10) == std::string_view::npos;
  return name == "knowledge.toml" || (in_folder && name.ends_with(".toml"));
}

class loader {
public:
  loader(file_system& files, const found_bundle& found)
      : files_(files)
      , found_(found) {
    out.location = found.location;
    out.origin = found.origin;
    out.form = found.pack ? bundle_form::pack_file : bundle_form::source_folder;
    out.problems = found.problems;
  }

  // Bytes, digest and manifest.
  void open() {
    if (has_errors(out.problems))
      return;
    std::vector<file_digest> digests;
    for (const bundle_file& f : found_.files)
      digests.push_back({f.name, take(f)});
    if (unreadable_)
      return;
    out.digest = bundle_digest(digests);
    if (has_errors(out.problems))
      return;
    read_manifest_file();
    note_detector(digests);
    check_file_list(digests);
    check_knowledge_files();
    if (!found_.held.empty())
      fail(out.location, "held-back", found_.held, "mend it: it is tried again when its files change");
  }

  void read_words() {
    const auto at = texts_.find("scale.toml");
    const std::string file = full_name("scale.toml");
    if (at == texts_.end())
      return fail(file, "no-scale", fault("the file", "missing", "the word scale of the core"));
    if (const node* root = parse(at->second, file))
      out.words = read_scale(*root, file, out.problems);
  }

  // `words` may be missing when there is no core; then words stay unresolved and the bundle is of no use.
  void read_knowledge(const scale* words) {
    reading_context context;
    context.bundle = out.about.id;
    context.version = out.about.version;
    context.prefix = out.about.prefix;
    context.core = out.about.id == core_id;
    context.words = words;
    for (const auto& [name, bytes] : texts_) {
      if (!found_.pack && !is_knowledge(name))
        continue;
      context.file = full_name(name);
      context.relative = name;
      if (const node* root = parse(bytes, context.file))
        read_statements(*root, context, found_.pack, out.says, out.problems);
    }
    if (const auto n = count(out.says); n > statement_limit)
      fail(
          out.location, "too-many-statements",
          fault("the number of statements", std::to_string(n), "at most " + std::to_string(statement_limit)));
    texts_.clear();
    documents_.clear();
  }

  bundle out;

private:
  std::string full_name(const std::string& name) const {
    return found_.pack ? found_.location : found_.location + "/" + name;
  }

  void fail(const std::string& file, std::string_view code, std::string text, std::string hint = {}) {
    out.problems.push_back(
        {severity::error, "bundle." + std::string(code), {file, 0, 0, ""}, std::move(text), std::move(hint)});
  }

  // Reads a file, keeps it if it will be parsed, and returns its SHA-256.
  std::string take(const bundle_file& f) {
    const std::string path = full_name(f.name);
    const bool is_text =
        found_.pack || is_knowledge(f.name) || f.name == "plugin.toml" || f.name == "scale.toml";
    auto bytes = files_.read(path, size_limit(f.name));
    if (!bytes) {
      unreadable_ = true;
      fail(path, "unreadable", fault("the file", error_text(bytes.error), "a readable file"));
      return {};
    }
    std::string sha = sha256_hex(*bytes);
    if (is_text && f.name != "plugin.toml")
      knowledge_bytes_ += bytes->size();
    if (knowledge_bytes_ > knowledge_bytes_limit)
      fail(path, "too-large",
           fault("the knowledge of the bundle", "more than 4194304 bytes", "at most 4194304 bytes"));
    else if (is_text)
      texts_.emplace(f.name, std::move(*bytes));
    return sha;
  }

  const node* parse(const std::string& bytes, const std::string& file) {
    if (!clean(bytes, file))
      return nullptr;
    if (const auto at = documents_.find(file); at != documents_.end())
      return at->second.root ? &*at->second.root : nullptr;
    parsed document = parse_toml(bytes, file);
    out.problems.insert(out.problems.end(), document.problems.begin(), document.problems.end());
    const auto at = documents_.emplace(file, std::move(document)).first;
    return at->second.root ? &*at->second.root : nullptr;
  }

  // A document may hold tabs and carriage returns between its values, but nothing else that acts or hides.
  bool clean(std::string_view bytes, const std::string& file) {
    for (int line = 1; !bytes.empty(); ++line) {
      const auto end = std::min(bytes.find('\n'), bytes.size());
      std::string text(bytes.substr(0, end));
      std::erase_if(text, [](char c) { return c == '\t' || c == '\r'; });
      if (const auto why = unclean(text); !why.empty()) {
        out.problems.push_back({severity::error,
                                "bundle.bad-text",
                                {file, line, 0, ""},
                                fault("the line", why, "plain UTF-8 text"),
                                ""});
        return false;
      }
      bytes.remove_prefix(std::min(end + 1, bytes.size()));
    }
    return true;
  }

  void read_manifest_file() {
    const std::string name = found_.pack ? found_.files.front().name : "plugin.toml";
    const auto text = texts_.find(name);
    if (text == texts_.end())
      return fail(full_name(name), "no-manifest", fault("the manifest", "not a file", "a plain file"));
    const node* root = parse(text->second, full_name(name));
    if (!root)
      return;
    if (auto m = read_manifest(*root, full_name(name), out.form, out.problems))
      out.about = std::move(*m);
    if (!out.about.files.empty())
      out.form = bundle_form::packed_folder;
    if (out.about.id == core_id && out.origin != bundle_origin::program)
      fail(full_name(name), "not-the-core",
           fault("the id \"" + std::string(core_id) + "\"", "outside the program's own folder",
                 "left to the program"),
           "the core cannot be replaced; choose another id");
  }

  void note_detector(const std::vector<file_digest>& digests) {
    for (const file_digest& d : digests)
      if (out.about.has_detector && d.name == out.about.detector_file)
        out.about.detector_sha256 = d.sha256;
  }

  // A packed bundle holds exactly what its manifest lists.
  void check_file_list(const std::vector<file_digest>& digests) {
    if (out.form != bundle_form::packed_folder)
      return;
    std::map<std::string, const file_entry*> listed;
    for (const file_entry& e : out.about.files)
      listed.emplace(e.path, &e);
    for (std::size_t i = 0; i < digests.size(); ++i) {
      const std::string& name = digests[i].name;
      if (name == "plugin.toml" || name == "plugin.sig")
        continue;
      const auto at = listed.find(name);
      if (at == listed.end())
        fail(full_name(name), "extra-file",
             fault("the file", "not listed in the manifest", "listed or absent"));
      else
        compare(*at->second, digests[i].sha256, found_.files[i].info.size);
      listed.erase(name);
    }
    for (const auto& [name, entry] : listed)
      fail(full_name(name), "missing-file",
           fault("the file", "missing", "there, since the manifest lists it"));
    if (out.about.has_detector && !has_file(out.about.detector_file))
      fail(full_name(out.about.detector_file), "no-detector",
           fault("the detector", "missing", "there, since the manifest names it"));
  }

  bool has_file(const std::string& name) const {
    return std::any_of(found_.files.begin(), found_.files.end(),
                       [&](const bundle_file& f) { return f.name == name; });
  }

  void compare(const file_entry& listed, const std::string& sha, std::uint64_t size) {
    const std::string hint = "the bundle was changed after it was packed: get it again from its author";
    if (listed.size != size)
      fail(full_name(listed.path), "size-differs",
           fault("the file", std::to_string(size) + " bytes", std::to_string(listed.size) + " bytes"), hint);
    else if (listed.sha256 != sha)
      fail(full_name(listed.path), "hash-differs",
           fault("the file", "sha256 " + sha, "sha256 " + listed.sha256), hint);
  }

  void check_knowledge_files() {
    if (found_.pack)
      return;
    const bool one = texts_.contains("knowledge.toml");
    const bool many = std::any_of(texts_.begin(), texts_.end(), [](const auto& t) {
      return t.first != "knowledge.toml" && is_knowledge(t.first);
    });
    if (one == many)
      fail(found_.location, "no-knowledge",
           fault("the knowledge", one ? "given twice" : "missing",
                 "either knowledge.toml or knowledge/*.toml"));
    if (texts_.contains("scale.toml") && out.about.id != core_id)
      fail(full_name("scale.toml"), "core-only",
           fault("the scale", "in another bundle", "in " + std::string(core_id)));
  }

  file_system& files_;
  const found_bundle& found_;
  std::map<std::string, std::string> texts_; // by name inside the bundle
  std::map<std::string, parsed> documents_;
  std::uint64_t knowledge_bytes_ = 0;
  bool unreadable_ = false;
};

} // namespace

void settle_versions(std::vector<bundle>& bundles) {
  std::map<std::string, bundle*> best;
  for (bundle& b : bundles) {
    if (b.about.id.empty() || has_errors(b.problems))
      continue;
    const auto [at, fresh] = best.emplace(b.about.id, &b);
    if (fresh)
      continue;
    const auto mine = version::parse(b.about.version), other = version::parse(at->second->about.version);
    const bool higher = mine && (!other || *mine > *other);
    bundle& loser = higher ? *std::exchange(at->second, &b) : b;
    loser.shadowed = true;
  }
  for (bundle& b : bundles)
    if (b.shadowed)
      b.shadowed_by = best.at(b.about.id)->location;
}

std::vector<bundle> read_bundles(file_system& files, const std::vector<found_bundle>& found,
                                 const std::function<void(scale&)>& adjust) {
  std::vector<loader> loaders;
  loaders.reserve(found.size());
  for (const found_bundle& f : found)
    loaders.emplace_back(files, f).open();
  std::optional<scale> words;
  for (loader& l : loaders)
    if (l.out.about.id == core_id && !words && !has_errors(l.out.problems)) {
      l.read_words();
      if (adjust && !has_errors(l.out.problems))
        adjust(l.out.words);
      words = l.out.words;
    }
  std::vector<bundle> out;
  for (loader& l : loaders) {
    if (!l.out.about.id.empty())
      l.read_knowledge(words ? &*words : nullptr);
    out.push_back(std::move(l.out));
  }
  settle_versions(out);
  return out;
}

std::vector<bundle> discover(file_system& files, const std::vector<search_place>& places,
                             diagnostics& problems) {
  return read_bundles(files, scan(files, places, problems));
}

} // namespace posterior::kb
