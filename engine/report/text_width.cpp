#include "engine/report/text_width.hpp"

#include <array>
#include <cstdint>

#include "engine/report/sheet.hpp"

namespace posterior::report {
namespace {

// Advance widths of the signs from the blank to the tilde, in thousandths of the size.
constexpr std::array<int, 95> advance{
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};

int advance_of(std::uint32_t code) {
  if (code >= 0x20 && code <= 0x7E)
    return advance[code - 0x20];
  if (code >= 0xC0 && code <= 0xDE)
    return 778; // capitals with marks
  return code >= 0xDF && code <= 0xFF ? 611 : 1000;
}

// What of `word` fits into `room`, at least one sign.
std::size_t fitting(std::string_view word, double size, double room, bool bold) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < word.size();) {
    next_code(word, i);
    if (end > 0 && text_width(word.substr(0, i), size, bold) > room)
      break;
    end = i;
  }
  return end;
}

} // namespace

double text_width(std::string_view text, double size, bool bold) {
  int sum = 0;
  for (std::size_t i = 0; i < text.size();)
    sum += advance_of(next_code(text, i));
  return sum * size / 1000 * (bold ? 1.1 : 1.0);
}

std::vector<std::string> lines_of(std::string_view text, double size, double room, bool bold) {
  std::vector<std::string> out;
  std::string line;
  while (!text.empty()) {
    std::string_view word = text.substr(0, text.find_first_of(" \n"));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!line.empty() && text_width(line + ' ' + std::string(word), size, bold) > room) {
      out.push_back(std::move(line));
      line.clear();
    }
    while (text_width(word, size, bold) > room) {
      const std::size_t end = fitting(word, size, room, bold);
      out.emplace_back(word.substr(0, end));
      word.remove_prefix(end);
    }
    if (!word.empty())
      line += (line.empty() ? "" : " ") + std::string(word);
  }
  if (!line.empty() || out.empty())
    out.push_back(std::move(line));
  return out;
}

std::string shortened(std::string_view text, double size, double room, bool bold) {
  if (text_width(text, size, bold) <= room)
    return std::string(text);
  return lines_of(text, size, room - text_width("...", size, bold), bold).front() + "...";
}

} // namespace posterior::report
