#include "engine/check/subject.hpp"

#include <algorithm>
#include <utility>

#include "kb/merge.hpp"
#include "kb/reader.hpp"

namespace posterior::check {
namespace {

using found_list = std::vector<kb::found_bundle>;

diagnostic no_bundle(const std::string& path, std::string_view found, std::string hint = {}) {
  return {severity::error,
          "check.no-bundle",
          {path, 0, 0, ""},
          fault("the bundle", found, "a folder with plugin.toml, or a file NAME.pack.toml"),
          std::move(hint)};
}

std::variant<kb::found_bundle, diagnostic> find_one(kb::file_system& files, const std::string& path,
                                                    kb::bundle_origin origin) {
  if (const auto there = files.resolve(path); !there)
    return no_bundle(path, kb::error_text(there.error));
  diagnostics problems;
  found_list found = kb::scan(files, {{path, origin}}, problems);
  if (found.size() == 1 && (found.front().pack || files.status(path + "/plugin.toml")))
    return std::move(found.front());
  if (found.empty())
    return no_bundle(path, "something else");
  return no_bundle(path, "a folder of " + std::to_string(found.size()) + " bundles",
                   "name one of them: " + found.front().location);
}

// The core counts only from the program's own folder: whoever checks that one checks it as such.
kb::bundle_origin origin_of(const std::string& real, const found_list& installed) {
  for (const kb::found_bundle& b : installed)
    if (b.location == real)
      return b.origin;
  return kb::bundle_origin::home;
}

// Reads the bundle as if of its id nothing else were installed.
std::vector<kb::bundle> read_all(kb::file_system& files, const kb::found_bundle& ours, found_list installed) {
  std::erase_if(installed, [&](const kb::found_bundle& b) { return b.location == ours.location; });
  installed.insert(installed.begin(), ours);
  std::vector<kb::bundle> all = kb::read_bundles(files, installed);
  const std::string id = all.front().about.id;
  std::vector<kb::bundle> kept{std::move(all.front())};
  kept.front().shadowed = false;
  for (std::size_t i = 1; i < all.size(); ++i)
    if (id.empty() || all[i].about.id != id)
      kept.push_back(std::move(all[i]));
  return kept;
}

void put_in_force(subject& s, std::vector<kb::bundle> all) {
  kb::merge_result merged = kb::merge(std::move(all));
  for (kb::bundle& b : merged.bundles)
    if (b.location == s.says.location)
      s.says.problems = std::move(b.problems);
  s.in_force = merged.usable && !has_errors(s.says.problems) && !s.says.about.id.empty();
  if (s.in_force)
    s.knowledge = kb::index(std::move(merged.content));
}

void open_code(kb::file_system& files, subject& s) {
  const std::string& name = s.says.about.detector_file;
  if (s.is_pack() || name.empty() || s.file(name) == nullptr)
    return;
  auto bytes = files.read(s.found.location + "/" + name, kb::bundle_bytes_limit);
  if (!bytes)
    return;
  s.library = s.found.location + "/" + name;
  s.library_bytes = std::move(*bytes);
}

// What is asked to be checked runs; of the rest what may run here anyhow.
assess::code_policy policy_for(const subject& s, const surroundings& around) {
  assess::code_ruling ours;
  ours.library = s.library;
  ours.bundled = s.found.origin == kb::bundle_origin::program;
  return [id = s.says.about.id, ours, others = around.others](const kb::plugin_entry& p) {
    return p.about.id == id ? ours : others(p);
  };
}

void open_detectors(subject& s, const surroundings& around) {
  if (!s.in_force)
    return;
  std::vector<host::detector_spec> specs = assess::detector_specs(*s.knowledge, policy_for(s, around));
  const auto own = std::find_if(specs.begin(), specs.end(),
                                [&](const auto& spec) { return spec.plugin == s.says.about.id; });
  if (own != specs.end() && !s.library.empty())
    s.code = lab(*own, around.worker, around.trial_worker);
  else if (own != specs.end())
    specs.erase(own); // not built yet: the rest of the knowledge answers
  host::pool_options options;
  options.worker = around.worker;
  s.detectors = assess::ask_detectors(std::make_shared<host::worker_pool>(options), std::move(specs), {});
}

std::optional<diagnostic> open_before(kb::file_system& files, subject& s, const std::string& against,
                                      const found_list& installed) {
  if (against.empty())
    return {};
  auto found = find_one(files, against, s.says.origin);
  if (auto* no = std::get_if<diagnostic>(&found))
    return std::move(*no);
  s.before = std::move(read_all(files, std::get<kb::found_bundle>(found), installed).front());
  if (s.before->about.id.empty() || has_errors(s.before->problems))
    return no_bundle(against, "not readable", "`posterior plugin check " + against + "` says why");
  return {};
}

} // namespace

const kb::bundle_file* subject::file(std::string_view name) const {
  for (const kb::bundle_file& f : found.files)
    if (f.name == name)
      return &f;
  return nullptr;
}

std::optional<std::string> subject::text(std::string_view name) const {
  if (file(name) == nullptr)
    return {};
  const std::string path = is_pack() ? found.location : found.location + "/" + std::string(name);
  auto bytes = files->read(path, kb::bundle_bytes_limit);
  return bytes ? std::optional(std::move(*bytes.value)) : std::nullopt;
}

place subject::at(std::string_view name) const {
  if (is_pack())
    return {found.location, 0, 0, ""};
  return {found.location + "/" + std::string(name.empty() ? "plugin.toml" : name), 0, 0, ""};
}

opened_subject open_subject(kb::file_system& files, const std::string& path, const std::string& against,
                            const surroundings& around, std::uint64_t seed) {
  diagnostics place_problems;
  const found_list installed = kb::scan(files, around.installed, place_problems);
  const auto real = files.resolve(path);
  auto found = find_one(files, path, real ? origin_of(*real, installed) : kb::bundle_origin::home);
  if (auto* no = std::get_if<diagnostic>(&found))
    return std::move(*no);
  auto out = std::make_unique<subject>();
  out->files = &files;
  out->found = std::move(std::get<kb::found_bundle>(found));
  out->seed = seed;
  std::vector<kb::bundle> all = read_all(files, out->found, installed);
  out->says = all.front();
  put_in_force(*out, std::move(all));
  open_code(files, *out);
  open_detectors(*out, around);
  if (auto no = open_before(files, *out, against, installed))
    return std::move(*no);
  return out;
}

} // namespace posterior::check
