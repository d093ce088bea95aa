#include "engine/trust/layout.hpp"

#include <algorithm>
#include <map>

#include "kb/catalogue.hpp"
#include "kb/reader.hpp"
#include "kb/values/digest.hpp"
#include "kb/values/document.hpp"

namespace posterior::trust {
namespace {

constexpr const char* manifest_name = "plugin.toml";
constexpr const char* signature_name = "plugin.sig";

bool by_name(const archive_file& a, const archive_file& b) {
  return a.name < b.name;
}

// What a source folder's file is: part of the bundle, or something that is only kept beside it.
bool belongs(const std::string& name, const kb::manifest& about) {
  const bool nested = name.find('/') != std::string::npos;
  if (!nested)
    return name == "knowledge.toml" || name == "scale.toml" || name == "README.md" ||
           name.starts_with("LICENSE") || name.starts_with("CHANGELOG") ||
           (about.has_detector && name == about.detector_file);
  if (name.starts_with("knowledge/"))
    return name.ends_with(".toml") && name.find('/', 10) == std::string::npos;
  return name.starts_with("cases/") || name.starts_with("locale/") ||
         (about.has_detector && name == about.detector_file);
}

class packer {
public:
  packer(kb::file_system& files, const std::string& folder)
      : files_(files)
      , folder_(folder) {}

  laid_out run(const secret_key* key) {
    if (!find() || !read_all() || !read_manifest())
      return std::move(out_);
    out_.about.files.empty() ? from_source() : from_packed();
    if (!has_errors(out_.problems))
      sign(key);
    if (has_errors(out_.problems))
      out_.bundle.reset();
    return std::move(out_);
  }

private:
  void fail(const std::string& file, std::string_view code, std::string text, std::string hint = {}) {
    out_.problems.push_back(
        {severity::error, "pack." + std::string(code), {file, 0, 0, ""}, std::move(text), std::move(hint)});
  }

  bool find() {
    if (!files_.status(folder_ + "/" + manifest_name)) {
      fail(folder_, "no-manifest", fault("the folder", "without plugin.toml", "a bundle's folder"),
           "a pack of one file (NAME.pack.toml) needs no packing");
      return false;
    }
    auto found = kb::scan(files_, {{folder_, kb::bundle_origin::home}}, out_.problems);
    if (found.size() == 1) {
      out_.problems.insert(out_.problems.end(), found[0].problems.begin(), found[0].problems.end());
      names_ = std::move(found[0].files);
    }
    return !has_errors(out_.problems);
  }

  bool read_all() {
    for (const kb::bundle_file& f : names_) {
      auto bytes = files_.read(folder_ + "/" + f.name, kb::size_limit(f.name));
      if (!bytes)
        fail(folder_ + "/" + f.name, "unreadable",
             fault("the file", kb::error_text(bytes.error), "readable"));
      else
        bytes_.emplace(f.name, std::move(*bytes));
    }
    return !has_errors(out_.problems);
  }

  bool read_manifest() {
    const std::string file = folder_ + "/" + manifest_name;
    const parsed document = parse_toml(bytes_[manifest_name], file);
    out_.problems.insert(out_.problems.end(), document.problems.begin(), document.problems.end());
    if (document.root)
      if (auto m = kb::read_manifest(*document.root, file, kb::bundle_form::source_folder, out_.problems))
        out_.about = std::move(*m);
    return !has_errors(out_.problems);
  }

  void start() {
    out_.bundle = archive{out_.about.id + "-" + out_.about.version, {}};
    if (out_.about.has_detector && !bytes_.contains(out_.about.detector_file))
      fail(folder_ + "/" + out_.about.detector_file, "no-detector",
           fault("the detector", "missing", "there, since the manifest names it"),
           "build it into this folder first");
  }

  void from_source() {
    start();
    for (auto& [name, bytes] : bytes_)
      if (belongs(name, out_.about))
        out_.bundle->files.push_back({name, std::move(bytes)});
      else if (name != manifest_name)
        out_.left_out.push_back(name);
    std::string manifest = with_files(bytes_[manifest_name], out_.bundle->files);
    out_.bundle->files.push_back({manifest_name, std::move(manifest)});
  }

  void from_packed() {
    start();
    std::map<std::string, const kb::file_entry*> listed;
    for (const kb::file_entry& e : out_.about.files)
      listed.emplace(e.path, &e);
    for (auto& [name, bytes] : bytes_) {
      const auto at = listed.find(name);
      if (at != listed.end())
        compare(*at->second, bytes);
      else if (name != manifest_name && name != signature_name)
        fail(folder_ + "/" + name, "extra-file",
             fault("the file", "not listed in the manifest", "listed or absent"));
      listed.erase(name);
      if (name != signature_name)
        out_.bundle->files.push_back({name, std::move(bytes)});
    }
    for (const auto& [name, entry] : listed)
      fail(folder_ + "/" + name, "missing-file",
           fault("the file", "missing", "there, since the manifest lists it"));
  }

  void compare(const kb::file_entry& listed, const std::string& bytes) {
    if (listed.size != bytes.size() || listed.sha256 != sha256_hex(bytes))
      fail(folder_ + "/" + listed.path, "hash-differs",
           fault("the file", "not what was packed", "what its manifest lists"),
           "lay the bundle out again from its source");
  }

  const std::string& manifest() const {
    return std::find_if(out_.bundle->files.begin(), out_.bundle->files.end(),
                        [](const archive_file& f) { return f.name == manifest_name; })
        ->bytes;
  }

  void sign(const secret_key* key) {
    std::optional<std::string> text;
    if (key != nullptr)
      text = key->sign(manifest());
    else if (const auto old = bytes_.find(signature_name); old != bytes_.end()) {
      const auto read = read_signature(old->second, folder_ + "/" + signature_name);
      if (read.value && holds(*read.value, manifest()))
        text = old->second;
      else if (out_.left_out.empty() || out_.left_out.back() != signature_name)
        out_.left_out.push_back(signature_name);
    }
    if (text) {
      std::erase(out_.left_out, signature_name);
      out_.bundle->files.push_back({signature_name, std::move(*text)});
    }
    std::sort(out_.bundle->files.begin(), out_.bundle->files.end(), by_name);
  }

  kb::file_system& files_;
  const std::string& folder_;
  std::vector<kb::bundle_file> names_;
  std::map<std::string, std::string> bytes_;
  laid_out out_;
};

} // namespace

laid_out lay_out(kb::file_system& files, const std::string& folder, const secret_key* key) {
  return packer(files, folder).run(key);
}

std::string with_files(std::string_view source, const std::vector<archive_file>& files) {
  std::vector<const archive_file*> sorted;
  for (const archive_file& f : files)
    sorted.push_back(&f);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
  std::string out(source);
  if (!out.ends_with('\n'))
    out += '\n';
  for (const archive_file* f : sorted)
    out += "\n[[file]]\npath = \"" + f->name + "\"\nsha256 = \"" + sha256_hex(f->bytes) +
           "\"\nsize = " + std::to_string(f->bytes.size()) + "\n";
  return out;
}

std::string digest_of(const kb::manifest& about, std::string_view manifest) {
  std::vector<kb::file_digest> list{{manifest_name, sha256_hex(manifest)}};
  for (const kb::file_entry& f : about.files)
    list.push_back({f.path, f.sha256});
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return kb::bundle_digest(list);
}

std::string digest_of(const std::vector<archive_file>& files) {
  std::vector<kb::file_digest> list;
  for (const archive_file& f : files)
    list.push_back({f.name, sha256_hex(f.bytes)});
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return kb::bundle_digest(list);
}

} // namespace posterior::trust
