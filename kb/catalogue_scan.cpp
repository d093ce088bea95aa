// Where bundles lie and which files they consist of.
#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>

#include "kb/catalogue.hpp"
#include "kb/values/digest.hpp"
#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

constexpr int folder_depth_limit = 8;

diagnostic error_at(std::string file, std::string_view code, std::string text, std::string hint = {}) {
  return {severity::error,
          "bundle." + std::string(code),
          {std::move(file), 0, 0, ""},
          std::move(text),
          std::move(hint)};
}

bool is_pack_name(std::string_view name) {
  return name.size() > 10 && name.ends_with(".pack.toml");
}

std::string last_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

// What stands in a working folder beside a bundle and is none of its files.
bool is_hidden(std::string_view name) {
  return name.starts_with('.');
}

class scanner {
public:
  scanner(file_system& files, diagnostics& problems)
      : files_(files)
      , problems_(problems) {}

  void place(const search_place& p) {
    const auto real = files_.resolve(p.folder);
    if (!real)
      return unreachable(p, real.error);
    const auto info = files_.status(*real);
    if (!info)
      return unreachable(p, info.error);
    if (info->kind == file_kind::regular && is_pack_name(*real))
      return pack(*real, *info, p.origin);
    if (info->kind == file_kind::folder && holds_manifest(*real))
      return folder(*real, p.origin);
    const auto names = files_.list(*real);
    if (!names)
      return unreachable(p, names.error);
    for (const std::string& name : *names)
      if (!is_hidden(name))
        entry(*real + "/" + name, p.origin);
  }

  std::vector<found_bundle> out;

private:
  void unreachable(const search_place& p, int error) {
    // The home's folder need not exist; what somebody named must.
    if (error == ENOENT && p.origin != bundle_origin::path_variable)
      return;
    diagnostic d =
        error_at(p.folder, "place", fault("the plugin folder", error_text(error), "a readable folder"));
    d.level = severity::warning;
    problems_.push_back(std::move(d));
  }

  // False, and told, also if nobody can say.
  bool holds_manifest(const std::string& path) {
    const auto info = files_.status(path + "/plugin.toml");
    if (!info && info.error != ENOENT && info.error != ENOTDIR)
      unusable(path + "/plugin.toml", info.error);
    return bool(info);
  }

  void unusable(const std::string& path, int error) {
    problems_.push_back(error_at(path, "unreadable", fault("the file", error_text(error), "readable")));
  }

  void entry(const std::string& path, bundle_origin origin) {
    const auto real = files_.resolve(path);
    const auto info = real ? files_.status(*real) : file_result<file_info>{std::nullopt, real.error};
    if (!info)
      return unusable(path, info.error);
    if (info->kind == file_kind::folder && holds_manifest(*real))
      folder(*real, origin);
    else if (info->kind == file_kind::regular && is_pack_name(path))
      pack(*real, *info, origin);
  }

  bool full() {
    if (out.size() < bundle_limit)
      return false;
    if (!std::exchange(told_full_, true))
      problems_.push_back(
          error_at("", "too-many", fault("the number of bundles", "above 2000", "at most 2000")));
    return true;
  }

  void pack(const std::string& path, const file_info& info, bundle_origin origin) {
    if (full() || !seen_.insert(path).second)
      return;
    found_bundle b{path, origin, true, {{last_name(path), info}}, {}, {}};
    check_size(b);
    out.push_back(std::move(b));
  }

  void folder(const std::string& path, bundle_origin origin) {
    if (full() || !seen_.insert(path).second)
      return;
    found_bundle b{path, origin, false, {}, {}, {}};
    walk(b, "", 0);
    std::sort(b.files.begin(), b.files.end(),
              [](const bundle_file& x, const bundle_file& y) { return x.name < y.name; });
    check_size(b);
    out.push_back(std::move(b));
  }

  void walk(found_bundle& b, const std::string& below, int depth) {
    const auto names = files_.list(b.location + "/" + below);
    if (!names) {
      b.problems.push_back(error_at(b.location + "/" + below, "unreadable",
                                    fault("the folder", error_text(names.error), "readable")));
      return;
    }
    for (const std::string& name : *names)
      if (!is_hidden(name))
        one(b, below + name, depth);
  }

  void one(found_bundle& b, const std::string& name, int depth) {
    const std::string path = b.location + "/" + name;
    const auto info = files_.status(path);
    const auto bad = [&](const std::string& found) {
      b.problems.push_back(error_at(path, "file-kind", fault("the file", found, "a plain file or folder")));
    };
    if (!info)
      return bad(error_text(info.error));
    if (info->kind == file_kind::symlink)
      return bad("a symbolic link");
    if (info->kind == file_kind::other)
      return bad("a device, pipe or socket");
    if (!unclean(name).empty() || name.find('\n') != std::string::npos)
      return bad("named with characters that cannot be shown");
    if (info->kind == file_kind::regular && b.files.size() < bundle_files_limit)
      b.files.push_back({name, *info});
    else if (info->kind == file_kind::folder && depth < folder_depth_limit)
      walk(b, name + "/", depth + 1);
    else if (b.problems.empty())
      b.problems.push_back(
          error_at(b.location, "too-many-files",
                   fault("the bundle", "of too many files or folders", "at most 1000 files, 8 deep")));
  }

  static void check_size(found_bundle& b) {
    std::uint64_t sum = 0;
    for (const bundle_file& f : b.files)
      sum += f.info.size;
    if (sum > bundle_bytes_limit)
      b.problems.push_back(
          error_at(b.location, "too-large",
                   fault("the bundle", std::to_string(sum) + " bytes", "at most 16777216 bytes")));
  }

  file_system& files_;
  diagnostics& problems_;
  std::set<std::string> seen_;
  bool told_full_ = false;
};

} // namespace

std::vector<found_bundle> scan(file_system& files, const std::vector<search_place>& places,
                               diagnostics& problems) {
  scanner s(files, problems);
  for (const search_place& p : places)
    s.place(p);
  return std::move(s.out);
}

std::string bundle_digest(const std::vector<file_digest>& files) {
  std::string lines;
  for (const file_digest& f : files)
    if (f.name != "plugin.sig")
      lines += f.sha256 + "  " + f.name + "\n";
  return sha256_hex(lines);
}

file_hasher plain_hasher(file_system& files) {
  return [&files](const found_bundle& b, const bundle_file& f) -> std::optional<std::string> {
    const auto bytes = files.read(b.pack ? b.location : b.location + "/" + f.name, size_limit(f.name));
    return bytes ? std::optional(sha256_hex(*bytes)) : std::nullopt;
  };
}

std::optional<std::string> digest_of(const found_bundle& b, const file_hasher& hash) {
  std::vector<file_digest> list;
  for (const bundle_file& f : b.files) {
    const auto sha = hash(b, f);
    if (!sha)
      return std::nullopt;
    list.push_back({f.name, *sha});
  }
  return bundle_digest(list);
}

} // namespace posterior::kb
