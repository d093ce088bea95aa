// Draws a sheet as one printable page. Nothing in it is loaded from elsewhere and nothing runs.
#include "engine/report/sheet.hpp"

#include <algorithm>
#include <cstdio>

#include "kb/values/text.hpp"

namespace posterior::report {
namespace {

constexpr std::string_view head = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                                  "'none'; style-src 'unsafe-inline'\">\n"
                                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                                  "<meta name=\"referrer\" content=\"no-referrer\">\n";

constexpr std::string_view style =
    "body{font:11pt/1.45 Georgia,serif;max-width:44em;margin:2em auto;padding:0 "
    "1em;color:#111;background:#fff}\n"
    "h1{font-size:1.5em}h2{font-size:1.15em;border-bottom:1px solid #999;margin:1.6em 0 .4em}\n"
    "h3{font-size:1em;margin:1em 0 .2em}p{margin:.25em 0}\n"
    ".i{display:flex;gap:.5em}.m{flex:none;min-width:1.2em}\n"
    ".alarm{color:#a00;font-weight:bold}.caution{color:#750}.good{color:#063}.faint{color:#555}.strong{font-"
    "weight:bold}\n"
    ".d1{margin-left:1.2em}.d2{margin-left:2.4em}.d3{margin-left:3.6em}\n"
    ".g{font-family:monospace}svg{vertical-align:middle}\n"
    "@media print{body{margin:0;max-width:none}h2,h3{break-after:avoid}p,.i{break-inside:avoid}}\n";

std::string_view class_of(tone how) {
  switch (how) {
  case tone::strong:
    return "strong";
  case tone::faint:
    return "faint";
  case tone::alarm:
    return "alarm";
  case tone::caution:
    return "caution";
  case tone::good:
    return "good";
  case tone::plain:
    break;
  }
  return "plain";
}

void open(std::string& out, std::string_view tag, std::string_view kind, const block& b) {
  out += '<';
  out += tag;
  out += " class=\"";
  out += kind;
  out += class_of(b.how);
  if (b.depth > 0)
    out += " d" + std::to_string(std::min(b.depth, 3));
  out += "\">";
}

void element(std::string& out, std::string_view tag, const block& b) {
  open(out, tag, "", b);
  out += markup(b.text);
  out += "</";
  out += tag;
  out += ">\n";
}

void gauge_element(std::string& out, const block& b) {
  const auto at = [](double p) { return std::clamp(p, 0.0, 1.0) * 200; };
  char shape[320];
  std::snprintf(shape, sizeof shape,
                "<svg width=\"202\" height=\"12\" role=\"img\" aria-hidden=\"true\">"
                "<rect x=\"1\" y=\"5\" width=\"200\" height=\"2\" fill=\"#ccc\"/>"
                "<rect x=\"%.1f\" y=\"2\" width=\"%.1f\" height=\"8\" fill=\"#88a\"/>"
                "<rect x=\"%.1f\" y=\"0\" width=\"3\" height=\"12\" fill=\"#111\"/></svg>",
                1 + at(b.level.low), std::max(1.0, at(b.level.high) - at(b.level.low)),
                std::max(0.0, at(b.level.at) - 0.5));
  open(out, "p", "g ", b);
  out += markup(b.text);
  out += ' ';
  out += shape;
  out += ' ';
  out += markup(b.after);
  out += "</p>\n";
}

void item_element(std::string& out, const block& b) {
  open(out, "div", "i ", b);
  out += "<span class=\"m\">";
  out += markup(b.marker);
  out += "</span><span>";
  out += markup(b.text);
  out += "</span></div>\n";
}

void table_element(std::string& out, const block& b) {
  out += "<table>\n";
  for (std::size_t r = 0; r < b.rows.size(); ++r) {
    const std::string cell = r == 0 ? "th" : "td";
    out += "<tr>";
    for (const std::string& text : b.rows[r]) {
      out += "<" + cell + ">";
      out += markup(text);
      out += "</" + cell + ">";
    }
    out += "</tr>\n";
  }
  out += "</table>\n";
}

void element_of(std::string& out, const block& b) {
  switch (b.kind) {
  case block::type::title:
    return element(out, "h1", b);
  case block::type::heading:
    return element(out, "h2", b);
  case block::type::entry:
    return element(out, "h3", b);
  case block::type::text:
    return element(out, "p", b);
  case block::type::item:
    return item_element(out, b);
  case block::type::gauge:
    return gauge_element(out, b);
  case block::type::table:
    return table_element(out, b);
  case block::type::gap:
    return;
  }
}

} // namespace

std::string html_page(std::string_view window_title, std::string_view how, std::string_view body) {
  std::string out(head);
  out += "<title>" + markup(window_title) + "</title>\n<style>\n";
  out += how;
  out += "</style>\n</head>\n<body>\n";
  out += body;
  out += "</body>\n</html>\n";
  return out;
}

std::string render_html(const sheet& page, std::string_view window_title) {
  std::string body;
  for (const block& b : page.blocks())
    element_of(body, b);
  return html_page(window_title, style, body);
}

} // namespace posterior::report
