// A causal map on paper: one page where all of it can be read, else a page for each cause and pages for what
// then is left, so that each link is on a page. Pure and deterministic; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/report/map_layout.hpp"
#include "kb/causal_map.hpp"

namespace posterior::report {

struct paper {
  std::string name; // "A4", "A3"
  double width = 0, height = 0;
};

struct map_page {
  std::string title, about;
  kb::causal_map map;
  std::vector<std::string> notes; // what a word's numbers in brackets refer to, from 1
  map_layout layout;
  paper on;
  double scale = 1; // from layout to paper
};

inline constexpr double least_size = 7;     // of any letter on paper, in points
inline constexpr double margin = 26;        // of a page
inline constexpr double note_size = 7.4;    // of the letters of notes, legend and foot
inline constexpr double note_leading = 9.2; // from line to line
inline constexpr double legend_leading = 14;

// How often a link acts, as a word of the scale or a number: "almost always", "0.42".
std::string strength_of(const kb::link& l);

// Where the lower blocks of a page begin: the notes, the legend, the foot. The map ends above the first.
struct page_blocks {
  double notes = 0, legend = 0, foot = 0;
};
page_blocks blocks_of(const map_page& page);
inline constexpr double map_top = margin + 34;

// The notes of a page set in columns: the lines of each.
std::vector<std::vector<std::string>> note_columns(const map_page& page);

// What the legend says besides drawing it: one entry for each thing that is on the page.
enum class legend_sign { box, strength, disputed, cut, doubted };
struct legend_entry {
  legend_sign sign;
  kb::state_kind kind = kb::state_kind::cause; // of a box
  std::string words;
  double x = 0, y = 0; // on the paper; y of the middle
};
std::vector<legend_entry> legend_of(const map_page& page);

// `subject`: what the map is about, for its title; empty: all.
std::vector<map_page> pages_of(const kb::snapshot& s, const kb::causal_map& m, const std::string& subject);

// One page as SVG; `number` of `count`, from 1.
std::string page_svg(const map_page& page, std::size_t number, std::size_t count, const kb::snapshot& s);
// All of them as one page for a browser, each on its own paper when printed.
std::string pages_html(const std::vector<map_page>& pages, const kb::snapshot& s);

} // namespace posterior::report
