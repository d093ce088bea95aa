// The small world of tests/kb/base, and bundles made of text beside it.
#pragma once

#include <string>
#include <vector>

#include "kb/catalogue.hpp"
#include "kb/merge.hpp"
#include "kb/snapshot.hpp"
#include "tests/kb/memory_files.hpp"

namespace posterior::kb {

inline const std::string base_folder = std::string(POSTERIOR_SOURCE_DIR) + "/tests/kb/base";

// A pack of a clinic, without the manifest's text.
inline std::string pack(const std::string& name, const std::string& statements) {
  return "schema = \"posterior.pack/1\"\n[plugin]\nid = \"com." + name +
         ".pack\"\nversion = \"1.0.0\"\nname = \"" + name +
         "\"\nsummary = \"A pack.\"\nvendor = \"V\"\nlicense = \"MIT\"\nprefix = \"" + name + "\"\n" +
         statements;
}

inline std::vector<bundle> base_bundles() {
  real_files files;
  diagnostics problems;
  return discover(files, {{base_folder, bundle_origin::program}}, problems);
}

// The base world with packs: {name, statements}.
inline std::vector<bundle> bundles_with(const std::vector<std::pair<std::string, std::string>>& packs) {
  real_files real;
  diagnostics problems;
  auto found = scan(real, {{base_folder, bundle_origin::program}}, problems);
  memory_files files;
  for (const auto& f : found)
    for (const auto& file : f.files)
      files.files[f.location + "/" + file.name] =
          *real.read(f.location + "/" + file.name, bundle_bytes_limit);
  for (const auto& [name, text] : packs)
    files.files["/home/plugins/" + name + ".pack.toml"] = pack(name, text);
  return discover(files, {{"/home/plugins", bundle_origin::home}, {base_folder, bundle_origin::program}},
                  problems);
}

inline std::string all_problems(const std::vector<bundle>& bundles) {
  std::string out;
  for (const bundle& b : bundles)
    for (const diagnostic& d : b.problems)
      out += std::string(to_string(d.level)) + ": " + to_string(d) + "\n";
  return out;
}

} // namespace posterior::kb
