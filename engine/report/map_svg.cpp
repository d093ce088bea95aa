// Draws pages of the causal map. What distinguishes things survives black and white: shapes of boxes, dashes,
// dots, widths, words and signs; colour only helps.
#include <array>
#include <cmath>
#include <cstdio>

#include "engine/report/map_pages.hpp"
#include "engine/report/sheet.hpp"
#include "engine/report/text_width.hpp"
#include "engine/report/words.hpp"
#include "kb/values/text.hpp"

namespace posterior::report {
namespace {

constexpr std::string_view style =
    "text{font-family:Helvetica,Arial,'Liberation Sans','Nimbus Sans',sans-serif;fill:#1a1f2b}"
    ".line{fill:none;stroke:#44506a}.disputed{stroke:#9a3412;stroke-dasharray:6 3}"
    ".cut{stroke:#6b7280;stroke-dasharray:0.1 3.2;stroke-linecap:round}"
    ".halo{fill:none;stroke:#fff}.head{fill:#44506a}.head-disputed{fill:#9a3412}.head-cut{fill:#6b7280}"
    ".risk{fill:#f5f1e6;stroke:#8a7a4f}.cause{fill:#e1ebf8;stroke:#1f4379;stroke-width:2}"
    ".impairment{fill:#ebf4e8;stroke:#4b7541}.symptom{fill:#fdf0e4;stroke:#b06a2c}"
    ".other{fill:#f1ecf8;stroke:#6a5391}.home{fill:#fff;stroke:#8b8f98}"
    ".doubted{stroke-dasharray:5 2.5}.inner{fill:none;stroke:#6a5391;stroke-width:.7}"
    ".sign{fill:#fff;stroke:#9a3412;stroke-width:1}.faint{fill:#4b5563}.rule{stroke:#9ca3af;stroke-width:.6}";

std::string number(double x) {
  std::array<char, 32> out{};
  std::snprintf(out.data(), out.size(), "%.2f", x == 0 ? 0.0 : x);
  std::string text = out.data();
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.'))
    text.pop_back();
  return text == "-0" ? "0" : text;
}

// name="12.5"
std::string attribute(std::string_view name, double value) {
  return " " + std::string(name) + "=\"" + number(value) + "\"";
}

enum class anchor { start, middle, end };

class canvas {
public:
  std::string out;

  void text(double x, double y, double size, std::string_view words, anchor at = anchor::start,
            std::string_view rest = {}) {
    out += "<text" + attribute("x", x) + attribute("y", y) + attribute("font-size", size);
    if (at != anchor::start)
      out += at == anchor::middle ? " text-anchor=\"middle\"" : " text-anchor=\"end\"";
    out += rest;
    out += ">" + markup(words) + "</text>\n";
  }

  void rect(const map_rect& r, double round, std::string_view classes) {
    out += "<rect" + attribute("x", r.x) + attribute("y", r.y) + attribute("width", r.width) +
           attribute("height", r.height);
    if (round > 0)
      out += attribute("rx", round);
    out += " class=\"" + std::string(classes) + "\"/>\n";
  }

  void path(std::string_view d, double width, std::string_view classes) {
    out += "<path d=\"" + std::string(d) + "\" class=\"" + std::string(classes) + "\"" +
           attribute("stroke-width", width) + "/>\n";
  }

