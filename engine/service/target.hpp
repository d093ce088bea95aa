// The path and the query of a request. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posterior::service {

struct target {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query; // decoded, in order

  // The value of `name`; nothing if it was not given.
  const std::string* find(std::string_view name) const;
};

// Nothing if a percent sign is not followed by two hexadecimal digits, or what comes out is not clean text.
std::optional<target> parse_target(std::string_view text);

// Every byte but letters, digits and -._~ as %XX.
std::string percent_encode(std::string_view text);
std::optional<std::string> percent_decode(std::string_view text);

// "/v1/why?id=x&name=a%20b"; pairs with an empty value are left out.
std::string make_target(std::string_view path, const std::vector<std::pair<std::string, std::string>>& query);

} // namespace posterior::service
