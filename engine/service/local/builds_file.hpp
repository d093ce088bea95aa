// Which builds of the home's plugins worked and which are held back, kept in builds.json in the home.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kb/knowledge_base.hpp"

namespace posterior::service {

// The last build at a place that passed its own checks.
struct good_build {
  std::string location, digest;
  std::string copy; // a folder that holds it unchanged; empty: there is none

  bool operator==(const good_build&) const = default;
};

struct builds {
  std::vector<good_build> good;
  std::vector<kb::held_bundle> held;

  bool operator==(const builds&) const = default;
};

std::string builds_text(const builds& all);
// Nothing, and why, if the text is no such list.
std::optional<builds> read_builds(std::string_view text, const std::string& file, std::string& why);

} // namespace posterior::service
