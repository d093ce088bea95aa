#include "kb/values/text.hpp"

#include <algorithm>
#include <cstdint>

namespace posterior {
namespace {

// Decodes one code point at `i`, advancing it; -1 if malformed (overlong, surrogate, out of range, cut off).
std::int32_t next_code_point(std::string_view s, std::size_t& i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(s[k]); };
  const unsigned b = byte(i);
  const int extra = b < 0x80 ? 0 : (b >> 5) == 6 ? 1 : (b >> 4) == 14 ? 2 : (b >> 3) == 30 ? 3 : -1;
  if (extra < 0 || i + static_cast<std::size_t>(extra) >= s.size())
    return -1;
  std::int32_t code = static_cast<std::int32_t>(extra == 0 ? b : b & (0x3Fu >> extra));
  for (int k = 1; k <= extra; ++k) {
    const unsigned c = byte(i + static_cast<std::size_t>(k));
    if ((c & 0xC0u) != 0x80u)
      return -1;
    code = (code << 6) | static_cast<std::int32_t>(c & 0x3Fu);
  }
  static constexpr std::int32_t least[] = {0, 0x80, 0x800, 0x10000};
  if (code < least[extra] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
    return -1;
  i += static_cast<std::size_t>(extra) + 1;
  return code;
}

bool is_control(std::int32_t c) {
  return (c < 0x20 && c != '\n') || (c >= 0x7F && c < 0xA0);
}

// Characters that reorder or hide text: U+061C, U+200B..F, U+202A..E, U+2060..2069, U+FEFF.
bool is_bidi(std::int32_t c) {
  return c == 0x61C || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

template <typename Text>
std::size_t distance_between(Text a, Text b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

} // namespace

std::string_view unclean(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::int32_t c = next_code_point(text, i);
    if (c < 0)
      return "not UTF-8";
    if (is_control(c))
      return "text with a control character";
    if (is_bidi(c))
      return "text with a character that hides or reorders text";
  }
  return {};
}

std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::u32string code_points(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    const std::int32_t c = next_code_point(text, i);
    out += static_cast<char32_t>(c < 0 ? static_cast<unsigned char>(text[start])
                                       : static_cast<std::uint32_t>(c));
    i = std::max(i, start + 1);
  }
  return out;
}

std::size_t distance(std::u32string_view a, std::u32string_view b) {
  return distance_between(a, b);
}

std::string quoted(std::string_view text, std::size_t limit) {
  std::string out;
  for (std::size_t i = 0; i < text.size() && out.size() < limit;) {
    const std::size_t start = i;
    const std::int32_t c = next_code_point(text, i);
    if (c < 0 || is_control(c) || is_bidi(c) || c == '\n') {
      out += '?';
      i = std::max(i, start + 1);
    } else {
      out.append(text.substr(start, i - start));
    }
  }
  return out;
}

std::string markup(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text)
    switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default:
      out += (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F ? '?' : c;
    }
  return out;
}

std::string_view nearest(std::string_view text, const std::vector<std::string_view>& known) {
  if (text.empty() || text.size() > 128)
    return {};
  std::string_view best;
  std::size_t least = text.size();
  for (std::string_view k : known) {
    const std::size_t longer = std::max(k.size(), text.size());
    const std::size_t gap = longer - std::min(k.size(), text.size());
    if (gap > longer / 3 || gap >= least + (best.empty() ? 1 : 0))
      continue;
    const std::size_t d = distance_between(text, k);
    if (d <= longer / 3 && (best.empty() || d < least)) {
      best = k;
      least = d;
    }
  }
  return best;
}

} // namespace posterior
