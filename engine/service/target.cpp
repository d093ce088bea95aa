#include "engine/service/target.hpp"

#include "kb/values/text.hpp"

namespace posterior::service {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

} // namespace

const std::string* target::find(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (key == name)
      return &value;
  return nullptr;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (unreserved(c))
      out += c;
    else
      ((out += '%') += digits[u >> 4]) += digits[u & 15];
  }
  return out;
}

std::optional<target> parse_target(std::string_view text) {
  const std::size_t mark = text.find('?');
  target out;
  out.path = text.substr(0, mark);
  std::string_view rest = mark == std::string_view::npos ? std::string_view{} : text.substr(mark + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    if (pair.empty())
      continue;
    const std::size_t equals = pair.find('=');
    const auto key = percent_decode(pair.substr(0, equals));
    const auto value =
        equals == std::string_view::npos ? std::string() : percent_decode(pair.substr(equals + 1));
    if (!key || !value || !unclean(*key).empty() || !unclean(*value).empty())
      return std::nullopt;
    out.query.emplace_back(*key, *value);
  }
  return out;
}

std::string make_target(std::string_view path,
                        const std::vector<std::pair<std::string, std::string>>& query) {
  std::string out(path);
  char joint = '?';
  for (const auto& [key, value] : query) {
    if (value.empty())
      continue;
    ((out += joint) += percent_encode(key)) += '=';
    out += percent_encode(value);
    joint = '&';
  }
  return out;
}

} // namespace posterior::service
