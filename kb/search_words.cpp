#include "kb/search_words.hpp"

#include <algorithm>

#include "kb/values/text.hpp"

namespace posterior::kb {
namespace {

constexpr std::size_t most_parts = 32, excerpt_words = 12;

struct letter {
  char32_t code;
  std::size_t size; // bytes
};

letter letter_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned b = byte(at);
  const auto tail = [&](std::size_t i) { return static_cast<char32_t>(byte(at + i) & 0x3Fu); };
  if (b >= 0xC0 && b < 0xE0)
    return {(static_cast<char32_t>(b & 0x1Fu) << 6) | tail(1), 2};
  if (b >= 0xE0 && b < 0xF0)
    return {(static_cast<char32_t>(b & 0x0Fu) << 12) | (tail(1) << 6) | tail(2), 3};
  if (b >= 0xF0)
    return {U'\x10000', 4};
  return {static_cast<char32_t>(b), 1};
}

bool between(char32_t c, char32_t first, char32_t last) {
  return c >= first && c <= last;
}

bool is_word_letter(char32_t c) {
  if (c < 0x80)
    return between(c, '0', '9') || between(c, 'a', 'z') || between(c, 'A', 'Z');
  if (c < 0xC0) // ª ² ³ µ ¹ º ¼ ½ ¾
    return c == 0xAA || c == 0xB2 || c == 0xB3 || c == 0xB5 || c == 0xB9 || c == 0xBA ||
           between(c, 0xBC, 0xBE);
  const bool sign = c == 0xD7 || c == 0xF7 || between(c, 0x2000, 0x206F) || between(c, 0x20A0, 0x20CF) ||
                    between(c, 0x2190, 0x245F) || between(c, 0x2500, 0x2775) || between(c, 0x2794, 0x2BFF) ||
                    between(c, 0x3000, 0x3003) || between(c, 0x3008, 0x3020);
  return !sign;
}

// The base letters of U+00C0 to U+017F; a dot stands for a letter that is not made of another and an accent.
constexpr std::string_view base_letters = "aaaaaa.ceeeeiiii.nooooo..uuuuy..aaaaaa.ceeeeiiii.nooooo..uuuuy.y"
                                          "aaaaaaccccccccdd..eeeeeeeeeegggggggghh..iiiiiiiii...jjkk.llllll..."
                                          ".nnnnnn...oooooo..rrrrrrsssssssstttt..uuuuu"
                                          "uuuuuuuwwyyyzzzzzz.";

void append_folded(std::string& out, std::string_view bytes, char32_t c) {
  if (between(c, 'A', 'Z'))
    out += static_cast<char>(c + 0x20);
  else if (c < 0x80)
    out += static_cast<char>(c);
  else if (between(c, 0x300, 0x36F))
    return; // an accent of its own
  else if (between(c, 0xC0, 0x17F) && base_letters[c - 0xC0] != '.')
    out += base_letters[c - 0xC0];
  else if (between(c, 0xC0, 0xDE)) // Æ, Ø, Þ: the small letter
    (out += '\xC3') += static_cast<char>(bytes[1] + 0x20);
  else
    out += bytes;
}

std::vector<std::string> copies(const std::vector<std::string_view>& words) {
  return {words.begin(), words.end()};
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

} // namespace

std::vector<std::string_view> words_in(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  const auto end_word = [&](std::size_t end) {
    if (end > begin)
      out.push_back(text.substr(begin, end - begin));
  };
  for (std::size_t at = 0; at < text.size();) {
    const letter l = letter_at(text, at);
    const std::size_t next = std::min(text.size(), at + l.size);
    if (!is_word_letter(l.code)) {
      end_word(at);
      begin = next;
    }
    at = next;
  }
  end_word(text.size());
  return out;
}

std::string folded(std::string_view word) {
  std::string out;
  out.reserve(word.size());
  for (std::size_t at = 0; at < word.size();) {
    const letter l = letter_at(word, at);
    append_folded(out, word.substr(at, l.size), l.code);
    at += l.size;
  }
  return out;
}

query_parts parts_of_query(std::string_view text) {
  query_parts out;
  for (std::size_t at = 0; at < text.size() && out.wanted.size() + out.unwanted.size() < most_parts;) {
    if (is_blank(text[at])) {
      ++at;
      continue;
    }
    const bool minus = text[at] == '-';
    at += minus ? 1 : 0;
    auto& to = minus ? out.unwanted : out.wanted;
    const std::size_t close =
        at < text.size() && text[at] == '"' ? text.find('"', at + 1) : std::string::npos;
    if (close != std::string::npos) {
      if (auto words = copies(words_in(text.substr(at + 1, close - at - 1))); !words.empty())
        to.push_back({std::move(words), true});
      at = close + 1;
      continue;
    }
    std::size_t end = std::min(at + 1, text.size()); // past a quote that nothing closes
    while (end < text.size() && !is_blank(text[end]) && text[end] != '"')
      ++end;
    for (const std::string_view word : words_in(text.substr(at, end - at)))
      to.push_back({{std::string(word)}, false});
    at = end;
  }
  out.wanted.resize(std::min(out.wanted.size(), most_parts));
  out.unwanted.resize(std::min(out.unwanted.size(), most_parts));
  return out;
}

// --- excerpts ---------------------------------------------------------------------

namespace {

bool is_wanted(const std::string& word, const std::vector<query_part>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const query_part& part) {
    return std::any_of(part.words.begin(), part.words.end(), [&](const std::string& w) {
      const std::string sought = folded(w);
      return part.whole ? word == sought : word.starts_with(sought);
    });
  });
}

// The place of the first run of `size` members with the most marks.
std::size_t best_run(const std::vector<bool>& marks, std::size_t size) {
  std::size_t best = 0, most = 0;
  for (std::size_t start = 0; start == 0 || start + size <= marks.size(); ++start) {
    const auto end = marks.begin() + static_cast<std::ptrdiff_t>(std::min(start + size, marks.size()));
    const auto here =
        static_cast<std::size_t>(std::count(marks.begin() + static_cast<std::ptrdiff_t>(start), end, true));
    if (here > most) {
      best = start;
      most = here;
    }
  }
  return best;
}

} // namespace

std::string excerpt(std::string_view text, const std::vector<query_part>& wanted, bool& found) {
  const auto words = words_in(text);
  std::vector<bool> marks;
  marks.reserve(words.size());
  for (const std::string_view word : words)
    marks.push_back(is_wanted(folded(word), wanted));
  found = std::find(marks.begin(), marks.end(), true) != marks.end();
  const std::size_t first = best_run(marks, excerpt_words);
  const std::size_t last = std::min(words.size(), first + excerpt_words);
  const auto place = [&](std::string_view word) {
    return static_cast<std::size_t>(word.data() - text.data());
  };
  std::string out = first > 0 ? "... " : "";
  std::size_t at = first < words.size() && first > 0 ? place(words[first]) : 0;
  for (std::size_t i = first; i < last; ++i) {
    out += text.substr(at, place(words[i]) - at);
    at = place(words[i]) + words[i].size();
    out += marks[i] ? "[" + std::string(words[i]) + "]" : std::string(words[i]);
  }
  out += last < words.size() ? " ..." : std::string(text.substr(at));
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

std::size_t tolerance(std::string_view word) {
  const std::size_t letters = length(word);
  const bool number = std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
  return number || letters < 3 ? 0 : letters <= 5 ? 1 : 2;
}

} // namespace posterior::kb
