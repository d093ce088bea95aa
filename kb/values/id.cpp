#include "kb/values/id.hpp"

#include <algorithm>
#include <charconv>

namespace posterior {
namespace {

bool lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}

} // namespace

bool is_plain_id(std::string_view text) {
  if (text.empty() || text.size() > 64 || !lower(text.front()) || text.back() == '-')
    return false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (!lower(c) && !digit(c) && !(c == '-' && text[i - 1] != '-'))
      return false;
  }
  return true;
}

bool is_statement_id(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos)
    return is_plain_id(text);
  return is_plain_id(text.substr(0, colon)) && is_plain_id(text.substr(colon + 1));
}

bool is_bundle_id(std::string_view text) {
  if (text.empty() || text.size() > 128 || text.find('.') == std::string_view::npos)
    return false;
  bool start = true, first = true;
  for (char c : text) {
    if (c == '.') {
      if (start)
        return false;
      start = true;
      first = false;
    } else if (lower(c) || digit(c) || (c == '-' && !first && !start)) {
      start = false;
    } else {
      return false;
    }
  }
  return !start;
}

std::optional<version> version::parse(std::string_view text) {
  version v;
  int* parts[] = {&v.major, &v.minor, &v.patch};
  const char* at = text.data();
  const char* end = at + text.size();
  for (int i = 0; i < 3; ++i) {
    if (i > 0 && (at == end || *at++ != '.'))
      return std::nullopt;
    if (at == end || !digit(*at))
      return std::nullopt;
    const auto [next, error] = std::from_chars(at, end, *parts[i]);
    if (error != std::errc())
      return std::nullopt;
    at = next;
  }
  if (at == end)
    return v;
  if (*at++ != '-' || at == end)
    return std::nullopt;
  v.prerelease.assign(at, end);
  const bool clean = std::all_of(v.prerelease.begin(), v.prerelease.end(), [](char c) {
    return lower(c) || digit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '-';
  });
  return clean ? std::optional(v) : std::nullopt;
}

std::strong_ordering version::operator<=>(const version& other) const {
  if (auto c = major <=> other.major; c != 0)
    return c;
  if (auto c = minor <=> other.minor; c != 0)
    return c;
  if (auto c = patch <=> other.patch; c != 0)
    return c;
  if (prerelease.empty() != other.prerelease.empty())
    return prerelease.empty() ? std::strong_ordering::greater : std::strong_ordering::less;
  return prerelease.compare(other.prerelease) <=> 0;
}

} // namespace posterior
