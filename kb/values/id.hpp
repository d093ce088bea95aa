// Grammar of ids (decided once for all kinds): statement ids, prefixed ids, bundle ids, versions.
// Pure functions; any thread.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace posterior {

// [a-z][a-z0-9]*(-[a-z0-9]+)*, at most 64 bytes.
bool is_plain_id(std::string_view text);

// A plain id, or `prefix:id` with both parts plain.
bool is_statement_id(std::string_view text);

// Reverse DNS: [a-z0-9]+(\.[a-z0-9-]+)+, at most 128 bytes.
bool is_bundle_id(std::string_view text);

// Semantic version MAJOR.MINOR.PATCH with an optional -prerelease that sorts before the release.
struct version {
  int major = 0, minor = 0, patch = 0;
  std::string prerelease;

  static std::optional<version> parse(std::string_view text);
  std::strong_ordering operator<=>(const version& other) const;
  bool operator==(const version&) const = default;
};

} // namespace posterior