  // A question mark in a circle: readable without any colour.
  void sign(double x, double y) {
    out += "<circle" + attribute("cx", x) + attribute("cy", y) + " r=\"3.9\" class=\"sign\"/>\n";
    text(x, y + 2.6, 7.4, "?", anchor::middle, " font-weight=\"bold\"");
  }
};

double stroke_of(double p) {
  return 0.5 + 2.3 * p;
}

std::string_view class_of(kb::state_kind kind) {
  return to_string(kind);
}

double rounding(kb::state_kind kind) {
  return kind == kb::state_kind::risk ? 4 : kind == kb::state_kind::symptom ? 9 : 1.5;
}

void draw_shape(canvas& c, const map_rect& at, kb::state_kind kind, bool doubted, std::string_view box) {
  c.rect(at, rounding(kind), std::string(box) + std::string(class_of(kind)) + (doubted ? " doubted" : ""));
  if (kind == kb::state_kind::other)
    c.rect({at.x + 2, at.y + 2, at.width - 4, at.height - 4}, 0.5, "inner");
}

std::string curve(const std::vector<map_point>& path) {
  std::string d = "M" + number(path[0].x) + " " + number(path[0].y);
  for (std::size_t i = 1; i < path.size(); ++i) {
    const map_point &a = path[i - 1], &b = path[i];
    if (std::fabs(a.y - b.y) < 0.01) {
      d += "H" + number(b.x);
      continue;
    }
    const double half = (a.x + b.x) / 2;
    d += "C" + number(half) + " " + number(a.y) + " " + number(half) + " " + number(b.y) + " " + number(b.x) +
         " " + number(b.y);
  }
  return d;
}

// The tip lies at `tip`; the line comes from the left, or from the right.
void draw_head(canvas& c, const map_point& tip, bool to_the_left, double width, std::string_view classes) {
  const double back = to_the_left ? 6.5 : -6.5, half = 2.2 + width / 2;
  c.out += "<path d=\"M" + number(tip.x) + " " + number(tip.y) + "L" + number(tip.x + back) + " " +
           number(tip.y - half) + "V" + number(tip.y + half) + "Z\" class=\"" + std::string(classes) +
           "\"/>\n";
}

void draw_line(canvas& c, const map_line& line, const kb::map_link& link) {
  const bool cut = link.what->cut;
  const double width = cut ? 1.5 : stroke_of(link.what->p.mean);
  std::vector<map_point> path = line.path;
  (line.reversed ? path.front().x : path.back().x) += line.reversed ? 5 : -5;
  const std::string d = curve(path);
  c.out += "<g><title>" +
           markup(link.what->id() + (link.what->because.empty() ? "" : ": " + link.what->because)) +
           "</title>\n";
  c.path(d, width + 2, "halo");
  c.path(d, width, cut ? "line cut" : link.disputed ? "line disputed" : "line");
  draw_head(c, line.reversed ? line.path.front() : line.path.back(), line.reversed, cut ? 1 : width,
            cut             ? "head-cut"
            : link.disputed ? "head-disputed"
                            : "head");
  c.out += "</g>\n";
}

void draw_word(canvas& c, const map_line& line, const kb::map_link& link) {
  const map_rect& at = line.word_at;
  c.out += "<rect" + attribute("x", at.x) + attribute("y", at.y + 0.4) + attribute("width", at.width) +
           attribute("height", at.height - 0.8) + " class=\"word\" fill=\"#fff\"/>\n";
  c.text(at.x + 2, at.y + at.height / 2 + word_size * 0.35, word_size, line.word);
  if (link.disputed)
    c.sign(at.x + at.width - sign_width / 2, at.y + at.height / 2);
}

void draw_box(canvas& c, const map_box& box, const kb::map_state& state) {
  c.out += "<g><title>" + markup(state.what->id) + "</title>\n";
  draw_shape(c, box.at, state.what->kind, state.doubted, "box ");
  const double step = 1.18 * name_size;
  double y =
      box.at.y + box.at.height / 2 - step * static_cast<double>(box.lines.size() - 1) / 2 + name_size * 0.35;
  for (const std::string& line : box.lines) {
    c.text(box.at.x + box.at.width / 2, y, name_size, line, anchor::middle,
           state.what->kind == kb::state_kind::cause ? " font-weight=\"bold\"" : "");
    y += step;
  }
  if (state.doubted)
    c.sign(box.at.x + box.at.width, box.at.y);
  c.out += "</g>\n";
}

void draw_headings(canvas& c, const map_layout& l) {
  for (const map_column& column : l.columns) {
    double y = 7;
    for (const std::string& line : lines_of(column.heading, word_size, column.width + 70)) {
      c.text(column.x + column.width / 2, y, word_size, line, anchor::middle, " class=\"faint\"");
      y += 9;
    }
  }
}

void draw_map(canvas& c, const map_page& page) {
  const double left = (page.on.width - page.layout.width * page.scale) / 2;
  c.out += "<g transform=\"translate(" + number(left) + " " + number(map_top) + ") scale(" +
           number(std::floor(page.scale * 100) / 100) + ")\">\n";
  draw_headings(c, page.layout);
  for (std::size_t i = 0; i < page.layout.lines.size(); ++i)
    draw_line(c, page.layout.lines[i], page.map.links[i]);
  for (std::size_t i = 0; i < page.layout.lines.size(); ++i)
    draw_word(c, page.layout.lines[i], page.map.links[i]);
  for (std::size_t i = 0; i < page.layout.boxes.size(); ++i)
    draw_box(c, page.layout.boxes[i], page.map.states[i]);
  c.out += "</g>\n";
}

void draw_notes(canvas& c, const map_page& page, double top) {
  const auto columns = note_columns(page);
  if (columns.empty())
    return;
  const double step = (page.on.width - 2 * margin) / static_cast<double>(columns.size());
  for (std::size_t k = 0; k < columns.size(); ++k)
    for (std::size_t i = 0; i < columns[k].size(); ++i)
      c.text(margin + step * static_cast<double>(k), top + note_leading * (static_cast<double>(i) + 0.8),
             note_size, columns[k][i]);
}

void draw_sample(canvas& c, const legend_entry& e, double y) {
  const auto level = [&](double at) { return "M" + number(e.x) + " " + number(at) + "H" + number(e.x + 24); };
  switch (e.sign) {
  case legend_sign::box:
    return draw_shape(c, {e.x, y - 5, 24, 10}, e.kind, false, "");
  case legend_sign::doubted:
    draw_shape(c, {e.x, y - 5, 21, 10}, kb::state_kind::cause, true, "");
    return c.sign(e.x + 21, y - 4);
  case legend_sign::strength:
    c.path(level(y - 4), stroke_of(0.1), "line");
    c.path(level(y - 0.5), stroke_of(0.5), "line");
    return c.path(level(y + 3.6), stroke_of(0.9), "line");
  case legend_sign::disputed:
    c.path("M" + number(e.x) + " " + number(y) + "H" + number(e.x + 15), 1.5, "line disputed");
    return c.sign(e.x + 20, y);
  case legend_sign::cut:
    return c.path(level(y), 1.5, "line cut");
  }
}

void draw_legend(canvas& c, const map_page& page, double top) {
  c.out += "<path d=\"M" + number(margin) + " " + number(top) + "H" + number(page.on.width - margin) +
           "\" class=\"rule\"/>\n";
  for (const legend_entry& e : legend_of(page)) {
    const double y = top + e.y + legend_leading - 3;
    draw_sample(c, e, y);
    c.text(e.x + 30, y + note_size * 0.35, note_size, e.words);
  }
}

void draw_foot(canvas& c, const map_page& page, double y, std::size_t number_of_page, std::size_t count,
               const kb::snapshot& s) {
  c.text(margin, y, note_size,
         "Posterior, knowledge revision " + std::to_string(s.revision) + ", digest " + s.digest,
         anchor::start, " class=\"faint\"");
  c.text(page.on.width - margin, y, note_size,
         "page " + std::to_string(number_of_page) + " of " + std::to_string(count) + ", " + page.on.name,
         anchor::end, " class=\"faint\"");
}

std::string millimetres(double points) {
  return number(points * 25.4 / 72) + "mm";
}

} // namespace

std::string page_svg(const map_page& page, std::size_t number_of_page, std::size_t count,
                     const kb::snapshot& s) {
  canvas c;
  c.out = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + millimetres(page.on.width) + "\" height=\"" +
          millimetres(page.on.height) + "\" viewBox=\"0 0 " + number(page.on.width) + " " +
          number(page.on.height) + "\">\n<title>" + markup(page.title) + "</title>\n<desc>" +
          markup(page.about) + "</desc>\n<style>" + std::string(style) +
          "</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
  const page_blocks at = blocks_of(page);
  const double room = page.on.width - 2 * margin;
  c.text(margin, margin + 12, 15, shortened(page.title, 15, room, true), anchor::start,
         " font-weight=\"bold\"");
  c.text(margin, margin + 25, 8.4, shortened(page.about, 8.4, room), anchor::start, " class=\"faint\"");
  draw_map(c, page);
  draw_notes(c, page, at.notes);
  draw_legend(c, page, at.legend);
  draw_foot(c, page, at.foot, number_of_page, count, s);
  return c.out + "</svg>\n";
}

std::string pages_html(const std::vector<map_page>& pages, const kb::snapshot& s) {
  std::string body;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const paper& p = pages[i].on;
    body += "<div class=\"" + p.name + (p.width > p.height ? "-landscape" : "-portrait") + "\">\n" +
            page_svg(pages[i], i + 1, pages.size(), s) + "</div>\n";
  }
  std::string how = "body{margin:0;background:#fff}svg{display:block;max-width:100%;height:auto}"
                    "div{break-after:page}div:last-child{break-after:auto}\n";
  for (const char* name : {"A4", "A3"})
    for (const char* turn : {"landscape", "portrait"}) {
      const std::string both = std::string(name) + "-" + turn;
      how += "@page " + both + "{size:" + name + " " + turn + ";margin:0}." + both + "{page:" + both + "}\n";
    }
  return html_page("Posterior: causal map", how, body);
}

} // namespace posterior::report
