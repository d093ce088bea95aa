// Draws a sheet for a terminal: words are filled into lines of the given width, hanging behind their marker.
#include "engine/report/sheet.hpp"

#include <algorithm>
#include <cstdint>

#include "kb/values/text.hpp"

namespace posterior::report {
namespace {

constexpr int step = 2; // columns of one indentation step

int width_of(std::uint32_t code) {
  if ((code >= 0x300 && code <= 0x36F) || code == 0x200B || code == 0x200D ||
      (code >= 0xFE00 && code <= 0xFE0F))
    return 0;
  const bool wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                    (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                    (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
                    (code >= 0x1F300 && code <= 0x1FAFF) || (code >= 0x20000 && code <= 0x3FFFD);
  return wide ? 2 : 1;
}

// A terminal acts on control characters (C1 ones too) and invalid bytes: whatever is unclean is replaced.
std::string harmless(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    next_code(text, i);
    const std::string_view piece = text.substr(start, i - start);
    if (piece == "\n")
      out += ' ';
    else if (unclean(piece).empty())
      out += piece;
    else
      out += '?';
  }
  return out;
}

std::vector<std::string> words_of(std::string_view text, int room) {
  std::vector<std::string> words;
  std::string word;
  int used = 0;
  const auto close = [&] {
    if (!word.empty())
      words.push_back(std::move(word));
    word.clear();
    used = 0;
  };
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    const std::uint32_t code = next_code(text, i);
    if (code == ' ') {
      close();
      continue;
    }
    if (used + width_of(code) > room)
      close();
    word += text.substr(start, i - start);
    used += width_of(code);
  }
  close();
  return words;
}

std::string_view paint(tone how) {
  switch (how) {
  case tone::strong:
    return "\x1B[1m";
  case tone::faint:
    return "\x1B[2m";
  case tone::alarm:
    return "\x1B[1;31m";
  case tone::caution:
    return "\x1B[33m";
  case tone::good:
    return "\x1B[32m";
  case tone::plain:
    break;
  }
  return {};
}

class drawer {
public:
  explicit drawer(const look& how)
      : width_(std::clamp(how.width, 40, 200))
      , colour_(how.colour) {}

  void draw(const block& b);
  std::string take() { return std::move(out_); }

private:
  void line(std::string text, tone how);
  void fill(const std::string& first, const std::string& rest, std::string_view text, tone how);
  void gauge_line(const block& b);
  void table(const block& b);
  std::vector<std::string> filled(std::string_view text, int room) const;
  void gap();

