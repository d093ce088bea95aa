// A new plugin from a skeleton or from a plugin that is there: the files with the new names in them. Reads
// only; whoever asked writes them. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/service/places.hpp"
#include "kb/values/diagnostic.hpp"

namespace posterior::service {

struct scaffold_request {
  std::string id;     // "org.example.hip-strength"
  std::string kind;   // knowledge, pack or detector
  std::string prefix; // empty: the last part of the id
  std::string from;   // a plugin's id or folder; empty: the skeleton
};

struct scaffold_file {
  std::string name; // relative to where it is made: "hip-strength/plugin.toml"
  std::string bytes;
};

struct scaffold {
  std::string name; // "hip-strength": the folder; of a pack "hip-strength.pack.toml"
  std::vector<scaffold_file> files;
};

struct scaffold_answer {
  std::optional<scaffold> made;
  diagnostic refused; // set if nothing was made
};

scaffold_answer make_scaffold(const places& at, const scaffold_request& asked);

} // namespace posterior::service
