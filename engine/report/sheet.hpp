// What a report says, before anybody decides how it looks: a list of blocks. Every report is built once as a
// sheet and drawn by render_text or render_html, so that the page holds what the terminal holds.
// Values; any thread. May hold patient data: never log it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posterior::report {

// How a block is meant; a renderer may add colour, but the words alone must do.
enum class tone : std::uint8_t { plain, strong, faint, alarm, caution, good };

// A probability with its interval on the scale from 0 to 1.
struct gauge {
  double at = 0, low = 0, high = 0;
};

struct block {
  enum class type : std::uint8_t { title, heading, entry, text, item, gauge, gap, table };

  type kind = type::text;
  tone how = tone::plain;
  int depth = 0;      // indentation steps
  std::string marker; // "+", "-", "1.", "because:"; the text hangs behind it
  std::string text;
  gauge level; // type gauge only; `text` is the label before the bar, `after` stands behind it
  std::string after;
  std::vector<std::vector<std::string>> rows = {}; // type table only; the first row names the columns
};

// Builds the blocks in reading order. Each call appends one.
class sheet {
public:
  sheet& title(std::string text);
  sheet& heading(std::string text);
  sheet& entry(std::string text, tone how = tone::strong);
  sheet& text(std::string words, int depth = 0, tone how = tone::plain);
  sheet& item(std::string marker, std::string words, int depth = 0, tone how = tone::plain);
  sheet& bar(std::string label, const gauge& level, std::string after, int depth = 0);
  sheet& gap();
  // Columns that are too wide together are narrowed, widest first, and their cells take several lines.
  sheet& table(std::vector<std::vector<std::string>> rows, int depth = 0);

  const std::vector<block>& blocks() const { return blocks_; }

private:
  std::vector<block> blocks_;
};

struct look {
  int width = 80; // columns; kept between 40 and 200
  bool colour = false;
};

// Lines of at most `width` columns, each ended by a line feed. Bytes that a terminal could act on become '?'.
std::string render_text(const sheet& page, const look& how);

// A self-contained page: no script, nothing loaded from elsewhere. `style` and `body` are markup.
std::string html_page(std::string_view window_title, std::string_view style, std::string_view body);

// One self-contained page: no script, nothing loaded from elsewhere, every text escaped.
std::string render_html(const sheet& page, std::string_view window_title);

// "----====#===---": where `level` lies on a scale of `cells` columns.
std::string bar_cells(const gauge& level, int cells);

// One code point of valid UTF-8 at `text[i]`; moves `i` behind it. A stray byte counts as itself.
std::uint32_t next_code(std::string_view text, std::size_t& i);

// Terminal columns of valid UTF-8: combining marks take none, East Asian wide characters two.
int columns(std::string_view text);

} // namespace posterior::report