  int width_;
  bool colour_;
  std::string out_;
};

void drawer::line(std::string text, tone how) {
  text.erase(text.find_last_not_of(' ') + 1);
  const std::string_view code = colour_ ? paint(how) : std::string_view{};
  out_ += code;
  out_ += text;
  if (!code.empty())
    out_ += "\x1B[0m";
  out_ += '\n';
}

void drawer::gap() {
  if (!out_.empty() && !out_.ends_with("\n\n"))
    out_ += '\n';
}

void drawer::fill(const std::string& first, const std::string& rest, std::string_view text, tone how) {
  std::string current = first;
  bool empty = true;
  for (const std::string& word : words_of(text, width_ - std::max(columns(first), columns(rest)))) {
    if (!empty && columns(current) + 1 + columns(word) > width_) {
      line(std::move(current), how);
      current = rest;
      empty = true;
    }
    if (!empty)
      current += ' ';
    current += word;
    empty = false;
  }
  line(std::move(current), how);
}

void drawer::gauge_line(const block& b) {
  const std::string indent(static_cast<std::size_t>(b.depth * step), ' ');
  const std::string head = indent + harmless(b.text) + ' ';
  const int cells = std::clamp(width_ - columns(head) - 2, 8, 25);
  std::string drawn = head + '|' + bar_cells(b.level, cells) + '|';
  const std::string after = harmless(b.after);
  if (!after.empty() && columns(drawn) + 2 + columns(after) <= width_) {
    line(drawn + "  " + after, b.how);
    return;
  }
  line(std::move(drawn), b.how);
  if (!after.empty())
    fill(indent, indent, after, b.how);
}

// Words in lines of at most `room` columns; at least one line.
std::vector<std::string> drawer::filled(std::string_view text, int room) const {
  std::vector<std::string> lines(1);
  for (const std::string& word : words_of(text, room)) {
    std::string& last = lines.back();
    if (last.empty())
      last = word;
    else if (columns(last) + 1 + columns(word) <= room)
      last += ' ' + word;
    else
      lines.push_back(word);
  }
  return lines;
}

// Widths that the cells would like, then the widest narrowed until all fit.
std::vector<int> widths_of(const std::vector<std::vector<std::string>>& rows, int room) {
  std::vector<int> out;
  for (const auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) {
      out.resize(std::max(out.size(), c + 1), 1);
      out[c] = std::max(out[c], columns(row[c]));
    }
  int total = 2 * static_cast<int>(out.size()) - 2;
  for (int w : out)
    total += w;
  for (; total > room; --total) {
    const auto widest = std::max_element(out.begin(), out.end());
    if (*widest <= 4)
      break;
    --*widest;
  }
  return out;
}

void drawer::table(const block& b) {
  const std::string indent(static_cast<std::size_t>(b.depth * step), ' ');
  std::vector<std::vector<std::string>> rows = b.rows;
  for (auto& row : rows)
    for (std::string& cell : row)
      cell = harmless(cell);
  const std::vector<int> widths = widths_of(rows, width_ - columns(indent));
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::vector<std::vector<std::string>> cells;
    std::size_t height = 1;
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      cells.push_back(filled(rows[r][c], widths[c]));
      height = std::max(height, cells.back().size());
    }
    for (std::size_t k = 0; k < height; ++k) {
      std::string text = indent;
      for (std::size_t c = 0; c < cells.size(); ++c) {
        const std::string piece = k < cells[c].size() ? cells[c][k] : std::string();
        text += piece;
        if (c + 1 < cells.size())
          text += std::string(static_cast<std::size_t>(widths[c] - columns(piece) + 2), ' ');
      }
      line(std::move(text), r == 0 ? tone::strong : tone::plain);
    }
  }
}

void drawer::draw(const block& b) {
  const std::string indent(static_cast<std::size_t>(b.depth * step), ' ');
  switch (b.kind) {
  case block::type::gap:
    gap();
    break;
  case block::type::table:
    table(b);
    break;
  case block::type::title:
  case block::type::heading:
  case block::type::entry:
    gap();
    fill({}, b.kind == block::type::entry ? "    " : "", harmless(b.text), b.how);
    break;
  case block::type::text:
    fill(indent, indent, harmless(b.text), b.how);
    break;
  case block::type::item: {
    const std::string marker = harmless(b.marker);
    const int hang = std::min(columns(marker) + 1, 12);
    fill(indent + marker + ' ', indent + std::string(static_cast<std::size_t>(hang), ' '), harmless(b.text),
         b.how);
    break;
  }
  case block::type::gauge:
    gauge_line(b);
    break;
  }
}

} // namespace

std::uint32_t next_code(std::string_view text, std::size_t& i) {
  const auto lead = static_cast<unsigned char>(text[i++]);
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  std::uint32_t code = more == 0 ? lead : lead & (0x3Fu >> more);
  for (int k = 0; k < more && i < text.size(); ++k)
    code = (code << 6) | (static_cast<unsigned char>(text[i++]) & 0x3F);
  return code;
}

int columns(std::string_view text) {
  int sum = 0;
  for (std::size_t i = 0; i < text.size();)
    sum += width_of(next_code(text, i));
  return sum;
}

std::string render_text(const sheet& page, const look& how) {
  drawer d(how);
  for (const block& b : page.blocks())
    d.draw(b);
  return d.take();
}

} // namespace posterior::report
