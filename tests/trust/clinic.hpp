// An installation with everything that the build staged, a plugin with code that the program was not built
// with, and what the commands say of it. Include it once in a program.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "kb/values/document.hpp"
#include "tests/cli/program.hpp"
#include "tests/cli/schema.hpp"

namespace posterior::tests {

namespace fs = std::filesystem;

inline const std::string id = "org.example.bridge-hold";
inline const fs::path sample = fs::path(POSTERIOR_SAMPLES) / "bridge-hold";
inline const std::string patient = (sample / "cases/weaker-left.case.toml").string();

struct clinic : installation {
  clinic() { REQUIRE(take_staged_plugins()); }
  ~clinic() {
    std::error_code ignored;
    for (auto it = fs::recursive_directory_iterator(root(), ignored); it != fs::end(it);
         it.increment(ignored))
      if (it->is_directory(ignored) && !it->is_symlink(ignored))
        fs::permissions(it->path(), fs::perms::owner_all, ignored);
  }
  finished plugin(std::vector<std::string> words, const variables& extra = {}) const {
    words.insert(words.begin(), "plugin");
    return run(words, {}, extra);
  }
  fs::path file(const std::string& name) const { return root() / "files" / name; }
  // The sample in a folder that may be changed.
  fs::path copy(const std::string& name) const {
    fs::copy(sample, file(name), fs::copy_options::recursive);
    return file(name);
  }
  std::string packed(const fs::path& folder, const std::string& name, const std::string& key = {}) const {
    std::vector<std::string> words{"pack", folder.string(), "--out", file(name).string()};
    if (!key.empty())
      words.insert(words.end(), {"--key", key});
    const finished done = plugin(words);
    INFO(done.error);
    REQUIRE(done.exit_code == 0);
    return file(name).string();
  }
  std::string key(const std::string& name) const {
    REQUIRE(plugin({"key", "new", file(name).string(), "--name", "Clinic " + name}).exit_code == 0);
    return file(name).string();
  }
  bool nothing_installed() const {
    std::error_code none;
    const bool no_files = !fs::exists(home() / "plugins") || fs::is_empty(home() / "plugins", none);
    return no_files && contents(home() / "trust.toml").find("[[pin]]") == std::string::npos;
  }
};

inline node json(const finished& done) {
  INFO(done.out << done.error);
  const auto faults = judge(done.out);
  for (const std::string& f : faults)
    UNSCOPED_INFO(f);
  CHECK(faults.empty());
  auto read = parse_json(done.out, "out");
  REQUIRE(read.root);
  return *read.root;
}

inline std::string text(const node& n, std::string_view key) {
  const node* value = n.find(key);
  return value == nullptr ? "(none)" : value->text;
}

// What `plugin list` says of the sample.
inline std::string listed(const clinic& here, std::string_view key, const variables& extra = {}) {
  const node all = json(here.plugin({"list", "--json"}, extra));
  for (const node& p : all.find("plugins")->items)
    if (text(p, "id") == id)
      return text(p, key);
  return "not listed";
}

// What an assessment says of the sample.
inline std::string answered(const clinic& here, const variables& extra = {}) {
  const finished done = here.run({"assess", "--json", patient}, {}, extra);
  INFO(done.error);
  const auto read = parse_json(done.out, "out");
  REQUIRE(read.root);
  if (read.root->find("plugins") == nullptr)
    return "no assessment";
  for (const node& p : read.root->find("plugins")->items)
    if (text(p, "id") == id)
      return text(p, "status");
  return "not listed";
}

// Another version of the sample's data, without code, as a folder.
inline fs::path data_version(const clinic& here, const std::string& version) {
  const fs::path folder = here.copy("data-" + version);
  std::string manifest = contents(fs::path(POSTERIOR_SOURCE_DIR) / "sdk/skeleton/plugin.toml");
  manifest.resize(manifest.find("[detector]"));
  const std::string old = "version = \"0.1.0\"";
  manifest.replace(manifest.find(old), old.size(), "version = \"" + version + "\"");
  std::ofstream(folder / "plugin.toml") << manifest;
  fs::remove(folder / "detector.so");
  fs::remove_all(folder / "cases");
  return folder;
}

inline void replace(const fs::path& file, const std::string& before, const std::string& after) {
  std::string all = contents(file);
  REQUIRE(all.find(before) != std::string::npos);
  all.replace(all.find(before), before.size(), after);
  std::ofstream(file, std::ios::binary) << all;
}

} // namespace posterior::tests
